import type { AuditEventAgent, AuditEventEntity, Reference } from 'fhir/r4.js';
import type { Actor } from '../../../kernel/actor.js';
import type { OrganizationId } from '../../../kernel/ids.js';
import {
  coding,
  concept,
  DCM,
  ENTITY_SUBTYPE,
  ENTITY_TYPE,
  logical,
  OBJECT_ROLE,
  type Audited,
  type AuditReader,
} from './audited.js';

/** Agents and entities that several kinds of events have in common. */

/** DICOM CID 402: who gave and who took. */
export const SOURCE = concept(DCM, '110153');
export const DESTINATION = concept(DCM, '110152');
export const APPLICATION = concept(DCM, '110150');

type Type = NonNullable<AuditEventAgent['type']>;

/** The gateway itself. */
export function gateway({ publicUrl }: AuditReader, type: Type): AuditEventAgent {
  return { type, who: relais(publicUrl), requestor: false, network: { address: publicUrl, type: '5' } };
}

export function relais(publicUrl: string): Reference {
  return { type: 'Device', identifier: { system: 'urn:ietf:rfc:3986', value: publicUrl }, display: 'Relais' };
}

/** An organization's system, by the only address that the log has of it: its name at this gateway, never a network address. */
export function systemOf(
  reader: AuditReader,
  type: Type,
  organizationId: OrganizationId,
  transfer: Audited['transfer'],
): AuditEventAgent {
  const who = organizationOf(reader, organizationId, transfer);
  const address = `${who.identifier?.system}/${who.identifier?.value}`;
  return { type, who, requestor: false, network: { address, type: '5' } };
}

export function organizationOf(
  reader: AuditReader,
  organizationId: OrganizationId,
  transfer: Audited['transfer'],
): Reference {
  return logical(reader.publicUrl, 'organizations', reader.calledAs(organizationId, transfer), 'Organization');
}

/** The application through which somebody asked. */
export function client(reader: AuditReader, type: Type, { entry, transfer }: Audited): AuditEventAgent {
  const { actor } = entry;
  if (actor.type === 'partner' && actor.organizationId !== null) {
    return systemOf(reader, type, actor.organizationId, transfer);
  }
  return gateway(reader, type);
}

/** Who asked. People of another organization are that organization's affair: they are told as it. */
export function person(reader: AuditReader, type: Type, { entry, transfer }: Audited): AuditEventAgent {
  return { type, who: nameOf(reader, entry.actor, transfer), requestor: true };
}

function nameOf(reader: AuditReader, actor: Actor, transfer: Audited['transfer']): Reference {
  const { type, id, organizationId, onBehalfOf } = actor;
  if (organizationId !== null && organizationId !== reader.organizationId) {
    return organizationOf(reader, organizationId, transfer);
  }
  if (type === 'system' || organizationId === null) return relais(reader.publicUrl);
  if (onBehalfOf !== undefined) {
    return logical(reader.publicUrl, `organizations/${organizationId}/staff`, onBehalfOf, 'Practitioner');
  }
  if (type === 'person') return { reference: `Patient/${id}`, type: 'Patient' };
  // Somebody without an account: all that is known is the link that they opened.
  if (type === 'guest') return logical(reader.publicUrl, 'access-links', id, 'Practitioner');
  return type === 'staff'
    ? logical(reader.publicUrl, 'staff', id, 'Practitioner')
    : logical(reader.publicUrl, 'partners', id, 'Device');
}

/** The person concerned; for a recipient, who does not know them by our id, the person of that transfer. */
export function patientOf(reader: AuditReader, { entry, transfer }: Audited): AuditEventEntity | null {
  const personId = entry.personId ?? transfer?.personId ?? null;
  if (personId === null && transfer === null) return null;
  return {
    what:
      personId !== null
        ? { reference: `Patient/${personId}`, type: 'Patient' }
        : logical(reader.publicUrl, 'transfers', transfer!.id, 'Patient'),
    type: coding(ENTITY_TYPE, '1'),
    role: coding(OBJECT_ROLE, '1'),
  };
}

/** What it was about. What the log says in codes is told to the organization that wrote it, and to no other. */
export function dataOf(reader: AuditReader, { entry, transfer }: Audited): AuditEventEntity | null {
  const { transferId, consentId, codes = {}, actor, organizations } = entry;
  const what = whatOf(reader, { consentId, transferId, taskId: transfer?.taskId ?? null });
  if (what === null) return null;
  const own = organizations.length === 1 || actor.organizationId === reader.organizationId;
  const detail = own
    ? Object.entries(codes).map(([type, value]) => ({ type, valueString: ([] as unknown[]).concat(value).join(' ') }))
    : [];
  const said = detail.filter(({ valueString }) => valueString !== '');
  return {
    what,
    type: coding(ENTITY_TYPE, '2'),
    role: coding(OBJECT_ROLE, '4'),
    ...(said.length > 0 && { detail: said }),
  };
}

function whatOf(
  { publicUrl }: AuditReader,
  {
    consentId,
    transferId,
    taskId,
  }: { consentId: string | undefined; transferId: string | undefined; taskId: string | null },
): Reference | null {
  if (consentId !== undefined) return { reference: `Consent/${consentId}`, type: 'Consent' };
  if (transferId === undefined) return null;
  const identifier = { system: `${publicUrl}/transfers`, value: transferId };
  return taskId === null ? { identifier } : { reference: `Task/${taskId}`, type: 'Task', identifier };
}

/** X-Request-Id of the call that it came from. */
export function requestOf({ entry }: Audited): AuditEventEntity | null {
  if (entry.requestId === undefined) return null;
  return { what: { identifier: { value: entry.requestId } }, type: coding(ENTITY_SUBTYPE, 'XrequestId') };
}
