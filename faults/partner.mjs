// The partner of a fault run: several organizations' systems in one process, which does what it is told to do wrong and
// keeps a ledger of what it received, what it did and what it answered. It makes one effect for each Idempotency-Key.
// It is the referee: it is never killed, and every line has the time at which the bytes were there.
//
// `node faults/partner.mjs [--port n] [--control-port n]` runs one by itself; `npm run faults -- --partner URL` uses it.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { makeCertificates } from './world/certificates.mjs';

const { values } = parseArgs({ options: { port: { type: 'string' }, 'control-port': { type: 'string' } } });
const HOST = '127.0.0.1';
const ledger = [];
/** Faults that wait for the next request of an organization, oldest first. */
const armed = [];
const answers = new Map();
const tokens = new Map();
const TOKEN_MS = 300_000;

function write(type, line) {
  ledger.push({ n: ledger.length, type, at: Date.now(), ...line });
}

/** The oldest fault that waits for this organization (and, where it names one, this transfer). */
function nextFault(place, org, key) {
  const index = armed.findIndex(
    (fault) => fault.place === place && fault.org === org && (fault.key === undefined || fault.key === key),
  );
  if (index === -1) return undefined;
  const fault = armed[index];
  fault.times -= 1;
  if (fault.times <= 0) armed.splice(index, 1);
  return fault;
}

async function receive(org, request, response) {
  const key = header(request, 'idempotency-key');
  const arrival = { org, key, requestId: header(request, 'x-request-id') };
  const bearer = /^Bearer ([\w-]+)$/.exec(request.headers.authorization ?? '')?.[1];
  const line = { ...arrival, arrival: randomUUID() };
  write('bytes', line);
  request.on('error', () => undefined);
  response.on('error', () => undefined);
  const chunks = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    write('broken-off', line);
    return;
  }
  const body = Buffer.concat(chunks);
  if ((tokens.get(bearer) ?? 0) < Date.now()) {
    write('unauthorized', line);
    return void response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end();
  }
  const fault = nextFault('record', org, key);
  if (fault !== undefined) write('fault', { ...line, fault: fault.id });
  const answer = (status, content, headers = {}) => {
    write('answer', { ...line, status });
    response.writeHead(status, { 'content-type': 'application/fhir+json', ...headers }).end(content);
  };
  switch (fault?.does) {
    case 'status':
      return answer(fault.status, '', fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter });
    case 'redirect':
      return answer(307, '', { location: `http://${HOST}:${port}/elsewhere/fhir` });
    case 'page':
      return answer(200, '<!doctype html><title>Sign in</title>', { 'content-type': 'text/html' });
    case 'cut':
      return void request.socket.resetAndDestroy();
    case 'trickle':
      return trickle(request.socket, fault.ms);
    case 'slow':
      await sleep(fault.ms);
      break;
    default:
  }
  const answered = take(body, line);
  if (fault?.does === 'reset') return void request.socket.resetAndDestroy();
  if (fault?.does === 'late') await sleep(fault.ms);
  answer(answered.status, answered.content);
}

/** One effect for each key; without a key nobody can know that it was here before. */
function take(body, line) {
  let bundle;
  try {
    bundle = JSON.parse(body.toString('utf8'));
  } catch {
    return { status: 400, content: '' };
  }
  if (bundle.resourceType !== 'Bundle' || !Array.isArray(bundle.entry)) return { status: 422, content: '' };
  const digest = createHash('sha256').update(body).digest('hex');
  const known = line.key === null ? undefined : answers.get(line.key);
  if (known !== undefined) return known.digest === digest ? known : { status: 409, content: '' };
  const resources = bundle.entry.map(({ resource }) => resource ?? {});
  write('effect', { ...line, digest, taskId: taskIdOf(resources) });
  const response = resources.map(({ resourceType }) => ({
    response: { status: '201 Created', location: `${resourceType}/${randomUUID()}/_history/1` },
  }));
  const content = JSON.stringify({ resourceType: 'Bundle', type: 'transaction-response', entry: response });
  const answered = { status: 200, content, digest };
  if (line.key !== null) answers.set(line.key, answered);
  return answered;
}

function taskIdOf(resources) {
  const task = resources.find(({ resourceType }) => resourceType === 'Task');
  const named = (task?.identifier ?? []).find(({ system }) => system?.endsWith('/fhir/Task'));
  return named?.value ?? task?.id ?? null;
}

/** A slowloris: one byte of the head at a time, never the end. */
async function trickle(socket, ms) {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/fhir+json\r\n${'x-slow: 1\r\n'.repeat(1_000)}`;
  const until = Date.now() + ms;
  socket.on('error', () => undefined);
  for (let at = 0; Date.now() < until && !socket.destroyed; at += 1) {
    socket.write(head[at]);
    await sleep(100);
  }
  socket.destroy();
}

async function token(org, request, response) {
  for await (const _ of request);
  const fault = nextFault('token', org, undefined);
  if (fault !== undefined) {
    write('fault', { org, fault: fault.id, key: null });
    return void response.writeHead(fault.status).end();
  }
  const access = randomBytes(24).toString('base64url');
  tokens.set(access, Date.now() + TOKEN_MS);
  write('token', { org });
  const body = JSON.stringify({ access_token: access, token_type: 'Bearer', expires_in: TOKEN_MS / 1_000 });
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(body);
}

function door(request, response) {
  const [, org, what] = new URL(request.url, 'http://partner').pathname.split('/');
  const handle = what === 'token' ? token : receive;
  handle(org, request, response).catch(() => response.destroy());
}

async function control(request, response) {
  let text = '';
  for await (const chunk of request) text += chunk;
  const given = text === '' ? {} : JSON.parse(text);
  const url = new URL(request.url, 'http://partner');
  const say = (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /ready':
      return say({
        url: `http://${HOST}:${port}`,
        secureUrl: `https://localhost:${securePort}`,
        authority: certificates.authority,
      });
    case 'GET /ledger':
      return say(ledger.slice(Number(url.searchParams.get('from') ?? 0)));
    case 'POST /arm':
      armed.push({ place: 'record', times: 1, ...given });
      return say({});
    case 'POST /disarm':
      armed.splice(0, armed.length, ...armed.filter(({ id }) => id !== given.id));
      return say({});
    case 'POST /revoke-tokens':
      tokens.clear();
      return say({});
    case 'POST /certificate':
      secure.setSecureContext(certificates[given.use]);
      secure.closeAllConnections();
      return say({});
    default:
      return void response.writeHead(404).end();
  }
}

function header(request, name) {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}

async function listen(server, wanted) {
  server.on('clientError', (_error, socket) => socket.destroy());
  server.listen(Number(wanted ?? 0), HOST);
  await once(server, 'listening');
  return server.address().port;
}

const certificates = await makeCertificates();
const secure = createSecureServer(certificates.good, door);
const port = await listen(createServer(door), values.port);
const securePort = await listen(secure, undefined);
const controlPort = await listen(
  createServer((request, response) => void control(request, response).catch(() => response.destroy())),
  values['control-port'],
);
process.stdout.write(`${JSON.stringify({ ready: true, controlUrl: `http://${HOST}:${controlPort}` })}\n`);
if (process.channel !== undefined) process.on('disconnect', () => process.exit());
