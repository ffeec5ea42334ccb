import type { DisclosureRequest } from '../domain/decision/decision.js';
import type { HiddenSender } from '../domain/labels/fhir/hide-sender.js';
import type { PairwiseIds } from '../kernel/pairwise.js';
import type { Organization } from './ports.js';

/** How the sender is called in what leaves. */
export interface SenderFace {
  /** Value of its identifier, and root of the namespaces of its own identifiers. */
  readonly id: string;
  /** What nothing may tell; null where it is no secret. */
  readonly hidden: HiddenSender | null;
}

/**
 * A sender whose mere name reveals something (`confidentialByNature`) is called by an id of its own for each recipient,
 * under which it stands in no directory. One that the directory does not know is taken for such a sender.
 */
export function senderFace(
  { pairwiseId, publicUrl }: { readonly pairwiseId: PairwiseIds; readonly publicUrl: string },
  { senderOrganizationId: sender, recipientOrganizationId: recipient }: DisclosureRequest,
  organizations: readonly Organization[],
): SenderFace {
  const known = organizations.find(({ id }) => id === sender);
  if (known !== undefined && !known.confidentialByNature) return { id: sender, hidden: null };
  return {
    id: pairwiseId(recipient, 'sender', sender),
    hidden: { name: known?.name ?? '', ownRoot: `${publicUrl}/organizations/` },
  };
}
