import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agreement } from '../../src/domain/agreement/agreement.js';
import { decide } from '../../src/domain/decision/decide.js';
import { receiptOf } from '../../src/domain/decision/receipt.js';
import { newId, type DecisionId, type TransferId } from '../../src/kernel/ids.js';
import { runCli } from '../cli/run-cli.js';
import { temporaryFolder } from '../intake/support.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import type { OrganizationTx } from '../../src/transfer/ports.js';
import { newTransfer, seed, type Seeded } from '../support/fixtures.js';
import { openGateway, staffOf } from '../support/gateway.js';

let database: TestDatabase;
let seeded: Seeded;
/** More than two pages of the store. */
const DECISIONS = 450;

beforeAll(async () => {
  database = await createTestDatabase();
  seeded = await seed(database);
  const { store } = database;
  const transfer = newTransfer(seeded);
  const { request } = transfer.permit;
  const inOne = (work: (tx: OrganizationTx) => Promise<void>): Promise<void> =>
    store.asOrganization(seeded.sender.organizationId, work);
  const record = async (
    tx: OrganizationTx,
    stage: 'request' | 'delivery',
    transferId: TransferId | null,
    ground = request.ground,
  ): Promise<void> => {
    const asked = { ...request, ground };
    const terms = await tx.loadTerms(asked);
    await tx.recordDecision(receiptOf(newId<DecisionId>(), stage, transferId, terms, asked, decide(terms, asked)));
  };
  await inOne(async (tx) => {
    await tx.insertTransfer(transfer);
    await record(tx, 'request', transfer.id);
  });
  // All at one moment: a page ends in the midst of them.
  await inOne(async (tx) => {
    for (let n = 1; n < DECISIONS; n += 1) await record(tx, 'request', newId<TransferId>());
    await record(tx, 'delivery', transfer.id);
    const informed = { nobodyBecause: 'n' };
    await record(tx, 'request', null, { kind: 'safeguarding', justification: 'j', informed });
  });
});
afterAll(() => database.drop());

const open = () => {
  const { sender, recipient } = seeded;
  const gateway = openGateway(database, {
    nadia: staffOf(sender.organizationId, 'nadia', 'agreement-owner'),
    paul: staffOf(sender.organizationId, 'paul', 'data-protection-officer'),
    lea: staffOf(recipient.organizationId, 'lea', 'agreement-owner'),
    helene: staffOf(sender.organizationId, 'helene', 'caseworker', 'operator'),
  });
  return { ...gateway, at: `/api/v1/agreements/${seeded.agreement.id}` };
};
const draft = (categories: string[]): Record<string, unknown> => {
  const { id: _, status: _s, ...text } = seeded.agreement;
  return { ...text, version: 2, purposes: [{ ...text.purposes[0]!, categories }] };
};

describe('a simulation', () => {
  it('names the transfers that a text would have shrunk, and why, over all pages', async () => {
    const { call, at } = open();
    const body = { days: 30, agreement: draft(['identity', 'contact', 'housing']) };
    const answer = await call('nadia').post(`${at}/simulate`, body).expect(200);
    expect(answer.body).toMatchObject({ decided: DECISIONS, unchanged: 0, refused: 0, shrunk: DECISIONS, unknown: 0 });
    expect(answer.body.transfers).toHaveLength(200);
    expect(answer.body.transfers[0]).toEqual(
      expect.objectContaining({
        reference: 'R-0001',
        outcome: 'shrunk',
        labels: ['household'],
        reasons: [{ code: 'simulate.not-covered', text: 'The agreement would no longer cover: household.' }],
      }),
    );
    // Nothing was stored.
    expect((await call('nadia').get(at)).body).toMatchObject({ version: 1, pending: null });
  });

  it('names those that it would have refused, in the caller’s language; the same text changes nothing', async () => {
    const { call, at } = open();
    const refused = await call('paul')
      .post(`${at}/simulate`, { days: 30, agreement: draft(['housing']) })
      .set('Accept-Language', 'fr')
      .expect(200);
    expect(refused.body).toMatchObject({ refused: DECISIONS, shrunk: 0 });
    expect(refused.body.transfers[0].reasons[0].text).toMatch(/^L'identité de la personne/);
    expect((await call('nadia').post(`${at}/simulate`, { days: 30 })).body).toMatchObject({ unchanged: DECISIONS });
    expect((await call('nadia').post(`${at}/simulate`, { days: 30, version: 1 })).body).toMatchObject({ shrunk: 0 });
  });

  it('is of one’s own transfers, by those who look after agreements', async () => {
    const { call, at } = open();
    const other = await call('lea')
      .post(`${at}/simulate`, { days: 30, agreement: draft(['housing']) })
      .expect(200);
    expect(other.body).toMatchObject({ decided: 0, transfers: [] });
    await call('helene').post(`${at}/simulate`, { days: 30 }).expect(403);
    const both = { days: 1, version: 1, agreement: draft(['housing']) };
    expect((await call('nadia').post(`${at}/simulate`, both).expect(422)).body.code).toBe('agreement.two-texts');
    await call('nadia').post(`${at}/simulate`, { days: 30, version: 77 }).expect(404);
  });

  it('from the command line says each and the sum, and fails when something would have been other', async () => {
    const file = join(temporaryFolder(), 'draft.json');
    writeFileSync(file, JSON.stringify(draft(['identity', 'contact'])));
    const argv = ['agreement', 'simulate', seeded.agreement.id, '--days', '7'];
    const run = await runCli([...argv, '--file', file], database, seeded.sender.organizationId);
    expect(run).toMatchObject({ code: 1, err: '' });
    const lines = run.out.split('\n');
    expect(lines).toHaveLength(DECISIONS + 1);
    expect(lines.some((line) => line.startsWith('R-0001') && line.includes('would have been shrunk'))).toBe(true);
    expect(lines.at(-1)).toContain(`${DECISIONS} shrunk`);
    const same = await runCli([...argv, '--lang', 'fr'], database, seeded.sender.organizationId);
    expect(same.code).toBe(0);
    expect(same.out).toContain('inchangés');
    for (const [extra, sentence] of [
      [['--days', '0'], 'whole number'],
      [['--version', '1', '--file', file], 'not both'],
      [['--file', '/no/such/file'], 'There is no file'],
    ] as const) {
      const wrong = await runCli([...argv, ...extra], database, seeded.sender.organizationId);
      expect(wrong.code).toBe(2);
      expect(wrong.err).toContain(sentence);
    }
    writeFileSync(file, JSON.stringify({ ...draft(['identity']), parties: ['Quetzalcoatl'] }));
    const unread = await runCli([...argv, '--file', file], database, seeded.sender.organizationId);
    expect(unread.err).toContain('/parties');
    expect(unread.err).not.toContain('Quetzalcoatl');
  });
});

describe('the difference of two versions', () => {
  it('is told in words, with names, to the parties', async () => {
    const { call, at } = open();
    await call('nadia')
      .put(at, draft(['identity', 'contact', 'housing', 'health']))
      .expect(200);
    const answer = await call('lea').get(`${at}/diff?from=1&to=2`).expect(200);
    expect(answer.body.wider).toBe(true);
    expect(answer.body.changes.map(({ text }: { text: string }) => text)).toContain(
      'For access to housing · Categories: health is added.',
    );
    const french = await call('lea').get(`${at}/diff?from=2&to=1`).set('Accept-Language', 'fr').expect(200);
    expect(french.body.wider).toBe(true);
    await call('lea').get(`${at}/diff?from=1&to=9`).expect(404);
    await call('helene').get(`${at}/diff?from=1&to=2`).expect(403);
    await call('nadia').post(`${at}/steps`, { step: 'discard' }).expect(200);
  });
});

describe('alerts and the register', () => {
  const ending = (): Agreement => ({
    ...seeded.agreement,
    id: newId(),
    title: { en: '=cmd|calc', fr: 'Convention « courte »' },
    validUntil: new Date(Date.now() + 10 * 86_400_000).toISOString() as never,
  });

  it('tell what ends, with the days that are left, and live processing as JSON and CSV', async () => {
    const { call } = open();
    const short = ending();
    await database.store.asOrganization(seeded.sender.organizationId, (tx) => tx.putAgreement(short, seeded.actor));
    const alerts = await call('paul').get('/api/v1/agreements/alerts').expect(200);
    expect(alerts.body.alerts).toMatchObject([
      { agreementId: short.id, kind: 'ends', daysLeft: 10, level: 'urgent', title: '=cmd|calc' },
    ]);
    const json = await call('nadia').get('/api/v1/processing-register').set('Accept-Language', 'fr').expect(200);
    expect(json.body.processings).toHaveLength(2);
    expect(json.body.processings[0]).toMatchObject({ purpose: 'accès au logement', recipients: 'Toit Commun' });
    const csv = await call('nadia').get('/api/v1/processing-register.csv').expect(200);
    expect(csv.headers['content-type']).toMatch(/^text\/csv/);
    const rows: string[][] = parse(csv.text);
    expect(rows).toHaveLength(3);
    expect(rows.flat()).toContain("'=cmd|calc");
    await call('helene').get('/api/v1/processing-register').expect(403);
    await call('helene').get('/api/v1/agreements/alerts').expect(403);
  });

  it('from the command line are the same', async () => {
    const argv = ['agreement', 'register'];
    const csv = await runCli(argv, database, seeded.sender.organizationId);
    expect(csv.code).toBe(0);
    expect(parse(csv.out)).toHaveLength(3);
    const json = await runCli([...argv, '--format', 'json', '--lang', 'fr'], database, seeded.sender.organizationId);
    expect(JSON.parse(json.out)).toHaveLength(2);
    expect((await runCli([...argv, '--format', 'xml'], database, seeded.sender.organizationId)).code).toBe(2);
  });
});
