/** A point in time as an ISO 8601 string in UTC with milliseconds: `2026-02-09T10:15:00.000Z`. Sorts as text. */
export type Instant = string & { readonly __brand: 'Instant' };

/** @throws RangeError when the date is invalid */
export function instant(date: Date | string | number): Instant {
  return new Date(date).toISOString() as Instant;
}

export function addMs(at: Instant, ms: number): Instant {
  return instant(Date.parse(at) + ms);
}

/**
 * The process's clock: for timers, durations and headers only. Expiry is decided by the database's time
 * (docs/architecture.md, "Time").
 */
export interface Clock {
  now(): Instant;
}

export const systemClock: Clock = { now: () => instant(Date.now()) };
