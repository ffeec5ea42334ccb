import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { consentResource } from '../../src/demo/consents.js';
import { CCAS, TOIT_COMMUN, VALMONT_HABITAT } from '../../src/demo/world.js';
import { replayDecision } from '../../src/domain/decision/receipt.js';
import { readJson, writeJson, type JsonValue } from '../../src/kernel/json.js';
import { GRACE_TEXT, openValmont, type Answer, type TransferView, type Valmont } from '../support/story.js';

interface Element {
  readonly path: string;
  readonly labels: readonly string[];
  readonly reason: { readonly code: string; readonly en: string; readonly fr: string };
}
interface PreviewView {
  readonly digest: string;
  readonly bundle: JsonValue;
  readonly sent: readonly Element[];
  readonly withheld: readonly Element[];
}

let valmont: Valmont;
beforeAll(async () => {
  valmont = await openValmont();
  await valmont.world.startGateway();
  await valmont.prepare();
});
afterAll(() => valmont.close());

const body = (more: Record<string, unknown> = {}) => ({
  caseId: valmont.caseId,
  recipientOrganizationId: TOIT_COMMUN.id,
  purpose: 'HOUSING',
  ground: { kind: 'consent' },
  ...more,
});
const preview = (more = {}): Promise<Answer<PreviewView>> =>
  valmont.agency('POST', '/api/v1/transfers/preview', body(more));
const send = (
  digest: string,
  more = {},
  key = randomUUID(),
): Promise<Answer<TransferView & { code?: string; difference?: Record<string, readonly string[]> }>> =>
  valmont.agency('POST', '/api/v1/transfers', body({ digest, ...more }), { 'idempotency-key': key });
const isOver = ({ status }: TransferView): boolean => !['held', 'queued', 'sending'].includes(status);

interface GraceFile {
  readonly person: { birthDate?: string; sex?: string; about?: Record<string, unknown> };
  readonly needs: unknown[];
}

/** Grace's file, changed. */
function graceWith(change: (file: GraceFile) => void): string {
  const file = readJson(GRACE_TEXT) as unknown as GraceFile;
  change(file);
  return writeJson(file as unknown as JsonValue);
}
async function store(text: string): Promise<void> {
  const answer = await valmont.agency('PUT', `/api/v1/cases/${valmont.caseId}`, text);
  expect(answer.body).not.toHaveProperty('violations');
  expect(answer.status).toBeLessThan(300);
}

test('what was shown is what the partner receives, byte for byte', async () => {
  const shown = await preview();
  expect(shown.status).toBe(200);
  const { status, body: transfer } = await send(shown.body.digest);
  expect(status).toBe(202);
  expect((await valmont.until(transfer.id, isOver)).status).toBe('delivered');
  const [effect] = await valmont.effectsOf(TOIT_COMMUN, transfer.id);
  expect(effect?.digest).toBe(shown.body.digest);
  const wire = await valmont.world.store.asOrganization(CCAS.id, (tx) => tx.loadWire(transfer.id as never));
  expect(createHash('sha256').update(wire!).digest('hex')).toBe(shown.body.digest);
  expect(shown.body.bundle).toEqual(JSON.parse(wire!.toString('utf8')));
});

test('every field of the case is listed once, as sent or withheld, with its reason in both languages', async () => {
  const { sent, withheld } = (await preview()).body;
  const paths = [...sent, ...withheld].map(({ path }) => path);
  expect(sent.length).toBeGreaterThan(50);
  expect(withheld.length).toBeGreaterThan(50);
  expect(new Set(sent.map(({ path }) => path)).size).toBe(sent.length);
  expect(sent.filter(({ path }) => withheld.some((other) => other.path === path))).toEqual([]);
  expect(paths.every((path) => path.startsWith('/'))).toBe(true);
  for (const { reason } of [...sent, ...withheld]) {
    expect(reason.en).toMatch(/^(Leaves|Stays here)/);
    expect(reason.fr).toMatch(/^(Est transmis|Reste ici)/);
    expect(`${reason.en}${reason.fr}`).not.toMatch(/[{}]/);
  }
  const health = withheld.find(({ path }) => path.startsWith('/health/treatments/0/'));
  expect(health?.reason.code).toBe('withheld.not-in-agreement');
});

test('a category that the author left out stays by the author’s choice, one that the person refused by the person’s', async () => {
  const chosen = (await preview({ categories: ['identity', 'housing'] })).body;
  const income = chosen.withheld.find(({ path }) => path.startsWith('/income/resources/0/amount'));
  expect(income?.reason.code).toBe('withheld.not-chosen');
  const deny = consentResource({
    type: 'deny',
    personId: valmont.personId,
    recipient: TOIT_COMMUN,
    purpose: 'HOUSING',
    labels: ['income'],
  });
  const refusal = await valmont.agency<{ id: string }>('POST', '/fhir/Consent', deny);
  expect(refusal.status).toBe(201);
  const refused = (await preview()).body.withheld.find(({ path }) => path.startsWith('/income/resources/0/amount'));
  expect(refused?.reason.code).toBe('withheld.refused');
  await valmont.agency('POST', `/api/v1/consents/${refusal.body.id}/withdraw`);
});

test('what the author keeps back is not in the bytes, has its reason, and belongs to the preview', async () => {
  const withhold = ['/person/birthDate', '/needs/0'];
  const shown = (await preview({ withhold })).body;
  expect(shown.withheld.find(({ path }) => path === '/person/birthDate')?.reason).toEqual({
    code: 'withheld.by-author',
    en: 'Stays here: you chose to keep it back.',
    fr: 'Reste ici\u00a0: vous avez choisi de ne pas le transmettre.',
  });
  const whole = (await preview()).body;
  expect(JSON.stringify(whole.bundle)).toContain('1992-05-17');
  expect(JSON.stringify(shown.bundle)).not.toContain('1992-05-17');
  expect(shown.sent.length).toBeLessThan(whole.sent.length);
  // Another list is another request, also where it comes to the same bytes: needs do not leave here.
  for (const another of [['/needs/0'], ['/person/birthDate'], []]) {
    const other = await send(shown.digest, { withhold: another });
    expect(other.status).toBe(409);
    expect(other.body.difference).toMatchObject({ because: ['request'] });
  }
  const { status, body: transfer } = await send(shown.digest, { withhold: [...withhold].reverse() });
  expect(status).toBe(202);
  expect((await valmont.until(transfer.id, isOver)).status).toBe('delivered');
  const [effect] = await valmont.effectsOf(TOIT_COMMUN, transfer.id);
  expect(effect?.digest).toBe(shown.digest);
  const log = await valmont.world.store.asOrganization(CCAS.id, (tx) => tx.listAudit({ limit: 1000 }));
  const entry = log.find(({ action, transferId }) => action === 'transfer.permitted' && transferId === transfer.id);
  expect(entry?.codes?.['withheldByAuthor']).toBeGreaterThan(0);
  expect(JSON.stringify(log)).not.toContain('/person/birthDate');
});

test('what is to be kept back must be in the case: 422 with its position, and nothing of what was written', async () => {
  const withhold = ['/person/birthDate', '/needs/zq-planted'];
  for (const answer of [await preview({ withhold }), await send('0'.repeat(64), { withhold, digest: undefined })]) {
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      code: 'transfer.withhold-unknown',
      violations: [{ path: '/withhold/1', rule: 'transfer.withhold-unknown' }],
    });
    expect(JSON.stringify(answer.body)).not.toContain('zq-planted');
  }
  expect((await preview({ withhold: ['person'] })).status).toBe(422);
  expect((await preview({ withhold: Array.from({ length: 501 }, () => '/person') })).status).toBe(422);
});

test('a file that changed since the preview is not sent: 409 with the difference, and nothing left behind', async () => {
  const shown = (await preview()).body;
  const key = randomUUID();
  const before = await valmont.agency<{ transfers: unknown[] }>('GET', '/api/v1/transfers?limit=100');
  await store(
    graceWith((file) => {
      file.person.birthDate = '1991-05-18';
      delete file.person.sex;
    }),
  );
  const answer = await send(shown.digest, {}, key);
  expect(answer.status).toBe(409);
  expect(answer.body.code).toBe('preview.differs');
  expect(answer.body.difference).toMatchObject({
    changed: ['/person/birthDate'],
    noLongerSent: ['/person/sex'],
    newlySent: [],
    because: ['case'],
  });
  const after = await valmont.agency<{ transfers: unknown[] }>('GET', '/api/v1/transfers?limit=100');
  expect(after.body.transfers).toHaveLength(before.body.transfers.length);
  // The key was not used up, and the preview counts again once the file says what it said.
  await store(GRACE_TEXT);
  const again = await send(shown.digest, {}, key);
  expect(again.status).toBe(202);
  expect(again.body.digest).toBe(shown.digest);
});

test('a preview is sent once, by its own request, and a made-up digest not at all', async () => {
  const shown = (await preview()).body;
  expect((await send(shown.digest, { answerExpectedBy: '2031-01-01T00:00:00Z' })).body.difference).toMatchObject({
    because: ['request'],
  });
  const key = randomUUID();
  const first = await send(shown.digest, {}, key);
  expect(first.status).toBe(202);
  expect((await send(shown.digest, {}, key)).body.id).toBe(first.body.id);
  expect((await send(shown.digest)).body.code).toBe('preview.unknown');
  expect((await send('0'.repeat(64))).body.code).toBe('preview.unknown');
});

test('a preview of what may not leave is refused with reasons, reads nothing, and is no attempt', async () => {
  const before = await valmont.agency<{ disclosures: unknown[] }>(
    'GET',
    `/api/v1/persons/${valmont.personId}/disclosures`,
  );
  const answer = await valmont.agency<{ code: string; reasons: { code: string }[]; bundle?: unknown }>(
    'POST',
    '/api/v1/transfers/preview',
    { ...body(), recipientOrganizationId: VALMONT_HABITAT.id },
  );
  expect(answer.status).toBe(403);
  expect(answer.body).toMatchObject({ code: 'preview.refused', reasons: [{ code: 'deny.no-consent' }] });
  expect(answer.body.bundle).toBeUndefined();
  const after = await valmont.agency<{ disclosures: unknown[] }>(
    'GET',
    `/api/v1/persons/${valmont.personId}/disclosures`,
  );
  expect(after.body.disclosures).toHaveLength(before.body.disclosures.length);
});

test('the log commits to the bytes without telling their digest', async () => {
  const shown = (await preview()).body;
  const { body: transfer } = await send(shown.digest);
  await valmont.until(transfer.id, isOver);
  const { store: database } = valmont.world;
  const log = await database.asOrganization(CCAS.id, (tx) => tx.listAudit({ limit: 1000 }));
  expect(JSON.stringify(log)).not.toContain(shown.digest);
  const entry = log.find(({ action, transferId }) => action === 'transfer.permitted' && transferId === transfer.id);
  const salt = await database.asOrganization(CCAS.id, (tx) => tx.commitmentSaltOf(transfer.id as never));
  const opened = createHash('sha256').update(salt!).update(shown.digest, 'utf8').digest('hex');
  expect(entry?.codes?.['commitment']).toBe(opened);
});

test('an element that is marked “do not share” while its transfer waits is not sent: the author looks again', async () => {
  const sendAfter = new Date(Date.now() + 4_000).toISOString();
  const { body: waiting } = await valmont.request(TOIT_COMMUN, 'HOUSING', { sendAfter });
  await store(
    graceWith((file) => {
      file.person.about = { ...file.person.about, birthDate: { source: 'declared', doNotShare: true } };
    }),
  );
  const held = await valmont.until(waiting.id, isOver);
  expect(held.status).toBe('needs-review');
  expect(held.timeline.at(-1)?.reasons).toMatchObject([{ code: 'review.marked' }]);
  expect(held.timeline.at(-1)?.reasons[0]).toHaveProperty('text', expect.stringContaining('(1)'));
  expect(await valmont.effectsOf(TOIT_COMMUN, waiting.id)).toHaveLength(0);
  await store(GRACE_TEXT);
});

test('a file that only grew while its transfer waits changes nothing of what was approved', async () => {
  const sendAfter = new Date(Date.now() + 3_000).toISOString();
  const { body: waiting } = await valmont.request(TOIT_COMMUN, 'HOUSING', { sendAfter });
  await store(
    graceWith((file) => {
      file.needs.unshift({ id: 'late', category: 'health', status: 'active' });
    }),
  );
  expect((await valmont.until(waiting.id, isOver)).status).toBe('delivered');
  await store(GRACE_TEXT);
});

test('every decision of a transfer can be decided again from its receipt, and comes out the same', async () => {
  const shown = (await preview()).body;
  const { body: transfer } = await send(shown.digest);
  await valmont.until(transfer.id, isOver);
  const { store: database } = valmont.world;
  await database.asOrganization(CCAS.id, async (tx) => {
    const receipts = await tx.loadDecisions(transfer.id as never);
    expect(receipts.map(({ stage, outcome }) => `${stage} ${outcome}`)).toEqual(['request permit', 'delivery permit']);
    for (const receipt of receipts) {
      const { agreements, consents, circumstances } = await tx.loadVersions(receipt);
      expect(consents.length).toBeGreaterThan(0);
      expect(circumstances).toMatchObject({ birthDate: '1992-05-17' });
      expect(JSON.stringify(receipt)).not.toContain('1992');
      expect(replayDecision(receipt, agreements, consents, circumstances).outcome).toBe('same');
    }
  });
});
