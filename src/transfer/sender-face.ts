import type { HiddenSender } from '../domain/labels/fhir/hide-sender.js';
import type { OrganizationId } from '../kernel/ids.js';
import type { BundleFrame } from './pin-bundle.js';
import type { Notice } from './notice-ports.js';
import type { Organization } from './partner.js';
import type { OrganizationTx } from './ports.js';
import type { Transfer } from './transfer.js';

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
  { pairwiseId, publicUrl }: BundleFrame,
  { senderOrganizationId: sender, recipientOrganizationId: recipient }: Sent,
  known: Organization | null,
): SenderFace {
  if (known !== null && !known.confidentialByNature) return { id: sender, hidden: null };
  return {
    id: pairwiseId(recipient, 'sender', sender),
    hidden: { name: known?.name ?? '', ownRoot: `${publicUrl}/organizations/` },
  };
}

type Sent = Pick<Transfer, 'senderOrganizationId' | 'recipientOrganizationId'>;

/**
 * A transfer, or a notice about one, as this organization may see it: its recipient sees the sender as it is called in
 * the bundle, in the timeline too.
 */
export async function asSeenBy<Seen extends Transfer | Notice>(
  frame: BundleFrame,
  tx: Pick<OrganizationTx, 'organizationId' | 'loadOrganization'>,
  seen: Seen,
): Promise<Seen> {
  const { senderOrganizationId: sender } = seen;
  if (sender === tx.organizationId) return seen;
  const face = senderFace(frame, seen, await tx.loadOrganization(sender));
  if (face.hidden === null) return seen;
  const called = face.id as OrganizationId;
  const renamed = { ...seen, senderOrganizationId: called };
  if (!('timeline' in seen)) return renamed;
  const timeline = seen.timeline.map((event) =>
    event.actor.organizationId === sender ? { ...event, actor: { ...event.actor, organizationId: called } } : event,
  );
  return { ...renamed, timeline };
}

/** All of a list; each sender is looked up once. */
export async function eachAsSeenBy<Seen extends Transfer | Notice>(
  frame: BundleFrame,
  tx: Pick<OrganizationTx, 'organizationId' | 'loadOrganization'>,
  list: readonly Seen[],
): Promise<readonly Seen[]> {
  const known = new Map<OrganizationId, Promise<Organization | null>>();
  const loadOrganization = (id: OrganizationId): Promise<Organization | null> => {
    const found = known.get(id) ?? tx.loadOrganization(id);
    known.set(id, found);
    return found;
  };
  const seen: Seen[] = [];
  for (const one of list)
    seen.push(await asSeenBy(frame, { organizationId: tx.organizationId, loadOrganization }, one));
  return seen;
}
