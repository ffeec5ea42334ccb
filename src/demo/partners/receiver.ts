import { createHash, randomUUID } from 'node:crypto';
import { createRemoteJWKSet, flattenedVerify } from 'jose';
import { setTimeout as sleep } from 'node:timers/promises';
import { json, listen, RESET, type Handler, type Incoming, type Listener, type Outgoing } from './listen.js';
import { createRelaisClient, type RelaisAccess, type RelaisAnswer } from './relais-client.js';
import { runAsProcess } from './run-as-process.js';
import { createTokenEndpoint } from './token-endpoint.js';

/** A housing or health service's system, as Relais meets it: it knows nothing of Relais but its public addresses. */
export interface ReceiverConfiguration {
  readonly name: string;
  /** 0 or absent: a free port, told in the ready line. */
  readonly port?: number;
  readonly controlPort?: number;
  /** Where Relais publishes its keys, and the client id under which it is known here. */
  readonly jwksUrl: string;
  readonly clientId: string;
  readonly tokenLifetimeSeconds?: number;
  /** For reporting back to Relais; a receiver without it only receives. */
  readonly relais?: RelaisAccess;
}

/** How it behaves until told otherwise; sent to `POST /control` in part or in whole. */
export interface Behaviour {
  /** `open`; `closed` answers 503; `refusing` lets nobody connect. */
  readonly door: 'open' | 'closed' | 'refusing';
  readonly tokenDoor: 'open' | 'closed';
  /** This many times, instead of taking the record: that status. */
  readonly fail: { readonly times: number; readonly status: number; readonly retryAfter?: string };
  /** This many times: takes the record, then cuts the connection. */
  readonly resetAfterProcessing: number;
  readonly slowMs: number;
}

/** One record that was taken: ids and digests only. */
export interface Effect {
  readonly id: string;
  readonly idempotencyKey: string | null;
  /** SHA-256 (hex) of the body's bytes. */
  readonly digest: string;
  readonly taskId: string | null;
  readonly receivedAt: string;
  /** Relais' signature over these very bytes was there and held. */
  readonly signed: boolean;
  /** How many requests carried this key, this one included. */
  deliveries: number;
}

/** What the receiving organization does with a referral. */
export interface Report {
  /** The Task's id at Relais, as it came in the bundle. */
  readonly taskId: string;
  readonly status: string;
  /** Required by Gravity SDOHCC for rejected, on-hold, cancelled and failed. */
  readonly reason?: string;
  readonly note?: string;
  readonly output?: string;
}

export interface Receiver {
  readonly url: string;
  readonly tokenUrl: string;
  readonly controlUrl: string;
  readonly ready: Readonly<Record<string, unknown>>;
  behave(behaviour: Partial<Behaviour>): Promise<void>;
  effects(): readonly Effect[];
  /** Requests for `POST [base]`, refused ones included. */
  requests(): number;
  revokeTokens(): void;
  report(report: Report): Promise<RelaisAnswer>;
  close(): Promise<void>;
}

type Resource = Readonly<Record<string, unknown>>;
const JSON_BODY = /^application\/(fhir\+)?json\b/;

/** What it says of itself (https://hl7.org/fhir/R4/http.html#capabilities). */
const CAPABILITIES: Resource = {
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: '2026-01-01',
  kind: 'instance',
  fhirVersion: '4.0.1',
  format: ['json'],
  rest: [{ mode: 'server', interaction: [{ code: 'transaction' }] }],
};

/** Starts the partner's public door and, apart, its control port (loopback only, for the story and for tests). */
export async function startReceiver(configuration: ReceiverConfiguration): Promise<Receiver> {
  const tokens = createTokenEndpoint({
    jwksUrl: configuration.jwksUrl,
    clientId: configuration.clientId,
    ...(configuration.tokenLifetimeSeconds !== undefined && { lifetimeSeconds: configuration.tokenLifetimeSeconds }),
  });
  const client = configuration.relais === undefined ? null : createRelaisClient(configuration.relais);
  const effects: Effect[] = [];
  const answers = new Map<string, { readonly digest: string; readonly effect: Effect; readonly answer: Outgoing }>();
  let behaviour: Behaviour = {
    door: 'open',
    tokenDoor: 'open',
    fail: { times: 0, status: 500 },
    resetAfterProcessing: 0,
    slowMs: 0,
  };
  let requests = 0;

  const signerKeys = createRemoteJWKSet(new URL(configuration.jwksUrl), { timeoutDuration: 3_000 });

  const take = (request: Incoming, signed: boolean): Outgoing => {
    const bundle = json(request) as Resource | undefined;
    const entries = bundle?.['entry'];
    if (bundle?.['resourceType'] !== 'Bundle' || bundle['type'] !== 'transaction' || !Array.isArray(entries)) {
      return outcome(422, 'invalid', 'A transaction bundle is expected.');
    }
    const digest = createHash('sha256').update(request.body).digest('hex');
    const key = header(request, 'idempotency-key');
    const known = key === null ? undefined : answers.get(key);
    if (known !== undefined) {
      if (known.digest !== digest) return outcome(409, 'conflict', 'This key was used with another record.');
      known.effect.deliveries += 1;
      return known.answer;
    }
    const resources = entries.map((entry: Resource) => (entry['resource'] ?? {}) as Resource);
    const ids = resources.map(() => randomUUID());
    const effect: Effect = {
      id: randomUUID(),
      idempotencyKey: key,
      digest,
      taskId: taskIdOf(resources),
      receivedAt: new Date().toISOString(),
      signed,
      deliveries: 1,
    };
    effects.push(effect);
    const answer: Outgoing = {
      status: 200,
      headers: { 'content-type': 'application/fhir+json' },
      body: {
        resourceType: 'Bundle',
        type: 'transaction-response',
        entry: resources.map((resource, index) => ({
          response: { status: '201 Created', location: `${String(resource['resourceType'])}/${ids[index]}/_history/1` },
        })),
      },
    };
    if (key !== null) answers.set(key, { digest, effect, answer });
    return answer;
  };

  const receive: Handler = async (request) => {
    requests += 1;
    const { fail, slowMs, door } = behaviour;
    if (door === 'closed') return { status: 503, headers: { 'retry-after': '1' } };
    if (!tokens.accepts(request))
      return { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } };
    if (!JSON_BODY.test(request.headers['content-type'] ?? ''))
      return outcome(415, 'not-supported', 'FHIR JSON is expected.');
    if (slowMs > 0) await sleep(slowMs);
    if (fail.times > 0) {
      behaviour = { ...behaviour, fail: { ...fail, times: fail.times - 1 } };
      return {
        status: fail.status,
        ...(fail.retryAfter !== undefined && { headers: { 'retry-after': fail.retryAfter } }),
      };
    }
    const signed = await isSigned(request, signerKeys);
    if (signed === false) return outcome(400, 'security', 'The signature does not hold for these bytes.');
    const answer = take(request, signed === true);
    if (behaviour.resetAfterProcessing > 0) {
      behaviour = { ...behaviour, resetAfterProcessing: behaviour.resetAfterProcessing - 1 };
      return RESET;
    }
    return answer;
  };

  const publicDoor: Handler = async (request) => {
    if (request.path === '/oauth/token')
      return behaviour.tokenDoor === 'closed' ? { status: 503 } : tokens.handle(request);
    if (request.path === '/fhir' && request.method === 'POST') return receive(request);
    if (request.path === '/fhir/metadata' && request.method === 'GET' && behaviour.door === 'open')
      return { status: 200, body: CAPABILITIES, headers: { 'content-type': 'application/fhir+json' } };
    return outcome(404, 'not-found', 'Nothing is here.');
  };

  let door: Listener | null = await listen(publicDoor, { port: configuration.port ?? 0 });
  const { url: origin, port } = door;
  const tokenUrl = `${origin}/oauth/token`;
  tokens.setUrl(tokenUrl);

  const receiver: Omit<Receiver, 'controlUrl' | 'ready' | 'close'> = {
    url: `${origin}/fhir`,
    tokenUrl,
    effects: () => effects,
    requests: () => requests,
    revokeTokens: tokens.revokeAll,
    async behave(change) {
      behaviour = { ...behaviour, ...change };
      if (behaviour.door === 'refusing' && door !== null) {
        const closing = door;
        door = null;
        await closing.close();
      } else if (behaviour.door !== 'refusing') {
        door ??= await listen(publicDoor, { port });
      }
    },
    async report({ taskId, status, reason, note, output }) {
      if (client === null) throw new Error('This receiver has no access to Relais');
      const task = {
        resourceType: 'Task',
        id: taskId,
        status,
        intent: 'order',
        ...(reason !== undefined && { statusReason: { text: reason } }),
        ...(note !== undefined && { note: [{ text: note }] }),
        ...(output !== undefined && { output: [{ type: { text: 'outcome' }, valueString: output }] }),
      };
      return client.call('PUT', `/fhir/Task/${taskId}`, { body: task });
    },
  };

  const control = await listen(
    async (request) => {
      switch (`${request.method} ${request.path}`) {
        case 'GET /effects':
          return { status: 200, body: { name: configuration.name, requests, tokensIssued: tokens.issued(), effects } };
        case 'POST /control':
          await receiver.behave(json(request) as Partial<Behaviour>);
          return { status: 200, body: behaviour };
        case 'POST /revoke-tokens':
          receiver.revokeTokens();
          return { status: 204 };
        case 'POST /report':
          return { status: 200, body: await receiver.report(json(request) as Report) };
        default:
          return { status: 404 };
      }
    },
    { port: configuration.controlPort ?? 0 },
  );
  return {
    ...receiver,
    controlUrl: control.url,
    ready: { name: configuration.name, url: receiver.url, tokenUrl, controlUrl: control.url },
    close: async () => {
      await door?.close();
      await control.close();
    },
  };
}

/** Detached JWS over the body (RFC 7515 appendix F, RFC 7797); null where there is none. */
async function isSigned(
  { headers, body }: Incoming,
  keys: ReturnType<typeof createRemoteJWKSet>,
): Promise<boolean | null> {
  const [encoded, signature] = String(headers['x-jws-signature'] ?? '').split('..');
  if (encoded === undefined || signature === undefined) return null;
  return flattenedVerify({ protected: encoded, payload: body, signature }, keys, { algorithms: ['EdDSA'] }).then(
    () => true,
    () => false,
  );
}

/** The Task's id at Relais: named by an identifier whose system ends in `/fhir/Task`, else its own id. */
function taskIdOf(resources: readonly Resource[]): string | null {
  const task = resources.find(({ resourceType }) => resourceType === 'Task');
  const identifiers = (task?.['identifier'] ?? []) as readonly { system?: string; value?: string }[];
  const named = identifiers.find(({ system }) => system?.endsWith('/fhir/Task') === true)?.value;
  return named ?? (typeof task?.['id'] === 'string' ? task['id'] : null);
}

function header(request: Incoming, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value.replace(/^"(.*)"$/, '$1') : null;
}

function outcome(status: number, code: string, diagnostics: string): Outgoing {
  return {
    status,
    headers: { 'content-type': 'application/fhir+json' },
    body: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code, diagnostics }] },
  };
}

runAsProcess(import.meta.url, startReceiver);
