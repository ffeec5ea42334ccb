// Compares what callers were told, what the partner's ledger holds, and what the gateway wrote down. It trusts the
// first two; the gateway's own tables must agree with them.
import { isOver } from './world/desk.mjs';

const TRANSFERS = `
  select t.id, t.status, t.case_id, t.digest, t.task_id, o.open, o.attempts,
         (select max(e.cause) from transfer_event e where e.transfer_id = t.id) as cause
    from transfer t left join outbox o on o.transfer_id = t.id`;
/** When it was committed, not when it says that it was written. */
const INTENTS = `
  select transfer_id, extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000 as committed_at
    from audit_entry where entry ->> 'action' = 'disclosure.intent'`;
const PERMITS = `
  select transfer_id, extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000 as committed_at
    from decision where receipt ->> 'stage' = 'delivery' and receipt ->> 'outcome' = 'permit'`;
/** Notices of a withdrawal or a correction go to the same doors: ids and codes, no record. */
const NOTICES = `select id from announcement where notice_id is not null`;
const DELIVERED = `
  select transfer_id, extract(epoch from at) * 1000 as at from transfer_event where status = 'delivered'`;
/** Both are read to a microsecond; a clock that is read twice need not be the same to the last one. */
const CLOCK_MS = 1;

/**
 * @param {{ final: boolean }} options `final`: the backlog has had its time, what is not over is lost
 * @returns {Promise<{ lost: string[], duplicated: string[], unconsented: string[], unaudited: string[] }>} one line for each
 */
export async function inspect({ world, desk }, { final }) {
  const rows = (text) => world.admin.query(text).then((answer) => answer.rows);
  await world.partner.read();
  const [transfers, intents, permits, notices] = await Promise.all([TRANSFERS, INTENTS, PERMITS, NOTICES].map(rows));
  const ofNotices = new Set(notices.map(({ id }) => id));
  const ledger = world.partner.ledger.filter(({ key }) => !ofNotices.has(key));
  const byId = new Map(transfers.map((transfer) => [transfer.id, transfer]));
  const byTask = new Map(transfers.map((transfer) => [transfer.task_id, transfer.id]));
  /** Whose record a line of the ledger is about: its key, else the Task inside. */
  const arrivals = new Map(
    ledger.filter(({ type }) => type === 'effect').map((line) => [line.arrival, byTask.get(line.taskId)]),
  );
  const ownerOf = (line) => line.key ?? arrivals.get(line.arrival) ?? 'nobody';

  const effects = new Map();
  for (const line of ledger) {
    if (line.type === 'effect') effects.set(ownerOf(line), [...(effects.get(ownerOf(line)) ?? []), line]);
  }
  const bytes = ledger.filter(({ type }) => type === 'bytes');
  return {
    lost: final ? lost(desk, byId, effects) : [],
    duplicated: [...twice(effects), ...severalFor(desk, transfers, final)],
    unconsented: [
      ...afterTheEnd(desk, bytes, ownerOf, permits),
      ...without('permit', attemptsOf(bytes, ownerOf), permits),
    ],
    unaudited: without('intent', attemptsOf(bytes, ownerOf), intents),
  };
}

/** Acknowledged, and neither delivered nor ended in a way that a fault explains. */
function lost(desk, byId, effects) {
  const found = [];
  for (const { key, transferId, ackAt } of desk.submissions) {
    if (ackAt === undefined) continue;
    const transfer = byId.get(transferId);
    const say = (text) => found.push(`${transferId} (key ${key}): ${text}`);
    if (transfer === undefined) say('acknowledged, and not there');
    else if (transfer.status === 'delivered') {
      const own = effects.get(transferId) ?? [];
      if (own.length === 0) say('delivered, says the gateway; the partner has nothing');
      else if (own.some(({ digest }) => digest !== transfer.digest)) say('what arrived is not what was approved');
    } else if (!isOver(transfer))
      say(`still ${transfer.status} after ${transfer.attempts} attempts (${transfer.cause})`);
    else if (!(desk.excuses.get(transferId) ?? []).includes(transfer.status))
      say(`ended as ${transfer.status} (${transfer.cause}), which nothing explains`);
  }
  return found;
}

function twice(effects) {
  return [...effects].flatMap(([owner, lines]) => lines.slice(1).map(() => `${owner}: ${lines.length} effects`));
}

/** More transfers of a case than keys that asked for one. */
function severalFor(desk, transfers, final) {
  const found = desk.submissions.flatMap(({ key, ids }) =>
    [...ids].slice(1).map((id) => `${id}: another transfer for key ${key}`),
  );
  if (!final || found.length > 0) return found;
  const wanted = new Map();
  for (const { caseId } of desk.submissions) wanted.set(caseId, (wanted.get(caseId) ?? 0) + 1);
  const made = new Map();
  for (const { case_id: caseId } of transfers) made.set(caseId, (made.get(caseId) ?? 0) + 1);
  for (const [caseId, count] of made) {
    const more = count - (wanted.get(caseId) ?? 0);
    for (let one = 0; one < more; one += 1)
      found.push(`case ${caseId}: ${count} transfers, ${count - more} were asked for`);
  }
  return found;
}

/**
 * Bytes that reached the partner after its sender was told that nothing more would. A new version of the case makes no
 * such promise about a delivery that was decided before it: there only what was decided afterwards counts.
 */
function afterTheEnd(desk, bytes, ownerOf, permits) {
  const lastPermit = new Map();
  for (const { transfer_id: id, committed_at: at } of permits)
    lastPermit.set(id, Math.max(Number(at), lastPermit.get(id) ?? 0));
  const ends = new Map();
  for (const { why, transferIds, at, until } of desk.endings) {
    for (const id of transferIds) if (at < (ends.get(id)?.at ?? Infinity)) ends.set(id, { why, at, until });
  }
  const late = bytes.filter((line) => {
    const end = ends.get(ownerOf(line));
    if (end === undefined || line.at <= end.at || line.at > end.until) return false;
    return end.why !== 'relabelled' || (lastPermit.get(ownerOf(line)) ?? 0) > end.at;
  });
  const elsewhere = bytes.filter(({ org }) => org === 'elsewhere');
  return [
    ...late.map(
      (line) =>
        `${ownerOf(line)}: ${line.at - ends.get(ownerOf(line)).at} ms after it was ${ends.get(ownerOf(line)).why}`,
    ),
    ...elsewhere.map((line) => `${ownerOf(line)}: sent to where a partner pointed`),
  ];
}

/** When each attempt's first byte was there. A refused token makes one attempt knock twice. */
function attemptsOf(bytes, ownerOf) {
  const seen = new Set();
  const attempts = new Map();
  for (const line of bytes) {
    if (line.org === 'elsewhere' || seen.has(line.requestId)) continue;
    seen.add(line.requestId);
    const owner = ownerOf(line);
    attempts.set(owner, [...(attempts.get(owner) ?? []), line.at]);
  }
  return attempts;
}

/** Attempts before whose first byte not as many of these were committed. */
function without(what, attempts, entries) {
  const committed = new Map();
  for (const { transfer_id: id, committed_at: at } of entries)
    committed.set(id, [...(committed.get(id) ?? []), Number(at)]);
  const found = [];
  for (const [owner, times] of attempts) {
    const entriesOf = committed.get(owner) ?? [];
    times.forEach((at, index) => {
      const before = entriesOf.filter((entry) => entry <= at + CLOCK_MS).length;
      if (before < index + 1) found.push(`${owner}: attempt ${index + 1}, ${before} committed before it (${what})`);
    });
  }
  return found;
}

/**
 * How long it took from the end of a fault to the delivery of what it had delayed. A transfer that met several is
 * counted from the end of the last one.
 *
 * @param {readonly { kind: string, beganAt: number, endedAt: number, transfers?: string[], everything?: true }[]} injections
 */
export async function slowestRecovery({ world, desk }, injections) {
  const { rows } = await world.admin.query(DELIVERED);
  const deliveredAt = new Map(rows.map(({ transfer_id: id, at }) => [id, Number(at)]));
  let slowest = { ms: 0, kind: 'none' };
  for (const { transferId, askedAt } of desk.submissions) {
    const at = deliveredAt.get(transferId);
    if (at === undefined) continue;
    const met = injections.filter(
      ({ transfers, everything, beganAt, endedAt }) =>
        endedAt <= at &&
        (transfers?.includes(transferId) === true || (everything === true && beganAt < at && endedAt > askedAt)),
    );
    const last = met.reduce((latest, each) => (each.endedAt > (latest?.endedAt ?? 0) ? each : latest), undefined);
    if (last !== undefined && at - last.endedAt > slowest.ms)
      slowest = { ms: Math.round(at - last.endedAt), kind: last.kind, transferId };
  }
  return slowest;
}
