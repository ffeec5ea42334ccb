import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agreement } from '../../src/domain/agreement/agreement.js';
import { instant } from '../../src/kernel/clock.js';
import { newId, type AgreementId, type OrganizationId, type PersonId, type TransferId } from '../../src/kernel/ids.js';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';

/** A recipient that accepted makes a case of its own of what it received. */

const LABELS = ['identity', 'contact', 'household', 'housing', 'income', 'needs', 'plan'] as const;
const ACTOR = { type: 'system', id: 'test', organizationId: null } as const;
let gateway: TestGateway;
let agreement: Agreement;
beforeAll(async () => {
  gateway = await openGateway();
  const parties = [gateway.sender, gateway.recipient, gateway.other].map(({ organizationId }) => organizationId);
  agreement = {
    ...gateway.agreement,
    version: 2,
    purposes: gateway.agreement.purposes.map((purpose) => ({
      ...purpose,
      categories: [...LABELS, 'health' as const],
      sensitivities: ['addiction' as const],
    })),
    retention: { days: 365, then: 'delete', certificate: true },
    onward: { kind: 'consented' },
  };
  await gateway.store.asOrganization(gateway.sender.organizationId, (tx) => tx.putAgreement(agreement, ACTOR));
  // Under which the recipient itself may send.
  await gateway.store.asOrganization(gateway.recipient.organizationId, (tx) =>
    tx.putAgreement(
      {
        ...agreement,
        id: newId<AgreementId>(),
        version: 1,
        parties,
        purposes: agreement.purposes.map((purpose) => ({
          ...purpose,
          senders: [gateway.recipient.organizationId],
          recipients: [gateway.other.organizationId, gateway.sender.organizationId],
        })),
        validFrom: instant('2026-01-01T00:00:00Z'),
      },
      ACTOR,
    ),
  );
}, 60_000);
afterAll(() => gateway.close());

const setOnward = async (onward: Agreement['onward']): Promise<void> => {
  const { onward: _, ...rest } = agreement;
  agreement = { ...rest, version: agreement.version + 1, ...(onward !== undefined && { onward }) };
  await gateway.store.asOrganization(gateway.sender.organizationId, (tx) => tx.putAgreement(agreement, ACTOR));
};

interface Received {
  readonly id: string;
  readonly taskId: string;
  readonly reference: string;
  readonly caseId: string;
  readonly personId: string;
  readonly consentId: string;
}
const born = new Map<string, string>();
let names = 0;
/** Sounds like no other. */
function aName(): string {
  names += 1;
  const digits = names.toString(7).padStart(3, '0');
  return [...digits].map((digit) => ['Ka', 'Lo', 'Mi', 'Ru', 'So', 'Te', 'Fa'][Number(digit)]).join('');
}
/** A family name and a birth date that nobody else has, so that no test finds another's person. */
async function received(
  change: (record: Record<string, unknown>) => void = () => undefined,
  status: string | null = 'accepted',
  family = aName(),
  labels: readonly string[] = LABELS,
): Promise<Received> {
  if (!born.has(family)) born.set(family, `${1940 + born.size}-05-17`);
  const { caseId, personId } = await gateway.putCase((record) => {
    const person = record['person'] as Record<string, unknown>;
    person['names'] = [{ id: 'n1', kind: 'legal', family, given: ['Grace'] }];
    person['identifiers'] = [];
    person['birthDate'] = born.get(family);
    change(record);
  });
  const consent = await gateway
    .http()
    .post('/fhir/Consent')
    .send(consentFor(personId, gateway.recipient.organizationId, { labels }))
    .expect(201);
  const { body } = await gateway.ask(caseId).expect(202);
  expect(await gateway.deliver(body.id as string)).toBe('received');
  if (status !== null)
    await gateway
      .http('recipient')
      .put(`/fhir/Task/${body.taskId}`)
      .send({ resourceType: 'Task', id: body.taskId, status, intent: 'order' })
      .expect(200);
  return {
    id: body.id,
    taskId: body.taskId,
    reference: body.reference,
    caseId,
    personId,
    consentId: consent.body.id,
  };
}
const path = ({ id }: Pick<Received, 'id'>): string => `/api/v1/transfers/${id}/take-over`;
const look = (one: Pick<Received, 'id'>, who = 'reader') => gateway.http(who).get(path(one));
const take = (one: Pick<Received, 'id'>, person: string = 'new', who = 'reader') =>
  gateway.http(who).post(path(one)).send({ person });
const fileOf = async (caseId: string) => (await gateway.http('reader').get(`/api/v1/cases/${caseId}`).expect(200)).body;
const cases = (organizationId: OrganizationId) =>
  gateway.database.query<{ case_id: string }>('select distinct case_id from case_version where organization_id = $1', [
    organizationId,
  ]);

describe('taking a case over', () => {
  it('makes a file of exactly what was received, that says where it comes from and how long it is kept', async () => {
    const one = await received();
    const { record } = (await gateway.http('reader').get(`/api/v1/transfers/${one.id}/content`).expect(200)).body;
    const seen = (await look(one).expect(200)).body;
    expect(seen).toMatchObject({ takenOver: null, candidates: [], terms: { onward: { kind: 'consented' } } });
    const { body } = await take(one).expect(201);
    expect(body).toMatchObject({
      transferId: one.id,
      from: gateway.sender.organizationId,
      reference: one.reference,
      keepThen: 'delete',
    });
    expect(Date.parse(body.keepUntil) - Date.parse(body.receivedAt)).toBe(365 * 24 * 3_600_000);
    const file = await fileOf(body.caseId as string);
    expect(file.takenOver).toEqual(body);
    const withoutMarks = (value: unknown): unknown =>
      JSON.parse(
        JSON.stringify(value, (key, inner: unknown) =>
          key === 'about' || String(inner).startsWith('received-') ? undefined : inner,
        ),
      );
    const { person, ...rest } = withoutMarks(file.document) as { person: object };
    const { person: sentPerson, ...sent } = withoutMarks(record) as { person: object };
    expect(rest).toEqual(sent);
    expect(person).toEqual({ ...sentPerson, id: body.caseId });
    expect(Object.keys(sent).length).toBeGreaterThan(3);
    expect(JSON.stringify(file.document)).not.toMatch(/insulin|depress/i);
    // Found like any other person of one's own.
    const { names } = person as { names: { family: string }[] };
    const search = { names: [{ family: names[0]!.family, given: ['Grace'] }] };
    const { candidates } = (await gateway.http('reader').post('/api/v1/persons/search').send(search).expect(200)).body;
    expect(candidates.map(({ caseId }: { caseId: string }) => caseId)).toEqual([body.caseId]);
  });

  it('is done once, whoever asks again and however they decide then', async () => {
    const one = await received();
    const before = (await cases(gateway.recipient.organizationId)).length;
    const answers = await Promise.all([take(one), take(one), take(one)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.caseId)).size).toBe(1);
    expect((await take(one, randomUUID()).expect(200)).body).toEqual(answers[0].body);
    expect((await look(one).expect(200)).body).toMatchObject({ takenOver: answers[0].body, person: null });
    expect((await cases(gateway.recipient.organizationId)).length).toBe(before + 1);
    for (const who of ['caseworker', 'reader']) {
      const { timeline } = (await gateway.http(who).get(`/api/v1/transfers/${one.id}`).expect(200)).body;
      const told = timeline.filter(({ status }: { status: string }) => status === 'taken-over');
      expect(told.map(({ by }: { by: object }) => by)).toEqual([
        { type: 'staff', organizationId: gateway.recipient.organizationId },
      ]);
    }
  });

  it('merges with nobody by itself: a human says the same person, or somebody new', async () => {
    const family = aName();
    const first = await received(undefined, 'accepted', family);
    const second = await received(undefined, 'accepted', family);
    const third = await received(undefined, 'accepted', family);
    const known = (await take(first).expect(201)).body;
    const { personId } = await fileOf(known.caseId as string);
    const { body } = await look(second).expect(200);
    expect(body.candidates).toMatchObject([
      { personId, caseId: known.caseId, agrees: expect.arrayContaining(['family']) },
    ]);
    expect(body.person.names[0]).toMatchObject({ family });
    await gateway.http('reader').post(path(second)).send({}).expect(422);
    const somebodyElse = (await take(await received()).expect(201)).body;
    const stranger = await fileOf(somebodyElse.caseId as string);
    expect((await take(second, stranger.personId as string).expect(422)).body.code).toBe('take-over.not-candidate');
    expect((await take(second, first.personId).expect(422)).body.code).toBe('take-over.not-candidate');
    const same = (await take(second, personId as string).expect(201)).body;
    expect((await fileOf(same.caseId as string)).personId).toBe(personId);
    // The file that was there is as it was.
    expect((await fileOf(known.caseId as string)).version).toBe(1);
    const apart = (await take(third).expect(201)).body;
    expect((await fileOf(apart.caseId as string)).personId).not.toBe(personId);
  });

  it('is for the recipient that accepted, and for its staff', async () => {
    const waiting = await received(undefined, null);
    expect((await take(waiting).expect(409)).body.code).toBe('take-over.not-accepted');
    const declined = await received(undefined, 'rejected');
    await look(declined).expect(409);
    const one = await received();
    for (const who of ['caseworker', 'stranger']) {
      await take(one, 'new', who).expect(404);
      await look(one, who).expect(404);
    }
    for (const who of ['recipient', 'agency', 'dpo']) await take(one, 'new', who).expect(403);
  });

  it('is in the log of both, on the person’s report, and refused where the log cannot take it', async () => {
    const one = await received();
    await gateway.database.query('alter table audit_pending rename to audit_pending_away');
    try {
      for (const answer of [await look(one), await take(one)]) {
        expect(answer.status).toBeGreaterThanOrEqual(500);
        expect(answer.text).not.toContain('Grace');
      }
    } finally {
      await gateway.database.query('alter table audit_pending_away rename to audit_pending');
    }
    await take(one).expect(201);
    for (const of of [gateway.sender.organizationId, gateway.recipient.organizationId]) {
      const entries = await gateway.store.asOrganization(of, (tx) =>
        tx.listAudit({ transferId: one.id as TransferId, limit: 50 }),
      );
      expect(entries.map(({ action }) => action)).toEqual(expect.arrayContaining(['transfer.read', 'case.taken-over']));
      expect(entries.find(({ action }) => action === 'case.taken-over')).not.toHaveProperty('personId');
    }
    const report = await gateway.http().get(`/api/v1/persons/${one.personId}/disclosures?lang=en`).expect(200);
    expect(report.body.disclosures[0].followUps.join()).toMatch(/Toit Commun took this over into its own files\./);
    expect(report.body.disclosures[0].readings.length).toBeGreaterThan(0);
  });
});

describe('what may no longer be used', () => {
  it.each(['withdraw', 'object', 'mark', 'purge', 'erase', 'notice'] as const)(
    'is not taken over after: %s',
    async (end) => {
      const one = await received();
      if (end === 'withdraw')
        await gateway.http().post(`/api/v1/consents/${one.consentId}/withdraw`).send({}).expect(200);
      if (end === 'object')
        await gateway
          .http()
          .post(`/api/v1/persons/${one.personId}/contests`)
          .send({ kind: 'objection', words: 'No.' })
          .expect(201);
      if (end === 'mark') {
        const { document } = (await gateway.http().get(`/api/v1/cases/${one.caseId}`).expect(200)).body;
        document.person.about = { names: { source: 'declared', doNotShare: true } };
        await gateway.http().put(`/api/v1/cases/${one.caseId}`).send(document).expect(200);
      }
      if (end === 'purge') await gateway.database.query('update transfer set purge_at = now() where id = $1', [one.id]);
      if (end === 'erase')
        await gateway.store.asOrganization(gateway.sender.organizationId, (tx) =>
          tx.erasePerson(one.personId as PersonId),
        );
      if (end === 'notice') {
        // Told to stop, and a new yes since: what was sent before it stays out of use.
        await gateway.http().post(`/api/v1/consents/${one.consentId}/withdraw`).send({}).expect(200);
        const again = consentFor(one.personId, gateway.recipient.organizationId, { labels: LABELS });
        await gateway.http().post('/fhir/Consent').send(again).expect(201);
      }
      const gone = end === 'purge' || end === 'erase';
      const before = (await cases(gateway.recipient.organizationId)).length;
      for (const answer of [await look(one), await take(one)]) {
        expect(answer.status).toBe(gone ? 410 : 403);
        expect(answer.body.code).toBe(gone ? 'transfer.content-purged' : 'take-over.refused');
        expect(answer.text).not.toMatch(/Grace|deny\.|consent/);
      }
      expect((await cases(gateway.recipient.organizationId)).length).toBe(before);
    },
  );
});

describe('handing a case over washes off nothing', () => {
  const onward = async (caseId: string, recipient: OrganizationId, ground: object = { kind: 'consent' }) => {
    const body = { caseId, recipientOrganizationId: recipient, purpose: 'HOUSING', ground };
    const answer = await gateway
      .http('recipient')
      .post('/api/v1/transfers')
      .set('Idempotency-Key', randomUUID())
      .send(body);
    return answer.status === 202 ? 'permit' : (answer.body.reasons as { code: string }[])[0]!.code;
  };
  const STATUTE = {
    kind: 'statute',
    citation: 'CASF L226-2-2',
    justification: 'x',
    informed: { parties: ['person'], on: '2026-02-01' },
  };
  const DANGER = { kind: 'safeguarding', justification: 'x', informed: { nobodyBecause: 'x' } };
  async function takenWith(rule: Agreement['onward']): Promise<string> {
    await setOnward(rule);
    const { caseId } = (await take(await received()).expect(201)).body;
    const { personId } = await fileOf(caseId as string);
    for (const { organizationId } of [gateway.other, gateway.sender])
      await gateway
        .http('recipient')
        .post('/fhir/Consent')
        .send(consentFor(personId as string, organizationId, { labels: LABELS }))
        .expect(201);
    return caseId as string;
  }

  it.each([
    ['forbidden', { kind: 'forbidden' }, 'deny.onward-forbidden', 'deny.onward-forbidden'],
    ['not said', undefined, 'deny.onward-forbidden', 'deny.onward-forbidden'],
    ['with consent', { kind: 'consented' }, 'permit', 'deny.onward-needs-consent'],
    [
      'to others',
      { kind: 'listed', recipients: ['Somebody else'] },
      'deny.onward-not-listed',
      'deny.onward-not-listed',
    ],
    ['to this one', { kind: 'listed', recipients: [' les tilleuls '] }, 'permit', 'permit'],
  ] as const)(
    'onward disclosure %s holds for what was taken over, in every later version',
    async (_, rule, byConsent, byStatute) => {
      const caseId = await takenWith(rule);
      const { organizationId } = gateway.other;
      expect(await onward(caseId, organizationId)).toBe(byConsent);
      expect(await onward(caseId, organizationId, STATUTE)).toBe(byStatute);
      // A new version of one's own making takes nothing of it away.
      const { document } = await fileOf(caseId);
      const { about: _about, ...person } = document.person;
      await gateway
        .http('recipient')
        .put(`/api/v1/cases/${caseId}`)
        .send({ ...document, person })
        .expect(200);
      expect(await onward(caseId, organizationId, STATUTE)).toBe(byStatute);
      // Back to where it came from, and to protect somebody.
      expect(await onward(caseId, gateway.sender.organizationId)).toBe('permit');
      expect(await onward(caseId, organizationId, DANGER)).toBe('permit');
    },
  );

  it('is decided again with the same terms, years later', async () => {
    const caseId = await takenWith({ kind: 'forbidden' });
    await onward(caseId, gateway.other.organizationId);
    const [row] = await gateway.database.query<{ receipt: { origin?: object } }>(
      `select receipt from decision where organization_id = $1 order by decided_at desc limit 1`,
      [gateway.recipient.organizationId],
    );
    expect(row?.receipt.origin).toEqual({ from: gateway.sender.organizationId, onward: { kind: 'forbidden' } });
  });

  it('what came labelled stays labelled', async () => {
    await setOnward({ kind: 'consented' });
    const one = await received(
      (record) => {
        const [need] = record['needs'] as Record<string, unknown>[];
        need!['about'] = { '*': { source: 'declared', sensitivities: ['addiction'] } };
      },
      'accepted',
      undefined,
      [...LABELS, 'addiction'],
    );
    const { caseId } = (await take(one).expect(201)).body;
    const { document } = await fileOf(caseId as string);
    expect(document.needs[0].about['*'].sensitivities).toContain('addiction');
  });
});
