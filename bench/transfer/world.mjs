// Who sends what to whom: two organizations under one agreement, people with a stored case of about 14 kB and a consent
// each, a sender's software with a key, and the partner that receives. Written through the product's own doors.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { syntheticCase } from '../../dist/domain/case/synthetic.js';
import { CATEGORIES } from '../../dist/domain/labels/labels.js';
import { SCOPES } from '../../dist/transfer/principal.js';
import { createRelaisClient } from '../../dist/demo/partners/relais-client.js';
import { writeJson } from '../../dist/kernel/json.js';
import { consentResource } from '../../dist/demo/consents.js';

const ADMIN = { type: 'system', id: 'bench', organizationId: null };
export const SENDER = organization(1, 'CCAS de Valmont', 'social');
export const RECIPIENT = organization(2, 'Toit Commun', 'housing');
/** What the agreement lets the recipient know; the bundle of a case then has about 20 kB. */
const SHARED = ['identity', 'contact', 'household', 'housing'];
export const PEOPLE = 50;
export const AGREEMENT = '5a1d0000-0000-4000-8000-0000000000a1';

function organization(n, name, sector) {
  const words = { en: 'service', fr: 'service' };
  const id = `5a1d0000-0000-4000-8000-00000000000${n}`;
  return { id, name, sector, function: words, secrecy: 'professional-secrecy', confidentialByNature: false };
}

/** Organizations, systems and agreement; to be made before the gateway starts. */
export async function register({ store, registry, partnerUrl }) {
  for (const one of [SENDER, RECIPIENT]) await registry.createOrganization(one, ADMIN);
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const named = { kid: 'bench-1', alg: 'ES384' };
  const software = {
    organizationId: SENDER.id,
    name: 'case software',
    clientId: 'case-software',
    issuer: 'relais',
    jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), ...named, use: 'sig' }] },
  };
  const scopes = SCOPES.filter((scope) => scope !== 'system/Task.ru');
  await registry.createPartner({ ...software, scopes }, ADMIN);
  const door = { url: `${partnerUrl}/fhir`, tokenUrl: `${partnerUrl}/token`, clientId: 'relais' };
  await registry.createPartner(
    {
      organizationId: RECIPIENT.id,
      name: 'receiving system',
      clientId: 'receiving-system',
      issuer: 'relais',
      jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), ...named, use: 'sig' }] },
      scopes: ['system/Task.ru'],
      endpoint: { ...door, scope: 'system/Bundle.c', idempotency: 'key' },
    },
    ADMIN,
  );
  await store.asOrganization(SENDER.id, (tx) => tx.putAgreement(agreement(), ADMIN));
  return { privateJwk: { ...privateKey.export({ format: 'jwk' }), ...named }, scope: scopes.join(' ') };
}

function agreement() {
  const parties = [SENDER.id, RECIPIENT.id];
  const clause = {
    purpose: 'HOUSING',
    senders: [SENDER.id],
    recipients: [RECIPIENT.id],
    categories: CATEGORIES.filter((category) => SHARED.includes(category)),
    sensitivities: [],
    dataProtectionBasis: 'public-task',
    secrecyGrounds: ['consent'],
    roles: parties.map((party) => ({ party, role: 'controller' })),
    recipientFunctions: [{ en: 'whoever follows the person', fr: 'la personne qui suit le dossier' }],
  };
  return {
    id: AGREEMENT,
    version: 1,
    title: { en: 'Housing in Valmont', fr: 'Logement à Valmont' },
    status: 'active',
    parties,
    purposes: [clause],
    validFrom: '2026-01-01T00:00:00.000Z',
    validUntil: '2099-01-01T00:00:00.000Z',
    purgeAfterDays: 30,
    jurisdiction: 'FR',
  };
}

/** Cases and consents, through the API as the sender's software puts them. */
export async function people(publicUrl, { privateJwk, scope }) {
  const tokenUrl = `${publicUrl}/oauth/token`;
  const client = createRelaisClient({ url: publicUrl, tokenUrl, clientId: 'case-software', privateJwk, scope });
  const ok = async (...call) => {
    const { status, body } = await client.call(...call);
    if (status >= 300) throw new Error(`${call[0]} ${call[1]}: ${status} ${JSON.stringify(body).slice(0, 500)}`);
    return body;
  };
  const cases = [];
  for (let n = 0; n < PEOPLE; n += 1) {
    const caseId = `case-${n}`;
    const record = syntheticCase(n);
    const person = { ...record.person, id: `person-${n}`, birthDate: '1981-12-19', birthDatePrecision: 'day' };
    const { personId } = await ok('PUT', `/api/v1/cases/${caseId}`, { body: writeJson({ ...record, person }) });
    const consent = consentResource({ type: 'permit', personId, recipient: RECIPIENT, purpose: 'HOUSING' });
    await ok('POST', '/fhir/Consent', { body: consent });
    cases.push(caseId);
  }
  return { client, cases };
}

/** Makes the requests of the load, each with a key of its own and the client's token, which it renews in time. */
export function requestsOf({ client, cases }) {
  let next = 0;
  return async () => ({
    path: '/api/v1/transfers',
    headers: {
      authorization: `Bearer ${await client.token()}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify({
      caseId: cases[next++ % cases.length],
      recipientOrganizationId: RECIPIENT.id,
      purpose: 'HOUSING',
      ground: { kind: 'consent' },
    }),
  });
}
