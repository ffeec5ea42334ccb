import type { OrganizationId } from '../../kernel/ids.js';
import type { OnwardDisclosure } from '../agreement/agreement.js';
import type { DisclosureRequest, Terms } from './decision.js';
import { isAgainstDanger } from './ground.js';
import type { Reason } from './reasons.js';

/** What an agreement lets its recipient pass on of what it took over; recipients by their ids. */
export type OnwardRule =
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'consented' }
  | { readonly kind: 'listed'; readonly recipients: readonly OrganizationId[] };

/** Of a case that was taken over. */
export interface Origin {
  readonly from: OrganizationId;
  readonly onward: OnwardRule;
}

const folded = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

/**
 * The clause as it can be decided on. An agreement that says nothing of it forbids it; a list is in words, so whoever of it
 * is not found in the directory is not on it.
 */
export function onwardRule(
  clause: OnwardDisclosure | undefined,
  directory: readonly { readonly id: OrganizationId; readonly name: string }[],
): OnwardRule {
  if (clause === undefined) return { kind: 'forbidden' };
  if (clause.kind !== 'listed') return clause;
  const named = new Set(clause.recipients.map(folded));
  const listed = directory.filter(({ id, name }) => named.has(folded(id)) || named.has(folded(name)));
  return { kind: 'listed', recipients: listed.map(({ id }) => id) };
}

/**
 * Whether what was taken over from somebody may go on to somebody else: otherwise handing a case over would wash off what
 * its sender's agreement laid on it. Giving it back is no onward disclosure, and no clause keeps help from whoever is in
 * danger.
 */
export function obstacleOnward(
  { origin }: Terms,
  { recipientOrganizationId, ground }: DisclosureRequest,
): Reason | null {
  if (origin === undefined || origin.from === recipientOrganizationId || isAgainstDanger(ground.kind)) return null;
  const parameters = { recipient: recipientOrganizationId };
  switch (origin.onward.kind) {
    case 'consented':
      return ground.kind === 'consent' ? null : { code: 'deny.onward-needs-consent', parameters };
    case 'listed':
      return origin.onward.recipients.includes(recipientOrganizationId)
        ? null
        : { code: 'deny.onward-not-listed', parameters };
    case 'forbidden':
      return { code: 'deny.onward-forbidden', parameters };
  }
}
