import type { Actor } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type { OrganizationId, PartnerId } from '../kernel/ids.js';

/** What a partner may be sent at once (ADR 0012). */
export interface DeliveryLimits {
  /** Handed out and not finished, over all processes. */
  readonly maxInFlight: number;
  readonly ratePerSecond: number;
  readonly burst: number;
  /** In a row, until the breaker opens. */
  readonly breakerFailures: number;
  /** How long it stays open at first. */
  readonly breakerPauseMs: number;
}

/** Bounds of each limit, both inclusive. */
export const LIMIT_BOUNDS: Readonly<Record<keyof DeliveryLimits, readonly [number, number]>> = {
  maxInFlight: [1, 256],
  ratePerSecond: [0.001, 100_000],
  burst: [1, 1_000_000],
  breakerFailures: [1, 1_000],
  breakerPauseMs: [100, 3_600_000],
};

export interface PartnerDeliveryStatus {
  readonly partnerId: PartnerId;
  readonly organizationId: OrganizationId;
  readonly name: string;
  /** By an operator, and so stopped as well. */
  readonly suspended: boolean;
  /** Deliveries that are not over: those in flight among them. */
  readonly waiting: number;
  readonly inFlight: number;
  /** Under a live lease. */
  readonly onTheWire: number;
  readonly oldestDueAt: Instant | null;
  /** In a row. */
  readonly failures: number;
  readonly breaker: 'closed' | 'open' | 'half-open';
  /** The partner itself asked for it. */
  readonly pausedUntil: Instant | null;
  readonly stoppedAt: Instant | null;
  readonly limits: DeliveryLimits;
}

export interface DeliveryStatus {
  /** Everything is stopped since. */
  readonly stoppedAt: Instant | null;
  /** Those that have an address, or something waiting. */
  readonly partners: readonly PartnerDeliveryStatus[];
}

/** What an operator may do with deliveries, to one partner or (null) to all. Every change is audited. */
export interface DeliveryControl {
  status(): Promise<DeliveryStatus>;
  /**
   * Acts at once and on all processes: nothing more is handed out, claimed or begun. `onTheWire`: deliveries that had begun.
   *
   * @throws RelaisError 404
   */
  stop(partnerId: PartnerId | null, actor: Actor): Promise<{ readonly onTheWire: number }>;
  /**
   * The database is that of an earlier moment (a restore): what has left since is not known, and neither is who withdrew
   * since. Stops everything, and puts every delivery that waits in doubt, so that its partner is asked first, gets the same
   * key, or a human finds out (ADR 0013).
   */
  restored(actor: Actor): Promise<{ readonly inDoubt: number }>;
  /** @throws RelaisError 404; 409 `partner.suspended` */
  start(partnerId: PartnerId | null, actor: Actor): Promise<void>;
  /** @throws RelaisError 404 */
  setLimits(partnerId: PartnerId, limits: Partial<DeliveryLimits>, actor: Actor): Promise<void>;
}
