import { randomUUID } from 'node:crypto';

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

/** Ids are random UUIDs (RFC 9562 version 4) unless said otherwise. They say nothing about anybody. */
export type OrganizationId = Id<'Organization'>;
export type PartnerId = Id<'Partner'>;
export type PersonId = Id<'Person'>;
export type AgreementId = Id<'Agreement'>;
export type ConsentId = Id<'Consent'>;
export type TransferId = Id<'Transfer'>;
/** FHIR logical id of the Task that the recipient sees for one transfer; differs from the TransferId. */
export type TaskId = Id<'Task'>;
/** One decision and its receipt. */
export type DecisionId = Id<'Decision'>;
/** What a past recipient is told about one transfer. */
export type NoticeId = Id<'Notice'>;
/** That a recipient is reminded of one transfer. */
export type ReminderId = Id<'Reminder'>;
/** An objection or a correction that a person asked for. */
export type ContestId = Id<'Contest'>;
/** A professional's decision not to share. */
export type DeclinedShareId = Id<'DeclinedShare'>;
/** A one-time link for somebody without an account. */
export type AccessLinkId = Id<'AccessLink'>;
/** One try of a partner's endpoint. */
export type PartnerTestId = Id<'PartnerTest'>;
export type AuditEntryId = Id<'AuditEntry'>;
export type StaffId = Id<'Staff'>;
/** The agency's own id of a case: 1–64 of `A-Z a-z 0-9 . _ -`; unique within the organization. */
export type CaseId = Id<'Case'>;

export function newId<T extends string>(): T {
  return randomUUID() as T;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export function isUuid(value: string): boolean {
  return UUID.test(value);
}

const CASE_ID = /^[A-Za-z0-9._-]{1,64}$/;
export function isCaseId(value: string): value is CaseId {
  return CASE_ID.test(value);
}
