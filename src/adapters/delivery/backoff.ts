export interface BackoffOptions {
  /** Longest wait before the second attempt. */
  readonly baseMs?: number;
  /** Longest wait at all, the partner's own wish included. */
  readonly capMs?: number;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

/**
 * How long to wait before attempt `attempt + 1`: exponential with full jitter, so that a partner that comes back is not
 * met by everybody at once (AWS Architecture Blog, "Exponential Backoff and Jitter"). A partner's Retry-After (RFC 9110
 * section 10.2.3) wins: never earlier than it asks, and spread a little after it.
 *
 * @returns (attempt: 1, 2, …; retryAfterMs) → whole milliseconds
 */
export function createBackoff(options: BackoffOptions = {}): (attempt: number, retryAfterMs?: number) => number {
  const { baseMs = 1_000, capMs = 3_600_000, random = Math.random } = options;
  return (attempt, retryAfterMs) => {
    const exponent = Math.min(Math.max(Math.trunc(attempt) - 1, 0), 40);
    const jitterMs = Math.floor(random() * Math.min(capMs, baseMs * 2 ** exponent));
    if (retryAfterMs === undefined) return jitterMs;
    return Math.min(Math.max(retryAfterMs, 0) + Math.min(jitterMs, baseMs), capMs);
  };
}
