import type { Outbound } from './outbound.js';
import { readAtMost } from './read-at-most.js';

export interface CheckedFetchOptions {
  /** From the first packet to the last byte of the answer. */
  readonly timeoutMs?: number;
  readonly maxAnswerBytes?: number;
}

/** Statuses whose answers may not carry a body (Fetch standard, "null body status"). */
const WITHOUT_BODY = new Set([101, 103, 204, 205, 304]);

/**
 * `fetch` through the same checked connections as a delivery, for token requests and key sets: 5 seconds, 1 MB, no
 * redirect (a 3xx is handed back as it is), no compression.
 *
 * @throws TypeError as `fetch` does, with the network's error as its cause; DOMException when aborted or too late
 */
export function createCheckedFetch(outbound: Outbound, options: CheckedFetchOptions = {}): typeof fetch {
  const { timeoutMs = 5_000, maxAnswerBytes = 1_000_000 } = options;
  return async (input, init) => {
    const request = new Request(input, init);
    const refusal = outbound.refusal(request.url);
    if (refusal !== null) throw new TypeError('fetch failed', { cause: refusal });
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]);
    const url = new URL(request.url);
    const sent = request.body === null ? null : Buffer.from(await request.arrayBuffer());
    try {
      const { statusCode, headers, body } = await outbound.dispatcher.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: request.method,
        headers: { ...Object.fromEntries(request.headers), 'accept-encoding': 'identity' },
        body: sent,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        signal,
      });
      const bytes = await readAtMost(body, Number(headers['content-length'] ?? 0), maxAnswerBytes);
      const kept = Object.entries(headers).flatMap(([name, value]) =>
        [value ?? []].flat().map((one): [string, string] => [name, one]),
      );
      return new Response(WITHOUT_BODY.has(statusCode) ? null : bytes, { status: statusCode, headers: kept });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw new TypeError('fetch failed', { cause: error });
    }
  };
}
