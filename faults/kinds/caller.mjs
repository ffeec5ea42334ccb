// What callers, people and recipients do at the wrong moment.
import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { LEASE_MS } from '../world/start-world.mjs';
import { isOver } from '../world/desk.mjs';
import { openDoor } from '../world/open-door.mjs';
import { fire } from './process.mjs';

const SUSPENSION_MS = 30_000;
const cheap = (kind, inject) => ({ kind, lane: 'caller', weight: 'cheap', inject });

/** A person of one's own and a transfer that has not left yet, so that its id is known before it does. */
async function held({ world, desk, random }, holdMs) {
  const recipient = await openDoor(world, random);
  const subject = await desk.newSubject([recipient]);
  const { transferId } = await desk.submit(subject, recipient, { holdMs });
  return { recipient, subject, transferId };
}

/** Waits until a gateway answers again; false when it does not within half a minute. */
async function answers({ client }, base) {
  for (let tries = 0; tries < 60; tries += 1) {
    const { status } = await client.once('GET', '/api/v1/transfers?limit=1', { base });
    if (status === 200) return true;
    await sleep(500);
  }
  return false;
}

/** Withdrawn while a worker that has the transfer is held up at a point; both workers wait there for this transfer. */
const withdrawnWhile = (kind, { point, action, ms, twice = false, lane = 'worker' }) => ({
  kind,
  lane,
  weight: 'dear',
  async inject(context) {
    const { world, desk, id } = context;
    const { subject, transferId } = await held(context, 1_200);
    desk.excuse(transferId, 'stopped');
    const line = await fire(context, world.workers, { point, action, transferId, ...(action === 'delay' && { ms }) });
    if (line === null) return null;
    const slot = world.workers.find(({ name }) => name === line.name);
    const acknowledged = desk.withdraw(subject, [transferId]);
    // It is awaited below; a connection that another fault cuts before that must not end the run.
    acknowledged.catch(() => undefined);
    // A second job for the row that is held: whoever takes it must leave it alone.
    if (twice)
      for (let round = 0; round < 4; round += 1)
        await world.queue.enqueue('transfer', [transferId]).catch(() => undefined);
    if (action === 'kill') {
      await slot.exited();
      await slot.revive();
    }
    if (action === 'stop') {
      await Promise.race([acknowledged, sleep(LEASE_MS + 12_000)]);
      await sleep(300);
      slot.signal('SIGCONT');
    }
    await acknowledged;
    await sleep(ms ?? 500);
    return { evidence: `${transferId} at ${point} (${id})`, transfers: [transferId] };
  },
});

export const CALLER_KINDS = [
  cheap('hundred-at-once-one-key', async ({ world, desk, random }) => {
    const subject = random.pick(desk.crowd);
    const recipient = random.pick(world.plain);
    const key = randomUUID();
    const body = {
      caseId: subject.caseId,
      recipientOrganizationId: recipient.id,
      purpose: 'HOUSING',
      ground: { kind: 'consent' },
    };
    const options = { body, headers: { 'idempotency-key': key } };
    const flood = Promise.all(
      Array.from({ length: 100 }, () => world.client.once('POST', '/api/v1/transfers', options)),
    );
    const submission = await desk.submit(subject, recipient, { key });
    for (const answer of await flood) desk.noted(submission, answer);
    desk.expect(submission.ids.size === 1, `One key, ${submission.ids.size} transfers`);
    const answered = submission.answers.filter((status) => status === 202).length;
    return answered < 2 ? null : { evidence: `${answered} answers, one id`, transfers: [submission.transferId] };
  }),
  cheap('same-key-other-body', async ({ world, desk, random }) => {
    const { key, transferId, body } = await desk.submit(random.pick(desk.crowd), world.plain[0]);
    const other = { ...body, recipientOrganizationId: world.plain[1].id };
    const answer = await world.client.call('POST', '/api/v1/transfers', {
      body: other,
      headers: { 'idempotency-key': key },
    });
    desk.expect(answer.status === 409, `The same key with another body was answered ${answer.status}`);
    return { evidence: `${key} 409`, transfers: [transferId] };
  }),
  cheap('withdrawn-while-queued', async (context) => {
    const { desk } = context;
    const { subject, transferId } = await held(context, 5_000);
    desk.excuse(transferId, 'stopped');
    await desk.withdraw(subject, [transferId]);
    const found = await desk.until(transferId, isOver);
    return found?.status === 'stopped' ? { evidence: transferId, transfers: [] } : null;
  }),
  cheap('withdrawn-in-flight', async (context) => {
    const { world, desk, random, id } = context;
    const { subject, recipient, transferId } = await held(context, 800);
    desk.excuse(transferId, 'stopped');
    await world.partner.arm({
      id,
      org: recipient.name.toLowerCase(),
      key: transferId,
      does: random.pick(['slow', 'late']),
      ms: 700,
    });
    const line = await world.partner.until(({ type, key }) => type === 'bytes' && key === transferId, 60_000);
    if (line === null) await world.partner.disarm(id);
    else await desk.withdraw(subject, [transferId]);
    return line === null ? null : { evidence: transferId, transfers: [transferId] };
  }),
  cheap('withdrawn-between-attempts', async (context) => {
    const { world, desk, id } = context;
    const { subject, recipient, transferId } = await held(context, 800);
    desk.excuse(transferId, 'stopped');
    const org = recipient.name.toLowerCase();
    await world.partner.arm({ id, org, key: transferId, does: 'status', status: 503, retryAfter: '1', times: 20 });
    const line = await world.partner.until((entry) => entry.fault === id, 60_000);
    if (line !== null) await desk.withdraw(subject, [transferId]);
    await world.partner.disarm(id);
    return line === null ? null : { evidence: transferId, transfers: [transferId] };
  }),
  withdrawnWhile('withdrawn-before-write', {
    point: 'fence:after',
    action: 'delay',
    ms: 2_500,
    twice: true,
    lane: 'caller',
  }),
  withdrawnWhile('withdrawn-while-worker-stopped-at-intent', { point: 'intent-commit:after', action: 'stop' }),
  withdrawnWhile('withdrawn-while-worker-stopped-before-write', { point: 'fence:after', action: 'stop' }),
  withdrawnWhile('withdrawn-after-worker-killed-at-intent', { point: 'intent-commit:after', action: 'kill' }),
  {
    kind: 'agreement-suspended-between-attempts',
    lane: 'agreement',
    weight: 'medium',
    async inject({ world, desk, id }) {
      const subject = await desk.newSubject([world.suspended]);
      const step = (name) =>
        world.client.call('POST', `/api/v1/agreements/${world.agreementId}/steps`, {
          body: { step: name },
          headers: world.owner,
        });
      await world.partner.arm({ id, org: 'suspended', does: 'status', status: 503, times: 50 });
      const { transferId } = await desk.submit(subject, world.suspended);
      desk.excuse(transferId, 'stopped', 'needs-review');
      const line = await world.partner.until((entry) => entry.fault === id, 60_000);
      const suspended = line === null ? null : await step('suspend');
      const ending = suspended?.status === 200 ? desk.forbid('suspended', [transferId], suspended.at) : undefined;
      await world.partner.disarm(id);
      const found = suspended === null ? null : await desk.until(transferId, isOver, SUSPENSION_MS);
      // Whatever became of it: the next one needs the agreement, and what is agreed again may leave.
      if (ending !== undefined) ending.until = Date.now();
      if (suspended !== null) {
        const { status } = await step('resume');
        const { body } = await world.client.call('GET', `/api/v1/agreements/${world.agreementId}`);
        // 409: the answer to a first try was lost.
        desk.expect(body?.status === 'active', `The agreement was not resumed: ${status}, ${body?.status}`);
      }
      return suspended?.status === 200 && found !== null ? { evidence: transferId, transfers: [] } : null;
    },
  },
  cheap('record-relabelled', async (context) => {
    const { world, desk } = context;
    const { subject, transferId } = await held(context, 5_000);
    desk.excuse(transferId, 'needs-review');
    const record = structuredClone(subject.record);
    record.person.about.birthDate.doNotShare = true;
    const answer = await world.client.call('PUT', `/api/v1/cases/${subject.caseId}`, { body: record });
    desk.forbid('relabelled', [transferId], answer.at);
    const found = await desk.until(transferId, isOver);
    return found?.status === 'needs-review' ? { evidence: transferId, transfers: [] } : null;
  }),
  cheap('cancelled-while-held', async (context) => {
    const { world, desk } = context;
    const { transferId } = await held(context, 5_000);
    desk.excuse(transferId, 'cancelled');
    const answer = await world.client.call('POST', `/api/v1/transfers/${transferId}/cancel`);
    if (answer.status !== 200) return null;
    desk.forbid('cancelled', [transferId], answer.at);
    return { evidence: transferId, transfers: [] };
  }),
  cheap('reports-repeated-and-reordered', async ({ world, desk, random }) => {
    const recipient = await openDoor(world, random);
    const { transferId, taskId } = await desk.submit(random.pick(desk.crowd), recipient);
    if ((await desk.until(transferId, ({ status }) => status === 'delivered')) === null) return null;
    const client = world.clientOf(recipient.id);
    const report = async (status) => {
      const body = { resourceType: 'Task', id: taskId, status, intent: 'order' };
      return (await client.call('PUT', `/fhir/Task/${taskId}`, { body })).status;
    };
    // In order, twice, and then what had been overtaken.
    const forward = [];
    for (const status of ['accepted', 'accepted', 'in-progress', 'completed', 'completed'])
      forward.push(await report(status));
    const late = await Promise.all(['accepted', 'in-progress', 'received'].map(report));
    const { body } = await client.call('GET', `/fhir/Task/${taskId}`);
    desk.expect(
      forward.every((status) => status === 200),
      `Reports in order were answered ${forward}`,
    );
    desk.expect(
      late.every((status) => status === 409),
      `Reports that came late were answered ${late}`,
    );
    desk.expect(body?.status === 'completed', `Late reports moved a completed referral to ${body?.status}`);
    return { evidence: `${taskId} ${late}`, transfers: [transferId] };
  }),
  cheap('malformed-body', async ({ world, desk, random }) => {
    const bodies = ['{"caseId":', '['.repeat(100_000), '{"caseId":"\ud800"}', `{"__proto__":${'{"a":'.repeat(2_000)}1`];
    const headers = { 'idempotency-key': randomUUID() };
    const answer = await world.client.call('POST', '/api/v1/transfers', { body: random.pick(bodies), headers });
    desk.expect([400, 413, 422].includes(answer.status), `A body that is no JSON was answered ${answer.status}`);
    return { evidence: String(answer.status), transfers: [] };
  }),
  {
    kind: 'body-of-50-mb',
    lane: 'caller',
    weight: 'medium',
    async inject({ world, desk, random }) {
      const base = random.pick(world.client.bases);
      // Another fault may be at work on this gateway; the upload is for one that answers.
      if (!(await answers(world, base))) return null;
      const status = await upload(`${base}/api/v1/cases/F-large`, await world.client.token(), 50_000_000);
      // Who calls is asked first: where the database was away just then, nothing was said of the body.
      if (status === 503) return null;
      desk.expect(status === 413 || status === 'cut', `A body of 50 MB was answered ${status}`);
      return { evidence: String(status), transfers: [] };
    },
  },
  {
    kind: 'poison-payload',
    lane: 'poison',
    weight: 'dear',
    /** What was stored cannot be opened any more: no worker can ever send it. */
    async inject(context) {
      const { world, desk } = context;
      const { transferId } = await held(context, 1_500);
      desk.excuse(transferId, 'failed', 'needs-review');
      const text = `update transfer_content set wire = set_byte(wire, 40, (get_byte(wire, 40) + 1) % 256) where transfer_id = $1`;
      if ((await world.admin.query(text, [transferId])).rowCount !== 1) return null;
      // A breaker that another fault opened is open for five minutes at most.
      const ended = (await desk.until(transferId, isOver, 420_000)) !== null;
      const { rows } = await world.admin.query(UNREADABLE, [transferId]);
      const tries = ended ? `${rows[0].tries} times` : 'without end';
      desk.expect(ended && rows[0].tries <= 3, `A record that cannot be opened was tried ${tries}`);
      return { evidence: transferId, transfers: [] };
    },
  },
];

const UNREADABLE = `
  select count(*)::int as tries from transfer_event where transfer_id = $1 and cause = 'record-unreadable'`;

/** Without a declared length, as fast as it is taken. @returns the status, or `cut` when the connection was closed */
function upload(url, token, size) {
  return new Promise((resolve) => {
    const sending = httpRequest(url, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
    });
    const piece = Buffer.alloc(1 << 16, 'a');
    let sent = 0;
    const more = () => {
      while (sent < size && !sending.destroyed) {
        sent += piece.length;
        if (!sending.write(piece)) return void sending.once('drain', more);
      }
      sending.end();
    };
    sending.on('response', (answer) => {
      resolve(answer.statusCode);
      answer.resume();
      sending.destroy();
    });
    sending.on('error', () => resolve('cut'));
    more();
  });
}
