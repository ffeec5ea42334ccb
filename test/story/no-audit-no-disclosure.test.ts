import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../src/domain/audit/checkpoint.js';
import { checkProvenEntry } from '../../src/domain/audit/proven-entry.js';
import { readVerifier } from '../../src/domain/audit/signed-note.js';
import type { TransferId } from '../../src/kernel/ids.js';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';
import { runCli } from '../cli/run-cli.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
  // What a full disk looks like to whoever inserts.
  await gateway.database.query(`
    create function relais.full_disk() returns trigger language plpgsql as
      $$ begin raise exception 'no space left on device' using errcode = 'disk_full'; end $$`);
}, 60_000);
afterAll(() => gateway.close());

const refuse = (table: string) =>
  gateway.database.query(
    `create trigger full_disk before insert on ${table} for each row execute function relais.full_disk()`,
  );
const accept = () =>
  gateway.database.query(
    'drop trigger if exists full_disk on audit_entry; drop trigger if exists full_disk on audit_pending',
  );
afterEach(accept);

async function consented() {
  const { caseId, personId } = await gateway.putCase();
  await gateway.http().post('/fhir/Consent').send(consentFor(personId, gateway.recipient.organizationId)).expect(201);
  return { caseId, personId };
}
const actionsOf = async (id: string): Promise<readonly string[]> =>
  (
    await gateway.store.asOrganization(gateway.sender.organizationId, (tx) =>
      tx.listAudit({ transferId: id as TransferId, limit: 50 }),
    )
  ).map(({ action }) => action);

describe.each(['audit_entry', 'audit_pending'])('while %s takes no write', (table) => {
  it('nothing is sent: no byte leaves before its intent is written down', async () => {
    const { caseId } = await consented();
    const { id } = (await gateway.ask(caseId).expect(202)).body as { id: string };
    const before = gateway.door.sent.length;
    await refuse(table);
    await expect(gateway.deliver(id)).rejects.toMatchObject({ status: 503 });
    expect(gateway.door.sent).toHaveLength(before);
    expect(await actionsOf(id)).not.toContain('disclosure.intent');

    await accept();
    // The lease of the attempt that failed runs out first.
    let outcome = await gateway.deliver(id);
    for (let round = 0; outcome === 'not-ours' && round < 100; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      outcome = await gateway.deliver(id);
    }
    expect(outcome).toBe('received');
    expect(gateway.door.sent).toHaveLength(before + 1);
    expect(await actionsOf(id)).toEqual(expect.arrayContaining(['disclosure.intent', 'disclosure.received']));
  });

  it('nothing is accepted and nothing is read', async () => {
    const { caseId, personId } = await consented();
    await refuse(table);
    await gateway.ask(caseId).expect(503);
    await gateway.http().get(`/api/v1/cases/${caseId}`).expect(503);
    await gateway.http().get(`/api/v1/cases/${caseId}`).set('Accept', 'application/fhir+json').expect(503);
    await gateway.http().get(`/api/v1/persons/${personId}/disclosures`).expect(503);
    await accept();
    const transfers = await gateway.database.query('select from transfer where case_id = $1', [caseId]);
    expect(transfers).toEqual([]);
  });
});

describe('an erased person', () => {
  it('leaves every entry provable: proofs of before hold, and so do new ones', async () => {
    const { caseId, personId } = await consented();
    const { id } = (await gateway.ask(caseId).expect(202)).body as { id: string };
    expect(await gateway.deliver(id)).toBe('received');
    while ((await gateway.store.sequenceOnce()) > 0);
    const of = { transferId: id as TransferId };
    const before = (await gateway.store.auditProofs(gateway.sender.organizationId, of))!;
    expect(before.entries.length).toBeGreaterThanOrEqual(3);

    const erased = await runCli(['erase', personId, '--yes'], gateway.database, gateway.sender.organizationId);
    expect(erased).toMatchObject({ code: 0, err: '' });
    const keys = (await gateway.store.checkpointKeys()).map((key) => readVerifier(key)!);
    const after = (await gateway.store.auditProofs(gateway.sender.organizationId, of))!;
    expect(await gateway.store.verifyAudit({ checkpoint: before.checkpoint })).toMatchObject({ ok: true, unsigned: 0 });
    for (const { checkpoint, entries } of [before, after]) {
      const signed = openCheckpoint(checkpoint, keys)!;
      for (const proven of entries) expect(checkProvenEntry(proven, signed)).toBe(true);
    }
    expect(after.entries.map(({ entry }) => entry)).toEqual(
      expect.arrayContaining(before.entries.map(({ entry }) => entry)),
    );
    // What the log holds about the person: random ids, codes and times; the agency's own key is not in it.
    expect(JSON.stringify(after.entries)).not.toContain(caseId);
  });
});

describe('over HTTP', () => {
  it('the checkpoint is for those who look after the log, a proof for those who may read the entry', async () => {
    await consented();
    while ((await gateway.store.sequenceOnce()) > 0);
    const { body } = await gateway.http('dpo').get('/api/v1/audit/checkpoint').expect(200);
    const signed = openCheckpoint(body.checkpoint, [readVerifier(body.keys.at(-1))!])!;
    expect(signed.size).toBeGreaterThan(0);
    await gateway.http('operator').get('/api/v1/audit/checkpoint').expect(200);
    await gateway.http('agency').get('/api/v1/audit/checkpoint').expect(403);

    const listed = await gateway.store.asOrganization(gateway.sender.organizationId, (tx) =>
      tx.listAudit({ limit: 1_000 }),
    );
    const { id } = listed.find(({ seq }) => seq === 0)!;
    const proof = await gateway.http('dpo').get(`/api/v1/audit/entries/${id}/proof`).expect(200);
    expect(checkProvenEntry(proof.body, signed)).toBe(true);
    await gateway.http('operator').get(`/api/v1/audit/entries/${id}/proof`).expect(403);
    const looks = await gateway.store.asOrganization(gateway.sender.organizationId, (tx) =>
      tx.listAudit({ action: 'audit.searched', limit: 10 }),
    );
    expect(looks).toHaveLength(1);
    const foreign = await gateway.database.query<{ id: string }>(
      'select id from audit_entry where not organizations @> array[$1::uuid] limit 1',
      [gateway.sender.organizationId],
    );
    for (const other of [gateway.sender.organizationId, ...foreign.map((row) => row.id)])
      await gateway.http('dpo').get(`/api/v1/audit/entries/${other}/proof`).expect(404);
  });
});
