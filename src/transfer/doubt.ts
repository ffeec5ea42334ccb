import type { Transfer } from './transfer.js';

/**
 * Whether a failed attempt leaves open if the partner has the record. Causes after which it certainly has not: no
 * connection or no token (nothing was written), or an answer that says "not now" (429, 503) or "not you" (401) instead
 * of taking it. Whatever is not in this list is doubt, an error of the partner's own included: it may have come after the work.
 */
const NOTHING_ARRIVED: ReadonlySet<string> = new Set([
  'unreachable',
  'secure-connection-failed',
  'token-unavailable',
  'token-refused',
  'partner-busy',
  'mail-unreachable',
]);

/** Causes of an attempt of which not even a byte reached the recipient: what was said to be busy, or refused, was read. */
const NOTHING_LEFT: ReadonlySet<string> = new Set([
  'unreachable',
  'secure-connection-failed',
  'token-unavailable',
  'no-endpoint',
  'address-not-allowed',
  'held-back',
  'mail-unreachable',
]);

/** Whether bytes may have reached the recipient: it was delivered, or an attempt ended otherwise than with nothing sent. */
export function mayHaveLeft({ status, timeline }: Pick<Transfer, 'status' | 'timeline'>): boolean {
  if (status === 'delivered') return true;
  return timeline.some((event, index) => {
    const cause = timeline[index + 1]?.cause;
    return event.status === 'sending' && (cause === undefined || !NOTHING_LEFT.has(cause));
  });
}

/** @param cause of a delivery result to be tried again */
export function leavesDoubt(cause: string): boolean {
  return !NOTHING_ARRIVED.has(cause);
}
