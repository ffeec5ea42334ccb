import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGateway, type TestGateway } from '../support/open-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
}, 60_000);
afterAll(() => gateway.close());

const search = async (system: string, value: string, who = 'caseworker') =>
  (
    await gateway
      .http(who)
      .post('/api/v1/persons/search')
      .send({ names: [], identifiers: [{ system, value }] })
      .expect(200)
  ).body.candidates as { caseId: string; agrees: string[] }[];

it('a number is found by its kind and by its system, however it is spaced, and by no other kind', async () => {
  const own = `N-${randomUUID().slice(0, 8)}`;
  const social = `2 92 05 ${randomUUID().slice(0, 8)}`;
  const { caseId } = await gateway.putCase((record) => {
    (record['person'] as Record<string, unknown>)['identifiers'] = [
      { id: 'i1', type: 'agency', system: 'https://ccas.valmont.example/dossiers', value: own },
      { id: 'i2', type: 'social-security', value: social },
    ];
  });
  const found = [{ caseId, agrees: ['identifier'] }];
  for (const [system, value] of [
    ['https://ccas.valmont.example/dossiers', own],
    ['urn:relais:agency', own.toLowerCase().replace('-', ' ')],
    ['urn:relais:social-security', social.replaceAll(' ', '')],
  ] as const) {
    expect(await search(system, value)).toMatchObject(found);
  }
  expect(await search('urn:relais:health', social)).toEqual([]);
  expect(await search('urn:relais:social-security', own)).toEqual([]);
  expect(await search('urn:relais:agency', own, 'reader')).toEqual([]);
});
