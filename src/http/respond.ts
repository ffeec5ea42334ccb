import type { IncomingMessage, ServerResponse } from 'node:http';
import { writeJson, type JsonValue } from '../kernel/json.js';
import { hasBody } from './request/read-body.js';
import type { Reply } from './route.js';

/** How long an answer waits for a caller that is still sending a body nobody will read. */
const LINGER_MS = 500;

/** Writes the answer. Objects become JSON without loss (numbers as they were read). */
export function respond(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  const bytes = bytesOf(reply.body);
  response.statusCode = reply.status;
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if (bytes !== null) {
    response.setHeader('content-type', reply.contentType ?? 'application/json; charset=utf-8');
    response.setHeader('content-length', bytes.length);
  }
  if (hasBody(request) && !request.readableEnded) endUnread(request, response, bytes);
  else response.end(bytes ?? undefined);
}

/**
 * Answers while the body is unread, and keeps it so: the connection closes. Ending at once would reset it under a
 * caller that is still sending, who then never sees the answer; so the end waits until the caller hangs up, at most
 * half a second (RFC 9112 section 9.6, the staged close).
 */
function endUnread(request: IncomingMessage, response: ServerResponse, bytes: Buffer | null): void {
  request.pause();
  response.setHeader('connection', 'close');
  if (bytes === null) {
    response.setHeader('content-length', 0);
    response.flushHeaders();
  } else if (request.method !== 'HEAD') {
    response.write(bytes);
  }
  const timer = setTimeout(() => response.end(), LINGER_MS);
  timer.unref();
  response.once('close', () => clearTimeout(timer));
}

function bytesOf(body: unknown): Buffer | null {
  if (body === undefined) return null;
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : writeJson(body as JsonValue));
}
