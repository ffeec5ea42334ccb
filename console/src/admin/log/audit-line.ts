/** As much of a FHIR R4 AuditEvent (IHE BALP) as a line shows. */
export interface AuditEventResource {
  readonly id: string;
  readonly recorded: string;
  readonly outcome?: string;
  readonly subtype?: readonly Coding[];
  readonly purposeOfEvent?: readonly { readonly coding?: readonly Coding[] }[];
  readonly agent?: readonly {
    readonly type?: { readonly coding?: readonly Coding[] };
    readonly who?: Reference;
    readonly requestor?: boolean;
  }[];
  readonly entity?: readonly {
    readonly what?: Reference;
    readonly detail?: readonly { readonly type: string; readonly valueString?: string }[];
  }[];
}
interface Coding {
  readonly system?: string;
  readonly code?: string;
}
interface Reference {
  readonly reference?: string;
  readonly type?: string;
  readonly display?: string;
  readonly identifier?: { readonly system?: string; readonly value?: string };
}

export type Who =
  | { readonly kind: 'staff' | 'software' | 'organization'; readonly id: string }
  | { readonly kind: 'relais' | 'unknown' };

/** One entry of the log: codes and ids, to be said in words. */
export interface AuditLine {
  readonly id: string;
  readonly at: string;
  /** The log's own code; null for a decision, whose FHIR form does not carry it. */
  readonly action: string | null;
  readonly outcome: 'success' | 'refused' | 'failure';
  readonly who: Who;
  /** Of a disclosure or a decision about one. */
  readonly disclosure: { readonly from: string; readonly to: string; readonly purpose: string } | null;
  readonly transferId: string | null;
  readonly consentId: string | null;
  readonly personId: string | null;
  readonly codes: readonly { readonly name: string; readonly value: string }[];
}

const OWN_CODES = '/fhir/CodeSystem/audit-action';
/** DICOM CID 402. */
const SOURCE = '110153';
const DESTINATION = '110152';

/** Reads one event; what it does not know it leaves out. Pure. */
export function auditLine(event: AuditEventResource): AuditLine {
  const subtypes = event.subtype ?? [];
  const own = subtypes.find(({ system }) => system?.endsWith(OWN_CODES));
  const decided = subtypes.some(({ code }) => code === 'AuthZ-Consent');
  const entities = event.entity ?? [];
  const references = entities.map(({ what }) => what?.reference ?? '');
  return {
    id: event.id,
    at: event.recorded,
    action: own?.code ?? null,
    outcome: event.outcome === '0' ? 'success' : event.outcome === '8' ? 'refused' : 'failure',
    who: whoOf(event),
    disclosure: decided || subtypes.some(({ code }) => code === 'disclose') ? disclosureOf(event, decided) : null,
    transferId:
      entities.find(({ what }) => what?.type !== 'Patient' && what?.identifier?.system?.endsWith('/transfers') === true)
        ?.what?.identifier?.value ?? null,
    consentId: idAfter(references, 'Consent/'),
    personId: idAfter(references, 'Patient/'),
    codes: entities.flatMap(({ detail = [] }) =>
      detail.map(({ type, valueString = '' }) => ({ name: type, value: valueString })),
    ),
  };
}

function whoOf({ agent = [] }: AuditEventResource): Who {
  const who = agent.find(({ requestor }) => requestor === true)?.who;
  const { system = '', value = '' } = who?.identifier ?? {};
  if (who?.display === 'Relais') return { kind: 'relais' };
  if (system.endsWith('/staff')) return { kind: 'staff', id: value };
  if (system.endsWith('/partners')) return { kind: 'software', id: value };
  if (system.endsWith('/organizations')) return { kind: 'organization', id: value };
  return { kind: 'unknown' };
}

function disclosureOf(
  { agent = [], purposeOfEvent = [] }: AuditEventResource,
  decided: boolean,
): AuditLine['disclosure'] {
  const organization = (code: string): string | undefined => {
    const who = agent.find(({ type }) => type?.coding?.some((one) => one.code === code))?.who;
    return who?.identifier?.system?.endsWith('/organizations') === true ? who.identifier.value : undefined;
  };
  // Of a decision the sender is the provider (v3 RoleClass PROV).
  const from = organization(decided ? 'PROV' : SOURCE);
  const to = organization(DESTINATION);
  const purpose = purposeOfEvent[0]?.coding?.[0]?.code;
  return from === undefined || to === undefined || purpose === undefined ? null : { from, to, purpose };
}

function idAfter(references: readonly string[], prefix: string): string | null {
  return references.find((reference) => reference.startsWith(prefix))?.slice(prefix.length) ?? null;
}
