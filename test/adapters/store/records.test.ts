import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoreTx } from '../../../src/adapters/store/organization-tx.js';
import { createStore } from '../../../src/adapters/store/create-store.js';
import {
  newId,
  type CaseId,
  type ConsentId,
  type OrganizationId,
  type PersonId,
  type TaskId,
  type TransferId,
} from '../../../src/kernel/ids.js';
import type { Preview } from '../../../src/transfer/transfer.js';
import { instant } from '../../../src/kernel/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { dumpDatabase, pgDump } from '../../support/dump-database.js';
import {
  CANARY,
  agreementBetween,
  caseOf,
  handOut,
  newTransfer,
  seed,
  seedOrganization,
  termsOf,
  type Seeded,
} from '../../support/fixtures.js';

let database: TestDatabase;
let seeded: Seeded;
beforeAll(async () => {
  database = await createTestDatabase();
  seeded = await seed(database);
});
afterAll(() => database.drop());

const asSender = <T>(work: (tx: StoreTx) => Promise<T>): Promise<T> =>
  database.store.asOrganization(seeded.sender.organizationId, work);

describe('a case', () => {
  it('gets a version when its content changes and none when it does not', async () => {
    const input = caseOf({ family: 'Martin', given: 'Luc' });
    const first = await asSender((tx) => tx.putCase(input));
    expect(first).toMatchObject({ version: 1, changed: true });
    expect(await asSender((tx) => tx.putCase(input))).toEqual({ ...first, changed: false });
    const content = '{"amount":0.10}';
    expect(await asSender((tx) => tx.putCase({ ...input, content }))).toEqual({ ...first, version: 2, changed: true });
    expect(await asSender((tx) => tx.loadCase(input.caseId))).toMatchObject({
      version: 2,
      content,
      personId: first.personId,
    });
    expect(await asSender((tx) => tx.loadCase(input.caseId, 1))).toMatchObject({ version: 1, content: input.content });
    expect(await asSender((tx) => tx.loadCase(input.caseId, 3))).toBeNull();
  });

  it('keeps its residue with the version that it came with, readable in that place alone', async () => {
    const input = caseOf({ family: 'Martin', given: 'Lou' });
    const residue = { content: '[{"value":0.10}]', mappingVersion: 'maps' };
    const { version } = await asSender((tx) => tx.putCase({ ...input, residue }));
    expect(await asSender((tx) => tx.putCase({ ...input, residue }))).toMatchObject({ version: 1, changed: false });
    const other = { ...residue, content: '[]' };
    expect(await asSender((tx) => tx.putCase({ ...input, residue: other }))).toMatchObject({ version: 2 });
    expect(await asSender((tx) => tx.putCase(input))).toMatchObject({ version: 3, changed: true });
    expect(await asSender((tx) => tx.loadResidue(input.caseId, version))).toEqual(residue);
    expect(await asSender((tx) => tx.loadResidue(input.caseId, 2))).toEqual(other);
    expect(await asSender((tx) => tx.loadResidue(input.caseId, 3))).toBeNull();
    await database.query(
      `insert into residue select organization_id, case_id, 3, person_id, source, mapping_version, content
      from residue where case_id = $1 and version = 1`,
      [input.caseId],
    );
    await expect(asSender((tx) => tx.loadResidue(input.caseId, 3))).rejects.toMatchObject({ code: 'store.unreadable' });
  });

  it('shares its person with the person’s other cases, and freezes while any of them says deceased', async () => {
    const one = caseOf({ family: 'Petit', given: 'Anne' });
    const two = { ...caseOf({ family: 'Petit', given: 'Anne' }), agencyPersonKey: one.agencyPersonKey };
    const { personId } = await asSender((tx) => tx.putCase(one));
    expect(await asSender((tx) => tx.putCase({ ...two, deceased: true }))).toMatchObject({ personId, version: 1 });
    const terms = (caseId: CaseId): Promise<boolean | undefined> =>
      asSender(async (tx) => (await tx.loadTerms({ ...request(), caseId })).subject?.deceased);
    expect(await terms(one.caseId)).toBe(true);
    await asSender((tx) => tx.putCase({ ...one, content: '{}' }));
    expect(await terms(one.caseId)).toBe(true);
    await asSender((tx) => tx.putCase({ ...two, content: '{"corrected":true}', deceased: false }));
    expect(await terms(one.caseId)).toBe(false);
  });

  it('is stored once each by writers at the same time', async () => {
    const input = caseOf({ family: 'Durand', given: 'Zoé' });
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, n) => asSender((tx) => tx.putCase({ ...input, content: `{"n":${n}}` }))),
    );
    expect(new Set(results.map(({ personId }) => personId)).size).toBe(1);
    expect(results.map(({ version }) => version).sort((x, y) => x - y)).toEqual(
      Array.from({ length: 12 }, (_, n) => n + 1),
    );
  });

  it('may be corrected to another person of the agency', async () => {
    const input = caseOf({ family: 'Leroy', given: 'Paul' });
    const first = await asSender((tx) => tx.putCase(input));
    const second = await asSender((tx) => tx.putCase({ ...input, agencyPersonKey: 'somebody-else' }));
    expect(second).toMatchObject({ version: 2, changed: true });
    expect(second.personId).not.toBe(first.personId);
    expect(await asSender((tx) => tx.loadCase(input.caseId))).toMatchObject({ personId: second.personId });
    const found = await asSender((tx) => tx.findCases(input.identity));
    expect(found.filter(({ caseId }) => caseId === input.caseId).map(({ personId }) => personId)).toEqual([
      second.personId,
    ]);
  });

  it('is found by sound, best match first, and by identifier; never by another organization', async () => {
    const near = caseOf({ family: 'Lefebvre', given: 'Hélène' });
    await asSender((tx) => tx.putCase(near));
    const search = { names: [{ family: 'LEFÈVRE', given: ['Helene'] }], birthDate: '1991-05-17', identifiers: [] };
    const found = await asSender((tx) => tx.findCases(search));
    expect(found[0]).toMatchObject({ caseId: near.caseId });
    expect(await database.store.asOrganization(seeded.recipient.organizationId, (tx) => tx.findCases(search))).toEqual(
      [],
    );
    const byNumber = await asSender((tx) => tx.findCases({ names: [], identifiers: near.identity.identifiers }));
    expect(byNumber.map(({ caseId }) => caseId)).toEqual([near.caseId]);
    const sameGiven = await asSender((tx) =>
      tx.findCases({ names: [{ family: 'Unknowable', given: ['Hélène'] }], identifiers: [] }),
    );
    expect(sameGiven.map(({ caseId }) => caseId)).not.toContain(near.caseId);
    expect(await asSender((tx) => tx.findCases({ names: [], identifiers: [] }))).toEqual([]);
  });

  it('is found no more by a name that was corrected', async () => {
    const input = caseOf({ family: 'Wrongname', given: 'Ida' });
    await asSender((tx) => tx.putCase(input));
    const identity = { ...input.identity, names: [{ family: 'Rightname', given: ['Ida'] }], identifiers: [] };
    await asSender((tx) => tx.putCase({ ...input, content: '{"v":2}', identity }));
    const search = (family: string): Promise<readonly CaseId[]> =>
      asSender(async (tx) =>
        (await tx.findCases({ names: [{ family, given: [] }], identifiers: [] })).map(({ caseId }) => caseId),
      );
    expect(await search('Wrongname')).not.toContain(input.caseId);
    expect(await search('Rightname')).toContain(input.caseId);
  });

  it('cannot be read from a ciphertext that was put in another row', async () => {
    const one = caseOf({ family: 'Swap', given: 'One' });
    const two = { ...caseOf({ family: 'Swap', given: 'Two' }), agencyPersonKey: one.agencyPersonKey };
    await asSender((tx) => tx.putCase(one));
    await asSender((tx) => tx.putCase(two));
    await database.query(
      `do $$ begin set local session_replication_role = replica;
         update case_version c set content = o.content from case_version o where c.case_id = '${one.caseId}' and o.case_id = '${two.caseId}'; end $$`,
    );
    await expect(asSender((tx) => tx.loadCase(one.caseId))).rejects.toMatchObject({ code: 'store.unreadable' });
  });
});

const request = () => ({
  senderOrganizationId: seeded.sender.organizationId,
  recipientOrganizationId: seeded.recipient.organizationId,
  caseId: seeded.caseId,
  purpose: 'HOUSING' as const,
});

describe('a consent', () => {
  it('gets a version each time, and refuses a change that read an older one', async () => {
    const id = newId<ConsentId>();
    const { personId } = seeded;
    const put = (expectedVersion?: number): Promise<{ version: number }> =>
      asSender((tx) =>
        tx.putConsent({
          id,
          personId,
          resource: '{"resourceType":"Consent"}',
          terms: termsOf(id, personId, seeded.recipient.organizationId),
          actor: seeded.actor,
          ...(expectedVersion !== undefined && { expectedVersion }),
        }),
      );
    expect(await put()).toEqual({ version: 1 });
    expect(await put(1)).toEqual({ version: 2 });
    await expect(put(1)).rejects.toMatchObject({ code: 'consent.version-conflict', status: 409 });
    const parallel = await Promise.all([put(), put(), put()]);
    expect(parallel.map(({ version }) => version).sort()).toEqual([3, 4, 5]);
    expect(await asSender((tx) => tx.loadConsent(id))).toMatchObject({
      resource: '{"resourceType":"Consent"}',
      terms: { version: 5, id },
    });
    expect((await asSender((tx) => tx.listConsents(personId))).filter(({ terms }) => terms.id === id)).toHaveLength(1);
  });

  it('is recorded for own persons only', async () => {
    const id = newId<ConsentId>();
    const attempt = (organizationId: OrganizationId, personId: PersonId): Promise<unknown> =>
      database.store.asOrganization(organizationId, (tx) =>
        tx.putConsent({
          id,
          personId,
          resource: '{}',
          terms: termsOf(id, personId, organizationId),
          actor: seeded.actor,
        }),
      );
    await expect(attempt(seeded.recipient.organizationId, seeded.personId)).rejects.toMatchObject({ status: 404 });
    await expect(attempt(seeded.sender.organizationId, newId())).rejects.toMatchObject({ status: 404 });
  });
});

describe('the terms of a decision', () => {
  it('are loaded in one round trip', async () => {
    const statements: unknown[] = [];
    const terms = await database.store.asOrganization(seeded.sender.organizationId, async (tx) => {
      const { store } = database;
      const query = (store.pool as unknown as { _clients: { query: (...args: unknown[]) => unknown }[] })._clients;
      for (const client of query) {
        const before = client.query.bind(client);
        client.query = (...args) => (statements.push(args[0]), before(...args));
      }
      return tx.loadTerms(request());
    });
    expect(statements.filter((statement) => typeof statement === 'object')).toHaveLength(1);
    expect(terms).toMatchObject({
      subject: { personId: seeded.personId, caseVersion: 1, deceased: false },
      recipient: { partnerId: seeded.recipient.partnerId, partnerActive: true },
      agreements: [seeded.agreement],
    });
    expect(terms.consents).toContainEqual({
      ...termsOf(seeded.consentId, seeded.personId, seeded.recipient.organizationId),
      version: 1,
    });
  });

  it('leave out consents for others, never those that cannot be read or name nobody', async () => {
    const other = await seedOrganization(database, 'Elsewhere', 'health');
    const { personId } = seeded;
    const record = async (change: object): Promise<ConsentId> => {
      const id = newId<ConsentId>();
      const terms = { ...termsOf(id, personId, seeded.recipient.organizationId), ...change };
      await asSender((tx) => tx.putConsent({ id, personId, resource: '{}', terms, actor: seeded.actor }));
      return id;
    };
    const forRecipient = await record({});
    const unreadable = await record({ status: 'unreadable' });
    const toAnybody = await record({ rules: [{ type: 'deny' }] });
    const noRules = await record({ status: 'rejected', rules: [] });
    const nested = await record({
      rules: [
        {
          type: 'permit',
          recipients: [seeded.recipient.organizationId],
          exceptions: [{ type: 'deny', recipients: [other.organizationId] }],
        },
      ],
    });
    const terms = await asSender((tx) => tx.loadTerms({ ...request(), recipientOrganizationId: other.organizationId }));
    expect(terms.consents.map(({ id }) => id).sort()).toEqual([unreadable, toAnybody, noRules, nested].sort());
    expect(terms.consents.map(({ id }) => id)).not.toContain(forRecipient);
  });

  it('say unknown case, unknown recipient and recipient without a system apart', async () => {
    const bare = newId<OrganizationId>();
    await database.query(
      `insert into organization (id, name, sector, function_en, function_fr, secrecy) values ($1, 'Guest', 'social', 'x', 'x', 'none')`,
      [bare],
    );
    const terms = (change: object) => asSender((tx) => tx.loadTerms({ ...request(), ...change }));
    expect((await terms({ caseId: 'none' })).subject).toBeNull();
    expect((await terms({ recipientOrganizationId: newId() })).recipient).toBeNull();
    expect((await terms({ recipientOrganizationId: 'not-an-id' })).recipient).toBeNull();
    expect((await terms({ recipientOrganizationId: bare })).recipient).toEqual({
      partnerId: null,
      partnerActive: false,
    });
  });
});

describe('an agreement', () => {
  it('grows by one version at a time, and is seen by its parties', async () => {
    const agreement = agreementBetween(seeded.sender.organizationId, seeded.recipient.organizationId);
    const put = (change: object): Promise<void> =>
      asSender((tx) => tx.putAgreement({ ...agreement, ...change }, seeded.actor));
    await put({});
    await expect(put({})).rejects.toMatchObject({ code: 'agreement.version-conflict' });
    await put({ version: 2, status: 'suspended' });
    await expect(put({ version: 2 })).rejects.toMatchObject({ code: 'agreement.version-conflict' });
    await expect(put({ version: 4 })).rejects.toMatchObject({ code: 'agreement.version-conflict' });
    const seen = await database.store.asOrganization(seeded.recipient.organizationId, (tx) =>
      tx.loadAgreement(agreement.id),
    );
    expect(seen).toMatchObject({ version: 2, status: 'suspended' });
    expect(await asSender((tx) => tx.loadAgreement(agreement.id, 1))).toEqual(agreement);
    expect(
      (await asSender((tx) => tx.loadTerms(request()))).agreements.find(({ id }) => id === agreement.id),
    ).toMatchObject({ version: 2 });
  });

  it('cannot be written by a stranger, nor taken over by its id', async () => {
    const stranger = await seedOrganization(database, 'Stranger', 'social');
    const put = (change: object): Promise<void> =>
      database.store.asOrganization(stranger.organizationId, (tx) =>
        tx.putAgreement({ ...seeded.agreement, ...change }, seeded.actor),
      );
    await expect(put({ version: 2 })).rejects.toMatchObject({ status: 404 });
    const parties = [stranger.organizationId, seeded.recipient.organizationId];
    await expect(put({ parties })).rejects.toMatchObject({ status: 409 });
    await expect(put({ parties, version: 2 })).rejects.toMatchObject({ status: 409 });
  });
});

describe('what is at rest', () => {
  it('holds no planted value, not even in base64 or hexadecimal', async () => {
    const values = [
      CANARY,
      'Zanzibarova',
      'Xylothene',
      '1987-03-21',
      'SECRET-ID-4711',
      'Wordsfrompartner',
      'Justified-because-Q',
    ];
    const input = caseOf(
      { family: 'Zanzibarova', given: 'Xylothene' },
      {
        agencyPersonKey: 'SECRET-ID-4711',
        content: JSON.stringify({ values }),
        identity: {
          names: [{ family: 'Zanzibarova', given: ['Xylothene'] }],
          birthDate: '1987-03-21',
          identifiers: [{ system: 'https://agency.example', value: 'SECRET-ID-4711' }],
        },
      },
    );
    const transfer = newTransfer(seeded);
    const stated = {
      ...transfer.permit.request,
      ground: { kind: 'statute', citation: 'CASF L226-2-2', justification: 'Justified-because-Q' },
    };
    await asSender(async (tx) => {
      await tx.putCase(input);
      await tx.reserveIdempotencyKey('SECRET-ID-4711', 'a'.repeat(64), transfer.id);
      await tx.insertTransfer({
        ...transfer,
        permit: { ...transfer.permit, request: stated } as typeof transfer.permit,
      });
    });
    await handOut(database, transfer.id);
    const claim = (await database.store.dispatch.claim(transfer.id, 30_000))!;
    expect((await asSender((tx) => tx.loadSending(claim)))?.request.ground).toEqual(stated.ground);
    await asSender(async (tx) => {
      await tx.finishDelivered(claim, { status: 200, digest: 'd', location: null });
      await tx.recordReferral({
        transferId: transfer.id,
        status: 'accepted',
        message: 'Wordsfrompartner',
        actor: seeded.actor,
      });
    });
    const dumps = [await dumpDatabase(database.url), pgDump(database.url) ?? ''];
    expect(dumps[0]).toContain(transfer.id);
    for (const dump of dumps) {
      const text = dump.toLowerCase();
      for (const value of values) {
        const bytes = Buffer.from(value);
        for (const form of [value, bytes.toString('hex'), ...base64Forms(bytes)])
          expect(text.includes(form.toLowerCase())).toBe(false);
      }
    }
  });

  it('would be found by that search, were it stored in clear', async () => {
    await database.query(`create table leak (a text, b bytea)`);
    await database.query('insert into leak values ($1, $2)', ['in-clear-Q', Buffer.from('in-bytes-Q')]);
    const dump = await dumpDatabase(database.url);
    expect(dump).toContain('in-clear-Q');
    expect(dump).toContain('in-bytes-Q');
    await database.query('drop table leak');
  });

  it('is useless under another master key', async () => {
    const thief = createStore({ url: database.url, masterKey: new Uint8Array(32).fill(7) });
    await expect(
      thief.asOrganization(seeded.sender.organizationId, (tx) => tx.loadCase(seeded.caseId)),
    ).rejects.toMatchObject({
      code: 'store.unreadable',
    });
    await thief.close();
  });
});

/** Base64 of the value at each of the three places it can have in a longer text, without the ends that depend on it. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return text.slice(shift === 0 ? 0 : shift + 1, -1);
  });
}

const PREVIEW_DIGEST = 'c'.repeat(64);
const previewOf = ({ personId, agreement }: Seeded): Preview => ({
  digest: PREVIEW_DIGEST,
  transferId: newId<TransferId>(),
  taskId: newId<TaskId>(),
  at: instant('2026-02-09T10:20:00Z'),
  personId,
  caseVersion: 1,
  permitted: 1,
  agreement: { id: agreement.id, version: 1 },
  mappingVersion: 'mapping-1',
  requestDigest: 'd',
  elements: [{ path: '/person/id', hash: CANARY }],
  expiresAt: instant('2126-02-09T10:20:00Z'),
});

describe('a preview', () => {
  it('is taken once, by its own organization, and within its time', async () => {
    const own = await createTestDatabase();
    try {
      const there = await seed(own);
      const as = <T>(work: (tx: StoreTx) => Promise<T>, organization = there.sender): Promise<T> =>
        own.store.asOrganization(organization.organizationId, work);
      await as((tx) => tx.putPreview(previewOf(there)));
      const stored = await own.query<{ elements: Buffer }>('select elements from relais.preview');
      expect(stored[0]!.elements.includes(CANARY)).toBe(false);
      expect(await as((tx) => tx.takePreview(PREVIEW_DIGEST), there.recipient)).toBeNull();
      await expect(
        as(async (tx) => {
          await tx.takePreview(PREVIEW_DIGEST);
          throw new Error('what comes after fails');
        }),
      ).rejects.toThrow('what comes after fails');
      expect(await as((tx) => tx.takePreview(PREVIEW_DIGEST))).toMatchObject({ elements: [{ path: '/person/id' }] });
      expect(await as((tx) => tx.takePreview(PREVIEW_DIGEST))).toBeNull();
      await as((tx) => tx.putPreview({ ...previewOf(there), expiresAt: instant('2026-02-09T10:21:00Z') }));
      expect(await as((tx) => tx.takePreview(PREVIEW_DIGEST))).toBeNull();
      expect(await own.store.deleteExpiredPreviews()).toBe(1);
    } finally {
      await own.drop();
    }
  });
});

describe('erasing a person', () => {
  it('leaves ids, codes and times, and an audit log that still verifies', async () => {
    const own = await createTestDatabase();
    try {
      const there = await seed(own);
      const as = <T>(work: (tx: StoreTx) => Promise<T>): Promise<T> =>
        own.store.asOrganization(there.sender.organizationId, work);
      const [sent, waiting, wired] = [newTransfer(there), newTransfer(there), newTransfer(there)];
      await as(async (tx) => {
        for (const transfer of [sent, waiting, wired]) await tx.insertTransfer(transfer);
        await tx.putPreview(previewOf(there));
        await tx.audit({
          action: 'case.stored',
          outcome: 'success',
          actor: there.actor,
          organizations: [tx.organizationId],
          personId: there.personId,
        });
      });
      for (const { id } of [sent, wired]) await handOut(own, id);
      const claim = (await own.store.dispatch.claim(sent.id, 30_000))!;
      await as((tx) => tx.finishDelivered(claim, { status: 200, digest: 'd', location: null }));
      const live = (await own.store.dispatch.claim(wired.id, 30_000))!;
      await expect(as((tx) => tx.erasePerson(there.personId))).rejects.toMatchObject({
        code: 'person.delivery-live',
        status: 503,
      });
      await as((tx) => tx.finishFailed(live, 'http-400', { sign: 'answers' }));
      await own.store.sequenceOnce();

      expect(await as((tx) => tx.erasePerson(there.personId))).toEqual({ erased: true });
      expect(await as((tx) => tx.erasePerson(there.personId))).toEqual({ erased: false });
      await as(async (tx) => {
        expect(await tx.loadCase(there.caseId)).toBeNull();
        expect(await tx.loadResidue(there.caseId, 1)).toBeNull();
        expect(await tx.loadConsent(there.consentId)).toBeNull();
        expect(await tx.listConsents(there.personId)).toEqual([]);
        expect(await tx.personExists(there.personId)).toBe(false);
        expect(await tx.findCases(caseOf({ family: 'Okafor', given: 'Grace' }).identity)).toEqual([]);
        expect(await tx.loadWire(sent.id)).toBeNull();
        for (const { id } of [sent, waiting, wired]) expect(await tx.commitmentSaltOf(id)).toBeNull();
        expect(await tx.takePreview(PREVIEW_DIGEST)).toBeNull();
        expect((await tx.loadTerms({ ...request(), ...idsOf(there) })).subject).toBeNull();
        expect(await tx.loadTransfer(waiting.id)).toMatchObject({ status: 'cancelled' });
        expect((await tx.disclosuresOf(there.personId)).map(({ transfer }) => transfer.id)).toContain(sent.id);
      });
      expect(await own.store.dispatch.claim(waiting.id, 1_000)).toBeNull();
      expect(await own.query('select from person where wrapped_key is not null or key_hash is not null')).toEqual([]);
      expect(await own.query('select from person_index')).toEqual([]);
      expect(await own.query('select from transfer_content')).toEqual([]);
      expect(await own.store.verifyAudit()).toMatchObject({ ok: true, unsequenced: 0, entries: 1 });
      // The agency may meet the same person again: a new person with a new key.
      const again = await as((tx) =>
        tx.putCase({ ...caseOf({ family: 'Okafor', given: 'Grace' }), agencyPersonKey: `person-of-${there.caseId}` }),
      );
      expect(again.personId).not.toBe(there.personId);
    } finally {
      await own.drop();
    }
  });

  const idsOf = (there: Seeded) => ({
    senderOrganizationId: there.sender.organizationId,
    recipientOrganizationId: there.recipient.organizationId,
    caseId: there.caseId,
  });
});

describe('a transaction', () => {
  it('has one time, the database’s', async () => {
    await asSender(async (tx) => {
      const first = await tx.now();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(await tx.now()).toBe(first);
      expect(instant(first)).toBe(first);
    });
  });

  it('is done again after a deadlock, and leaves nothing of what failed', async () => {
    const [one, two] = [caseOf({ family: 'Dead', given: 'Lock' }), caseOf({ family: 'Live', given: 'Lock' })];
    for (const input of [one, two]) await asSender((tx) => tx.putCase(input));
    let attempts = 0;
    const write = (first: typeof one, second: typeof one, content: string): Promise<void> =>
      asSender(async (tx) => {
        attempts += 1;
        await tx.putCase({ ...first, content });
        await new Promise((resolve) => setTimeout(resolve, 100));
        await tx.putCase({ ...second, content });
      });
    await Promise.all([write(one, two, '{"by":1}'), write(two, one, '{"by":2}')]);
    expect(attempts).toBeGreaterThan(2);
    expect(await asSender((tx) => tx.loadCase(one.caseId))).toMatchObject({ version: 3 });
    expect(await asSender((tx) => tx.loadCase(two.caseId))).toMatchObject({ version: 3 });
  });

  it('that finds no connection asks to come back later', async () => {
    const small = createStore({ url: database.url, masterKey: database.masterKey, maxConnections: 1, waitMs: 400 });
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    await small.ping();
    const busy = small.asOrganization(seeded.sender.organizationId, () => gate);
    await expect(small.asOrganization(seeded.sender.organizationId, (tx) => tx.now())).rejects.toMatchObject({
      code: 'store.unavailable',
      status: 503,
      retryAfterSeconds: 1,
    });
    release();
    await busy;
    await small.close();
  });

  it('that lost its server says so, and the next one works again', async () => {
    await expect(
      asSender(async () => {
        await database.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'relais_app'`,
        );
        await database.store.pool.query('select 1').catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 50));
        return (await asSender((tx) => tx.listAgreements())).length;
      }),
    ).rejects.toMatchObject({ code: 'store.unavailable', status: 503 });
    expect(await asSender((tx) => tx.personExists(seeded.personId))).toBe(true);
  });

  it('tells nothing of what PostgreSQL says about values', async () => {
    const failing = asSender(async (tx) => {
      const transfer = newTransfer(seeded);
      await tx.insertTransfer(transfer);
      await tx.insertTransfer(transfer);
    });
    const error = (await failing.catch((reason: unknown) => reason)) as Error;
    expect(error).toMatchObject({ code: 'store.failed', details: { sqlState: '23505', constraint: 'transfer_pkey' } });
    expect(error.cause).toBeUndefined();
  });

  it('for an organization that is no id is nobody’s', async () => {
    await expect(
      database.store.asOrganization(`'; drop table x; --` as OrganizationId, (tx) => tx.now()),
    ).rejects.toMatchObject({ status: 404 });
  });

  it('commits nothing when a statement inside failed and was ignored', async () => {
    const input = caseOf({ family: 'Ignored', given: 'Failure' });
    await expect(
      asSender(async (tx) => {
        await tx.putCase(input);
        const transfer = newTransfer(seeded);
        await tx.insertTransfer(transfer);
        await tx.insertTransfer(transfer).catch(() => undefined);
      }),
    ).rejects.toThrow('rolled back');
    expect(await asSender((tx) => tx.loadCase(input.caseId))).toBeNull();
  });

  it('commits nothing when an entry of the log is refused, and says which statement it was', async () => {
    const input = caseOf({ family: 'Refused', given: 'Entry' });
    const nobodys = { action: 'case.read', outcome: 'success', actor: seeded.actor, organizations: [] } as const;
    const refused = { code: 'store.failed', details: { sqlState: '42501' } };
    const last = asSender(async (tx) => {
      await tx.putCase(input);
      await tx.audit(nobodys);
    });
    await expect(last).rejects.toMatchObject(refused);
    const inTheMiddle = asSender(async (tx) => {
      await tx.audit(nobodys);
      await tx.putCase(input);
    });
    await expect(inTheMiddle).rejects.toMatchObject(refused);
    // One that never reaches the database must not be passed over by the commit either.
    const organizations = [seeded.sender.organizationId];
    const unwritable = { ...nobodys, organizations, codes: { n: 1n as unknown as number } };
    const notSent = asSender(async (tx) => {
      await tx.putCase(input);
      await tx.audit(unwritable);
    });
    await expect(notSent).rejects.toThrow();
    expect(await asSender((tx) => tx.loadCase(input.caseId))).toBeNull();
  });
});
