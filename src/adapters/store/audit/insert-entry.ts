import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { Instant } from '../../../kernel/clock.js';
import { newId, type AuditEntryId } from '../../../kernel/ids.js';
import type { SaltedEntry } from '../../../domain/audit/chain.js';
import type { AuditFact } from '../../../domain/audit/entry.js';

const INSERT = `
  with entry as (insert into audit_entry (id, entry) values ($1, $2))
  insert into audit_pending (entry_id, organizations) values ($1, $3)`;

/**
 * Writes the fact in the caller's transaction, salted and not yet numbered. Chaining it here would put every commit of
 * the gateway in one line (measured: 1,528 → 173 commits/s).
 *
 * @param client a connection of any runtime role
 */
export async function insertEntry(client: Pick<pg.ClientBase, 'query'>, at: Instant, fact: AuditFact): Promise<void> {
  const entry: SaltedEntry = { ...fact, id: newId<AuditEntryId>(), at, salt: randomBytes(16).toString('hex') };
  await client.query({ name: 'audit', text: INSERT, values: [entry.id, entry, fact.organizations] });
}
