// Loaded into a gateway or a worker before its own code (`node --import`), by the fault harness alone: the build has no
// failpoint. It wraps the database driver, the socket and the HTTP answer, and waits for orders on the IPC channel:
// `{ arm: { id, point, action, … } }` and `{ clockMs }`. What fired is written synchronously to FAULTS_FIRED, because
// the next thing may be `kill -9`.
import { appendFileSync } from 'node:fs';
import { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const RealDate = Date;
const fired = process.env.FAULTS_FIRED;
const name = process.env.FAULTS_NAME;
let clockMs = 0;
/** @type {Map<string, object>} */
const arms = new Map();

process.on('message', (order) => {
  if (order.arm !== undefined) arms.set(order.arm.id, order.arm);
  if (order.disarm !== undefined) arms.delete(order.disarm);
  if (order.clockMs !== undefined) {
    clockMs = order.clockMs;
    note({ id: order.id }, { clockAt: Date.now(), realAt: RealDate.now() });
  }
  if (order.arm !== undefined || order.disarm !== undefined)
    process.send({ done: (order.arm ?? { id: order.disarm }).id });
});
// Nobody drives it any more.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.channel.unref();

// ---------------------------------------------------------------------------------------------------- clock
globalThis.Date = class Date extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + clockMs] : given));
  }
  static now() {
    return RealDate.now() + clockMs;
  }
};

// ---------------------------------------------------------------------------------------------------- actions
function note(arm, more = {}) {
  appendFileSync(fired, `${JSON.stringify({ id: arm.id, at: RealDate.now(), pid: process.pid, name, ...more })}\n`);
}

/** The arm for this point, taken away unless it stays. */
function take(point, about) {
  for (const arm of arms.values()) {
    if (arm.point !== point || (arm.transferId !== undefined && arm.transferId !== about.transferId)) continue;
    if (arm.stays !== true) arms.delete(arm.id);
    return arm;
  }
  return undefined;
}

async function act(arm, about) {
  note(arm, about);
  switch (arm.action) {
    case 'note':
      return;
    case 'kill':
      if (arm.delayMs !== undefined) await sleep(arm.delayMs);
      process.kill(process.pid, 'SIGKILL');
      return new Promise(() => undefined);
    case 'stop':
      process.kill(process.pid, 'SIGSTOP');
      return;
    case 'block':
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, arm.ms);
      return;
    case 'delay':
      await sleep(arm.ms);
      return;
    case 'error':
      throw Object.assign(new pg.DatabaseError('Raised by the fault harness', 0, 'error'), { code: arm.sqlState });
    default:
      throw new Error(`No action ${arm.action}`);
  }
}

// ---------------------------------------------------------------------------------------------------- database
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** The steps of a transfer, by the name of the statement that makes them. */
const STEPS = {
  'insert-transfer': 'transfer',
  claim: 'claim',
  'claim-free': 'claim',
  'fence-holds': 'fence',
  'finish-delivered': 'settle',
};

/** What a statement does, to which transfers; a COMMIT is what its transaction did. One statement may do it for many. */
function stepsOf(client, config) {
  const text = typeof config === 'string' ? config : (config?.text ?? '');
  const statement = typeof config === 'string' ? '' : (config?.name ?? '');
  if (/^begin/i.test(text)) client.faults = [];
  if (/^commit$/i.test(text)) {
    const done = client.faults ?? [];
    client.faults = undefined;
    return [
      ...done.map((made) => ({ name: `${made.name}-commit`, transferId: made.transferId })),
      { name: 'commit', transferId: done[0]?.transferId },
    ];
  }
  const steps = idsIn(statement, config?.values ?? []);
  client.faults?.push(...steps);
  return steps;
}

function idsIn(statement, values) {
  if (statement === 'audit') {
    const intents = JSON.parse(values[0]).filter(({ entry }) => entry.action === 'disclosure.intent');
    return intents.map(({ entry }) => ({ name: 'intent', transferId: entry.transferId }));
  }
  const name = STEPS[statement];
  if (name === undefined) return [];
  const ids = Array.isArray(values[0]) ? values[0] : [values.find((value) => UUID.test(value))];
  return ids.map((transferId) => ({ name, transferId }));
}

const query = pg.Client.prototype.query;
pg.Client.prototype.query = function (...given) {
  const points = stepsOf(this, given[0]);
  if (points.length === 0 || arms.size === 0) return query.apply(this, given);
  const find = (when) => {
    for (const { name: point, transferId: about } of points) {
      const arm = take(`${point}:${when}`, { transferId: about });
      if (arm !== undefined) return { arm, about: { transferId: about } };
    }
    return undefined;
  };
  const [before, sent, after] = [find('before'), find('sent'), find('after')];
  if (before === undefined && sent === undefined && after === undefined) return query.apply(this, given);
  const callback = typeof given.at(-1) === 'function' ? given.pop() : undefined;
  const run = async () => {
    if (before !== undefined) await act(before.arm, before.about);
    const answer = query.apply(this, given);
    // On its way to the server, its answer not read.
    if (sent !== undefined) await act(sent.arm, sent.about);
    const result = await answer;
    if (after !== undefined) await act(after.arm, after.about);
    return result;
  };
  const running = run();
  if (callback === undefined) return running;
  running.then(
    (result) => callback(null, result),
    (error) => callback(error),
  );
  return undefined;
};

// ---------------------------------------------------------------------------------------------------- socket
const write = Socket.prototype.write;
const KEY = /idempotency-key: ([\w-]+)/i;
Socket.prototype.write = function (data, ...rest) {
  if (arms.size > 0 && typeof data === 'string') {
    const transferId = KEY.exec(data)?.[1];
    if (transferId !== undefined) this.faultsTransfer = transferId;
  } else if (arms.size > 0 && this.faultsTransfer !== undefined && data.length > 1_000) {
    const about = { transferId: this.faultsTransfer };
    const arm = take('body:half', about);
    if (arm !== undefined) {
      write.call(this, data.subarray(0, data.length >> 1));
      while (this.writableCorked > 0) this.uncork();
      note(arm, about);
      process.kill(process.pid, 'SIGKILL');
    }
  }
  return write.call(this, data, ...rest);
};

// ---------------------------------------------------------------------------------------------------- answer
const end = ServerResponse.prototype.end;
ServerResponse.prototype.end = function (...given) {
  if (arms.size > 0 && this.statusCode === 202 && this.req.method === 'POST') {
    const arm = take('answer:before', {});
    if (arm !== undefined) {
      note(arm, {});
      process.kill(process.pid, 'SIGKILL');
    }
  }
  return end.apply(this, given);
};
