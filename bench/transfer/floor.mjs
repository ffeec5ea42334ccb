// The floor: what any gateway that loses nothing must do, and nothing else. One file, no product code.
//   serve   accept a body over HTTP, commit it with its outbox row, put its id on the queue, answer 202
//   worker  take the id, read the body, post it to the partner, store the receipt and close the outbox row
// Made lean: bare node:http, one prepared statement for each commit, bytes stored uncompressed as they came, kept-alive
// connections, jobs that hold an id and leave nothing behind.
import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createNodeRedisClient, createPostgresBackend, Queue, withBackend, Worker } from 'bullmq';
import pg from 'pg';
import { createClient } from 'redis';
import { Pool } from 'undici';

const role = process.env.FLOOR === undefined ? undefined : process.argv[2];
const { databaseUrl, redisUrl, partnerUrl, concurrency } = JSON.parse(process.env.FLOOR ?? '{}');
const NAME = 'floor';

export const SCHEMA = `
  create table transfer (id uuid primary key, body bytea not null, accepted_at timestamptz not null default now());
  alter table transfer alter body set storage external;
  create table outbox (transfer_id uuid primary key);
  create table receipt (transfer_id uuid primary key, status integer not null, digest text not null,
    received_at timestamptz not null default now())`;
const COMMIT = `
  with t as (insert into transfer (id, body) values ($1, $2))
  insert into outbox (transfer_id) values ($1)`;
const LOAD = 'select body from transfer where id = $1';
const DONE = `
  with d as (delete from outbox where transfer_id = $1)
  insert into receipt (transfer_id, status, digest) values ($1, $2, $3) on conflict do nothing`;

const database = new pg.Pool({ connectionString: databaseUrl, max: 10 });

/** BullMQ on Redis, or where there is none on PostgreSQL: the same for both sides of the comparison. */
async function backend() {
  if (redisUrl === undefined) {
    const connection = { connectionString: databaseUrl, schema: 'bullmq', max: 2 };
    return { classes: withBackend(createPostgresBackend), connection };
  }
  const client = createClient({ url: redisUrl });
  await client.connect();
  return { classes: { Queue, Worker }, connection: createNodeRedisClient(client) };
}

async function serve() {
  const { classes, connection } = await backend();
  const queue = new classes.Queue(NAME, {
    connection,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    streams: { events: { maxLen: 100 } },
  });
  await queue.waitUntilReady();
  const accept = async (body) => {
    const id = randomUUID();
    await database.query({ name: 'commit', text: COMMIT, values: [id, body] });
    await queue.add(NAME, { id }, { jobId: id });
    return id;
  };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      accept(Buffer.concat(chunks)).then(
        (id) => response.writeHead(202, { 'content-type': 'application/json' }).end(`{"id":"${id}"}`),
        () => response.writeHead(503).end(),
      );
    });
  });
  server.listen(0, '127.0.0.1', () => ready(server.address().port));
}

async function work() {
  const { classes, connection } = await backend();
  const { origin, pathname } = new URL(partnerUrl);
  const partner = new Pool(origin, { connections: concurrency });
  const deliver = async (id) => {
    const { rows } = await database.query({ name: 'load', text: LOAD, values: [id] });
    const headers = { 'content-type': 'application/fhir+json', 'idempotency-key': id };
    const answer = await partner.request({ path: pathname, method: 'POST', headers, body: rows[0].body });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    if (answer.statusCode !== 201) throw new Error(`The partner answers ${answer.statusCode}`);
    const digest = createHash('sha256').update(bytes).digest('hex');
    await database.query({ name: 'done', text: DONE, values: [id, answer.statusCode, digest] });
  };
  const worker = new classes.Worker(NAME, (job) => deliver(job.data.id), { connection, concurrency });
  worker.on('error', (error) => process.stderr.write(`floor: ${error.message}\n`));
  await worker.waitUntilReady();
  ready(0);
}

const ready = (port) => process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`);
if (role === 'serve') await serve();
else if (role === 'worker') await work();
