import type { CaseDocument } from '../api/views.js';
import { isDocument, isList } from '../record/marks.js';

const OWN = 'https://relais.example/fhir';
const SYSTEMS = { measure: `${OWN}/representation-measure`, holder: `${OWN}/parental-authority-holder` } as const;

/** Who takes the decision that is recorded, as chosen at the desk. Nothing is chosen beforehand. */
export interface TypedDecider {
  readonly jurisdiction: string;
  /** Can the person take this decision, today? */
  readonly capacity: '' | 'able' | 'unable';
  /** `person`, `measure/KEY`, `holder/KEY`: who answers. */
  readonly by: readonly string[];
  /** The person's own view, where somebody else answers. */
  readonly view: '' | 'agrees' | 'objects' | 'cannot-say' | 'not-sought';
  /** The file has no birth date, and one sees that the person is of age. */
  readonly ofAge: boolean;
}
export const NO_DECIDER: TypedDecider = { jurisdiction: '', capacity: '', by: [], view: '', ofAge: false };

/** From this age on a person is of age wherever they are, and decides alone unless there is a measure. */
const OF_AGE_ANYWHERE = 21;

/** Is it to be asked who decides? Not for an adult without a measure: then it is the person, everywhere. */
export function asksWhoDecides(document: CaseDocument, today: string): boolean {
  const representation = isDocument(document['representation']) ? document['representation'] : {};
  const { measures, parentalAuthority } = representation;
  if (isList(measures) && measures.length > 0) return true;
  if (isDocument(parentalAuthority) && isList(parentalAuthority['holders'])) return true;
  const person = isDocument(document['person']) ? document['person'] : {};
  const { birthDate, birthDatePrecision } = person;
  if (typeof birthDate !== 'string' || birthDatePrecision === 'estimated') return true;
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return years <= OF_AGE_ANYWHERE;
}

/** As a FHIR R4 Consent names it: who performed it, and what else there is to say of the decision (docs/decision-maker.md). */
export interface RecordedDecider {
  readonly performer: readonly object[];
  readonly extension: readonly object[];
}

export function recordedDecider(
  { jurisdiction, capacity, by, view, ofAge }: TypedDecider,
  type: 'permit' | 'deny',
  personId: string,
): RecordedDecider {
  const performer = by.map((party) => referenceTo(party, personId));
  const parts = [
    ...(jurisdiction === '' ? [] : [{ url: 'jurisdiction', valueCode: jurisdiction }]),
    ...(capacity === '' ? [] : [{ url: 'capacity', valueCode: capacity }]),
    ...(view === '' || by.includes('person') ? [] : [{ url: 'person-view', valueCode: view }]),
    ...(ofAge ? [{ url: 'of-age', valueBoolean: true }] : []),
    ...(type === 'permit'
      ? performer.map((valueReference) => ({
          url: 'answer',
          extension: [
            { url: 'by', valueReference },
            { url: 'answer', valueCode: 'yes' },
          ],
        }))
      : []),
  ];
  return {
    performer,
    extension: parts.length === 0 ? [] : [{ url: `${OWN}/StructureDefinition/consent-decision`, extension: parts }],
  };
}

function referenceTo(party: string, personId: string): object {
  const [kind = '', ...rest] = party.split('/');
  if (kind !== 'measure' && kind !== 'holder') return { reference: `Patient/${personId}` };
  return { identifier: { system: SYSTEMS[kind], value: rest.join('/') } };
}
