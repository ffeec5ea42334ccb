import type { AuditEvent, AuditEventAgent, AuditEventEntity } from 'fhir/r4.js';
import type { AuditAction } from '../entry.js';
import {
  AUTHZ_SUBTYPE,
  balp,
  coding,
  concept,
  DCM,
  ENTITY_TYPE,
  EVENT_TYPE,
  LIFECYCLE,
  OBJECT_ROLE,
  PARTICIPATION,
  purposeOf,
  RESOURCE_TYPES,
  RESTFUL,
  ROLE_CLASS,
  SECURITY_ROLE,
  type Audited,
  type AuditReader,
  type BalpProfile,
} from './audited.js';
import {
  APPLICATION,
  client,
  dataOf,
  DESTINATION,
  gateway,
  organizationOf,
  patientOf,
  person,
  relais,
  requestOf,
  SOURCE,
  systemOf,
} from './participants.js';

const IRCP = concept(PARTICIPATION, 'IRCP');
const AUTHOR = concept(PARTICIPATION, 'AUT');

/** What left, or may have left. The intent before it is told as what it is: an intent. */
const DISCLOSED: ReadonlySet<AuditAction> = new Set([
  'disclosure.sent',
  'disclosure.received',
  'disclosure.failed',
  'disclosure.message',
  'notice.delivered',
]);
const DECIDED: ReadonlySet<AuditAction> = new Set([
  'transfer.permitted',
  'transfer.refused',
  'transfer.needs-review',
  'transfer.stopped',
]);

type Interaction = 'Create' | 'Read' | 'Update' | 'Query' | 'Delete';
const INTERACTIONS: Readonly<Partial<Record<AuditAction, Interaction>>> = {
  'case.read': 'Read',
  'consent.read': 'Read',
  'transfer.read': 'Read',
  'consent.searched': 'Query',
  'transfer.searched': 'Query',
  'contest.searched': 'Query',
  'person.searched': 'Query',
  'report.read': 'Query',
  'break-glass.read': 'Query',
  'notice.deferrals-read': 'Query',
  'audit.searched': 'Query',
  'access-link.searched': 'Query',
  'sharing.declines-searched': 'Query',
  'access.unusual-read': 'Query',
  'consent.recorded': 'Create',
  'consent.refused': 'Create',
  'consent.withdrawn': 'Update',
  'referral.updated': 'Update',
  'contest.recorded': 'Create',
  'sharing.declined': 'Create',
  'case.taken-over': 'Create',
  'case.entry-written': 'Create',
  'case.entry-corrected': 'Update',
  'person.erased': 'Delete',
  'case.opened': 'Read',
  'draft.begun': 'Create',
  'draft.read': 'Read',
  'draft.deleted': 'Delete',
};
/** Code of FHIR's restful-interaction, and of AuditEvent.action. */
const RESTFUL_CODES: Readonly<Record<Interaction, readonly [string, NonNullable<AuditEvent['action']>]>> = {
  Create: ['create', 'C'],
  Read: ['read', 'R'],
  Update: ['update', 'U'],
  Query: ['search', 'E'],
  Delete: ['delete', 'D'],
};

/**
 * One entry of the log as an IHE BALP AuditEvent, as its reader may see it: disclosures as PrivacyDisclosure (Source for
 * the sender, Recipient for whom it reached), permits and denials as AuthZconsent, reads, searches and changes by their
 * REST interaction; the rest as an R4 AuditEvent that names the log's own code. Pure; ids, codes and times alone.
 */
export function toAuditEvent(reader: AuditReader, audited: Audited): AuditEvent {
  const { entry, transfer } = audited;
  const { action } = entry;
  const left = DISCLOSED.has(action) && entry.outcome !== 'refused';
  if (transfer !== null && (left || isPull(reader, audited))) return disclosure(reader, audited);
  if (transfer !== null && DECIDED.has(action)) return decision(reader, audited);
  const interaction = INTERACTIONS[action];
  if (interaction !== undefined && entry.outcome === 'success') return rest(reader, audited, interaction);
  return {
    ...common(reader, audited),
    type: coding(EVENT_TYPE, 'object'),
    subtype: [own(reader, action)],
    action: 'E',
    outcome: outcomeOf(audited),
    agent: [person(reader, AUTHOR, audited)],
    ...entities(patientOf(reader, audited), dataOf(reader, audited), requestOf(audited)),
  };
}

/** Somebody else read what this organization sent: that is a disclosure to them. */
function isPull({ organizationId }: AuditReader, { entry, transfer }: Audited): boolean {
  return (
    entry.action === 'transfer.read' &&
    transfer?.senderOrganizationId === organizationId &&
    entry.actor.organizationId !== organizationId
  );
}

function disclosure(reader: AuditReader, audited: Audited): AuditEvent {
  const { entry } = audited;
  const transfer = audited.transfer!;
  const { senderOrganizationId: sender, recipientOrganizationId: recipient } = transfer;
  const isSource = sender === reader.organizationId;
  const asked = person(reader, AUTHOR, audited);
  return {
    ...common(reader, audited, isSource ? 'PrivacyDisclosure.Source' : 'PrivacyDisclosure.Recipient'),
    type: coding(DCM, isSource ? '110106' : '110107'),
    subtype: [
      coding(LIFECYCLE, 'disclose'),
      ...(isPull(reader, audited) ? [coding(RESTFUL, 'read')] : []),
      own(reader, entry.action),
    ],
    action: isSource ? 'R' : 'C',
    outcome: outcomeOf(audited),
    purposeOfEvent: [purposeOf(transfer.purpose)],
    agent: [systemOf(reader, SOURCE, sender, transfer), systemOf(reader, DESTINATION, recipient, transfer), asked],
    ...entities(patientOf(reader, audited), dataOf(reader, audited), requestOf(audited)),
  };
}

function decision(reader: AuditReader, audited: Audited): AuditEvent {
  const transfer = audited.transfer!;
  const { consents, ground, purpose, recipientOrganizationId: recipient, senderOrganizationId: sender } = transfer;
  const organization = { who: organizationOf(reader, sender, transfer), requestor: false };
  const agents: AuditEventAgent[] = [
    client(reader, APPLICATION, audited),
    { ...person(reader, IRCP, audited), purposeOfUse: [purposeOf(purpose)] },
    { type: concept(ROLE_CLASS, 'PROV'), ...organization },
    { type: concept(SECURITY_ROLE, 'authserver'), who: relais(reader.publicUrl), requestor: false },
    systemOf(reader, DESTINATION, recipient, transfer),
  ];
  return {
    ...common(reader, audited, 'AuthZconsent'),
    type: coding(DCM, '110113'),
    subtype: [coding(AUTHZ_SUBTYPE, 'AuthZ-Consent')],
    action: 'E',
    outcome: outcomeOf(audited),
    purposeOfEvent: [purposeOf(purpose)],
    agent: agents,
    ...entities(
      patientOf(reader, audited),
      ...consentEntities(consents, ground),
      dataOf(reader, audited),
      requestOf(audited),
    ),
  };
}

/** The profile asks for a consent; where the decision had none before it, that is what it says. */
function consentEntities(consents: readonly string[], ground: string | null): AuditEventEntity[] {
  const type = coding(RESOURCE_TYPES, 'Consent');
  if (consents.length > 0)
    return consents.map((id) => ({ what: { reference: `Consent/${id}`, type: 'Consent' }, type }));
  const display = ground === null || ground === 'consent' ? 'no consent is recorded' : `not by consent: ${ground}`;
  return [{ what: { type: 'Consent', display }, type }];
}

function rest(reader: AuditReader, audited: Audited, interaction: Interaction): AuditEvent {
  const [code, action] = RESTFUL_CODES[interaction];
  const patient = patientOf(reader, audited);
  // For whoever reads, data come from the server; for whoever writes or asks, they go there (DICOM PS3.15 A.5.3).
  const [ofClient, ofServer] =
    interaction === 'Delete'
      ? [APPLICATION, concept('http://terminology.hl7.org/CodeSystem/provenance-participant-type', 'custodian')]
      : interaction === 'Read'
        ? [DESTINATION, SOURCE]
        : [SOURCE, DESTINATION];
  const who = person(reader, interaction === 'Read' || interaction === 'Query' ? IRCP : AUTHOR, audited);
  const about =
    interaction === 'Query'
      ? {
          type: coding(ENTITY_TYPE, '2'),
          role: coding(OBJECT_ROLE, '24'),
          // What was asked for may hold names; the log keeps which question it was, not its words.
          query: Buffer.from(audited.entry.action).toString('base64'),
        }
      : (dataOf(reader, audited) ?? {
          what: { display: audited.entry.action.split('.')[0]! },
          type: coding(ENTITY_TYPE, '2'),
          role: coding(OBJECT_ROLE, '4'),
        });
  return {
    ...common(reader, audited, `${patient === null ? '' : 'Patient'}${interaction}`),
    type: coding(EVENT_TYPE, 'rest'),
    subtype: [coding(RESTFUL, code), own(reader, audited.entry.action)],
    action,
    outcome: '0',
    agent: [client(reader, ofClient, audited), gateway(reader, ofServer), who],
    ...entities(patient, about, requestOf(audited)),
  };
}

function common(
  reader: AuditReader,
  { entry }: Audited,
  profile?: BalpProfile,
): Pick<AuditEvent, 'resourceType' | 'id' | 'meta' | 'recorded' | 'source'> {
  return {
    resourceType: 'AuditEvent',
    id: entry.id,
    ...(profile !== undefined && { meta: { profile: [balp(profile)] } }),
    recorded: entry.at,
    source: { observer: relais(reader.publicUrl) },
  };
}

const own = ({ publicUrl }: AuditReader, action: AuditAction) => ({
  system: `${publicUrl}/fhir/CodeSystem/audit-action`,
  code: action,
});

/** DICOM: 0 success, 8 serious failure (here: refused), 4 minor failure (it may succeed later). */
function outcomeOf({ entry }: Audited): NonNullable<AuditEvent['outcome']> {
  return entry.outcome === 'success' ? '0' : entry.outcome === 'refused' ? '8' : '4';
}

/** FHIR forbids empty arrays. */
function entities(...all: readonly (AuditEventEntity | null)[]): { entity?: AuditEventEntity[] } {
  const entity = all.filter((one) => one !== null);
  return entity.length === 0 ? {} : { entity };
}
