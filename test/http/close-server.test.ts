import { Agent, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeServer } from '../../src/http/close-server.js';
import { createHttpServer } from '../../src/http/create-server.js';

const PATIENCE_MS = 20_000;

let server: Server;
let agent: Agent;
let started: () => void;

beforeEach(async () => {
  const app = express();
  app.get('/slow', (_request, response) => {
    started();
    setTimeout(() => response.json({ answered: true }), 200);
  });
  app.get('/flowing', (_request, response) => {
    response.write('begun ');
    started();
    setTimeout(() => response.end('and ended'), 200);
  });
  server = createHttpServer(app, { keepAliveTimeoutMs: PATIENCE_MS });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
});
afterEach(() => {
  agent.destroy();
  server.closeAllConnections();
});

function ask(path: string): {
  readonly begun: Promise<void>;
  readonly answer: Promise<{ head: IncomingMessage; body: string }>;
} {
  const begun = new Promise<void>((resolve) => (started = resolve));
  const answer = new Promise<{ head: IncomingMessage; body: string }>((resolve, reject) => {
    get({ port: (server.address() as AddressInfo).port, path, agent }, (head) => {
      let body = '';
      head.setEncoding('utf8').on('data', (text: string) => (body += text));
      head.once('end', () => resolve({ head, body }));
      head.once('error', reject);
    }).once('error', reject);
  });
  return { begun, answer };
}

const closedWithin = (closing: Promise<void>): Promise<string> =>
  Promise.race([closing.then(() => 'closed'), sleep(3_000, 'still open', { ref: false })]);

describe('a server that is closed', () => {
  it('gives the answer that it owes, says that it is the last, and ends with it', async () => {
    const { begun, answer } = ask('/slow');
    await begun;
    const closing = closeServer(server, PATIENCE_MS);
    const { head, body } = await answer;
    expect(head.statusCode).toBe(200);
    expect(head.headers.connection).toBe('close');
    expect(body).toBe('{"answered":true}');
    expect(await closedWithin(closing)).toBe('closed');
  });

  it('ends the connection of an answer that had begun, after its last byte', async () => {
    const { begun, answer } = ask('/flowing');
    await begun;
    const closing = closeServer(server, PATIENCE_MS);
    expect((await answer).body).toBe('begun and ended');
    expect(await closedWithin(closing)).toBe('closed');
  });

  it('takes no new connection', async () => {
    await closeServer(server, PATIENCE_MS);
    await expect(ask('/slow').answer).rejects.toThrow();
  });

  it('cuts off whoever is still answered when its patience is over', async () => {
    const { begun, answer } = ask('/slow');
    await begun;
    const cut = expect(answer).rejects.toThrow();
    expect(await closedWithin(closeServer(server, 20))).toBe('closed');
    await cut;
  });
});
