import type pg from 'pg';
import type { TransferId } from '../../../kernel/ids.js';

/** One statement as relais_worker; a name keeps its plan. */
export type Query = <R extends pg.QueryResultRow>(
  name: string | null,
  text: string,
  values: unknown[],
) => Promise<pg.QueryResult<R>>;

export const JOB_KINDS = ['transfer', 'announcement'] as const;
export type JobKind = (typeof JOB_KINDS)[number];

export interface TakenJob {
  readonly kind: JobKind;
  readonly id: TransferId;
}
