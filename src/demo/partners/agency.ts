import { json, listen, type Handler } from './listen.js';
import { createRelaisClient, type RelaisAccess, type RelaisAnswer, type RelaisClient } from './relais-client.js';
import { runAsProcess } from './run-as-process.js';
import { createTokenEndpoint } from './token-endpoint.js';

/** The social agency's own software: it submits and asks, and hears by webhook how things went. */
export interface AgencyConfiguration {
  readonly name: string;
  readonly port?: number;
  readonly controlPort?: number;
  readonly relais: RelaisAccess;
  /** Where Relais publishes its keys, and the client id under which it calls the webhook. */
  readonly jwksUrl: string;
  readonly clientId: string;
}

/** What Relais announced: ids and codes only. `id` is its idempotency key. */
export type AnnouncedEvent = Readonly<Record<string, unknown>> & { readonly id: string };

export interface Agency {
  readonly webhookUrl: string;
  readonly tokenUrl: string;
  readonly controlUrl: string;
  /** Followed by a case's id: leads to it in Relais. */
  readonly openUrl: string;
  readonly ready: Readonly<Record<string, unknown>>;
  submitCase(caseId: string, content: unknown): Promise<RelaisAnswer>;
  recordConsent(consent: unknown): Promise<RelaisAnswer>;
  /** A new version of a consent; a withdrawal is `status: "inactive"` (https://hl7.org/fhir/R4/consent.html). */
  reviseConsent(id: string, consent: unknown, version?: number): Promise<RelaisAnswer>;
  requestTransfer(body: unknown, idempotencyKey: string): Promise<RelaisAnswer>;
  readTransfer(id: string): Promise<RelaisAnswer>;
  readDisclosures(personId: string): Promise<RelaisAnswer>;
  /** Any other request, with the agency's token. */
  call: RelaisClient['call'];
  token(): Promise<{ readonly token: string }>;
  /** The signed link behind "open in Relais" of the agency's software. */
  openLink(caseId: string): Promise<{ readonly url: string }>;
  events(): readonly AnnouncedEvent[];
  close(): Promise<void>;
}

/**
 * Starts the webhook (with a token endpoint of its own) and, apart, a control port on loopback through which a story in
 * another process drives the agency: `POST /submit-case`, `/record-consent`, `/revise-consent`, `/request-transfer`,
 * `/read-transfer`, `/read-disclosures`, `/call` with the arguments as a JSON array; the answer is Relais' own
 * (`{status, headers, body}`). HTTP rather than stdin: each command has its answer, and several may be under way.
 */
export async function startAgency(configuration: AgencyConfiguration): Promise<Agency> {
  const tokens = createTokenEndpoint(configuration);
  const events: AnnouncedEvent[] = [];
  const { call, token, openLink } = createRelaisClient(configuration.relais);

  const acts = {
    submitCase: (caseId: string, content: unknown) =>
      call('PUT', `/api/v1/cases/${encodeURIComponent(caseId)}`, { body: content }),
    recordConsent: (consent: unknown) => call('POST', '/fhir/Consent', { body: consent }),
    reviseConsent: (id: string, consent: unknown, version?: number) =>
      call('PUT', `/fhir/Consent/${encodeURIComponent(id)}`, {
        body: consent,
        ...(version !== undefined && { headers: { 'if-match': `W/"${version}"` } }),
      }),
    requestTransfer: (body: unknown, idempotencyKey: string) =>
      call('POST', '/api/v1/transfers', { body, headers: { 'idempotency-key': idempotencyKey } }),
    readTransfer: (id: string) => call('GET', `/api/v1/transfers/${encodeURIComponent(id)}`),
    readDisclosures: (personId: string) => call('GET', `/api/v1/persons/${encodeURIComponent(personId)}/disclosures`),
    call,
    token: async () => ({ token: await token() }),
    openLink: async (caseId: string) => ({ url: await openLink(caseId) }),
  };
  const commands = new Map(Object.entries(acts).map(([name, act]) => [`/${kebab(name)}`, act as Act]));

  const publicDoor: Handler = async (request) => {
    if (request.path === '/oauth/token') return tokens.handle(request);
    // "Open in Relais", as it stands beside a person in the agency's own software: signed anew at each click.
    const opened = /^\/open\/([A-Za-z0-9._-]{1,64})$/.exec(request.path)?.[1];
    if (opened !== undefined) return { status: 303, headers: { location: await openLink(opened) } };
    if (request.path !== '/webhook' || request.method !== 'POST') return { status: 404 };
    if (!tokens.accepts(request)) return { status: 401 };
    const event = json(request) as AnnouncedEvent | undefined;
    if (typeof event?.id !== 'string') return { status: 422 };
    // At least once: the same event may come again.
    if (!events.some(({ id }) => id === event.id)) events.push(event);
    return { status: 204 };
  };
  const door = await listen(publicDoor, { port: configuration.port ?? 0 });
  const tokenUrl = `${door.url}/oauth/token`;
  tokens.setUrl(tokenUrl);

  const control = await listen(
    async (request) => {
      if (request.method === 'GET' && request.path === '/events') return { status: 200, body: { events } };
      const act = commands.get(request.path);
      const given = json(request);
      if (request.method !== 'POST' || act === undefined || !Array.isArray(given)) return { status: 404 };
      try {
        return { status: 200, body: await act(...(given as unknown[])) };
      } catch (error) {
        return { status: 502, body: { error: error instanceof Error ? error.message : 'failed' } };
      }
    },
    { port: configuration.controlPort ?? 0 },
  );
  const webhookUrl = `${door.url}/webhook`;
  return {
    ...acts,
    webhookUrl,
    tokenUrl,
    controlUrl: control.url,
    openUrl: `${door.url}/open/`,
    ready: { name: configuration.name, webhookUrl, tokenUrl, controlUrl: control.url, openUrl: `${door.url}/open/` },
    events: () => events,
    close: async () => {
      await door.close();
      await control.close();
    },
  };
}

type Act = (...given: unknown[]) => Promise<unknown>;

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

runAsProcess(import.meta.url, startAgency);
