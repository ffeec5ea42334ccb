import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consentResource } from '../../src/demo/consents.js';
import type { Figures } from '../../src/transfer/figures.js';
import type { DeliveryResult } from '../../src/transfer/door-ports.js';
import { openGateway } from '../support/open-gateway.js';

let gateway: Awaited<ReturnType<typeof openGateway>>;
let caseId: string;
beforeAll(async () => {
  gateway = await openGateway();
  const stored = await gateway.putCase();
  caseId = stored.caseId;
  const recipient = { id: gateway.recipient.organizationId, name: 'Toit Commun' } as never;
  const resource = consentResource({ type: 'permit', personId: stored.personId, recipient, purpose: 'HOUSING' });
  await gateway.http().post('/fhir/Consent').send(resource).expect(201);
});
afterAll(() => gateway.close());

const look = async (who = 'dpo', days = 90): Promise<Figures> =>
  (await gateway.http(who).get(`/api/v1/figures?days=${days}`).expect(200)).body as Figures;
const ask = async (): Promise<string> => ((await gateway.ask(caseId).expect(202)).body as { id: string }).id;
/** As if it had happened that long ago. */
const move = (id: string, hours: number) =>
  gateway.database.query(`update transfer set delivered_at = now() - make_interval(hours => $2) where id = $1`, [
    id,
    hours,
  ]);
async function delivered(answeredAfterHours: number | null): Promise<string> {
  const id = await ask();
  await gateway.deliver(id);
  await move(id, answeredAfterHours ?? 1);
  if (answeredAfterHours === null) return id;
  for (const status of ['received', 'accepted']) {
    await gateway.database.query(
      `insert into transfer_event (transfer_id, sender_organization_id, recipient_organization_id, shared, status, actor)
       select id, sender_organization_id, recipient_organization_id, true, 'referral:' || $2::text, '{}' from transfer where id = $1`,
      [id, status],
    );
  }
  return id;
}

describe('figures', () => {
  it('count what was sent by day and state, who answered how fast, and what failed why', async () => {
    for (const hours of [2, 4, 100]) await delivered(hours);
    await delivered(null);
    await ask();
    const failed = await ask();
    gateway.door.result = { kind: 'rejected', cause: 'record-refused', status: 422 } satisfies DeliveryResult;
    await gateway.deliver(failed);
    const { transfers, answers, failed: ended } = await look();
    const today = new Date().toISOString().slice(0, 10);
    expect(transfers).toEqual([
      { on: today, status: 'delivered', count: 4 },
      { on: today, status: 'failed', count: 1 },
      { on: today, status: 'queued', count: 1 },
    ]);
    expect(answers).toHaveLength(1);
    const [{ medianSeconds, p90Seconds, ...counts }] = answers as [Figures['answers'][number]];
    expect(counts).toEqual({ organizationId: gateway.recipient.organizationId, answered: 3, waiting: 1 });
    // "Received" is no answer; the median of 2, 4 and 100 hours is 4.
    expect(medianSeconds! / 3600).toBeCloseTo(4, 1);
    expect(p90Seconds! / 3600).toBeCloseTo(80.8, 0);
    expect(ended).toEqual([
      expect.objectContaining({ organizationId: gateway.recipient.organizationId, cause: 'record-refused', count: 1 }),
    ]);
  });

  it('say nothing about persons or staff', async () => {
    const text = JSON.stringify(await look('operator'));
    expect(text).not.toContain(caseId);
    expect(text).not.toMatch(/staff|actor|person|reference/i);
  });

  it('leave out what is older than was asked for', async () => {
    await gateway.database.query(`update transfer set requested_at = now() - interval '10 days'`);
    expect((await look('dpo', 9)).transfers).toEqual([]);
    expect((await look('dpo', 11)).transfers).not.toEqual([]);
  });

  it('are those of one’s own organization', async () => {
    const strange = gateway.recipient.organizationId;
    const other = await gateway.store.asOrganization(strange, (tx) =>
      tx.figuresSince('2020-01-01T00:00:00.000Z' as never),
    );
    expect(other).toEqual({ transfers: [], answers: [], failed: [] });
  });

  it('are for the data-protection officer and the operator alone', async () => {
    for (const who of ['agency', 'recipient']) await gateway.http(who).get('/api/v1/figures').expect(403);
  });

  it.each(['0', '367', '1000', 'x', '-1'])('do not take %s days', async (days) => {
    await gateway.http('dpo').get(`/api/v1/figures?days=${days}`).expect(400);
  });
});
