import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor } from '../kernel/actor.js';
import { notFound, RelaisError } from '../kernel/errors.js';
import type { OrganizationId } from '../kernel/ids.js';
import { notify } from './notify-recipients.js';
import type { BundleFrame } from './pin-bundle.js';
import type { OrganizationTx, Store } from './ports.js';
import type { PersonInventory } from './stored-case.js';

export interface EraseDeps {
  readonly store: Store;
  /** How long to wait for a delivery on the wire; longer than a lease. */
  readonly patienceMs: number;
  readonly frame: BundleFrame;
}

export interface Erased {
  /** False when it was done before. */
  readonly erased: boolean;
  /** What was there right before. */
  readonly before: PersonInventory;
  /** Past recipients told by this call. */
  readonly notified: number;
}

const POLL_MS = 250;

/**
 * Erases a person (GDPR art. 17): in one transaction the past recipients are told to stop using what they hold (art. 17(2),
 * 19), the data key, the indexes and the contents go, and the log gets its entry. Interrupted at any moment, even by
 * kill -9, the same call done again finishes it or finds it done: nobody is told twice. The log holds ids only and still
 * verifies.
 *
 * @param person the person's id, or the agency's own key
 * @throws RelaisError 404, 503 `person.delivery-live` when a delivery does not end in time
 */
export async function erasePerson(
  deps: EraseDeps,
  { organizationId, actor }: { readonly organizationId: OrganizationId; readonly actor: Actor },
  person: string,
): Promise<Erased> {
  const giveUpAt = Date.now() + deps.patienceMs;
  for (;;) {
    try {
      return await deps.store.asOrganization(organizationId, (tx) => destroy(deps, tx, person, actor));
    } catch (error) {
      const isLive = error instanceof RelaisError && error.code === 'person.delivery-live';
      if (!isLive || Date.now() > giveUpAt) throw error;
      await sleep(POLL_MS);
    }
  }
}

async function destroy(deps: EraseDeps, tx: OrganizationTx, person: string, actor: Actor): Promise<Erased> {
  const before = await tx.inventoryOf(person);
  if (before === null) throw notFound();
  if (before.erasedAt !== null) return { erased: false, before, notified: 0 };
  const notified = await tellRecipients(deps, tx, before, actor);
  const { erased } = await tx.erasePerson(before.personId);
  if (erased) {
    await tx.audit({
      action: 'person.erased',
      outcome: 'success',
      actor,
      organizations: [tx.organizationId],
      personId: before.personId,
      codes: { indexRows: before.indexRows, contents: before.contents, cancelled: before.waiting, notified },
    });
  }
  return { erased, before, notified };
}

async function tellRecipients(
  { frame }: EraseDeps,
  tx: OrganizationTx,
  { personId }: PersonInventory,
  actor: Actor,
): Promise<number> {
  let told = 0;
  for (const transfer of await tx.deliveriesOf(personId)) {
    if ((await notify(tx, frame, transfer, 'stop-using', null, actor)) !== null) told += 1;
  }
  return told;
}
