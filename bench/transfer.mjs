// npm run bench -- transfer [--stored N] [--slice N] [--only ratio,embedded,latency,growth]: what a transfer costs, from a
// client's request to the stored receipt, with everything on, beside the same without any product code (transfer/floor.mjs).
// Figures are processor time of all processes but the load's: server, worker, partner, PostgreSQL and Redis.
// What is compared and how: docs/performance.md.
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { latencies } from './transfer/latency.mjs';
import { openPostgres, openRedis } from './transfer/servers.mjs';
import { CONCURRENCY, openFloor, openProduct } from './transfer/sides.mjs';
import { store } from './transfer/stored.mjs';

const SLICES = 5;
const FEW = 1_000;
const LEAST_FLOOR = 180;
const LATENCY_SECONDS = 15;

const say = (line) => process.stdout.write(`${line}\n`);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const rounded = (value, digits = 0) => Number(value.toFixed(digits));

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      stored: { type: 'string', default: '1000000' },
      slice: { type: 'string', default: '500' },
      warm: { type: 'string', default: '1500' },
      only: { type: 'string', default: 'ratio,latency,embedded,growth' },
    },
  });
  const [stored, slice, warm] = [values.stored, values.slice, values.warm].map(Number);
  const only = new Set(values.only.split(','));
  const postgres = await openPostgres();
  const redis = await openRedis();
  say(`${postgres.name}; ${redis === null ? 'no Redis: queue in PostgreSQL' : 'Redis, append-only file every second'}`);
  say(`${CONCURRENCY} callers at once; load of the machine ${loadavg()[0].toFixed(1)}`);
  const servers = { postgres, redis };
  const sizes = { slice, warm, stored };
  const line = {};
  try {
    if (only.has('ratio') || only.has('latency')) Object.assign(line, await compare(servers, sizes));
    if (only.has('embedded')) line.embeddedPerSecond = await embedded(postgres, sizes);
    if (only.has('latency')) Object.assign(line, line.latency);
    delete line.latency;
    if (only.has('growth')) Object.assign(line, await growth(servers, sizes));
  } finally {
    await redis?.stop();
    await postgres.stop();
  }
  if (line.floorPerCpuSecond !== undefined && line.floorPerCpuSecond < LEAST_FLOOR) {
    say(`invalid: the floor made ${line.floorPerCpuSecond} a CPU-second, and less than ${LEAST_FLOOR} is no floor`);
    say(JSON.stringify(line));
    return 1;
  }
  say(JSON.stringify(line));
  return 0;
}

/** Floor and product by turns; then the product alone, at half of what it managed. */
async function compare(servers, { slice, warm }) {
  const floor = await openFloor(servers);
  try {
    const product = await openProduct(servers);
    try {
      await floor.slice(warm);
      await product.slice(warm);
      const rows = [];
      for (let round = 0; round < SLICES; round += 1) {
        rows.push([await floor.slice(slice), await product.slice(slice)]);
        const [theirs, ours] = rows.at(-1);
        say(`floor ${told(theirs)}; product ${told(ours)}; load ${loadavg()[0].toFixed(1)}`);
      }
      const [theirs, ours] = [0, 1].map((side) => median(rows.map((row) => row[side].perCpuSecond)));
      say(`one delivery: floor ${await floor.wireBytes()} bytes, product ${await product.wireBytes()} bytes`);
      const half = median(rows.map(([, { perSecond }]) => perSecond)) / 2;
      const count = Math.ceil(half * LATENCY_SECONDS);
      const latency = await latencies(product, servers.redis, count, half);
      say(`at ${half.toFixed(1)} transfers a second: ${JSON.stringify(latency)}`);
      return {
        floorPerCpuSecond: rounded(theirs),
        transfersPerCpuSecond: rounded(ours, 1),
        ratio: rounded(ours / theirs, 2),
        latency,
      };
    } finally {
      await product.close();
    }
  } finally {
    await floor.close();
  }
}

const told = ({ perCpuSecond, perSecond }) =>
  `${perCpuSecond.toFixed(1)} a CPU-second (${perSecond.toFixed(1)} a second)`;

/** Nothing installed: one process, PostgreSQL for everything. By the clock. */
async function embedded(postgres, { slice, warm }) {
  const product = await openProduct({ postgres, redis: null }, { roles: ['all'] });
  try {
    await product.slice(warm);
    const rates = [];
    for (let round = 0; round < SLICES; round += 1) rates.push((await product.slice(slice)).perSecond);
    say(`one process, queue in PostgreSQL: ${rates.map((rate) => rate.toFixed(1)).join(', ')} a second`);
    return rounded(median(rates), 1);
  } finally {
    await product.close();
  }
}

/** The same work beside a thousand stored transfers and beside many, and how fast the log of many is verified. */
async function growth(servers, { slice, warm, stored }) {
  const sides = [];
  try {
    for (const count of [FEW, stored]) sides.push(await openProduct(servers, { prepare: storing(count) }));
    for (const side of sides) await side.slice(warm);
    const rows = [];
    for (let round = 0; round < SLICES; round += 1) {
      const row = [];
      for (const side of sides) row.push((await side.slice(slice)).cpu / slice);
      rows.push(row);
      say(`CPU of a transfer: ${row.map((cpu) => (cpu * 1000).toFixed(2)).join(' ms beside few, ')} ms beside many`);
    }
    const [few, many] = [0, 1].map((index) => median(rows.map((row) => row[index])));
    return { growth: rounded(many / few, 2), verifyPerSecond: await verified(sides[1]) };
  } finally {
    for (const side of sides) await side.close();
  }
}

const storing =
  (count) =>
  async ({ databaseUrl, masterKey }) => {
    const { query } = await import('./transfer/servers.mjs');
    const began = performance.now();
    await store(databaseUrl, count, masterKey);
    const [{ mb }] = await query(databaseUrl, 'select pg_database_size(current_database())::float8 / 1e6 as mb');
    say(`${count} transfers stored in ${Math.round((performance.now() - began) / 1000)} s, ${Math.round(mb)} MB`);
  };

async function verified({ databaseUrl, masterKey }) {
  const { createStore } = await import('../dist/adapters/store/create-store.js');
  const reader = createStore({ url: databaseUrl, masterKey });
  try {
    const began = performance.now();
    const { ok, entries } = await reader.verifyAudit();
    if (!ok) throw new Error('The log does not verify.');
    const seconds = (performance.now() - began) / 1000;
    say(`${entries} entries verified in ${seconds.toFixed(1)} s`);
    return rounded(entries / seconds);
  } finally {
    await reader.close();
  }
}
