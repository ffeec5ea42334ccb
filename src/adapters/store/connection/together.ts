import { setTimeout as sleep } from 'node:timers/promises';
import { atMost } from '../../../kernel/at-most.js';
import type { OrganizationId } from '../../../kernel/ids.js';
import { RelaisError } from '../../../kernel/errors.js';
import { isConsequence } from './errors.js';

/** Asks for each work of a shared transaction to be done by itself. */
export class NotTogether extends Error {}

/** One transaction that does so many works. */
type InTransaction<Tx> = <T>(organizationId: OrganizationId, work: (tx: Tx) => Promise<T>, works: number) => Promise<T>;

export type Together<Kind extends string, Tx> = <T>(
  kind: Kind,
  organizationId: OrganizationId,
  work: (tx: Tx) => Promise<T>,
) => Promise<T>;

interface Waiting<Tx> {
  readonly work: (tx: Tx) => Promise<unknown>;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

export interface Pace {
  /** How long a work waits for company. */
  readonly waitMs: number;
  /** Transactions at once; what comes while there are so many waits for the next. */
  readonly atOnce: number;
}

interface Lane<Tx> extends Pace {
  readonly organizationId: OrganizationId;
  readonly waiting: Waiting<Tx>[];
  turns: number;
}

/** What is locked is held for the sum of them. */
const MOST_TOGETHER = 16;
/** What takes longer waits for somebody: who comes after it does not. */
const LONGEST_TURN_MS = 100;

/**
 * Works of one organization that are asked for at about the same time, as one transaction: one `begin`, one `commit`, one wait
 * for the disk, and statements that do for all what each asks for (gather.ts). While as many are under way as
 * may be, what comes waits for the next; on a quiet gateway each has its own.
 *
 * When any of them fails, or waits for a lock, nothing of them is done, and each is done again by itself: a refusal or a wait of
 * one is its own. As in every transaction, `work` has no effect elsewhere. When the database went away nobody knows whether it committed: then all fail.
 *
 * @param pace of each kind; works of different kinds do not meet
 */
export function createTogether<Kind extends string, Tx>(
  inTransaction: InTransaction<Tx>,
  pace: Readonly<Record<Kind, Pace>>,
): Together<Kind, Tx> {
  const lanes = new Map<string, Lane<Tx>>();

  const alone = (organizationId: OrganizationId, { work, resolve, reject }: Waiting<Tx>): Promise<void> =>
    inTransaction(organizationId, work, 1).then((value) => resolve(value as never), reject);

  const shared = async (organizationId: OrganizationId, works: readonly Waiting<Tx>[]): Promise<void> => {
    let results: readonly unknown[];
    try {
      results = await inTransaction(organizationId, (tx) => allOf(works.map(({ work }) => work(tx))), works.length);
    } catch (error) {
      if (isAway(error)) works.forEach(({ reject }) => reject(error));
      else works.forEach((one) => void alone(organizationId, one));
      return;
    }
    works.forEach(({ resolve }, at) => resolve(results[at] as never));
  };

  const begin = async (key: string, lane: Lane<Tx>): Promise<void> => {
    lane.turns += 1;
    await sleep(lane.waitMs);
    const works = lane.waiting.splice(0, MOST_TOGETHER);
    if (works.length > 0) {
      const { organizationId } = lane;
      const turn = works.length === 1 ? alone(organizationId, works[0]!) : shared(organizationId, works);
      await atMost(turn, LONGEST_TURN_MS);
    }
    lane.turns -= 1;
    if (lane.waiting.length > 0) void begin(key, lane);
    else if (lane.turns === 0) lanes.delete(key);
  };

  return (kind, organizationId, work) =>
    new Promise((resolve, reject) => {
      const key = `${kind} ${organizationId}`;
      let lane = lanes.get(key);
      if (lane === undefined) lanes.set(key, (lane = { organizationId, ...pace[kind], waiting: [], turns: 0 }));
      lane.waiting.push({ work, resolve, reject });
      if (lane.turns < lane.atOnce) void begin(key, lane);
    });
}

/** Waits for all, also when one fails: their statements share a connection. */
async function allOf(works: readonly Promise<unknown>[]): Promise<readonly unknown[]> {
  const results = await Promise.allSettled(works);
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  // The statements after the one that failed say only that there is no transaction any more.
  if (failures.length > 0) throw failures.find((failure) => !isConsequence(failure)) ?? failures[0];
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value);
}

/** A lock that was not given in time (55P03) is no sign of that: the transaction was rolled back. */
const isAway = (error: unknown): boolean =>
  error instanceof RelaisError && error.code === 'store.unavailable' && error.details?.['sqlState'] !== LOCK_TIMEOUT;
const LOCK_TIMEOUT = '55P03';
