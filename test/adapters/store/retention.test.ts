import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayDecision } from '../../../src/domain/decision/receipt.js';
import { consentFor, openGateway, type TestGateway } from '../../support/open-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
}, 60_000);
afterAll(() => gateway.close());

/** Only the owner of the schema may move the database's time. */
const later = (interval: string) =>
  gateway.database.query(
    `create or replace function relais.database_time() returns timestamptz language sql stable parallel safe
       as $$ select pg_catalog.now() + interval '${interval}' $$`,
  );
const asSender = <T>(work: Parameters<typeof gateway.store.asOrganization<T>>[1]): Promise<T> =>
  gateway.store.asOrganization(gateway.sender.organizationId, work);

async function delivered(): Promise<string> {
  const { caseId, personId } = await gateway.putCase();
  await gateway.http().post('/fhir/Consent').send(consentFor(personId, gateway.recipient.organizationId)).expect(201);
  const { id } = (await gateway.ask(caseId).expect(202)).body as { id: string };
  expect(await gateway.deliver(id)).toBe('received');
  return id;
}

describe('the content of a delivered transfer', () => {
  it('is purged when the agreement’s term after the receipt is over, not before; the proofs stay', async () => {
    const id = await delivered();
    await later('29 days 23 hours');
    expect(await gateway.store.purgeDueContent()).toBe(0);
    expect(await asSender((tx) => tx.loadWire(id as never))).not.toBeNull();

    await later('30 days 1 minute');
    expect(await gateway.store.purgeDueContent()).toBe(1);
    expect(await gateway.store.purgeDueContent()).toBe(0);
    await asSender(async (tx) => {
      expect(await tx.loadWire(id as never)).toBeNull();
      const transfer = (await tx.loadTransfer(id as never))!;
      expect(transfer).toMatchObject({ status: 'delivered', digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
      expect(transfer.contentPurgedAt).not.toBeNull();
      // Who received what, when and on which ground is still told, and every decision still comes out the same.
      const lines = await gateway.http().get(`/api/v1/persons/${transfer.personId}/disclosures`).expect(200);
      expect(lines.body.disclosures[0]).toMatchObject({ outcome: 'delivered', ground: 'your consent' });
      for (const receipt of await tx.loadDecisions(id as never)) {
        const { agreements, consents, circumstances } = await tx.loadVersions(receipt);
        expect(replayDecision(receipt, agreements, consents, circumstances).outcome).toBe('same');
      }
      const log = await tx.listAudit({ transferId: id as never, limit: 50 });
      expect(log.map(({ action }) => action)).toEqual(
        expect.arrayContaining(['disclosure.received', 'content.purged']),
      );
    });
    const [proof] = await gateway.database.query('select status from receipt where transfer_id = $1', [id]);
    expect(proof).toEqual({ status: 201 });
    while ((await gateway.store.sequenceOnce()) > 0);
    expect(await gateway.store.verifyAudit()).toMatchObject({ ok: true });
    await later('0 days');
  });

  it('cannot be purged early by a session that claims another time', async () => {
    const id = await delivered();
    const worker = gateway.database.pool('relais_worker');
    const client = await worker.connect();
    try {
      await client.query(`select set_config('relais.now', '2100-01-01', false)`);
      await expect(
        client.query(
          `create or replace function relais.database_time() returns timestamptz language sql as 'select now()'`,
        ),
      ).rejects.toMatchObject({ code: '42501' });
      const { rowCount } = await client.query('delete from relais.transfer_content where transfer_id = $1', [id]);
      expect(rowCount).toBe(0);
    } finally {
      client.release();
    }
  });
});

it('what is due to be answered is overdue by the same time', async () => {
  const { personId } = await gateway.putCase();
  const asked = { kind: 'objection', words: 'x' };
  await gateway.http().post(`/api/v1/persons/${personId}/contests`).send(asked).expect(201);
  await later('29 days 23 hours');
  expect(await gateway.store.escalateOverdue()).toBe(0);
  await later('30 days 1 minute');
  expect(await gateway.store.escalateOverdue()).toBe(1);
  const { body } = await gateway.http('dpo').get('/api/v1/contests?state=overdue').expect(200);
  expect(body.contests).toMatchObject([{ personId, state: 'overdue' }]);
  await later('0 days');
});
