import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertRuntimeLogin, createPool } from '../../../src/adapters/store/connection/pool.js';
import {
  newId,
  type ContestId,
  type DeclinedShareId,
  type NoticeId,
  type OrganizationId,
  type ReminderId,
  type StaffId,
} from '../../../src/kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { handOut, newTransfer, seed, seedBetween, type Seeded } from '../../support/fixtures.js';

/** Columns that say whose a row is. */
const TENANT = ['organization_id', 'sender_organization_id', 'recipient_organization_id', 'organizations', 'parties'];
/** Tables without a tenant: the directory that is public to all, and what only the system itself touches. */
const WITHOUT_TENANT = [
  'migration',
  'organization',
  'partner',
  'mapping_version',
  'audit_head',
  'audit_node',
  'audit_checkpoint',
  'audit_key',
  'partner_delivery',
  'delivery_switch',
  'partner_test',
];
const APPEND_ONLY = [
  'case_version',
  'residue',
  'consent_version',
  'consent_evidence',
  'agreement_version',
  'agreement_original',
  'break_glass_review',
  'mapping_version',
  'audit_entry',
  'audit_log',
  'audit_node',
  'audit_checkpoint',
  'audit_key',
  'transfer_event',
  'receipt',
];

let database: TestDatabase;
/** A and B share a recipient; A and B are strangers. */
let a: Seeded;
let b: Seeded;
beforeAll(async () => {
  database = await createTestDatabase();
  a = await seed(database);
  b = await seed(database);
  for (const seeded of [a, b]) {
    const { store } = database;
    const transfer = newTransfer(seeded);
    await store.asOrganization(seeded.sender.organizationId, async (tx) => {
      await tx.putOriginal(
        {
          agreementId: seeded.agreement.id,
          version: 1,
          mediaType: 'application/pdf',
          content: Buffer.from('%PDF-'),
          digest: 'a'.repeat(64),
        },
        seeded.agreement.parties,
        seeded.actor,
      );
      await tx.reserveIdempotencyKey('key', 'a'.repeat(64), transfer.id);
      await tx.insertTransfer(transfer);
      await tx.announce(transfer.id, 'transfer.status');
      const { actor, personId } = seeded;
      const staffId = newId<StaffId>();
      await tx.putDraft({ caseId: seeded.caseId, staffId, part: 'send', personId, content: '{}' });
      const entry = { list: 'interventions', entryId: newId(), version: 1, actor } as const;
      await tx.putWrittenEntry({ caseId: seeded.caseId, ...entry });
      await tx.openFile({ staffId, file: personId, most: 1 });
      await tx.countSearch({ actorId: staffId, most: 1 });
      await tx.noteUnusual({ kind: 'files', actor, most: 1 });
      await tx.putGlassReview({ transferId: transfer.id, personId, outcome: 'justified', note: 'n', actor });
      await tx.deferNotice({ transferId: transfer.id, personId, reason: 'r', reviewOn: '2999-01-01', actor });
      await tx.audit({
        action: 'transfer.permitted',
        outcome: 'success',
        actor: seeded.actor,
        organizations: [seeded.sender.organizationId],
      });
    });
    await handOut(database, transfer.id);
    const claim = await store.dispatch.claim(transfer.id, 30_000);
    await store.asOrganization(seeded.sender.organizationId, (tx) =>
      tx.finishDelivered(claim!, { status: 201, digest: 'd', location: null }),
    );
    await store.asOrganization(seeded.sender.organizationId, async (tx) => {
      const evidence = { kind: 'verbal', formVersion: null, copyGiven: true, witness: 'w', attachment: null } as const;
      await tx.putEvidence(seeded.consentId, evidence, seeded.actor);
      const of = { transferId: transfer.id, personId: seeded.personId, dueAt: await tx.now() };
      const recipientOrganizationId = seeded.recipient.organizationId;
      const notice = {
        id: newId<NoticeId>(),
        kind: 'stop-using',
        reference: 'R',
        corrected: null,
        message: {},
      } as const;
      await tx.putNotice({ ...of, ...notice, recipientOrganizationId });
      const reminder = { id: newId<ReminderId>(), period: '1', issuedBy: seeded.actor, message: {} } as const;
      await tx.putReminder({ transferId: transfer.id, ...reminder, recipientOrganizationId });
      const contest = { id: newId<ContestId>(), kind: 'objection', words: 'w', actor: seeded.actor } as const;
      await tx.putContest({ ...of, ...contest, recipientOrganizationId });
      const declined = { id: newId<DeclinedShareId>(), purpose: 'HOUSING', reason: 'other', words: 'w' } as const;
      await tx.putDeclinedShare({ ...declined, personId: seeded.personId, recipientOrganizationId });
    });
    await store.sequenceOnce();
    await store.asOrganization(seeded.sender.organizationId, (tx) =>
      tx.audit({ action: 'case.read', outcome: 'success', actor: seeded.actor, organizations: [tx.organizationId] }),
    );
  }
});
afterAll(() => database.drop());

async function asApp<T>(
  organizationId: OrganizationId | null,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    if (organizationId !== null)
      await client.query(`select set_config('relais.organization', $1, true)`, [organizationId]);
    return await work(client);
  } finally {
    await client.query('rollback');
    client.release();
  }
}
let pool: pg.Pool;
beforeAll(() => {
  pool = database.pool('relais_app');
});

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
}

async function tables(): Promise<Table[]> {
  return database.query<Table & pg.QueryResultRow>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = 'relais'::regnamespace and c.relkind in ('r', 'p') group by 1 order by 1`,
  );
}

/** SQL condition: the row is (also) of this organization. */
function belongsTo({ columns }: Table, parameter: string): string {
  const conditions = columns
    .filter((column) => TENANT.includes(column))
    .map((column) =>
      column === 'organizations' || column === 'parties'
        ? `${parameter} = any (${column})`
        : `${column} = ${parameter}`,
    );
  return `(${conditions.join(' or ')})`;
}

describe('every table', () => {
  it('has row level security enabled and forced, and a policy', async () => {
    const open = await database.query(
      `select c.relname from pg_class c
        where c.relnamespace = 'relais'::regnamespace and c.relkind in ('r', 'p')
          and not (c.relrowsecurity and c.relforcerowsecurity
                   and exists (select from pg_policy p where p.polrelid = c.oid))`,
    );
    expect(open).toEqual([]);
  });

  it('carries its organization, or is known to need none', async () => {
    const without = (await tables()).filter(({ columns }) => !columns.some((column) => TENANT.includes(column)));
    const identity = /^(staff|session|sign_in|signing|used|oidc|key|replay|installation)/;
    expect(
      without.map(({ name }) => name).filter((name) => !WITHOUT_TENANT.includes(name) && !identity.test(name)),
    ).toEqual([]);
  });

  it('has no view or table that the runtime roles own or may give away', async () => {
    const owned = await database.query(
      `select relname from pg_class where relowner in (select oid from pg_roles where rolname like 'relais\\_%')`,
    );
    expect(owned).toEqual([]);
    // Two are known: they take nothing, answer nothing, and only count rows for the planner (0004_import_statistics.sql,
    // 0033_growth_statistics.sql).
    const definers = await database.query(
      `select proname, pronargs, prorettype::regtype::text as answers from pg_proc where pronamespace = 'relais'::regnamespace and prosecdef
          and (has_function_privilege('relais_app', oid, 'execute') or has_function_privilege('relais_worker', oid, 'execute'))
        order by proname`,
    );
    expect(definers).toEqual([
      { proname: 'analyze_grown', pronargs: 0, answers: 'void' },
      { proname: 'analyze_imports', pronargs: 0, answers: 'void' },
    ]);
  });
});

describe('row level security alone', () => {
  it('hides B’s rows from A in every table', async () => {
    const seen: string[] = [];
    for (const table of await tables()) {
      if (
        !table.columns.some((column) => TENANT.includes(column)) ||
        table.name === 'mapping_version' ||
        table.name === 'partner'
      )
        continue;
      const foreign = `${belongsTo(table, '$1')} and not ${belongsTo(table, '$2')}`;
      const values = [b.sender.organizationId, a.sender.organizationId];
      const [behind] = await database.query<{ n: string }>(
        `select count(*) as n from ${table.name} where ${foreign}`,
        values,
      );
      const readable = await database.query<{ may: boolean }>(
        `select has_any_column_privilege('relais_app', $1, 'select') as may`,
        [`relais.${table.name}`],
      );
      if (!readable[0]!.may) continue;
      const visible = await asApp(a.sender.organizationId, (client) =>
        client.query(`select 1 from ${table.name} where ${foreign}`, values),
      );
      expect({ table: table.name, visible: visible.rowCount }).toEqual({ table: table.name, visible: 0 });
      // The same question asked for A's own rows: it is the policy that hides, not an empty table.
      if (Number(behind!.n) > 0) {
        const own = await asApp(b.sender.organizationId, (client) =>
          client.query(`select 1 from ${table.name} where ${foreign}`, values),
        );
        expect({ table: table.name, own: own.rowCount }).toEqual({ table: table.name, own: Number(behind!.n) });
        seen.push(table.name);
      }
    }
    expect(seen).toEqual(
      expect.arrayContaining([
        'agreement',
        'agreement_version',
        'agreement_original',
        'announcement',
        'break_glass_review',
        'notice_deferral',
        'audit_entry',
        'audit_log',
        'case_version',
        'consent_evidence',
        'consent_version',
        'contest',
        'declined_share',
        'draft',
        'file_opening',
        'idempotency_key',
        'notice',
        'outbox',
        'person',
        'person_index',
        'receipt',
        'referral',
        'reminder',
        'residue',
        'transfer',
        'transfer_content',
        'transfer_event',
        'written_entry',
        'search_count',
        'unusual_access',
      ]),
    );
  });

  it('shows nothing at all when no organization was set', async () => {
    for (const name of ['person', 'case_version', 'residue', 'transfer', 'audit_entry', 'agreement']) {
      expect((await asApp(null, (client) => client.query(`select 1 from ${name}`))).rowCount).toBe(0);
    }
  });

  it('keeps a transfer from its recipient until it is delivered', async () => {
    const waiting = newTransfer(a);
    await database.store.asOrganization(a.sender.organizationId, (tx) => tx.insertTransfer(waiting));
    for (const [table, column] of [
      ['transfer', 'id'],
      ['transfer_content', 'transfer_id'],
      ['transfer_event', 'transfer_id'],
    ] as const) {
      const query = `select 1 from ${table} where ${column} = $1`;
      expect((await asApp(a.recipient.organizationId, (client) => client.query(query, [waiting.id]))).rowCount).toBe(0);
      expect((await asApp(a.sender.organizationId, (client) => client.query(query, [waiting.id]))).rowCount).toBe(1);
    }
  });

  it.each([
    [
      'a person',
      'insert into person (id, organization_id, key_hash, wrapped_key) values (gen_random_uuid(), $1, $2, $2)',
    ],
    [
      'an audit entry',
      `insert into audit_entry (id, entry) select i, jsonb_build_object('id', i, 'organizations', jsonb_build_array($1::text), 'x', $2::text)
       from (select gen_random_uuid() i) t`,
    ],
    [
      'an outbox row',
      `insert into outbox (transfer_id, organization_id, recipient_organization_id, partner_id, person_id, consent_ids, due_at, next_attempt_at)
       select transfer_id, $1::uuid, $1::uuid, partner_id, person_id, '{}', now(), now() from outbox where $2::text is not null`,
    ],
  ])('lets nobody write %s in another’s name', async (_what, sql) => {
    const attempt = asApp(a.sender.organizationId, (client) => client.query(sql, [b.sender.organizationId, 'x']));
    await expect(attempt).rejects.toMatchObject({ code: '42501' });
  });

  it('changes nothing of another organization', async () => {
    const updated = await asApp(a.sender.organizationId, (client) =>
      client.query(`update person set deceased = true where organization_id = $1`, [b.sender.organizationId]),
    );
    expect(updated.rowCount).toBe(0);
    const recipient = await asApp(a.recipient.organizationId, (client) =>
      client.query(`update transfer set status = 'failed'`),
    );
    expect(recipient.rowCount).toBe(0);
  });

  it('answers the same for another’s id as for one that does not exist', async () => {
    const { store } = database;
    await store.asOrganization(a.sender.organizationId, async (tx) => {
      for (const [caseId, consentId, personId, agreementId] of [
        [b.caseId, b.consentId, b.personId, b.agreement.id],
        ['case-none', newId(), newId(), newId()],
      ] as const) {
        expect(await tx.loadCase(caseId as never)).toBeNull();
        expect(await tx.loadResidue(caseId as never, 1)).toBeNull();
        expect(await tx.loadConsent(consentId as never)).toBeNull();
        expect(await tx.personExists(personId as never)).toBe(false);
        expect(await tx.loadAgreement(agreementId as never)).toBeNull();
        expect(await tx.disclosuresOf(personId as never)).toEqual([]);
      }
    });
  });
});

describe('append-only tables', () => {
  it.each(APPEND_ONLY)('%s refuses a change: no grant for relais_app, a trigger for the owner', async (name) => {
    for (const sql of [`delete from ${name}`, `truncate ${name} cascade`]) {
      await expect(asApp(a.sender.organizationId, (client) => client.query(sql))).rejects.toMatchObject({
        code: '42501',
      });
    }
    const column = (await tables()).find((table) => table.name === name)!.columns[0]!;
    const update = `update ${name} set ${column} = ${column}`;
    await expect(asApp(a.sender.organizationId, (client) => client.query(update))).rejects.toMatchObject({
      code: '42501',
    });
    await expect(database.query(`truncate ${name} cascade`)).rejects.toMatchObject({ code: '23001' });
    // Sixteen entries make the first node.
    if (name === 'audit_node') await database.query(`insert into audit_node values (15, 4, sha256('node'))`);
    if (name === 'mapping_version')
      await database.query(`insert into mapping_version (version, name, files) values ('1', 'case', '{}')`);
    await expect(database.query(`delete from ${name}`)).rejects.toMatchObject({ code: '23001' });
  });
});

describe('the runtime roles', () => {
  it('are what a connection acts as, whatever its login may do', async () => {
    for (const role of ['relais_app', 'relais_worker', 'relais_identity'] as const) {
      const { rows } = await database
        .pool(role)
        .query<{ role: string; powerful: boolean }>(
          `select current_user as role, (select rolsuper or rolbypassrls or rolcanlogin or rolcreaterole from pg_roles where rolname = current_user) as powerful`,
        );
      expect(rows[0]).toEqual({ role, powerful: false });
    }
  });

  it('let the worker see leases, ids and times, and no record', async () => {
    const worker = database.pool('relais_worker');
    for (const sql of [
      'select * from person',
      'select * from case_version',
      'select * from residue',
      'select * from consent_version',
      'select wire from transfer_content',
      'select wrapped_key from transfer_content',
      'select reasons from transfer',
      'select stated from transfer',
      'select message from transfer_event',
      'select * from partner',
      'select * from agreement',
      'update transfer set status = status',
      'insert into receipt select * from receipt',
      'delete from outbox',
      'update audit_entry set entry = entry',
      'delete from audit_log',
    ]) {
      await expect(worker.query(sql), sql).rejects.toMatchObject({ code: '42501' });
    }
    expect((await worker.query('select transfer_id from outbox')).rowCount).toBeGreaterThan(0);
  });

  it('let the worker delete no content before its term', async () => {
    expect((await database.pool('relais_worker').query('delete from transfer_content')).rowCount).toBe(0);
  });

  it('let identity register systems and see no case', async () => {
    const identity = database.pool('relais_identity');
    for (const sql of [
      'select * from person',
      'select * from case_version',
      'select * from residue',
      'select * from transfer',
      'select * from audit_entry',
    ]) {
      await expect(identity.query(sql), sql).rejects.toMatchObject({ code: '42501' });
    }
    expect((await identity.query(`update partner set name = name`)).rowCount).toBe(4);
    await expect(
      asApp(a.sender.organizationId, (client) => client.query('update partner set name = name')),
    ).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('are demanded of the login in production: no superuser, no BYPASSRLS, no owner', async () => {
    await expect(assertRuntimeLogin(pool)).rejects.toMatchObject({ code: 'store.login-too-powerful' });
    const name = `relais_login_${newId<string>().replaceAll('-', '')}`;
    await database.query(`create role ${name} login password 'pw' noinherit`);
    await database.query(`grant relais_app, relais_worker, relais_identity to ${name}`);
    const url = new URL(database.url);
    url.username = name;
    url.password = 'pw';
    const plain = createPool({ url: url.href, role: 'relais_app', max: 1 });
    try {
      await expect(assertRuntimeLogin(plain)).resolves.toBeUndefined();
      await database.query(`alter role ${name} bypassrls`);
      await expect(assertRuntimeLogin(plain)).rejects.toMatchObject({ code: 'store.login-too-powerful' });
      await database.query(`alter role ${name} nobypassrls`);
      await database.query(`create table mine (x int)`);
      await database.query(`alter table mine owner to ${name}`);
      await expect(assertRuntimeLogin(plain)).rejects.toMatchObject({ code: 'store.login-too-powerful' });
      await database.query(`drop table mine`);
    } finally {
      await plain.end();
      await database.query(`drop role ${name}`);
    }
  });
});

it('a partner that serves two organizations is seen by neither’s enemy', async () => {
  // A third organization under agreement with A's recipient sees nothing of A's agreement.
  const c = await seedBetween(database, b.recipient, a.recipient);
  const seen = await database.store.asOrganization(c.sender.organizationId, (tx) => tx.listAgreements());
  expect(seen.map(({ current }) => current.id).sort()).toEqual([b.agreement.id, c.agreement.id].sort());
});
