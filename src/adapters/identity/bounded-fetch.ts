import type { Fetch } from '../../transfer/identity-ports.js';

/** Statuses whose answers may not carry a body (Fetch standard, "null body status"). */
const WITHOUT_BODY = new Set([101, 204, 205, 304]);

/**
 * A fetch that never waits longer than `timeoutMs`, body included, never reads more than `maxBytes` (after
 * decompression), and never follows a redirect: a key set or a token answer that is slow, huge or elsewhere is no
 * answer (threats 30 and 31).
 *
 * @throws DOMException `TimeoutError`; Error when the answer is too large
 */
export function boundedFetch(fetch: Fetch, limits: { readonly timeoutMs: number; readonly maxBytes: number }): Fetch {
  return async (input, init) => {
    const timeout = AbortSignal.timeout(limits.timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    const response = await fetch(input, { ...init, redirect: 'manual', signal });
    const body = await readAtMost(response, limits.maxBytes);
    return new Response(WITHOUT_BODY.has(response.status) ? null : body, {
      status: response.status,
      headers: response.headers,
    });
  };
}

async function readAtMost(response: Response, maxBytes: number): Promise<Buffer<ArrayBuffer>> {
  const declared = Number(response.headers.get('content-length') ?? 0);
  if (declared > maxBytes) {
    await response.body?.cancel();
    throw new Error('The answer is too large');
  }
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    received += chunk.length;
    if (received > maxBytes) throw new Error('The answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, received);
}
