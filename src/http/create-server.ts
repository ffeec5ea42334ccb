import { createServer, STATUS_CODES, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Express } from 'express';
import { countAnswers } from './close-server.js';
import { MAX_HEADERS } from './request/check-request.js';
import { awaitingContinue } from './request/read-body.js';

/** Bounds of one connection; the defaults are for production. */
export interface ServerLimits {
  /** From the first byte to the end of the headers. */
  readonly headersTimeoutMs?: number;
  /** From the first byte to the end of the body. */
  readonly requestTimeoutMs?: number;
  readonly keepAliveTimeoutMs?: number;
}

const MAX_HEADER_BYTES = 16_384;
const MAX_REQUESTS_PER_SOCKET = 10_000;

/**
 * The HTTP server: bounded headers, bounded times, a strict parser. A request that has both Content-Length and
 * Transfer-Encoding, or that is not HTTP, is answered 400 and its connection closed (RFC 9112 section 6.3; threat 26).
 */
export function createHttpServer(app: Express, limits: ServerLimits = {}): Server {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      insecureHTTPParser: false,
      requireHostHeader: true,
      headersTimeout: limits.headersTimeoutMs ?? 10_000,
      requestTimeout: limits.requestTimeoutMs ?? 30_000,
      keepAliveTimeout: limits.keepAliveTimeoutMs ?? 5_000,
      connectionsCheckingInterval: Math.min(5_000, limits.requestTimeoutMs ?? 5_000),
    },
    app,
  );
  server.maxHeadersCount = MAX_HEADERS;
  server.maxRequestsPerSocket = MAX_REQUESTS_PER_SOCKET;
  // A caller that asks first is told to go on only when somebody will read (RFC 9110 section 10.1.1).
  server.on('checkContinue', (request, response) => {
    awaitingContinue.add(request);
    app(request, response);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
    const title = STATUS_CODES[status] ?? '';
    const code = status === 408 ? 'request.timeout' : 'request.not-http';
    const body = JSON.stringify({ type: 'about:blank', title, status, code });
    socket.end(
      `HTTP/1.1 ${status} ${title}\r\ncontent-type: application/problem+json\r\ncache-control: no-store\r\n` +
        `x-content-type-options: nosniff\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
  });
  countAnswers(server);
  return server;
}
