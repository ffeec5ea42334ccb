import { spawn } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayDecision } from '../../src/domain/decision/receipt.js';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';
import { runCli } from './run-cli.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
}, 60_000);
afterAll(() => gateway.close());

/** A person with a consent and its evidence, one transfer delivered and one that waits. */
async function aLife() {
  const { caseId, personId } = await gateway.putCase();
  const resource = consentFor(personId, gateway.recipient.organizationId);
  const consent = await gateway.http().post('/fhir/Consent').send(resource).expect(201);
  const evidence = { kind: 'verbal', copyGiven: true, witness: 'Quetzalcoatl' };
  await gateway.http().post(`/api/v1/consents/${consent.body.id}/evidence`).send(evidence).expect(201);
  const sent = (await gateway.ask(caseId).expect(202)).body.id as string;
  expect(await gateway.deliver(sent)).toBe('received');
  const waiting = (await gateway.ask(caseId).expect(202)).body.id as string;
  return { caseId, personId, consentId: consent.body.id as string, sent, waiting };
}
const erase = (...argv: string[]) => runCli(['erase', ...argv], gateway.database, gateway.sender.organizationId);
const asSender: TestGateway['store']['asOrganization'] extends (id: infer _, work: infer W) => unknown
  ? (work: W) => Promise<unknown>
  : never = (work) => gateway.store.asOrganization(gateway.sender.organizationId, work);

describe('relais erase', () => {
  it('without --yes says what would go, in both languages, and erases nothing', async () => {
    const { caseId, personId } = await aLife();
    const english = await erase(personId);
    expect(english.code).toBe(1);
    expect(english.out).toMatch(/data key: 1\n {2}index entries: \d+/);
    expect(english.out).toMatch(/transfers that have not left: 1/);
    expect(english.err).toContain(
      `Nothing was erased. This cannot be undone; to do it: relais erase ${personId} --yes`,
    );
    // The agency's own key names the person as well.
    const french = await erase(caseId, '--lang', 'fr');
    expect(french.out).toContain(`Personne ${personId}`);
    expect(french.err).toContain('Rien n’a été effacé.');
    await gateway.http().get(`/api/v1/cases/${caseId}`).expect(200);
  });

  it('with --yes destroys keys and indexes, tells past recipients, and the log still verifies', async () => {
    const { caseId, personId, consentId, sent, waiting } = await aLife();
    const run = await erase(personId, '--yes');
    expect(run, run.err).toMatchObject({ code: 0, err: '' });
    expect(run.out).toContain('Past recipients told to stop using what they hold: 1');
    expect(run.out).toMatch(/Erased: the key is destroyed.*\nThe audit log holds: \d+ entries\.$/);

    await gateway.http().get(`/api/v1/cases/${caseId}`).expect(404);
    await gateway.http().get(`/fhir/Consent/${consentId}`).expect(404);
    await gateway.http().get(`/api/v1/consents/${consentId}`).expect(404);
    expect(await gateway.deliver(waiting)).toBe('not-ours');
    const left = await gateway.database.query(
      `select (select count(*) from person where id = $1 and (wrapped_key is not null or key_hash is not null))
            + (select count(*) from person_index where person_id = $1)
            + (select count(*) from transfer_content where person_id = $1) = 0 as gone`,
      [personId],
    );
    expect(left).toEqual([{ gone: true }]);
    expect(await gateway.store.verifyAudit()).toMatchObject({ ok: true, unsequenced: 0 });
    const notices = (await gateway.http('recipient').get('/api/v1/notices').expect(200)).body.notices;
    expect(notices.filter(({ transferId }: { transferId: string }) => transferId === sent)).toHaveLength(1);
    await asSender(async (tx) => {
      expect(await tx.listAudit({ action: 'person.erased', limit: 50 })).toContainEqual(
        expect.objectContaining({ personId, outcome: 'success' }),
      );
      // The receipt of the decision is there; what it was taken on is not readable any more, and that is said.
      const [receipt] = await tx.loadDecisions(sent as never);
      const { agreements, consents, circumstances } = await tx.loadVersions(receipt!);
      expect(replayDecision(receipt!, agreements, consents, circumstances)).toMatchObject({ outcome: 'impossible' });
    });
  });

  it('done again finds it done', async () => {
    const { personId } = await aLife();
    await erase(personId, '--yes');
    const again = await erase(personId, '--yes', '--lang', 'fr');
    expect(again.code).toBe(0);
    expect(again.out).toContain('Cette personne a déjà été effacée');
    expect((await erase('0c8a5d7e-3b21-4f96-a1d4-9e6b2c7f8a10', '--yes')).code).toBe(1);
  });

  it('of another organization’s person is nobody’s', async () => {
    const { personId } = await aLife();
    const run = await runCli(['erase', personId, '--yes'], gateway.database, gateway.recipient.organizationId);
    expect(run.code).toBe(1);
    expect((await erase(personId)).out).toMatch(/data key: 1/);
  });

  it('killed in the middle leaves all or nothing, and finishes when it is run again', async () => {
    const { caseId, personId, sent } = await aLife();
    const holder = new pg.Client({ connectionString: gateway.database.url, options: '-c search_path=relais' });
    await holder.connect();
    try {
      // The index rows cannot be deleted yet: the erasure stands in the middle of its work.
      await holder.query('begin');
      await holder.query('select from person_index where person_id = $1 for update', [personId]);
      const doomed = spawn(
        process.execPath,
        [
          join(import.meta.dirname, '../../dist/cli.js'),
          'erase',
          personId,
          '--yes',
          '--organization',
          gateway.sender.organizationId,
        ],
        {
          stdio: 'ignore',
          env: {
            PATH: process.env['PATH'],
            RELAIS_MODE: 'demo',
            DATABASE_URL: gateway.database.url,
            RELAIS_MASTER_KEY: gateway.database.masterKey.toString('base64'),
          },
        },
      );
      const exited = new Promise((resolve) => doomed.once('exit', resolve));
      await until(async () => (await waitingForLock()) > 0);
      doomed.kill('SIGKILL');
      await exited;
      await holder.query('rollback');
      await until(async () => (await waitingForLock()) === 0);
    } finally {
      await holder.end();
    }
    // The server notices that its client is gone when it answers.
    await until(async () => {
      const active = await gateway.database.query(
        `select from pg_stat_activity where datname = current_database() and xact_start is not null and pid <> pg_backend_pid()`,
      );
      return active.length === 0;
    });
    // Nothing of it happened.
    await gateway.http().get(`/api/v1/cases/${caseId}`).expect(200);
    const notices = async (): Promise<number> =>
      (await gateway.database.query('select from notice where transfer_id = $1', [sent])).length;
    expect(await notices()).toBe(0);

    const again = await erase(personId, '--yes');
    expect(again.code).toBe(0);
    expect(again.out).toContain('The audit log holds');
    await gateway.http().get(`/api/v1/cases/${caseId}`).expect(404);
    expect(await notices()).toBe(1);
  }, 60_000);
});

/** Asked outside the holder's transaction, which would see one moment for ever. */
async function waitingForLock(): Promise<number> {
  const waiting = await gateway.database.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return waiting.length;
}

async function until(done: () => Promise<boolean>): Promise<void> {
  for (let round = 0; round < 400; round += 1) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('It did not happen in time');
}
