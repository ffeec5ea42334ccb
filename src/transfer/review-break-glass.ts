import type { Actor } from '../kernel/actor.js';
import { notFound, RelaisError } from '../kernel/errors.js';
import type { TransferId } from '../kernel/ids.js';
import type { BrokenGlass, GlassOutcome } from './oversight-ports.js';
import type { Store } from './ports.js';
import type { Principal } from './principal.js';

interface Deps {
  readonly store: Store;
}

/** Every broken glass that nobody has reviewed, oldest first. Reading the reasons is audited. */
export async function listBrokenGlass(
  { store }: Deps,
  principal: Principal,
  requestId: string,
): Promise<readonly BrokenGlass[]> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const waiting = await tx.listBrokenGlass();
    await tx.audit({
      action: 'break-glass.read',
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      requestId,
      codes: { lines: waiting.length },
    });
    return waiting;
  });
}

/**
 * Reviews one, once: was it justified? By an admin of the sender who is not the one who broke it.
 *
 * @throws RelaisError 404, 403 `break-glass.own`, 409 `break-glass.reviewed`
 */
export async function reviewBrokenGlass(
  { store }: Deps,
  principal: Principal,
  transferId: TransferId,
  { outcome, note }: { readonly outcome: GlassOutcome; readonly note: string },
  requestId: string,
): Promise<void> {
  await store.asOrganization(principal.organizationId, async (tx) => {
    const glass = await tx.loadBrokenGlass(transferId);
    if (glass === null) throw notFound();
    if (isSamePerson(glass.actor, principal.actor)) {
      throw new RelaisError('break-glass.own', 403, 'forbidden', 'Whoever broke the glass does not review it.');
    }
    const { personId } = glass;
    if (!(await tx.putGlassReview({ transferId, personId, outcome, note, actor: principal.actor }))) {
      throw new RelaisError('break-glass.reviewed', 409, 'conflict', 'This was reviewed already.');
    }
    await tx.audit({
      action: 'break-glass.reviewed',
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      personId,
      transferId,
      requestId,
      codes: { outcome },
    });
  });
}

/** The same account, or the same member of staff behind a software. */
export function isSamePerson(a: Actor, b: Actor): boolean {
  const who = ({ type, id, onBehalfOf }: Actor): readonly string[] => [
    `${type}/${id}`,
    ...(onBehalfOf === undefined ? [] : [`staff/${onBehalfOf}`]),
  ];
  return who(a).some((one) => who(b).includes(one));
}
