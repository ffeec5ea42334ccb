import type pg from 'pg';

/** Advisory locks belong to one database; the number is this project's own. */
const TRY = 'select pg_try_advisory_xact_lock(125780158870900) as held';
const WAIT = 'select pg_advisory_xact_lock(125780158870900)';

/**
 * Of all processes one numbers and signs at a time, until its transaction ends. What a statement after this one reads
 * holds what the sequencer before committed.
 */
export async function holdSequencerLock(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>(TRY);
  return rows[0]?.held === true;
}

/** As `holdSequencerLock`, for what a person asked for: it waits for its turn. */
export async function awaitSequencerLock(client: pg.ClientBase): Promise<void> {
  await client.query(WAIT);
}
