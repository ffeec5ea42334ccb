import { createHash } from 'node:crypto';
import type { DeliveryResult } from '../../transfer/door-ports.js';
import type { DeliveryCause } from './delivery-causes.js';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly location: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly body: Buffer;
}

const RETRYABLE = new Set([408, 425, 429, 500, 502, 503, 504, 507, 508]);
const BUSY = new Set([429, 503]);
const NOBODY_THERE = new Set([404, 405, 410]);
const JSON_TYPE = /^application\/(?:[a-z0-9!#$&^_.+-]+\+)?json\s*(?:;|$)/i;

/**
 * What a partner's answer means. Only a confirmation in JSON counts as delivered: a page of HTML with status 200 is a
 * proxy or a login form speaking. An announcement needs no content in its answer.
 */
export function judgeAnswer(
  answer: Answer,
  sent: { readonly url: string; readonly contentType: 'application/fhir+json' | 'application/json' },
): DeliveryResult {
  const { status } = answer;
  if (status >= 200 && status < 300) return judgeSuccess(answer, sent);
  if (status >= 300 && status < 400) return { kind: 'rejected', cause: cause('redirected'), status };
  if (status === 401) return retry('token-refused', undefined);
  if (status === 403) return { kind: 'rejected', cause: cause('not-permitted'), status };
  if (NOBODY_THERE.has(status)) return { kind: 'rejected', cause: cause('wrong-address'), status };
  if (RETRYABLE.has(status)) return retry(BUSY.has(status) ? 'partner-busy' : 'partner-error', answer.retryAfterMs);
  if (status >= 500) return retry('partner-error', answer.retryAfterMs);
  return { kind: 'rejected', cause: cause('record-refused'), status };
}

function judgeSuccess(answer: Answer, sent: { readonly url: string; readonly contentType: string }): DeliveryResult {
  const receipt = (location: string | null): DeliveryResult => ({
    kind: 'received',
    receipt: { status: answer.status, digest: createHash('sha256').update(answer.body).digest('hex'), location },
  });
  if (answer.body.length === 0) {
    return sent.contentType === 'application/json' ? receipt(null) : retry('answer-not-understood', undefined);
  }
  const json = parseJson(answer);
  if (json === null) return retry('answer-not-understood', undefined);
  if (sent.contentType === 'application/json') return receipt(null);
  if (refuses(json)) return { kind: 'rejected', cause: cause('record-refused'), status: answer.status };
  return receipt(taskLocation(json, answer.location, sent.url));
}

export type Json = Readonly<Record<string, unknown>>;

/** The object of an answer in JSON; null for anything else. */
export function parseJson({ contentType, body }: Answer): Json | null {
  return JSON_TYPE.test(contentType) ? parseObject(body) : null;
}

function parseObject(body: Buffer): Json | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
  } catch {
    return null;
  }
}

/**
 * A success that is none: an OperationOutcome with an error, or a transaction-response of which an entry failed
 * (https://hl7.org/fhir/R4/http.html#transaction-response).
 */
function refuses(json: Json): boolean {
  if (json['resourceType'] === 'OperationOutcome') {
    return list(json['issue']).some(({ severity }) => severity === 'error' || severity === 'fatal');
  }
  return entries(json).some(({ status }) => typeof status === 'string' && !/^2\d\d(\D|$)/.test(status));
}

/** The partner's address of the Task it created: in the transaction-response, else the Location header. */
function taskLocation(json: Json, header: string | undefined, base: string): string | null {
  const named = entries(json).map(({ location }) => location);
  const found = [...named, header].find(
    (location) => typeof location === 'string' && /(^|\/)Task\/[^/?#]+/.test(location),
  );
  if (typeof found !== 'string' || found.length > 512 || !/^[\x21-\x7e]+$/.test(found)) return null;
  const url = URL.parse(found, base.endsWith('/') ? base : `${base}/`);
  return url !== null && /^https?:$/.test(url.protocol) ? `${url.origin}${url.pathname}` : null;
}

function entries(json: Json): readonly Json[] {
  return list(json['entry']).flatMap(({ response }) =>
    typeof response === 'object' && response !== null ? [response as Json] : [],
  );
}

export function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter((item): item is Json => typeof item === 'object' && item !== null) : [];
}

function retry(why: DeliveryCause, retryAfterMs: number | undefined): DeliveryResult {
  return { kind: 'retry', cause: why, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

function cause(code: DeliveryCause): DeliveryCause {
  return code;
}
