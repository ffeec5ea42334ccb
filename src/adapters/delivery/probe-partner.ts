import { randomUUID } from 'node:crypto';
import { RelaisError } from '../../kernel/errors.js';
import type { TokenSource } from '../../transfer/identity-ports.js';
import type { ProbeCause, ProbePartner, ProbeStep, ProbeStepName, ProbeTarget } from '../../transfer/partner-ports.js';
import { PROBE_CAUSES } from '../../transfer/partner-ports.js';
import type { Door } from '../../transfer/door-ports.js';
import type { PartnerEndpoint } from '../../transfer/partner.js';
import { classifyFailure } from './classify-failure.js';
import { list, parseJson } from './judge-answer.js';
import type { Outbound } from './outbound.js';
import { AnswerTooLarge, readAtMost } from './read-at-most.js';

export interface ProbeOptions {
  readonly outbound: Outbound;
  readonly tokens: TokenSource;
  /** Asks the question of `idempotency: query`, as a delivery in doubt would. */
  readonly door: Pick<Door, 'find'>;
  /** How many usable public keys there are at an address. */
  readonly countKeys: (jwksUri: string) => Promise<number>;
  /** System of the identifiers that a partner is asked for. */
  readonly taskSystem: string;
  readonly stepTimeoutMs?: number;
}

type Found = { readonly result: ProbeStep['result']; readonly cause: ProbeCause | null };

/** A step that did not go as it should, with what that means. */
class Stumbled extends Error {
  constructor(readonly found: Found) {
    super('A step of the test did not pass');
  }
}
const PASSED: Found = { result: 'passed', cause: null };
const MAX_BYTES = 1_000_000;

/** Port `ProbePartner`: the same connections, address rules, tokens and limits as a delivery, without one. */
export function createProbe(options: ProbeOptions): ProbePartner {
  const { stepTimeoutMs = 6_000 } = options;
  return async function* probe(target, signal) {
    for (const [step, work] of stepsOf(options, target)) {
      const startedAtMs = performance.now();
      const stop = AbortSignal.any([signal, AbortSignal.timeout(stepTimeoutMs)]);
      const found = await until(work(stop), stop).catch((error: unknown) => meaningOf(error, stop));
      yield { step, ...found, ms: Math.round(performance.now() - startedAtMs) };
      if (found.result === 'failed') return;
    }
  };
}

type Step = readonly [ProbeStepName, (signal: AbortSignal) => Promise<Found>];

function stepsOf(options: ProbeOptions, { endpoint, jwksUri }: ProbeTarget): readonly Step[] {
  const { outbound, tokens, countKeys } = options;
  const { url, tokenUrl } = endpoint;
  const elsewhere = URL.parse(tokenUrl)?.origin !== URL.parse(url)?.origin;
  const encrypted = [url, tokenUrl].every((one) => one.startsWith('https:'));
  return [
    ['address', () => Promise.resolve(bothAllowed(outbound, endpoint) ? PASSED : failed('address-not-allowed'))],
    ['name', () => outbound.resolve(url).then(() => PASSED)],
    ['connection', () => outbound.connect(url).then(() => (encrypted ? PASSED : noted('not-encrypted')))],
    ...(elsewhere
      ? [
          [
            'token-connection',
            async () => {
              await outbound.resolve(tokenUrl);
              await outbound.connect(tokenUrl);
              return PASSED;
            },
          ] as const,
        ]
      : []),
    [
      'token',
      async (signal) => {
        // One that is remembered would prove nothing.
        tokens.forget(endpoint);
        await tokens.tokenFor(endpoint, signal);
        return PASSED;
      },
    ],
    ...(jwksUri === undefined
      ? []
      : [['keys', async () => ((await countKeys(jwksUri)) > 0 ? PASSED : failed('keys-unreadable'))] as const]),
    ['system', (signal) => describe(options, endpoint, signal)],
    ...(endpoint.idempotency === 'query'
      ? [['question', (signal: AbortSignal) => ask(options, endpoint, signal)] as const]
      : []),
  ];
}

function bothAllowed(outbound: Outbound, { url, tokenUrl }: PartnerEndpoint): boolean {
  return outbound.refusal(url) === null && outbound.refusal(tokenUrl) === null;
}

/** `GET [base]/metadata` (https://hl7.org/fhir/R4/http.html#capabilities), with the token: it names nobody. */
async function describe(
  { outbound, tokens }: ProbeOptions,
  endpoint: PartnerEndpoint,
  signal: AbortSignal,
): Promise<Found> {
  const url = new URL(endpoint.url);
  const { statusCode, headers, body } = await outbound.dispatcher.request({
    origin: url.origin,
    path: `${url.pathname.replace(/\/$/, '')}/metadata`,
    method: 'GET',
    headers: {
      authorization: `Bearer ${await tokens.tokenFor(endpoint, signal)}`,
      accept: 'application/fhir+json',
      'accept-encoding': 'identity',
      'user-agent': 'relais',
    },
    signal,
  });
  if (statusCode !== 200) {
    body.on('error', () => undefined);
    await body.dump({ limit: 65_536 }).catch(() => undefined);
    return meaningOfStatus(statusCode);
  }
  const contentType = [headers['content-type'] ?? ''].flat()[0] ?? '';
  const bytes = await readAtMost(body, Number(headers['content-length'] ?? 0), MAX_BYTES);
  const json = parseJson({ status: 200, contentType, location: undefined, retryAfterMs: undefined, body: bytes });
  if (json?.['resourceType'] !== 'CapabilityStatement') return failed('answer-not-understood');
  if (!/^4\.0(\.|$)/.test(String(json['fhirVersion']))) return failed('other-version');
  const takes = list(json['rest']).flatMap((rest) => list(rest['interaction']).map(({ code }) => code));
  return takes.includes('transaction') ? PASSED : noted('no-transaction');
}

function meaningOfStatus(status: number): Found {
  if (status >= 300 && status < 400) return failed('redirected');
  if (status === 401) return failed('token-not-accepted');
  if (status === 403) return failed('not-permitted');
  if (status === 429 || status === 503) return failed('partner-busy');
  if (status >= 500 && status !== 501) return failed('partner-error');
  // It need not describe itself in order to receive.
  return noted('no-description');
}

async function ask({ door, taskSystem }: ProbeOptions, endpoint: PartnerEndpoint, signal: AbortSignal): Promise<Found> {
  const nobodys = { system: taskSystem, value: randomUUID() };
  const found = await door.find(endpoint, nobodys, () => Promise.resolve(true), signal);
  if (found.kind === 'absent') return PASSED;
  if (found.kind === 'retry') return failed(asCause(found.cause));
  return failed('question-refused');
}

/** What an error of a step means; nothing of its message is looked at. */
function meaningOf(error: unknown, signal: AbortSignal): Found {
  if (error instanceof Stumbled) return error.found;
  if (error instanceof AnswerTooLarge) return failed('answer-too-large');
  if (error instanceof RelaisError) return failed(tokenCause(error));
  if (signal.aborted) return failed('no-answer-in-time');
  const { code } = error as { readonly code?: unknown };
  if (['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL'].includes(String(code))) return failed('name-unknown');
  return failed(asCause(classifyFailure(error)));
}

/** RFC 6749 section 5.2. */
function tokenCause({ code, details }: RelaisError): ProbeCause {
  if (code !== 'delivery.token-refused') return 'token-unavailable';
  switch (details['error']) {
    case 'invalid_client':
    case 'unauthorized_client':
      return 'token-client-unknown';
    case 'invalid_scope':
      return 'token-scope-refused';
    default:
      return 'token-refused';
  }
}

function asCause(cause: string): ProbeCause {
  return PROBE_CAUSES.find((known) => known === cause) ?? 'connection-lost';
}

/** Connections are given up by their own timeouts; nobody waits for them longer than for the step. */
function until<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Stumbled(failed('no-answer-in-time')));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function failed(cause: ProbeCause): Found {
  return { result: 'failed', cause };
}

function noted(cause: ProbeCause): Found {
  return { result: 'noted', cause };
}
