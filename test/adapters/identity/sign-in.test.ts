import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSessionWatch } from '../../../src/adapters/identity/authenticate.js';
import { createDevelopmentIssuer, type DevelopmentIssuer } from '../../../src/adapters/identity/development/issuer.js';
import { initialise } from '../../../src/adapters/identity/initialise.js';
import { createSignIn, type SignIn } from '../../../src/adapters/identity/sign-in.js';
import { insertEntry } from '../../../src/adapters/store/audit/insert-entry.js';
import { createReplayStore } from '../../../src/adapters/store/identity/replay.js';
import { createStaffSessions } from '../../../src/adapters/store/identity/staff-sessions.js';
import type { OrganizationId } from '../../../src/kernel/ids.js';
import type { Credentials } from '../../../src/transfer/identity-ports.js';
import { createSigner, nowSeconds, type Signer } from '../../support/issuer.js';
import { createBrowser } from './browser.js';
import { createWorld, type World } from './world.js';

const CLAIMS = { roles: 'relais_roles', organization: 'relais_organization' };

describe('staff sign-in', () => {
  let world: World;
  let issuer: DevelopmentIssuer;
  let signIn: SignIn;
  let ccas: OrganizationId;

  beforeAll(async () => {
    world = await createWorld();
    ccas = await world.organization({ name: 'CCAS de Valmont', sector: 'social' });
    const user = (id: string, roles: readonly string[], organizationId = ccas) =>
      ({ id, name: `Prénom ${id} <b>`, organizationId, organizationName: 'CCAS de Valmont', roles }) as never;
    issuer = await createDevelopmentIssuer({
      mode: 'demo',
      port: 0,
      users: [
        user('helene', ['caseworker', 'superuser']),
        user('nobody', ['superuser']),
        user('stranger', ['caseworker'], '00000000-0000-4000-8000-000000000000' as OrganizationId),
        user('admin', []),
      ],
      clients: [{ clientId: 'relais-console', redirectUris: [`${world.publicUrl}/auth/callback`] }],
      rolesClaim: CLAIMS.roles,
      organizationClaim: CLAIMS.organization,
    });
    signIn = signInAt(issuer.issuer);
  });
  afterAll(async () => {
    await issuer.close();
    await world.close();
  });

  function signInAt(staffIssuer: string, publicUrl = world.publicUrl): SignIn {
    const { sessions, log } = world;
    return createSignIn({
      publicUrl,
      staffIssuer,
      clientId: 'relais-console',
      claims: CLAIMS,
      allowHttp: true,
      sessions,
      fetch,
      log,
    });
  }

  /** Goes through the issuer's pages; gives the callback and the cookie of the attempt. */
  async function choose(userId: string, returnTo?: string): Promise<{ callback: string; cookie: string }> {
    const { redirectUrl, cookie } = await signIn.begin(returnTo);
    return { callback: await createBrowser().choose(redirectUrl, userId), cookie: nameAndValue(cookie) };
  }

  const withCookie = (cookie: string, changes: Partial<Credentials> = {}): Credentials => ({
    authorization: undefined,
    cookie,
    method: 'GET',
    csrfToken: undefined,
    origin: undefined,
    ...changes,
  });

  async function signedIn(userId = 'helene'): Promise<string> {
    const { callback, cookie } = await choose(userId);
    return nameAndValue((await signIn.finish(callback, cookie)).cookies[0]!);
  }

  it('ends in a session with the roles and the organization of the claims, and an audit entry', async () => {
    const { callback, cookie } = await choose('helene', '/cases?tab=1#top');
    const { cookies, returnTo } = await signIn.finish(callback, cookie);
    expect(returnTo).toBe('/cases?tab=1#top');
    expect(cookies[0]).toMatch(/^relais-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200$/);
    expect(cookies[1]).toMatch(/^relais-sign-in=; .*Max-Age=0/);
    const principal = await world.first.authenticate(withCookie(nameAndValue(cookies[0]!)));
    expect(principal).toMatchObject({ via: 'staff-session', organizationId: ccas, displayName: 'Prénom helene <b>' });
    expect([...principal.roles]).toEqual(['caseworker']);
    const rows = await world.database.query(`select from audit_entry where entry ->> 'action' = 'staff.signed-in'`);
    expect(rows.length).toBeGreaterThan(0);
  });

  it('has cookies that only this host over TLS can set, where the public URL is https', async () => {
    const { cookie } = await signInAt(issuer.issuer, 'https://relais.example.org').begin('/');
    expect(cookie).toMatch(/^__Host-relais-sign-in=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600; Secure$/);
  });

  it('asks with code, PKCE S256, state and nonce, for one exact redirect address', async () => {
    const { redirectUrl } = await signIn.begin('/');
    const asked = Object.fromEntries(new URL(redirectUrl).searchParams);
    expect(asked).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `${world.publicUrl}/auth/callback`,
    });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked[name]).toMatch(/^[\w-]{43}$/);
  });

  it.each([
    ['an unknown organization', 'stranger', 'auth.organization-unknown'],
    ['no role that Relais knows', 'nobody', 'auth.role-missing'],
  ])('is refused with %s', async (_name, userId, code) => {
    const { callback, cookie } = await choose(userId);
    await expect(signIn.finish(callback, cookie)).rejects.toMatchObject({ status: 403, code });
  });

  describe('is refused (threat row 9)', () => {
    const refused = { status: 401, code: 'auth.sign-in-failed' };

    it('when a callback comes twice', async () => {
      const { callback, cookie } = await choose('helene');
      const both = await Promise.allSettled([signIn.finish(callback, cookie), signIn.finish(callback, cookie)]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      await expect(signIn.finish(callback, cookie)).rejects.toMatchObject(refused);
    });

    it('without the cookie of the browser that began, or with that of another attempt', async () => {
      const { callback } = await choose('helene');
      await expect(signIn.finish(callback, undefined)).rejects.toMatchObject(refused);
      const other = nameAndValue((await signIn.begin('/')).cookie);
      await expect(signIn.finish(callback, other)).rejects.toMatchObject(refused);
    });

    it.each([
      ['another state', (url: URL) => url.searchParams.set('state', 'x')],
      ['no state', (url: URL) => url.searchParams.delete('state')],
      ['another iss (mix-up)', (url: URL) => url.searchParams.set('iss', 'https://evil.example')],
      ['no iss', (url: URL) => url.searchParams.delete('iss')],
      ['two codes', (url: URL) => url.searchParams.append('code', 'x')],
      ['an error of the issuer', (url: URL) => url.searchParams.set('error', 'access_denied')],
    ])('with %s', async (_name, change) => {
      const { callback, cookie } = await choose('helene');
      const url = new URL(callback);
      change(url);
      await expect(signIn.finish(url.href, cookie)).rejects.toMatchObject(refused);
    });

    it('when the attempt is older than ten minutes', async () => {
      const { callback, cookie } = await choose('helene');
      await world.database.query(`update sign_in_attempt set created_at = now() - interval '11 minutes'`);
      await expect(signIn.finish(callback, cookie)).rejects.toMatchObject(refused);
    });
  });

  describe('the development issuer', () => {
    const authorize = async (changes: Record<string, string | undefined>) => {
      const url = new URL((await signIn.begin('/')).redirectUrl);
      for (const [name, value] of Object.entries(changes)) {
        if (value === undefined) url.searchParams.delete(name);
        else url.searchParams.set(name, value);
      }
      const response = await fetch(url, { redirect: 'manual' });
      return `${response.status} ${response.headers.get('location') ?? ''} ${await response.text()}`;
    };

    it.each([
      ['PKCE absent', { code_challenge: undefined, code_challenge_method: undefined }],
      ['PKCE plain', { code_challenge_method: 'plain' }],
      ['a redirect elsewhere', { redirect_uri: 'http://evil.example/auth/callback' }],
      ['a redirect that only starts like ours', { redirect_uri: 'REDIRECT/evil' }],
      ['an unknown client', { client_id: 'stranger' }],
      ['the implicit flow', { response_type: 'id_token' }],
    ])('refuses %s', async (_name, changes) => {
      const resolved = Object.fromEntries(
        Object.entries(changes).map(([name, value]) => [
          name,
          value?.replace('REDIRECT', `${world.publicUrl}/auth/callback`),
        ]),
      );
      const answer = await authorize(resolved);
      expect(answer).toMatch(/^400 |error=/);
      expect(answer).not.toMatch(/[?&]code=|evil\.example.*code/);
      expect(answer).not.toContain('/interaction/');
    });

    it('gives nothing for a code that was used', async () => {
      const { redirectUrl } = await signIn.begin('/');
      const code = new URL(await createBrowser().choose(redirectUrl, 'helene')).searchParams.get('code')!;
      const form = {
        grant_type: 'authorization_code',
        code,
        client_id: 'relais-console',
        redirect_uri: `${world.publicUrl}/auth/callback`,
        code_verifier: 'x'.repeat(43),
      };
      const response = await fetch(`${issuer.issuer}/token`, { method: 'POST', body: new URLSearchParams(form) });
      expect(await response.json()).toMatchObject({ error: 'invalid_grant' });
    });

    it('shows its users in both languages under a strict policy, names escaped', async () => {
      for (const [lang, words] of [
        ['en', 'Who would you like to be?'],
        ['fr', 'Qui souhaitez-vous être\u00a0?'],
      ] as const) {
        const page = await createBrowser().page((await signIn.begin('/', lang)).redirectUrl);
        expect(page.html).toContain(words);
        expect(page.html).toContain('Prénom helene &#60;b&#62;');
        expect(page.html).toMatch(new RegExp(`<html lang="${lang}">`));
        expect(page.policy).toContain("default-src 'none'");
        expect(page.policy).toContain("frame-ancestors 'none'");
        expect(page.policy).not.toContain('unsafe');
      }
    });

    it('answers to no other name, so that no other site can be this one', async () => {
      const { request } = await import('node:http');
      const status = await new Promise((resolve) => {
        const url = `${issuer.issuer}/.well-known/openid-configuration`;
        request(url, { headers: { host: 'evil.example' } }, (response) => resolve(response.resume().statusCode)).end();
      });
      expect(status).toBe(421);
    });

    it('does not exist in production', async () => {
      const options = { port: 0, users: [], clients: [], rolesClaim: 'a', organizationClaim: 'b' };
      await expect(createDevelopmentIssuer({ ...options, mode: 'production' })).rejects.toMatchObject({
        code: 'config.invalid',
      });
    });
  });

  describe('a session', () => {
    it('has a new id at every sign-in, and the id that was there before is worth nothing (fixation)', async () => {
      const planted = `relais-session=${'A'.repeat(43)}`;
      const before = await signedIn();
      const { callback, cookie } = await choose('helene');
      const after = nameAndValue((await signIn.finish(callback, `${before}; ${cookie}`)).cookies[0]!);
      expect(after).not.toBe(before);
      await expect(world.first.authenticate(withCookie(before))).rejects.toMatchObject({
        code: 'auth.session-expired',
      });
      await expect(world.first.authenticate(withCookie(planted))).rejects.toMatchObject({
        code: 'auth.session-expired',
      });
      await expect(world.second.authenticate(withCookie(after))).resolves.toMatchObject({ via: 'staff-session' });
    });

    it('is not trusted when its cookie comes twice', async () => {
      const cookie = await signedIn();
      await expect(world.first.authenticate(withCookie(`${cookie}; ${cookie}`))).rejects.toMatchObject({
        code: 'auth.token-missing',
      });
    });

    it('writes only with its own token, and only from its own origin (CSRF)', async () => {
      const cookie = await signedIn();
      const { csrfToken } = await world.first.authenticate(withCookie(cookie));
      const { csrfToken: other } = await world.first.authenticate(withCookie(await signedIn()));
      const post = (changes: Partial<Credentials>) =>
        world.first.authenticate(withCookie(cookie, { method: 'POST', ...changes }));
      const refused = { status: 403, code: 'auth.csrf' };
      await expect(post({})).rejects.toMatchObject(refused);
      await expect(post({ csrfToken: other })).rejects.toMatchObject(refused);
      await expect(post({ csrfToken, origin: 'https://evil.example' })).rejects.toMatchObject(refused);
      await expect(post({ csrfToken, origin: 'null' })).rejects.toMatchObject(refused);
      await expect(post({ csrfToken, origin: world.publicUrl })).resolves.toMatchObject({ via: 'staff-session' });
      await expect(post({ csrfToken })).resolves.toMatchObject({ via: 'staff-session' });
    });

    it.each([
      ['30 minutes without use', `last_seen_at = now() - interval '31 minutes'`],
      ['12 hours', `created_at = now() - interval '721 minutes'`],
    ])('ends after %s, by the time of the database', async (_name, change) => {
      const cookie = await signedIn();
      await world.database.query(`update staff_session set ${change}`);
      await expect(world.first.authenticate(withCookie(cookie))).rejects.toMatchObject({
        status: 401,
        code: 'auth.session-expired',
      });
      expect(await world.replay.deleteExpired()).toBeGreaterThan(0);
    });

    it('says when it ends, and is not kept alive by asking whether it lives', async () => {
      const cookie = await signedIn();
      const lives = createSessionWatch({ publicUrl: world.publicUrl, sessions: world.sessions });
      const { session } = await world.first.authenticate(withCookie(cookie));
      const [row] = await world.database.query<{ ends: Date }>(
        `select max(created_at) + interval '12 hours' as ends from staff_session`,
      );
      expect(session).toEqual({ expiresAt: row!.ends.toISOString(), idleSeconds: 1800 });
      expect(await lives(cookie)).toBe(true);
      await world.database.query(`update staff_session set last_seen_at = now() - interval '29 minutes'`);
      expect(await lives(cookie)).toBe(true);
      const [seen] = await world.database.query<{ old: boolean }>(
        `select bool_and(last_seen_at < now() - interval '28 minutes') as old from staff_session`,
      );
      expect(seen!.old).toBe(true);
      await world.database.query(`update staff_session set last_seen_at = now() - interval '31 minutes'`);
      expect(await lives(cookie)).toBe(false);
      await world.database.query(
        `update staff_session set last_seen_at = now(), created_at = now() - interval '721 minutes'`,
      );
      expect(await lives(cookie)).toBe(false);
      expect(await lives(undefined)).toBe(false);
    });

    it('ends as the installation says', async () => {
      const cookie = await signedIn();
      const secret = /relais-session=([\w-]+)/.exec(cookie)![1]!;
      const idHash = createHash('sha256').update(secret).digest('hex');
      const limits = { idleSeconds: 60, absoluteSeconds: 3600 };
      const sessions = createStaffSessions({ pool: world.pool, audit: insertEntry, limits });
      expect(await sessions.touch(idHash)).toMatchObject({ idleSeconds: 60 });
      await world.database.query(`update staff_session set last_seen_at = now() - interval '61 seconds'`);
      expect(await sessions.touch(idHash)).toBeNull();
      expect(await world.sessions.lives(idHash)).toBe(true);
      await world.database.query(
        `update staff_session set last_seen_at = now(), created_at = now() - interval '61 minutes'`,
      );
      expect(await sessions.touch(idHash)).toBeNull();
      const replay = createReplayStore({ pool: world.pool, limits });
      await replay.deleteExpired();
      expect(await world.sessions.lives(idHash)).toBe(false);
    });

    it('stays when it is used', async () => {
      const cookie = await signedIn();
      await world.database.query(`update staff_session set last_seen_at = now() - interval '29 minutes'`);
      await world.first.authenticate(withCookie(cookie));
      await world.database.query(`update staff_session set last_seen_at = last_seen_at - interval '29 minutes'`);
      await expect(world.first.authenticate(withCookie(cookie))).resolves.toMatchObject({ organizationId: ccas });
    });

    it('ends at sign-out', async () => {
      const cookie = await signedIn();
      const { cookies, redirectUrl } = await signIn.end(cookie);
      expect(cookies[0]).toMatch(/^relais-session=; .*Max-Age=0/);
      expect(redirectUrl).toBe('/');
      await expect(world.first.authenticate(withCookie(cookie))).rejects.toMatchObject({
        code: 'auth.session-expired',
      });
    });

    it('cannot be opened by who reads the database', async () => {
      const secret = (await signedIn()).split('=')[1]!;
      const rows = await world.database.query<{ dump: string }>(
        `select string_agg(s::text, ' ') as dump from staff_session s`,
      );
      expect(rows[0]!.dump).not.toContain(secret);
      expect(rows[0]!.dump).not.toContain(Buffer.from(secret, 'base64url').toString('hex'));
    });
  });

  it('binds the first admin once, whatever the claims say', async () => {
    expect(await world.sessions.isInitialised()).toBe(false);
    const input = {
      organizationName: 'Métropole',
      sector: 'social',
      staffIssuer: `${issuer.issuer}/`,
      adminSubject: 'admin',
    } as const;
    const attempts = await Promise.allSettled([initialise(input, world.sessions), initialise(input, world.sessions)]);
    expect(attempts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(initialise(input, world.sessions)).rejects.toMatchObject({ status: 409, code: 'init.already-done' });
    expect(await world.sessions.isInitialised()).toBe(true);
    const principal = await world.first.authenticate(withCookie(await signedIn('admin')));
    expect([...principal.roles].sort()).toEqual(['agreement-owner', 'data-protection-officer', 'operator']);
    const bound = await world.sessions.boundStaff(issuer.issuer, 'admin');
    expect(principal).toMatchObject({ organizationId: bound?.organizationId, actor: { id: bound?.staffId } });
  });

  it('says that the issuer does not answer, and works once it does', async () => {
    const server = createServer((_request, response) => void response.writeHead(500).end());
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const broken = signInAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await expect(broken.begin('/')).rejects.toMatchObject({ status: 503, code: 'auth.issuer-unavailable' });
    server.close();
  });

  it('goes to an issuer on plain http in the demo only', async () => {
    const { sessions, log } = world;
    const shared = { staffIssuer: issuer.issuer, clientId: 'relais-console', claims: CLAIMS, sessions, fetch, log };
    const production = createSignIn({ ...shared, publicUrl: 'https://relais.example.org', allowHttp: false });
    await expect(production.begin('/')).rejects.toMatchObject({ code: 'auth.issuer-unavailable' });
  });

  describe('an issuer that lies', () => {
    let signer: Signer;
    let server: Server;
    let url: string;
    let idToken: (nonce: string) => Promise<string>;
    let nonce = '';

    beforeAll(async () => {
      signer = await createSigner('issuer-key', 'ES256');
      server = createServer((request, response) => {
        const body = async (): Promise<unknown> => {
          if (request.url?.startsWith('/.well-known/')) {
            return {
              issuer: url,
              authorization_endpoint: `${url}/auth`,
              token_endpoint: `${url}/token`,
              jwks_uri: `${url}/jwks`,
              response_types_supported: ['code'],
              id_token_signing_alg_values_supported: ['ES256'],
            };
          }
          if (request.url === '/jwks') return { keys: [signer.publicJwk] };
          return { access_token: 'x', token_type: 'Bearer', expires_in: 60, id_token: await idToken(nonce) };
        };
        void body().then((value) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value)));
      });
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterAll(() => void server.close());

    const claims = (changes: Record<string, unknown> = {}) => ({
      iss: url,
      sub: 'somebody',
      aud: 'relais-console',
      iat: nowSeconds(),
      exp: nowSeconds() + 60,
      nonce,
      [CLAIMS.roles]: 'caseworker operator',
      [CLAIMS.organization]: 'CCAS de Valmont',
      ...changes,
    });
    const attempt = async (): Promise<unknown> => {
      const lying = signInAt(url);
      const { redirectUrl, cookie } = await lying.begin('/');
      const asked = new URL(redirectUrl).searchParams;
      nonce = asked.get('nonce')!;
      return lying.finish(`/auth/callback?code=x&state=${asked.get('state')}`, nameAndValue(cookie));
    };

    it('no lie: roles in one string, the organization by its name', async () => {
      idToken = () => signer.sign(claims());
      await expect(attempt()).resolves.toMatchObject({ returnTo: '/' });
    });

    it.each<readonly [string, () => Promise<string>]>([
      ['another nonce', () => signer.sign(claims({ nonce: 'old' }))],
      ['no nonce', () => signer.sign(claims({ nonce: undefined }))],
      ['another audience', () => signer.sign(claims({ aud: 'other' }))],
      ['another issuer', () => signer.sign(claims({ iss: 'https://other.example' }))],
      ['an expired ID token', () => signer.sign(claims({ iat: nowSeconds() - 600, exp: nowSeconds() - 300 }))],
      ['a signature of another key', async () => (await createSigner('issuer-key', 'ES256')).sign(claims())],
      [
        'no signature',
        async () =>
          `${['{"alg":"none"}', JSON.stringify(claims())].map((part) => Buffer.from(part).toString('base64url')).join('.')}.`,
      ],
    ])('is refused: %s', async (_name, token) => {
      idToken = token;
      await expect(attempt()).rejects.toMatchObject({ status: 401, code: 'auth.sign-in-failed' });
    });

    it('is refused: two organizations of one name', async () => {
      await world.organization({ name: 'Twice' });
      await world.organization({ name: 'Twice' });
      idToken = () => signer.sign(claims({ [CLAIMS.organization]: 'Twice' }));
      await expect(attempt()).rejects.toMatchObject({ code: 'auth.organization-unknown' });
    });
  });
});

function nameAndValue(setCookie: string): string {
  return setCookie.split(';')[0]!;
}
