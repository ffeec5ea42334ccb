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
]);

/** @param cause of a delivery result to be tried again */
export function leavesDoubt(cause: string): boolean {
  return !NOTHING_ARRIVED.has(cause);
}
