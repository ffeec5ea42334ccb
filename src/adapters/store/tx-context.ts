import { RelaisError } from '../../kernel/errors.js';
import type { OrganizationId, PersonId } from '../../kernel/ids.js';
import type { OpenTransaction } from './connection/in-organization.js';
import type { Keyring } from './crypto/keyring.js';

/** What every operation of one organization's transaction works with. */
export interface TxContext extends OpenTransaction {
  readonly organizationId: OrganizationId;
  readonly keyring: Keyring;
  /**
   * Data keys of the persons that this transaction has read. They live no longer than it does, so that erasing a person
   * leaves no key in a cache.
   */
  readonly dataKeys: Map<PersonId, Buffer>;
}

/** Unwraps a person's data key and keeps it for the transaction. */
export function rememberDataKey(tx: TxContext, personId: PersonId, wrapped: Buffer): Buffer {
  const known = tx.dataKeys.get(personId);
  if (known !== undefined) return known;
  const key = tx.keyring.unwrap(wrapped, { table: 'person', row: personId, version: 1 });
  tx.dataKeys.set(personId, key);
  return key;
}

/** @throws RelaisError `store.erased` (404) when the person's key was destroyed */
export async function dataKeyOf(tx: TxContext, personId: PersonId): Promise<Buffer> {
  const known = tx.dataKeys.get(personId);
  if (known !== undefined) return known;
  const { rows } = await tx.client.query<{ wrapped_key: Buffer | null }>({
    name: 'data-key',
    text: 'select wrapped_key from person where organization_id = $1 and id = $2',
    values: [tx.organizationId, personId],
  });
  const wrapped = rows[0]?.wrapped_key;
  if (wrapped === null || wrapped === undefined) {
    throw new RelaisError('store.erased', 404, 'not-found', 'Nothing is kept about this person.');
  }
  return rememberDataKey(tx, personId, wrapped);
}
