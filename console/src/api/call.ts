import i18next from 'i18next';
import { Problem } from './problem.js';
import { rememberServerTime } from './server-time.js';

/** Fired when the session is over: the page stays as it is and asks to sign in again (shell/SessionGate). */
export const SESSION_ENDED = 'relais:session-ended';

let csrfToken: string | null = null;

/** Of `GET /me`; goes with every call that changes something. */
export function rememberCsrfToken(token: string | null): void {
  csrfToken = token;
}

interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** The browser finishes it even when the page goes away. */
  readonly keepalive?: boolean;
}

/**
 * Asks the gateway. Answers are in the language of the page.
 *
 * @throws Problem as the API says it; code `network` when no answer came
 */
export async function call<T>(method: 'GET' | 'POST' | 'PUT', path: string, options: CallOptions = {}): Promise<T> {
  const { body, headers, signal, keepalive = false } = options;
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      keepalive,
      ...(signal !== undefined && { signal }),
      headers: {
        accept: 'application/json, application/fhir+json;q=0.9',
        'accept-language': i18next.language,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(method !== 'GET' && csrfToken !== null && { 'x-csrf-token': csrfToken }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(0, { code: 'network', detail: i18next.t('error.network') });
  }
  rememberServerTime(response.headers.get('date'));
  const text = await response.text();
  const value: unknown = text === '' ? null : parse(text);
  if (response.ok) return value as T;
  const details = isRecord(value) ? value : {};
  if (response.status === 401) window.dispatchEvent(new Event(SESSION_ENDED));
  throw new Problem(response.status, problemOf(details));
}

interface OutcomeIssue {
  readonly details?: { readonly text?: string; readonly coding?: readonly { readonly code?: string }[] };
  readonly diagnostics?: string;
}

/** Calls under `/fhir` fail with an OperationOutcome; the pages know one shape, with the places that it names. */
function problemOf(details: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (details['resourceType'] !== 'OperationOutcome') return details;
  const issues = details['issue'] as readonly OutcomeIssue[];
  const first = issues[0]?.details;
  const places = issues.flatMap(({ diagnostics }) => (diagnostics === undefined ? [] : [diagnostics]));
  return { code: first?.coding?.[0]?.code, detail: first?.text, places };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
