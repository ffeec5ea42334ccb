/** IMF-fixdate, the one form of HTTP-date that is still generated (RFC 9110 section 5.6.7). */
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Reads Retry-After (RFC 9110 section 10.2.3): seconds or a date. A date is measured against the answer's own Date
 * header where there is one, so that a partner's clock need not agree with ours.
 *
 * @returns milliseconds, at most `capMs`; undefined when the header is absent or unreadable
 */
export function readRetryAfter(
  headers: { readonly retryAfter: string | undefined; readonly date: string | undefined },
  nowMs: number,
  capMs: number,
): number | undefined {
  const value = headers.retryAfter?.trim() ?? '';
  if (/^\d{1,15}$/.test(value)) return Math.min(Number(value) * 1000, capMs);
  if (!HTTP_DATE.test(value)) return undefined;
  const sentMs = headers.date !== undefined && HTTP_DATE.test(headers.date) ? Date.parse(headers.date) : nowMs;
  const waitMs = Date.parse(value) - sentMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), capMs);
}
