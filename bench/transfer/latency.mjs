// How long a transfer takes at a steady rate: from the moment its sender asks until it is in the queue, and until its
// receipt is stored. All clocks are this machine's.
import { createClient } from 'redis';
import { query } from './servers.mjs';

const p95 = (values) => Math.round([...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)]);

/** @returns {Promise<{ queuedP95Ms: number, receiptP95Ms: number }>} */
export async function latencies(side, redis, count, perSecond) {
  const watch = redis === null ? null : await watchQueue(redis.url, side.queue);
  const { told } = await side.open(count, perSecond);
  const queuedAt = watch === null ? await firstEvents(side, 'sending') : await watch.stop();
  const receivedAt = await firstEvents(side, 'delivered');
  const since = (moments) => told.map(({ id, askedAtMs }) => moments.get(id) - askedAtMs);
  return { queuedP95Ms: p95(since(queuedAt)), receiptP95Ms: p95(since(receivedAt)) };
}

/** BullMQ writes what it is given to a stream, whose ids are Redis' own milliseconds. */
async function watchQueue(url, queue) {
  const client = await createClient({ url }).connect();
  const key = `${queue}:events`;
  const moments = new Map();
  let stopped = false;
  let id = '$';
  const read = async () => {
    while (!stopped) {
      const streams = await client.xRead({ key, id }, { BLOCK: 200, COUNT: 1_000 });
      for (const { id: at, message } of streams?.[0]?.messages ?? []) {
        id = at;
        if (message.event === 'added') moments.set(message.jobId.split('.')[0], Number(at.split('-')[0]));
      }
    }
  };
  const reading = read();
  return {
    stop: async () => {
      stopped = true;
      await reading;
      client.destroy();
      return moments;
    },
  };
}

/** Where the queue is in PostgreSQL, a worker's first step stands for having been queued: it comes later. */
async function firstEvents({ databaseUrl }, status) {
  const rows = await query(
    databaseUrl,
    `select transfer_id as id, extract(epoch from min(at)) * 1000 as at from relais.transfer_event where status = $1 group by 1`,
    [status],
  );
  return new Map(rows.map(({ id, at }) => [id, Number(at)]));
}
