import type pg from 'pg';

/** Advisory locks belong to one database; the number is this project's own. */
const LOCK = 'select pg_try_advisory_xact_lock(125780158870900) as held';

/**
 * Of all processes one numbers and signs at a time, until its transaction ends. What a statement after this one reads
 * holds what the sequencer before committed.
 */
export async function holdSequencerLock(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>(LOCK);
  return rows[0]?.held === true;
}
