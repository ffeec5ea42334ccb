import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { RelaisError } from '../../kernel/errors.js';
import type { TokenSource } from '../../transfer/identity-ports.js';
import type { DeliveryResult, Door, FindResult, OutboundIdentifier } from '../../transfer/door-ports.js';
import type { PartnerEndpoint } from '../../transfer/partner.js';
import { classifyFailure } from './classify-failure.js';
import type { DeliveryCause } from './delivery-causes.js';
import { judgeAnswer, type Answer } from './judge-answer.js';
import { judgeSearch } from './judge-search.js';
import type { Outbound } from './outbound.js';
import { AnswerTooLarge, readAtMost } from './read-at-most.js';
import { readRetryAfter } from './retry-after.js';

export interface DoorOptions {
  readonly outbound: Outbound;
  readonly tokens: TokenSource;
  /** From the first packet to the last byte of the answer, token included. Must be shorter than the claim's lease. */
  readonly deadlineMs?: number;
  /** The same for a question; with the delivery that follows it must be shorter than the claim's lease. */
  readonly askDeadlineMs?: number;
  /** From the last byte of the request to the first of the answer. */
  readonly headersTimeoutMs?: number;
  /** Between two pieces of the answer. */
  readonly bodyTimeoutMs?: number;
  readonly maxAnswerBytes?: number;
  readonly maxRetryAfterMs?: number;
}

type Message = Parameters<Door['send']>[1];

/** The fence was lost: thrown inside the body, so that the connection closes with nothing written. */
class FenceLost extends Error {}
/** Why what still listens is told to stop when all is done. Without a reason of ours each time makes one, with its stack. */
const ENDED = new Error('The delivery has ended');
/** What `mayWrite` itself threw: our own failure, not the partner's. */
class CannotAsk extends Error {}

/**
 * The one way out for a record's bytes (port `Door`). Order: token, connection, `mayWrite`, body: undici starts to read
 * the body when the connection stands and writes the request line with its first piece, so a lost fence means that not
 * even the head of the request leaves.
 *
 * A failure of the network after the body went out is `connection-lost`, whatever its code: "unreachable" would say that nothing arrived.
 *
 * A token that the partner refuses (401) is renewed once. Redirects are not followed. Nothing of the answer is kept but
 * status, digest and the address of what was created.
 *
 * @throws what `mayWrite` throws, and nothing else
 */
export function createDoor(options: DoorOptions): Door {
  const { outbound, tokens, deadlineMs = 20_000, askDeadlineMs = 3_000 } = options;
  return {
    async send(endpoint, message, mayWrite, signal): Promise<DeliveryResult> {
      const progress = { wrote: false };
      return within(deadlineMs, endpoint, signal, progress, async (stop) => {
        const sending = { endpoint, message, mayWrite, signal: stop, progress };
        const answer = await authorized(endpoint, stop, (bearer) => post(options, sending, bearer));
        return judgeAnswer(answer, { url: endpoint.url, contentType: message.contentType });
      });
    },
    async find(endpoint, identifier, mayAsk, signal): Promise<FindResult> {
      return within(askDeadlineMs, endpoint, signal, { wrote: false }, async (stop) => {
        const answer = await authorized(endpoint, stop, (bearer) =>
          search(options, { endpoint, identifier, mayAsk, signal: stop }, bearer),
        );
        return judgeSearch(answer, identifier, endpoint.url);
      });
    },
  };

  /** Turns what the partner and the network do into a result, and ends it at the deadline. */
  async function within<T>(
    ms: number,
    endpoint: PartnerEndpoint,
    signal: AbortSignal,
    progress: { readonly wrote: boolean },
    work: (stop: AbortSignal) => Promise<T>,
  ): Promise<T | Exclude<DeliveryResult, { readonly kind: 'received' }>> {
    if (outbound.refusal(endpoint.url) !== null || outbound.refusal(endpoint.tokenUrl) !== null) return notAllowed;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), ms);
    const onAbort = (): void => stop.abort();
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) stop.abort();
    try {
      return await work(stop.signal);
    } catch (error) {
      if (error instanceof FenceLost) return { kind: 'fenced' };
      if (error instanceof CannotAsk) throw error.cause;
      if (signal.aborted) return retry('interrupted');
      if (stop.signal.aborted) return retry('no-answer-in-time');
      if (error instanceof AnswerTooLarge) return retry('answer-too-large');
      if (error instanceof RelaisError && error.code.startsWith('delivery.token-')) {
        return retry(error.code === 'delivery.token-refused' ? 'token-refused' : 'token-unavailable');
      }
      const cause = classifyFailure(error);
      if (cause === 'address-not-allowed') return notAllowed;
      return retry(progress.wrote ? 'connection-lost' : cause);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      stop.abort(ENDED);
    }
  }

  async function authorized(
    endpoint: PartnerEndpoint,
    signal: AbortSignal,
    request: (bearer: string) => Promise<Answer>,
  ): Promise<Answer> {
    let answer = await request(await token(endpoint, signal));
    if (answer.status === 401) {
      tokens.forget(endpoint);
      answer = await request(await token(endpoint, signal));
      // A token that is refused when it is new would be refused again from memory.
      if (answer.status === 401) tokens.forget(endpoint);
    }
    return answer;
  }

  async function token(endpoint: PartnerEndpoint, signal: AbortSignal): Promise<string> {
    try {
      return await untilAborted(tokens.tokenFor(endpoint, signal), signal);
    } catch (error) {
      if (error instanceof RelaisError || classifyFailure(error) === 'address-not-allowed') throw error;
      throw new RelaisError(
        'delivery.token-unavailable',
        503,
        'transient',
        "The partner's token endpoint does not answer.",
        {
          cause: error,
        },
      );
    }
  }
}

interface Sending {
  readonly endpoint: PartnerEndpoint;
  readonly message: Message;
  readonly mayWrite: () => Promise<boolean>;
  readonly signal: AbortSignal;
  /** The body was handed to the connection, and no answer said that it was not taken. */
  readonly progress: { wrote: boolean };
}

async function post(
  options: DoorOptions,
  { endpoint, message, mayWrite, signal, progress }: Sending,
  token: string,
): Promise<Answer> {
  const { outbound, headersTimeoutMs = 15_000, bodyTimeoutMs = 10_000 } = options;
  const url = new URL(endpoint.url);
  const response = await outbound.dispatcher.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': message.contentType,
      'content-length': String(message.body.length),
      accept: message.contentType,
      // Compressed answers could grow past any limit, and echoed records are not wanted (FHIR R4, http.html#ops).
      'accept-encoding': 'identity',
      ...(message.contentType === 'application/fhir+json' && { prefer: 'return=minimal' }),
      'idempotency-key': message.idempotencyKey,
      'x-request-id': message.requestId,
      ...(message.signature !== undefined && { 'x-jws-signature': message.signature }),
      'user-agent': 'relais',
    },
    // undici takes any async iterable; its types name only some.
    body: fenced(message.body, mayWrite, signal, progress) as unknown as Readable,
    headersTimeout: headersTimeoutMs,
    bodyTimeout: bodyTimeoutMs,
    signal,
  });
  // Whoever is refused for its token was not listened to.
  if (response.statusCode === 401) progress.wrote = false;
  return read(options, response);
}

interface Asking {
  readonly endpoint: PartnerEndpoint;
  readonly identifier: OutboundIdentifier;
  readonly mayAsk: () => Promise<boolean>;
  readonly signal: AbortSignal;
}

/** `GET [base]/Task?identifier=system|value`: an id, and nothing of the record. */
async function search(options: DoorOptions, asking: Asking, token: string): Promise<Answer> {
  const { endpoint, identifier, mayAsk, signal } = asking;
  const url = new URL(endpoint.url);
  const query = new URLSearchParams({ identifier: `${identifier.system}|${identifier.value}`, _count: '5' });
  if (!(await asked(mayAsk))) throw new FenceLost('The fence was lost');
  const response = await options.outbound.dispatcher.request({
    origin: url.origin,
    path: `${url.pathname.replace(/\/$/, '')}/Task?${query.toString()}`,
    method: 'GET',
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/fhir+json',
      'accept-encoding': 'identity',
      // A server that does not know the parameter must say so (https://hl7.org/fhir/R4/search.html#errors).
      prefer: 'handling=strict',
      'user-agent': 'relais',
    },
    headersTimeout: options.headersTimeoutMs ?? 15_000,
    bodyTimeout: options.bodyTimeoutMs ?? 10_000,
    signal,
  });
  return read(options, response);
}

async function read(
  { maxAnswerBytes = 1_000_000, maxRetryAfterMs = 3_600_000 }: DoorOptions,
  { statusCode, headers, body }: Dispatcher.ResponseData,
): Promise<Answer> {
  const answer = {
    status: statusCode,
    contentType: one(headers['content-type']) ?? '',
    location: one(headers['location']),
    retryAfterMs: readRetryAfter(
      { retryAfter: one(headers['retry-after']), date: one(headers['date']) },
      Date.now(),
      maxRetryAfterMs,
    ),
  };
  if (statusCode < 200 || statusCode > 299) {
    // Its words are not wanted; a short body is read away so that the connection can be used again.
    body.on('error', () => undefined);
    await body.dump({ limit: 65_536 }).catch(() => undefined);
    return { ...answer, body: Buffer.alloc(0) };
  }
  return { ...answer, body: await readAtMost(body, Number(one(headers['content-length']) ?? 0), maxAnswerBytes) };
}

async function* fenced(
  body: Buffer,
  mayWrite: () => Promise<boolean>,
  signal: AbortSignal,
  progress: { wrote: boolean },
): AsyncGenerator<Buffer> {
  if (!(await asked(mayWrite))) throw new FenceLost('The fence was lost');
  signal.throwIfAborted();
  progress.wrote = true;
  yield body;
}

async function asked(mayWrite: () => Promise<boolean>): Promise<boolean> {
  try {
    return await mayWrite();
  } catch (error) {
    throw new CannotAsk('mayWrite failed', { cause: error });
  }
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Error('Aborted'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

const notAllowed: Extract<DeliveryResult, { readonly kind: 'rejected' }> = {
  kind: 'rejected',
  cause: 'address-not-allowed' satisfies DeliveryCause,
  status: 0,
};

function retry(cause: DeliveryCause): Extract<DeliveryResult, { readonly kind: 'retry' }> {
  return { kind: 'retry', cause };
}

function one(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
