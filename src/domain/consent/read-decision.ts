import { JURISDICTIONS, type Expressed, type Party } from './decision-maker/circumstances.js';
import type { DecisionTaken } from './decision-maker/standing.js';
import { isPlain, objectWith, readReference, type Plain } from './read-values.js';
import { unreadable } from './unreadable.js';

const OWN = 'https://relais.example/fhir';
/** Who was asked, what each said, and what the one who records it judged; beside Consent.performer. */
export const CONSENT_DECISION = `${OWN}/StructureDefinition/consent-decision`;
/** Identifier systems that name a measure or a holder of parental authority by its key in the case. */
export const MEASURE_SYSTEM = `${OWN}/representation-measure`;
export const HOLDER_SYSTEM = `${OWN}/parental-authority-holder`;

const EXTENSION = new Set(['id', 'url', 'extension']);
const CODE_PART = new Set(['id', 'url', 'valueCode']);
const FLAG_PART = new Set(['id', 'url', 'valueBoolean']);
const BY_PART = new Set(['id', 'url', 'valueReference']);
const CAPACITIES = ['not-assessed', 'able', 'unable'] as const;
const VIEWS = ['agrees', 'objects', 'cannot-say', 'not-sought'] as const;
const ANSWERS = ['yes', 'no'] as const;

type Answers = Expressed['answers'];

/**
 * Who took the decision that a FHIR R4 Consent records. Without the extension, whoever `performer` names said yes; the
 * extension says it in full: jurisdiction, capacity, the person's own view, of-age, and each answer.
 *
 * @param patient reference of the person whose data it is about
 * @throws UnreadableReason as every reader of a consent: what is not understood makes the consent unreadable
 */
export function readDecision(consent: Plain, patient: string): DecisionTaken {
  const parts = partsOf(consent['extension']);
  const one = <T extends string>(name: string, known: readonly T[]): T | undefined =>
    codeOf(
      parts.filter(({ url }) => url === name).map(({ part, location }) => ({ part, location })),
      known,
    );
  const jurisdiction = one('jurisdiction', JURISDICTIONS);
  const answers = parts
    .filter(({ url }) => url === 'answer')
    .map(({ part, location }) => answerOf(part, location, patient));
  const said = answers.length > 0 ? answers : performersOf(consent['performer'], patient);
  const isOwn = said.some(({ by }) => by.kind === 'person');
  return {
    ...(jurisdiction !== undefined && { jurisdiction }),
    capacity: one('capacity', CAPACITIES) ?? 'not-assessed',
    ofAge: parts.some(({ url, part, location }) => url === 'of-age' && flagOf(part, location)),
    expressed: { personView: one('person-view', VIEWS) ?? (isOwn ? 'agrees' : 'not-sought'), answers: said },
  };
}

interface Part {
  readonly url: string;
  readonly part: unknown;
  readonly location: string;
}
const PARTS = ['jurisdiction', 'capacity', 'person-view', 'of-age', 'answer'];

function partsOf(extensions: unknown): readonly Part[] {
  return nested(extensions, 'Consent')
    .filter(({ url }) => url === CONSENT_DECISION)
    .flatMap(({ part, location }) =>
      nested(objectWith(part, EXTENSION, 'consent.decision', location)['extension'], location),
    )
    .map((found) => (PARTS.includes(found.url) ? found : unreadable('consent.decision', found.location)));
}

function nested(extensions: unknown, within: string): readonly Part[] {
  return (Array.isArray(extensions) ? (extensions as unknown[]) : []).map((part, index) => ({
    url: isPlain(part) && typeof part['url'] === 'string' ? part['url'] : '',
    part,
    location: `${within}.extension[${index}]`,
  }));
}

function codeOf<T extends string>(
  found: readonly { readonly part: unknown; readonly location: string }[],
  known: readonly T[],
): T | undefined {
  const [first, second] = found;
  if (first === undefined) return undefined;
  if (second !== undefined) return unreadable('consent.decision', second.location);
  const { valueCode } = objectWith(first.part, CODE_PART, 'consent.decision', first.location);
  return known.find((code) => code === valueCode) ?? unreadable('consent.decision', first.location);
}

function flagOf(part: unknown, location: string): boolean {
  const { valueBoolean } = objectWith(part, FLAG_PART, 'consent.decision', location);
  return typeof valueBoolean === 'boolean' ? valueBoolean : unreadable('consent.decision', location);
}

function answerOf(part: unknown, location: string, patient: string): Answers[number] {
  const members = nested(objectWith(part, EXTENSION, 'consent.decision', location)['extension'], location);
  const by = members.find(({ url }) => url === 'by');
  const answer = codeOf(
    members.filter(({ url }) => url === 'answer'),
    ANSWERS,
  );
  if (by === undefined || answer === undefined || members.length !== 2) return unreadable('consent.decision', location);
  const { valueReference } = objectWith(by.part, BY_PART, 'consent.decision', by.location);
  return { by: partyOf(valueReference, by.location, patient), answer };
}

function performersOf(performers: unknown, patient: string): Answers {
  return (Array.isArray(performers) ? (performers as unknown[]) : []).map((performer, index) => ({
    by: partyOf(performer, `Consent.performer[${index}]`, patient),
    answer: 'yes',
  }));
}

function partyOf(reference: unknown, location: string, patient: string): Party {
  const identifier: unknown =
    isPlain(reference) && reference['reference'] === undefined ? reference['identifier'] : undefined;
  if (isPlain(identifier)) {
    const { system, value: id } = identifier;
    if (typeof id !== 'string') return unreadable('consent.reference', location);
    if (system === MEASURE_SYSTEM) return { kind: 'measure', id };
    return system === HOLDER_SYSTEM ? { kind: 'holder', id } : { kind: 'other' };
  }
  return readReference(reference, 'consent.reference', location) === patient ? { kind: 'person' } : { kind: 'other' };
}
