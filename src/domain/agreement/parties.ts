import type { OrganizationId } from '../../kernel/ids.js';
import type { Agreement, AgreementPurpose } from './agreement.js';

/**
 * The agreement with one more party, on the terms of its adhesion clause and no others.
 *
 * @returns null when there is no such clause, or the organization is a party already
 */
export function join(agreement: Agreement, joins: OrganizationId): Agreement | null {
  const { adhesion, parties } = agreement;
  if (adhesion?.open !== true || adhesion.places.length === 0 || parties.includes(joins)) return null;
  return {
    ...agreement,
    parties: [...parties, joins],
    purposes: agreement.purposes.map((purpose) => {
      const places = adhesion.places.filter((place) => place.purpose === purpose.purpose);
      const has = (as: 'sender' | 'recipient'): boolean => places.some((place) => place.as === as);
      const [first] = places;
      return {
        ...purpose,
        ...(has('sender') && { senders: [...purpose.senders, joins] }),
        ...(has('recipient') && { recipients: [...purpose.recipients, joins] }),
        ...(first !== undefined && { roles: [...(purpose.roles ?? []), { party: joins, role: first.role }] }),
      };
    }),
  };
}

/**
 * The agreement without one party. What it alone sent or received is gone with it.
 *
 * @returns null when fewer than two parties or no purpose would be left
 */
export function leave(agreement: Agreement, leaver: OrganizationId): Agreement | null {
  const without = (list: readonly OrganizationId[]): OrganizationId[] => list.filter((id) => id !== leaver);
  const purposes = agreement.purposes
    .map((purpose): AgreementPurpose => ({
      ...purpose,
      senders: without(purpose.senders),
      recipients: without(purpose.recipients),
      ...(purpose.roles !== undefined && { roles: purpose.roles.filter(({ party }) => party !== leaver) }),
    }))
    .filter(({ senders, recipients }) => senders.length > 0 && recipients.length > 0);
  const parties = without(agreement.parties);
  if (parties.length < 2 || purposes.length === 0) return null;
  const { suspendedBy, ...rest } = agreement;
  const stillSuspended = without(suspendedBy ?? []);
  return {
    ...rest,
    parties,
    purposes,
    // Leaving lifts one's own suspension of what one is no longer part of, and nobody else's.
    ...(stillSuspended.length > 0 && { suspendedBy: stillSuspended }),
    status: suspendedBy !== undefined && stillSuspended.length === 0 ? 'active' : agreement.status,
  };
}
