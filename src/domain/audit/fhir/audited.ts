import type { Coding, Reference } from 'fhir/r4.js';
import type { ConsentId, OrganizationId, PersonId, TaskId, TransferId } from '../../../kernel/ids.js';
import type { GroundKind } from '../../decision/ground.js';
import { PURPOSES, type PurposeOfUse } from '../../decision/purpose.js';
import type { StoredAuditEntry } from '../entry.js';

/** An entry of the log with what its reader may know of the transfer that it names. */
export interface Audited {
  readonly entry: StoredAuditEntry;
  readonly transfer: AuditedTransfer | null;
}

export interface AuditedTransfer {
  readonly id: TransferId;
  readonly taskId: TaskId | null;
  readonly senderOrganizationId: OrganizationId;
  readonly recipientOrganizationId: OrganizationId;
  /** Null for the recipient: it knows the person under an id of its own. */
  readonly personId: PersonId | null;
  readonly purpose: PurposeOfUse;
  /** Null for a refusal, and for the recipient. */
  readonly ground: GroundKind | null;
  /** Those that the transfer stands on; for a refusal those that were looked at. */
  readonly consents: readonly ConsentId[];
}

/** Who reads, and how others are called before them. */
export interface AuditReader {
  readonly publicUrl: string;
  readonly organizationId: OrganizationId;
  /** A sender whose name reveals something is called by an id of its own. */
  readonly calledAs: (organizationId: OrganizationId, transfer: AuditedTransfer | null) => string;
}

export const DCM = 'http://dicom.nema.org/resources/ontology/DCM';
export const PARTICIPATION = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType';
export const ROLE_CLASS = 'http://terminology.hl7.org/CodeSystem/v3-RoleClass';
export const LIFECYCLE = 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle';
export const RESTFUL = 'http://hl7.org/fhir/restful-interaction';
export const EVENT_TYPE = 'http://terminology.hl7.org/CodeSystem/audit-event-type';
export const ENTITY_TYPE = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';
export const OBJECT_ROLE = 'http://terminology.hl7.org/CodeSystem/object-role';
export const RESOURCE_TYPES = 'http://hl7.org/fhir/resource-types';
export const SECURITY_ROLE = 'http://terminology.hl7.org/CodeSystem/extra-security-role-type';
const BALP = 'https://profiles.ihe.net/ITI/BALP';
export const AUTHZ_SUBTYPE = `${BALP}/CodeSystem/AuthZsubType`;
export const ENTITY_SUBTYPE = `${BALP}/CodeSystem/BasicAuditEntityType`;

/** IHE Basic Audit Log Patterns (https://profiles.ihe.net/ITI/BALP). */
export type BalpProfile =
  | 'PrivacyDisclosure.Source'
  | 'PrivacyDisclosure.Recipient'
  | 'AuthZconsent'
  | `${'Patient' | ''}${'Create' | 'Read' | 'Update' | 'Query' | 'Delete'}`;
export const balp = (name: BalpProfile): string => `${BALP}/StructureDefinition/IHE.BasicAudit.${name}`;

export const coding = (system: string, code: string): Coding => ({ system, code });
export const concept = (system: string, code: string): { coding: Coding[] } => ({ coding: [coding(system, code)] });

export function purposeOf(purpose: PurposeOfUse): { coding: Coding[] } {
  return concept(PURPOSES[purpose].system, purpose);
}

export function logical(publicUrl: string, path: string, value: string, type?: string): Reference {
  return { ...(type !== undefined && { type }), identifier: { system: `${publicUrl}/${path}`, value } };
}
