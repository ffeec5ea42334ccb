import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request, read completely. */
export interface Incoming {
  readonly method: string;
  readonly path: string;
  /** From the question mark on; empty where there is none. */
  readonly search: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface Outgoing {
  readonly status: number;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is instead, under the content type that the headers name. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Cuts the connection instead of answering. */
export const RESET = Symbol('reset');
export type Handler = (request: Incoming) => Promise<Outgoing | typeof RESET>;

const MAX_BODY_BYTES = 20_000_000;

export interface Listener {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** A small HTTP server: JSON in, JSON out, a 500 for what a handler throws. Port 0 takes a free one. */
export async function listen(handler: Handler, { host = '127.0.0.1', port = 0 } = {}): Promise<Listener> {
  const server = createServer((request, response) => {
    void serve(handler, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host}:${bound}`,
    port: bound,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(handler: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  let received = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    received += chunk.length;
    if (received > MAX_BODY_BYTES) {
      response.writeHead(413, { connection: 'close' }).end();
      return;
    }
    chunks.push(chunk);
  }
  const { pathname: path, search } = new URL(request.url ?? '/', 'http://partner');
  const answer = await handler({
    method: request.method ?? '',
    path,
    search,
    headers: request.headers,
    body: Buffer.concat(chunks),
  });
  if (answer === RESET) {
    request.socket.resetAndDestroy();
    return;
  }
  const { status, body, text, headers } = answer;
  const sent = text ?? (body === undefined ? '' : JSON.stringify(body));
  response.writeHead(status, { ...(sent !== '' && { 'content-type': 'application/json' }), ...headers });
  response.end(sent);
}

/** The body as JSON, or undefined when it is none. */
export function json(request: Incoming): unknown {
  try {
    return JSON.parse(request.body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
