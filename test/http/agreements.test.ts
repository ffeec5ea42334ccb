import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agreement } from '../../src/domain/agreement/agreement.js';
import { newId, type AgreementId } from '../../src/kernel/ids.js';
import type { AgreementView } from '../../src/http/schemas/agreement.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { dumpDatabase } from '../support/dump-database.js';
import { seedBetween, seedOrganization, type Seeded, type SeededOrganization } from '../support/fixtures.js';
import { openGateway, staffOf } from '../support/gateway.js';

type View = AgreementView & { readonly pending: AgreementView | null };

let database: TestDatabase;
let [ccas, toit, tilleuls, stranger] = [] as unknown as SeededOrganization[];
let seeded: Seeded;
beforeAll(async () => {
  database = await createTestDatabase();
  ccas = await seedOrganization(database, 'CCAS', 'social');
  toit = await seedOrganization(database, 'Toit Commun', 'housing');
  tilleuls = await seedOrganization(database, 'Les Tilleuls', 'health');
  stranger = await seedOrganization(database, 'Stranger', 'social');
  seeded = await seedBetween(database, ccas, toit);
});
afterAll(() => database.drop());

const open = () => {
  const gateway = openGateway(database, {
    nadia: staffOf(ccas!.organizationId, 'nadia', 'agreement-owner'),
    paul: staffOf(ccas!.organizationId, 'paul', 'agreement-owner'),
    lea: staffOf(toit!.organizationId, 'lea', 'agreement-owner'),
    // One person with an account at both.
    turncoat: staffOf(toit!.organizationId, 'nadia', 'agreement-owner'),
    omar: staffOf(tilleuls!.organizationId, 'omar', 'agreement-owner'),
    eve: staffOf(stranger!.organizationId, 'eve', 'agreement-owner'),
    helene: staffOf(ccas!.organizationId, 'helene', 'caseworker', 'data-protection-officer', 'operator'),
  });
  const at = (id: string): string => `/api/v1/agreements/${id}`;
  return {
    ...gateway,
    at,
    step: (who: string, id: string, step: string, more: object = {}) =>
      gateway.call(who).post(`${at(id)}/steps`, { step, ...more }),
  };
};

const draft = (change: Partial<Agreement> = {}): Record<string, unknown> => ({
  version: 1,
  title: { en: 'Housing', fr: 'Logement' },
  parties: [ccas!.organizationId, toit!.organizationId],
  purposes: [
    {
      purpose: 'HOUSING',
      senders: [ccas!.organizationId],
      recipients: [toit!.organizationId],
      categories: ['identity', 'contact', 'housing'],
      sensitivities: [],
      dataProtectionBasis: 'public-task',
      secrecyGrounds: ['consent'],
      roles: [
        { party: ccas!.organizationId, role: 'controller' },
        { party: toit!.organizationId, role: 'controller' },
      ],
      recipientFunctions: [{ en: 'housing officers', fr: 'chargé·es de logement' }],
    },
  ],
  validFrom: '2026-01-01T00:00:00.000Z',
  purgeAfterDays: 30,
  dpia: { opinion: 'favourable', reference: 'DPIA 2025-14' },
  retention: { days: 365, then: 'delete', certificate: true },
  onward: { kind: 'listed', recipients: ['Valmont Habitat'] },
  emergency: { allowed: true, categories: ['identity'], maxHours: 24, reviewWithinDays: 7 },
  adhesion: { open: true, places: [{ purpose: 'HOUSING', as: 'recipient', role: 'controller' }] },
  auditRight: { noticeDays: 30 },
  breachNotice: { withinHours: 24 },
  reviewOn: '2026-12-01',
  thirdCountries: [],
  ...change,
});

/** Drafted, proposed by one party and signed by the other. */
async function concluded(change: Partial<Agreement> = {}): Promise<AgreementId> {
  const { call, at, step } = open();
  const id = newId<AgreementId>();
  await call('nadia').put(at(id), draft(change)).expect(201);
  await step('nadia', id, 'propose').expect(200);
  await step('lea', id, 'countersign', { version: 2 }).expect(200);
  return id;
}

const auditOf = async (id: string): Promise<Record<string, unknown>[]> => {
  const entries = await database.store.asOrganization(ccas!.organizationId, (tx) => tx.listAudit({ limit: 1000 }));
  return entries
    .filter(({ codes }) => codes?.['agreement'] === id)
    .map(({ action, actor, codes }) => ({ action, by: actor.id, ...codes, agreement: undefined }))
    .reverse();
};

describe('an agreement over HTTP', () => {
  it('goes from draft to active by a person of each party, every step audited and kept as a version', async () => {
    const { call, at, step } = open();
    const id = newId<AgreementId>();
    const drafted = await call('nadia').put(at(id), draft()).expect(201);
    expect(drafted.body).toMatchObject({ status: 'draft', proposal: { kind: 'new' }, signatures: [] });
    const proposed = await step('nadia', id, 'propose').expect(200);
    expect(proposed.body).toMatchObject({ status: 'proposed', version: 2, pending: null });
    const active = await step('lea', id, 'countersign', { version: 2 }).expect(200);
    const { signatures, ...view } = active.body as View;
    expect(view).toMatchObject({ status: 'active', version: 3, pending: null });
    expect(view).toMatchObject({ onward: { kind: 'listed' }, breachNotice: { withinHours: 24 } });
    expect(signatures.map(({ party }) => party)).toEqual([ccas!.organizationId, toit!.organizationId]);
    expect(new Set(signatures.map(({ textDigest }) => textDigest)).size).toBe(1);
    // Which party signed is shown, and not which member of staff.
    expect(active.text).not.toMatch(/nadia|lea/);
    expect(await auditOf(id)).toMatchObject([
      { action: 'agreement.changed', by: 'nadia', status: 'draft' },
      { action: 'agreement.step', by: 'nadia', step: 'propose', from: 'draft', to: 'proposed', version: 2 },
      { action: 'agreement.step', by: 'lea', step: 'countersign', from: 'proposed', to: 'active', version: 3 },
    ]);
    const first = await call('lea')
      .get(`${at(id)}?version=1`)
      .expect(200);
    expect(first.body).toMatchObject({ version: 1, status: 'draft' });
    await call('eve').get(at(id)).expect(404);
  });

  it('is signed by no person twice, by no party twice, and by nobody who read another version', async () => {
    const { call, at, step } = open();
    const id = newId<AgreementId>();
    await call('nadia').put(at(id), draft()).expect(201);
    const codeOf = async (...args: Parameters<typeof step>) => {
      const { status, body } = await step(...args);
      return `${status} ${(body as { code: string }).code}`;
    };
    expect(await codeOf('lea', id, 'countersign', { version: 1 })).toBe('409 agreement.step');
    await step('nadia', id, 'propose').expect(200);
    expect(await codeOf('turncoat', id, 'countersign', { version: 2 })).toBe('409 agreement.same-person');
    expect(await codeOf('paul', id, 'countersign', { version: 2 })).toBe('409 agreement.already-signed');
    expect(await codeOf('lea', id, 'countersign', { version: 1 })).toBe('409 agreement.version');
    expect(await codeOf('lea', id, 'countersign')).toBe('422 request.body-invalid');
    expect(await codeOf('eve', id, 'countersign', { version: 2 })).toBe('404 resource.not-found');
    expect(await codeOf('helene', id, 'countersign', { version: 2 })).toBe('403 auth.role-missing');
    const french = await call('lea')
      .post(`${at(id)}/steps`, { step: 'suspend' })
      .set('Accept-Language', 'fr')
      .expect(409);
    expect(french.body.title).toBe('L’étape «\u00a0suspend\u00a0» n’est pas possible depuis «\u00a0none\u00a0».');
    // Not one of these left a version.
    expect((await call('lea').get(at(id))).body).toMatchObject({ status: 'proposed', version: 2 });
  });

  it('is not proposed while a clause is missing, each named at its place', async () => {
    const { call, at, step } = open();
    const id = newId<AgreementId>();
    const { dpia: _d, emergency: _e, ...rest } = draft();
    await call('nadia').put(at(id), rest).expect(201);
    const refused = await step('nadia', id, 'propose').set('Accept-Language', 'fr').expect(422);
    expect(refused.body).toMatchObject({ code: 'agreement.incomplete' });
    expect(refused.body.violations).toMatchObject([
      { path: '/dpia', message: 'Cette clause est nécessaire avant de proposer la convention.' },
      { path: '/emergency' },
    ]);
  });

  it('cannot be put in force by a body that says so', async () => {
    const { call, at } = open();
    const id = newId<AgreementId>();
    await call('nadia')
      .put(at(id), { ...draft(), status: 'active' })
      .expect(422);
    await call('nadia')
      .put(at(id), { ...draft(), signatures: [] })
      .expect(422);
    await call('nadia').put(at(id), draft()).expect(201);
    const terms = await database.store.asOrganization(ccas!.organizationId, (tx) => tx.loadTerms(asked()));
    expect(terms.agreements.map((one) => one.id)).not.toContain(id);
  });

  it('stays as it is while a new text is negotiated, and is replaced by the last signature', async () => {
    const { call, at, step } = open();
    const id = await concluded();
    const wider = draft({ version: 4 });
    (wider['purposes'] as { categories: string[] }[])[0]!.categories.push('income');
    await call('lea').put(at(id), wider).expect(200);
    await step('lea', id, 'propose').expect(200);
    const during = (await call('nadia').get(at(id))).body as View;
    expect(during).toMatchObject({ status: 'active', version: 3, pending: { status: 'proposed', version: 5 } });
    expect(await categoriesInForce(id)).toEqual(['identity', 'contact', 'housing']);
    await step('nadia', id, 'countersign', { version: 5 }).expect(200);
    expect(await categoriesInForce(id)).toEqual(['identity', 'contact', 'housing', 'income']);
  });

  it('a draft that is given up leaves what is in force; two parties who write at once do not overwrite each other', async () => {
    const { call, at, step } = open();
    const id = await concluded();
    const answers = await Promise.all([
      call('nadia').put(at(id), draft({ version: 4, purgeAfterDays: 1 })),
      call('lea').put(at(id), draft({ version: 4, purgeAfterDays: 2 })),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    await step('lea', id, 'discard').expect(200);
    expect((await call('nadia').get(at(id))).body).toMatchObject({
      status: 'active',
      purgeAfterDays: 30,
      pending: null,
    });
  });

  it('is suspended by each party at once, and resumed by that party alone', async () => {
    const { step } = open();
    const id = await concluded();
    const suspended = await step('lea', id, 'suspend').expect(200);
    expect(suspended.body).toMatchObject({ status: 'suspended', suspendedBy: [toit!.organizationId] });
    expect(await statusInForce(id)).toBe('suspended');
    expect((await step('nadia', id, 'resume')).body.code).toBe('agreement.not-yours-to-resume');
    await step('lea', id, 'resume').expect(200);
    expect(await statusInForce(id)).toBe('active');
    await step('nadia', id, 'terminate').expect(200);
    const over = await open()
      .call('nadia')
      .put(`/api/v1/agreements/${id}`, draft({ version: 7 }))
      .expect(409);
    expect(over.body).toMatchObject({ code: 'agreement.step', from: 'terminated' });
    expect((await step('lea', id, 'resume')).body).toMatchObject({ code: 'agreement.step', from: 'terminated' });
  });
});

describe('adhesion and exit over HTTP', () => {
  it('who is invited reads the invitation, signs, and is a party; the others sign nothing', async () => {
    const { call, at, step } = open();
    const id = await concluded();
    await call('omar').get(at(id)).expect(404);
    await step('lea', id, 'invite', { organizationId: tilleuls!.organizationId }).expect(200);
    const invitation = (await call('omar').get(at(id)).expect(200)).body as View;
    expect(invitation).toMatchObject({
      status: 'proposed',
      proposal: { kind: 'adhesion', joins: tilleuls!.organizationId },
    });
    // Nothing changed for anybody yet, and the guest reads no version from before.
    expect((await call('nadia').get(at(id))).body).toMatchObject({ status: 'active', version: 3 });
    await call('omar')
      .get(`${at(id)}?version=3`)
      .expect(404);
    expect(await recipientsInForce(id)).toEqual([toit!.organizationId]);
    expect((await step('omar', id, 'suspend')).body.code).toBe('agreement.not-a-party');
    const joined = await step('omar', id, 'countersign', { version: invitation.version }).expect(200);
    expect(joined.body).toMatchObject({ status: 'active', pending: null });
    expect(await recipientsInForce(id)).toEqual([toit!.organizationId, tilleuls!.organizationId]);
    expect(await auditOf(id)).toContainEqual(
      expect.objectContaining({ step: 'countersign', by: 'omar', to: 'active' }),
    );
  });

  it('who leaves is out at once, the others go on, and it keeps what it was party to', async () => {
    const { call, at, step } = open();
    const id = await concluded();
    await step('nadia', id, 'invite', { organizationId: tilleuls!.organizationId }).expect(200);
    await step('omar', id, 'countersign', { version: 4 }).expect(200);
    expect((await step('nadia', id, 'terminate')).body.code).toBe('agreement.leave-instead');
    await step('omar', id, 'leave').expect(200);
    expect(await recipientsInForce(id)).toEqual([toit!.organizationId]);
    expect((await call('omar').get(`${at(id)}?version=5`)).body).toMatchObject({ status: 'active' });
    expect((await step('omar', id, 'suspend')).body.code).toBe('agreement.not-a-party');
    await step('lea', id, 'suspend').expect(200);
    // What happens after it has left is not its business.
    expect((await call('omar').get(at(id))).body).toMatchObject({ status: 'active', version: 6 });
    expect((await call('nadia').get(at(id))).body).toMatchObject({ status: 'suspended', version: 7 });
  });
});

describe('the signed original', () => {
  const scan = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.from('Signature of Quetzalcoatl-Zyxw')]);
  const body = (version: number, content = scan) => ({
    version,
    mediaType: 'application/pdf',
    content: content.toString('base64'),
  });

  it('is kept once, encrypted, and given back to the parties with its digest', async () => {
    const { call, at } = open();
    const id = await concluded();
    const path = `${at(id)}/original`;
    const kept = await call('nadia').put(path, body(3)).expect(201);
    const digest = createHash('sha256').update(scan).digest('hex');
    expect(kept.body).toMatchObject({ version: 3, digest });
    expect((await call('lea').get(`${path}?version=3`)).body).toMatchObject({
      content: scan.toString('base64'),
      digest,
    });
    expect((await call('lea').put(path, body(3)).expect(409)).body.code).toBe('agreement.original-kept');
    await call('eve').get(`${path}?version=3`).expect(404);
    await call('eve').put(path, body(3)).expect(404);
    await call('helene').put(path, body(2)).expect(403);
    await call('lea').get(`${path}?version=2`).expect(404);
    expect((await dumpDatabase(database.url)).includes('Signature of Quetzalcoatl')).toBe(false);
    expect(await auditOf(id)).toContainEqual(expect.objectContaining({ action: 'agreement.original-stored', digest }));
  });

  it('is what it says it is', async () => {
    const { call, at } = open();
    const id = await concluded();
    const refused = await call('nadia')
      .put(`${at(id)}/original`, body(3, Buffer.from('<script>alert(1)</script>')))
      .expect(422);
    expect(refused.body.code).toBe('agreement.original-type');
    await call('nadia')
      .put(`${at(id)}/original`, { ...body(3), content: 'not base64!' })
      .expect(422);
  });
});

describe('the calendar', () => {
  it('ends an agreement without anybody’s step, and the log says so once', async () => {
    const { call, at, step } = open();
    const soon = new Date(Date.now() + 1_200).toISOString();
    const id = await concluded({ validUntil: soon as never });
    expect(await database.store.noteExpiredAgreements()).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 1_400));
    expect((await call('lea').get(at(id))).body).toMatchObject({ status: 'expired' });
    expect((await step('lea', id, 'suspend')).body).toMatchObject({ code: 'agreement.step', from: 'expired' });
    expect(await database.store.noteExpiredAgreements()).toBe(1);
    expect(await database.store.noteExpiredAgreements()).toBe(0);
    expect(await auditOf(id)).toContainEqual(expect.objectContaining({ action: 'agreement.expired', by: 'calendar' }));
  });
});

const asked = () => ({
  senderOrganizationId: ccas!.organizationId,
  recipientOrganizationId: toit!.organizationId,
  caseId: seeded.caseId,
  purpose: 'HOUSING' as const,
});
async function termsOf(id: string): Promise<Agreement | undefined> {
  const terms = await database.store.asOrganization(ccas!.organizationId, (tx) => tx.loadTerms(asked()));
  return terms.agreements.find((one) => one.id === id);
}
const categoriesInForce = async (id: string) => (await termsOf(id))?.purposes[0]?.categories;
const recipientsInForce = async (id: string) => (await termsOf(id))?.purposes[0]?.recipients;
const statusInForce = async (id: string) => (await termsOf(id))?.status;
