// What the partner does wrong: the next request to a door gets it, and the ledger says that it did.
import { setTimeout as sleep } from 'node:timers/promises';
import { openDoor } from '../world/open-door.mjs';
import { LEASE_MS } from '../world/start-world.mjs';

const FIRE_MS = 90_000;

/** A fault at a plain door, with a transfer to meet it. */
const atDoor = (kind, fault, more = {}) => ({
  kind,
  lane: 'partner',
  weight: 'cheap',
  async inject({ world, desk, random, id }) {
    const recipient = await openDoor(world, random);
    const org = recipient.name.toLowerCase();
    const given = typeof fault === 'function' ? fault(random) : fault;
    await world.partner.arm({ id, org, ...given });
    const submission = await desk.submit(random.pick(desk.crowd), recipient);
    const line = await world.partner.until((entry) => entry.fault === id && entry.type === 'fault', FIRE_MS);
    if (line === null) {
      await world.partner.disarm(id);
      return null;
    }
    await more.then?.({ world, desk, line, given, submission });
    const last = world.partner.ledger.findLast((entry) => entry.fault === id);
    return { evidence: `${org} ${line.key}`, transfers: [line.key], endedAt: last.at + (given.ms ?? 0) };
  },
});

/** Not earlier than the partner asked (RFC 9110 section 10.2.3). */
const waits = async ({ world, desk, line, given }) => {
  const next = await world.partner.until(
    (entry) =>
      entry.type === 'bytes' && entry.key === line.key && entry.at > line.at && entry.requestId !== line.requestId,
    20_000,
  );
  const waitedMs = next === null ? Infinity : next.at - line.at;
  desk.expect(
    waitedMs >= Number(given.retryAfter) * 1_000,
    `Retry-After of ${given.retryAfter} s was answered after ${waitedMs} ms`,
  );
};

const secureDoor = (kind, certificate) => ({
  kind,
  lane: 'secure',
  weight: 'medium',
  async inject({ world, desk }) {
    await world.partner.showCertificate(certificate);
    try {
      // Somebody of whom nothing is on its way there: what is comes first.
      const { transferId } = await desk.submit(await stranger(desk, world.secure), world.secure);
      const failed = await sees(world, transferId, 'secure-connection-failed');
      if (!failed) return null;
      await world.partner.read();
      const bytes = world.partner.ledger.some((entry) => entry.type === 'bytes' && entry.key === transferId);
      desk.expect(!bytes, `${kind}: something was sent to a door that could not prove who it is`);
      await world.partner.showCertificate('good');
      // Doors that are wrong one after the other would be one that is wrong for longer than anything is tried.
      await delivers(world, transferId);
      return { evidence: transferId, transfers: [transferId] };
    } finally {
      await world.partner.showCertificate('good');
    }
  },
});

/** Gateways are killed meanwhile, so it is tried until one answers. */
async function stranger(desk, recipient) {
  for (const end = Date.now() + FIRE_MS; ; await sleep(500)) {
    try {
      return await desk.newSubject([recipient]);
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

const sees = (world, transferId, cause) =>
  until(world, 'select from transfer_event where transfer_id = $1 and cause = $2', [transferId, cause]);
const delivers = (world, transferId) =>
  until(world, "select from transfer where id = $1 and status = 'delivered'", [transferId]);

async function until(world, text, values) {
  for (const end = Date.now() + FIRE_MS; Date.now() < end; await sleep(50)) {
    const found = await world.admin.query(text, values).catch(() => undefined);
    if (found?.rowCount > 0) return true;
  }
  return false;
}

export const PARTNER_KINDS = [
  atDoor('partner-500', (random) => ({ does: 'status', status: 500, times: 1 + random.below(3) })),
  atDoor('partner-502', { does: 'status', status: 502 }),
  atDoor('partner-503', { does: 'status', status: 503 }),
  atDoor('partner-503-retry-after', { does: 'status', status: 503, retryAfter: '1' }, { then: waits }),
  atDoor('partner-429-retry-after', { does: 'status', status: 429, retryAfter: '1' }, { then: waits }),
  atDoor('partner-cuts-before-processing', { does: 'cut' }),
  atDoor('partner-processed-then-reset', { does: 'reset' }),
  atDoor('partner-answers-a-page', { does: 'page' }),
  atDoor('partner-slow', { does: 'slow', ms: 800 }),
  // Past the deadline: the receipt of what was done comes when nobody waits for it.
  { ...atDoor('partner-receipt-too-late', { does: 'late', ms: LEASE_MS + 500 }), weight: 'medium' },
  { ...atDoor('partner-slowloris', { does: 'trickle', ms: LEASE_MS + 3_000 }), weight: 'medium' },
  {
    ...atDoor(
      'partner-redirects',
      { does: 'redirect' },
      {
        // Nobody follows it: a human must register the address. The transfer ends as a dead letter that says so.
        then: ({ desk, line }) => desk.excuse(line.key, 'failed'),
      },
    ),
  },
  secureDoor('tls-expired', 'expired'),
  secureDoor('tls-wrong-host', 'elsewhere'),
  {
    kind: 'token-expired',
    lane: 'token',
    weight: 'cheap',
    async inject({ world, desk, random }) {
      await world.partner.read();
      const from = world.partner.ledger.length;
      await world.partner.revokeTokens();
      await desk.submit(random.pick(desk.crowd), await openDoor(world, random));
      const line = await world.partner.until((entry) => entry.n >= from && entry.type === 'unauthorized', FIRE_MS);
      return line === null ? null : { evidence: line.key, transfers: [line.key], endedAt: line.at };
    },
  },
  {
    kind: 'token-endpoint-down',
    lane: 'token',
    weight: 'cheap',
    async inject({ world, desk, random, id }) {
      const recipient = await openDoor(world, random);
      await world.partner.arm({
        id,
        place: 'token',
        org: recipient.name.toLowerCase(),
        status: 503,
        times: 1 + random.below(2),
      });
      await world.partner.revokeTokens();
      const { transferId } = await desk.submit(random.pick(desk.crowd), recipient);
      const line = await world.partner.until((entry) => entry.fault === id, FIRE_MS);
      if (line === null) await world.partner.disarm(id);
      return line === null ? null : { evidence: transferId, transfers: [transferId], endedAt: line.at };
    },
  },
];
