import type { IncomingMessage, ServerResponse } from 'node:http';
import { RelaisError } from '../../kernel/errors.js';
import { readJson, type JsonValue } from '../../kernel/json.js';
import type { BodyRule } from '../route.js';

/** Requests that wait for `100 Continue` before they send their body (see create-server). */
export const awaitingContinue = new WeakSet<IncomingMessage>();

export function hasBody(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}

/**
 * Reads the body of a request whose caller is known: media type and declared size first, then at most `maxBytes`, then
 * the lossless JSON reader. The schema comes after.
 *
 * @returns undefined when there is no body and none is needed
 * @throws RelaisError 415, 413, 400
 */
export async function readBody(
  rule: BodyRule | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<JsonValue | undefined> {
  if (!hasBody(request)) {
    if (rule === undefined || rule.optional) return undefined;
    requireMediaType(rule, request);
    throw new RelaisError('request.body-missing', 400, 'required', 'This call needs a body.');
  }
  if (rule === undefined) {
    throw new RelaisError('request.body-unexpected', 400, 'structure', 'This call takes no body.');
  }
  requireMediaType(rule, request);
  if (Number(request.headers['content-length'] ?? 0) > rule.maxBytes) throw tooLarge(rule.maxBytes);
  if (awaitingContinue.delete(request)) response.writeContinue();
  const bytes = await readAtMost(request, rule.maxBytes);
  return typeOf(request) === FORM ? readForm(bytes) : readJson(bytes);
}

/** What a browser sends of a form without files (WHATWG URL, application/x-www-form-urlencoded). */
export const FORM = 'application/x-www-form-urlencoded';

/**
 * Each field once.
 *
 * @throws RelaisError 400 `request.form-invalid`
 */
function readForm(bytes: Buffer): JsonValue {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(bytes.toString('utf8'))) {
    if (fields.has(name)) throw new RelaisError('request.form-invalid', 400, 'structure', 'A field comes twice.');
    fields.set(name, value);
  }
  return Object.fromEntries(fields);
}

const typeOf = ({ headers }: IncomingMessage): string =>
  (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();

/**
 * One media type of the rule, no other character set than UTF-8 (RFC 8259 section 8.1), no content coding: what is
 * compressed could be larger than it says.
 */
function requireMediaType({ mediaTypes }: BodyRule, request: IncomingMessage): void {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters
    .map((parameter) => parameter.trim())
    .filter((parameter) => parameter.startsWith('charset'));
  const encoding = request.headers['content-encoding'];
  const known = mediaTypes.includes(type.trim());
  if (!known || charset.some((parameter) => !/^charset="?utf-8"?$/.test(parameter))) {
    throw new RelaisError('request.media-type', 415, 'not-supported', `The body must be ${mediaTypes.join(' or ')}.`, {
      details: { supported: mediaTypes },
    });
  }
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new RelaisError('request.content-encoding', 415, 'not-supported', 'The body must not be compressed.');
  }
}

function readAtMost(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (end: () => void): void => {
      request.off('data', take).off('end', done).off('error', broken).off('close', broken);
      end();
    };
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= maxBytes) return void chunks.push(chunk);
      chunks.length = 0;
      request.pause();
      settle(() => reject(tooLarge(maxBytes)));
    };
    const done = (): void => settle(() => resolve(Buffer.concat(chunks, size)));
    const broken = (): void =>
      settle(() => reject(new RelaisError('request.aborted', 400, 'structure', 'The body ended too early.')));
    request.on('data', take).on('end', done).on('error', broken).on('close', broken);
  });
}

function tooLarge(maxBytes: number): RelaisError {
  return new RelaisError('request.too-large', 413, 'too-long', `The body is larger than ${maxBytes} bytes.`, {
    details: { maxBytes },
  });
}
