import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPartnerRules } from '../../../src/adapters/identity/check-partner.js';
import { insertEntry } from '../../../src/adapters/store/audit/insert-entry.js';
import { createPool } from '../../../src/adapters/store/connection/pool.js';
import { createRegistry } from '../../../src/adapters/store/identity/registry.js';
import type { OrganizationId, PartnerId } from '../../../src/kernel/ids.js';
import type { GuestContact } from '../../../src/transfer/guest-ports.js';
import type { NewPartner } from '../../../src/transfer/identity-ports.js';
import type { Partner } from '../../../src/transfer/partner.js';
import { registerGuest } from '../../../src/transfer/register-guest.js';
import { createSigner, type Signer } from '../../support/issuer.js';
import { OPERATOR, createWorld, type World } from './world.js';

const ENDPOINT = {
  url: 'https://fhir.example.org/r4',
  tokenUrl: 'https://auth.example.org/token',
  clientId: 'relais',
  scope: 'system/Bundle.c',
  idempotency: 'key' as const,
};

describe('the registry', () => {
  let world: World;
  let organizationId: OrganizationId;
  let signer: Signer;

  beforeAll(async () => {
    world = await createWorld();
    organizationId = await world.organization({ name: 'Les Tilleuls', sector: 'health', confidentialByNature: true });
    signer = await createSigner();
  });
  afterAll(() => world.close());

  const partner = (changes: Partial<NewPartner> = {}): NewPartner => ({
    organizationId,
    name: 'Les Tilleuls',
    clientId: randomUUID(),
    issuer: 'relais',
    jwks: { keys: [{ ...signer.publicJwk }] },
    scopes: ['system/Task.ru'],
    ...changes,
  });

  it('asks a caller to come back when the database has no connection left', async () => {
    const pool = createPool({ url: world.database.url, role: 'relais_identity', max: 1, waitMs: 1_500 });
    const rules = createPartnerRules({ publicUrl: 'https://relais.example', allowPrivateEndpoints: false });
    const registry = createRegistry({ pool, rules, audit: insertEntry });
    const held = await pool.connect();
    await expect(registry.partnerByClientId('relais', 'anybody')).rejects.toMatchObject({
      code: 'store.unavailable',
      status: 503,
    });
    held.release();
    expect(await registry.partnerByClientId('relais', 'anybody')).toBeNull();
    await pool.end();
  });

  it('gives back what was registered', async () => {
    const input = partner({ endpoint: { ...ENDPOINT, audience: 'https://auth.example.org' }, webhook: ENDPOINT });
    const created = await world.registry.createPartner(input, OPERATOR);
    expect(created).toEqual({ ...input, id: created.id, status: 'active' });
    expect(await world.registry.partner(created.id)).toEqual(created);
    expect((await world.registry.partnerByClientId('relais', input.clientId))?.partner).toEqual(created);
    expect(await world.registry.listPartners()).toContainEqual(created);
    expect(await world.registry.organization(organizationId)).toMatchObject({
      sector: 'health',
      confidentialByNature: true,
    });
  });

  it('changes members, removes them with null, and keeps the status', async () => {
    const { id } = await world.registry.createPartner(partner({ endpoint: ENDPOINT }), OPERATOR);
    await world.registry.suspendPartner(id, OPERATOR);
    const after = await world.registry.updatePartner(
      id,
      { name: 'Tilleuls', endpoint: null, webhook: ENDPOINT },
      OPERATOR,
    );
    expect(after).toMatchObject({ name: 'Tilleuls', status: 'suspended', webhook: ENDPOINT });
    expect(after).not.toHaveProperty('endpoint');
    expect(await world.registry.partner(id)).toEqual(after);
  });

  it('writes an audit entry with every change, in the same transaction', async () => {
    const { id } = await world.registry.createPartner(partner(), OPERATOR);
    await world.registry.suspendPartner(id, OPERATOR);
    await world.registry.reactivatePartner(id, OPERATOR);
    await world.registry.updatePartner(id, { scopes: [] }, OPERATOR);
    await expect(world.registry.updatePartner(id, { issuer: 'ftp://evil' }, OPERATOR)).rejects.toMatchObject({
      status: 422,
    });
    const rows = await world.database.query<{ change: string; organizations: string[] }>(
      `select entry -> 'codes' ->> 'change' as change, organizations from audit_entry
        where entry -> 'codes' ->> 'partnerId' = $1 order by at, entry -> 'codes' ->> 'change'`,
      [id],
    );
    expect(rows.map(({ change }) => change).sort()).toEqual(['created', 'reactivated', 'suspended', 'updated']);
    expect(rows[0]!.organizations).toEqual([organizationId]);
  });

  describe('of a guest', () => {
    const contact: GuestContact = {
      email: 'accueil@a.example',
      lang: 'fr',
      channel: { kind: 'phone', hint: '01 99 00 24 16' },
    };
    const guestOf = async (of?: OrganizationId): Promise<Partner> => {
      const id = of ?? (await world.organization({ name: 'Conseil Dettes' }));
      return registerGuest(world.registry, id, contact, OPERATOR);
    };

    it('keeps the contact, under the organization’s name and no client that could call', async () => {
      const made = await guestOf();
      expect(made).toMatchObject({ name: 'Conseil Dettes', guest: contact, scopes: [], issuer: 'relais' });
      expect(made.clientId).toMatch(/^guest:/);
      expect(await world.registry.partner(made.id)).toEqual(made);
      await expect(guestOf(randomUUID() as OrganizationId)).rejects.toMatchObject({
        code: 'partner.organization-unknown',
      });
    });

    it('changes the contact, and keeps out what breaks a rule, by whichever way it comes', async () => {
      const { id } = await guestOf();
      const moved = { ...contact, email: 'b@a.example' };
      expect((await world.registry.changeContact(id, moved, OPERATOR)).guest).toEqual(moved);
      const bad = { ...contact, email: 'a@b.example\r\nBcc: c@d.example' };
      await expect(world.registry.changeContact(id, bad, OPERATOR)).rejects.toMatchObject({
        violations: [{ path: '/guest/email', rule: 'partner.email' }],
      });
      expect((await world.registry.partner(id))?.guest).toEqual(moved);
      await expect(registerGuest(world.registry, organizationId, bad, OPERATOR)).rejects.toMatchObject({
        code: 'partner.invalid',
      });
    });

    it('is registered where nothing receives: beside a system that is suspended, or that only calls', async () => {
      const calling = await world.organization({ name: 'A' });
      await world.registry.createPartner(partner({ organizationId: calling }), OPERATOR);
      await expect(guestOf(calling)).resolves.toMatchObject({ status: 'active' });
      await expect(guestOf(calling)).rejects.toMatchObject({ code: 'partner.receives-already', status: 409 });

      const receiving = await world.organization({ name: 'B' });
      const system = await world.registry.createPartner(
        partner({ organizationId: receiving, endpoint: ENDPOINT }),
        OPERATOR,
      );
      await expect(guestOf(receiving)).rejects.toMatchObject({ code: 'partner.receives-already' });
      await world.registry.suspendPartner(system.id, OPERATOR);
      await expect(guestOf(receiving)).resolves.toMatchObject({ status: 'active' });
    });

    it('is tested one way: by endpoint or by address, never by neither', async () => {
      const { id } = await guestOf();
      await expect(
        world.database.query('insert into partner_test (id, partner_id) values (gen_random_uuid(), $1)', [id]),
      ).rejects.toMatchObject({ constraint: 'tested_one_way' });
    });
  });

  it('binds one client of one issuer to one partner', async () => {
    const taken = partner();
    await world.registry.createPartner(taken, OPERATOR);
    await expect(world.registry.createPartner(partner({ clientId: taken.clientId }), OPERATOR)).rejects.toMatchObject({
      status: 409,
      code: 'partner.duplicate',
    });
    const elsewhere = partner({ clientId: taken.clientId, issuer: 'https://idp.example.org' });
    await expect(world.registry.createPartner(elsewhere, OPERATOR)).resolves.toMatchObject({ status: 'active' });
  });

  it('knows no partner of an unknown organization, and none of an unknown id', async () => {
    const stranger = partner({ organizationId: randomUUID() as OrganizationId });
    await expect(world.registry.createPartner(stranger, OPERATOR)).rejects.toMatchObject({
      code: 'partner.organization-unknown',
    });
    await expect(world.registry.suspendPartner(randomUUID() as PartnerId, OPERATOR)).rejects.toMatchObject({
      status: 404,
    });
  });

  describe('refuses in production', () => {
    const rules = createPartnerRules({ publicUrl: 'https://relais.example.org', allowPrivateEndpoints: false });
    const cases: readonly (readonly [string, () => Partial<NewPartner>, string])[] = [
      ['an endpoint on http', () => ({ endpoint: { ...ENDPOINT, url: 'http://fhir.example.org' } }), '/endpoint/url'],
      [
        'a token URL on loopback',
        () => ({ endpoint: { ...ENDPOINT, tokenUrl: 'https://127.0.0.1/' } }),
        '/endpoint/tokenUrl',
      ],
      ['a webhook inside', () => ({ webhook: { ...ENDPOINT, url: 'https://hook.internal/' } }), '/webhook/url'],
      ['a key set inside', () => ({ jwks: undefined as never, jwksUri: 'https://10.0.0.1/keys' }), '/jwksUri'],
      ['an issuer that is the gateway', () => ({ issuer: 'https://relais.example.org/' }), '/issuer'],
      ['an issuer on http', () => ({ issuer: 'http://idp.example.org' }), '/issuer'],
      ['an unknown scope', () => ({ scopes: ['system/*.cruds'] }), '/scopes'],
      ['a client id with a blank', () => ({ clientId: 'a b' }), '/clientId'],
      ['no keys', () => ({ jwks: { keys: [] } }), '/jwks'],
      ['both ways to keys', () => ({ jwksUri: 'https://fhir.example.org/keys' }), '/jwks'],
      ['a symmetric key', () => ({ jwks: { keys: [{ kty: 'oct', kid: 'a', k: 'AAAA' }] } }), '/jwks'],
      ['a private key', () => ({ jwks: { keys: [{ ...signer.publicJwk, d: 'AAAA' }] } }), '/jwks'],
      ['a key without kid', () => ({ jwks: { keys: [{ ...signer.publicJwk, kid: undefined }] } }), '/jwks'],
      ['two keys of one kid', () => ({ jwks: { keys: [{ ...signer.publicJwk }, { ...signer.publicJwk }] } }), '/jwks'],
      ['an empty name', () => ({ name: ' ' }), '/name'],
    ];

    it('nothing that is in order', () => {
      expect(() => rules(partner({ endpoint: ENDPOINT, webhook: ENDPOINT }))).not.toThrow();
    });

    it.each(cases)('%s', (_name, changes, path) => {
      const input = Object.fromEntries(Object.entries(partner(changes())).filter(([, value]) => value !== undefined));
      expect(() => rules(input as unknown as NewPartner)).toThrow(
        expect.objectContaining({
          code: 'partner.invalid',
          violations: expect.arrayContaining([expect.objectContaining({ path })]),
        }),
      );
    });
  });

  it('shows its tables to no other role', async () => {
    const tables = await world.database.query<{ name: string }>(
      `select unnest(array['staff', 'staff_session', 'sign_in_attempt', 'installation', 'signing_key', 'used_assertion']) as name`,
    );
    for (const role of ['relais_app', 'relais_worker'] as const) {
      const pool = world.database.pool(role);
      for (const { name } of tables) {
        await expect(pool.query(`select from ${name}`), `${role} on ${name}`).rejects.toMatchObject({ code: '42501' });
      }
    }
  });
});
