// The caseworker's desk: people, their consents, what was asked for and what was acknowledged. The oracle believes this
// and the partner's ledger, and holds the gateway's own tables against them.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CASE } from './start-world.mjs';

const LABELS = ['identity', 'contact', 'household', 'housing', 'income'];

export async function createDesk(world) {
  const { client } = world;
  const { consentResource } = await world.library('demo/consents.js');
  const submissions = [];
  const endings = [];
  /** Ends other than delivery that a fault explains: transfer → statuses. */
  const excuses = new Map();
  const broken = [];

  const newSubject = async (recipients) => {
    const caseId = `F-${randomUUID().slice(0, 12)}`;
    const record = structuredClone(CASE);
    record.person.id = caseId;
    const stored = await client.call('PUT', `/api/v1/cases/${caseId}`, { body: record });
    if (stored.status > 201) throw new Error(`Case: ${stored.status} ${JSON.stringify(stored.body)}`);
    const { personId } = stored.body;
    const consents = {};
    for (const recipient of recipients) consents[recipient.id] = await consent(personId, recipient);
    return { caseId, personId, record, consents };
  };
  const consent = async (personId, recipient) => {
    const resource = consentResource({ type: 'permit', personId, recipient, purpose: 'HOUSING', labels: LABELS });
    const answer = await client.call('POST', '/fhir/Consent', { body: resource });
    if (answer.status === 201) return answer.body.id;
    // The answer to a first try was lost: it is there.
    const found = await client.call('GET', `/fhir/Consent?patient=Patient/${personId}`);
    const own = (found.body?.entry ?? []).find(({ resource: { provision } }) =>
      JSON.stringify(provision.actor).includes(recipient.id),
    );
    if (own === undefined) throw new Error(`Consent: ${answer.status} ${JSON.stringify(answer.body)}`);
    return own.resource.id;
  };

  /**
   * Asks for a transfer until it is answered.
   *
   * @param {{ key?: string, holdMs?: number, base?: string }} options `base`: the gateway that is asked first
   */
  const submit = async (subject, recipient, { key = randomUUID(), holdMs, base } = {}) => {
    const body = {
      caseId: subject.caseId,
      recipientOrganizationId: recipient.id,
      purpose: 'HOUSING',
      ground: { kind: 'consent' },
      ...(holdMs !== undefined && { sendAfter: new Date(Date.now() + holdMs).toISOString() }),
    };
    const submission = {
      key,
      caseId: subject.caseId,
      recipientId: recipient.id,
      askedAt: Date.now(),
      ids: new Set(),
      answers: [],
      body,
    };
    submissions.push(submission);
    const options = { body, headers: { 'idempotency-key': key } };
    if (base !== undefined) noted(submission, await client.once('POST', '/api/v1/transfers', { ...options, base }));
    // Asked again with the same key even when it was answered: now and then a caller does.
    if (submission.ackAt === undefined) noted(submission, await client.call('POST', '/api/v1/transfers', options));
    return submission;
  };
  const noted = (submission, { status, body, at }) => {
    submission.answers.push(status);
    if (status < 200 || status > 299) return;
    submission.ids.add(body.id);
    submission.ackAt ??= at;
    submission.transferId ??= body.id;
    submission.taskId ??= body.taskId;
  };

  /** @returns when the acknowledgement came */
  const withdraw = async (subject, transferIds) => {
    // A consent whose first answer was lost was recorded twice: both stand, and both are taken back.
    const text = 'select distinct consent_id from consent_version where person_id = $1';
    const { rows } = await world.admin.query(text, [subject.personId]);
    let answer;
    for (const { consent_id: id } of rows) {
      answer = await client.call('POST', `/api/v1/consents/${id}/withdraw`);
      if (answer.status !== 200) throw new Error(`Withdrawal: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    forbid('withdrawn', transferIds, answer.at);
    return answer;
  };
  /** From this moment on nothing of these transfers may leave. */
  const forbid = (why, transferIds, at) => {
    const ending = { why, transferIds, at, until: Infinity };
    endings.push(ending);
    return ending;
  };

  const excuse = (transferId, ...statuses) =>
    excuses.set(transferId, [...(excuses.get(transferId) ?? []), ...statuses]);
  const statusOf = async (transferId) => {
    const { rows } = await world.admin.query(
      'select status, attempts from transfer t left join outbox o on o.transfer_id = t.id where t.id = $1',
      [transferId],
    );
    return rows[0];
  };
  /** Waits for a state in the gateway's own tables. Null when it does not come in time. */
  const until = async (transferId, test, patienceMs = 40_000) => {
    for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(60)) {
      const found = await statusOf(transferId).catch(() => undefined);
      if (found !== undefined && test(found)) return found;
    }
    return null;
  };
  const expect = (kept, text) => {
    if (!kept) broken.push(text);
    return kept;
  };

  /** People of the load, with a consent for each plain door. */
  const crowd = await Promise.all(Array.from({ length: 6 }, () => newSubject([...world.plain, world.secure])));
  return {
    submissions,
    endings,
    excuses,
    broken,
    crowd,
    newSubject,
    submit,
    noted,
    withdraw,
    forbid,
    excuse,
    until,
    statusOf,
    expect,
  };
}

export const isOver = ({ status }) => !['held', 'queued', 'sending'].includes(status);
