import { z } from 'zod';
import { notFound } from '../../kernel/errors.js';
import { SCOPES, STAFF_ROLES } from '../../transfer/principal.js';
import type { HttpDeps, SignInFlow } from '../deps.js';
import { openOperation, operation } from '../route.js';
import { at, EXAMPLE, NO_CONTENT } from '../schemas/parts.js';

const redirect = { description: { en: 'Go on there', fr: 'Poursuivre là' } };

export const beginSignIn = openOperation({
  group: 'identity',
  id: 'beginSignIn',
  summary: { en: 'Sign in (staff)', fr: 'Se connecter (professionnels)' },
  description: {
    en: 'Leads to the configured OpenID issuer: authorization code with PKCE.',
    fr: 'Conduit à l’émetteur OpenID configuré : code d’autorisation avec PKCE.',
  },
  query: z.object({ returnTo: z.string().max(500).optional() }),
  responses: { 302: redirect },
  handle: async ({ query: { returnTo }, lang }, deps) => {
    const { redirectUrl, cookie } = await signInOf(deps).begin(returnTo, lang);
    return { status: 302, headers: { location: redirectUrl, 'set-cookie': cookie } };
  },
});

/** The issuer adds parameters of its own: they are its business, not ours (OpenID Connect Core section 3.1.2.5). */
const callbackParameters = z.object(
  Object.fromEntries(
    ['code', 'state', 'iss', 'session_state', 'scope', 'error', 'error_description', 'error_uri'].map((name) => [
      name,
      z.string().max(4000).optional(),
    ]),
  ),
);

export const finishSignIn = openOperation({
  group: 'identity',
  id: 'finishSignIn',
  summary: { en: 'Come back from the issuer', fr: 'Retour de l’émetteur' },
  query: callbackParameters,
  responses: { 303: redirect },
  handle: async ({ url, cookie }, deps) => {
    const { cookies, returnTo } = await signInOf(deps).finish(url, cookie);
    return { status: 303, headers: { location: returnTo, 'set-cookie': cookies } };
  },
});

export const signOut = operation({
  group: 'identity',
  id: 'signOut',
  summary: { en: 'Sign out (staff)', fr: 'Se déconnecter (professionnels)' },
  description: {
    en: 'Ends the session here; redirectUrl ends it at the issuer too.',
    fr: 'Met fin à la session ici ; redirectUrl y met fin aussi chez l’émetteur.',
  },
  body: NO_CONTENT,
  responses: {
    200: {
      description: { en: 'The session is over', fr: 'La session est terminée' },
      schema: z.strictObject({ redirectUrl: z.string() }),
      example: { redirectUrl: '/' },
    },
  },
  handle: async ({ cookie }, deps) => {
    const { cookies, redirectUrl } = await signInOf(deps).end(cookie);
    return { status: 200, body: { redirectUrl }, headers: { 'set-cookie': cookies } };
  },
});

export const whoAmI = operation({
  group: 'identity',
  id: 'whoAmI',
  summary: { en: 'Who am I to Relais?', fr: 'Qui suis-je pour Relais ?' },
  description: {
    en: 'Staff find the value of X-CSRF-Token here, which every changing request of a session carries.',
    fr: 'Les professionnels y trouvent la valeur de X-CSRF-Token, que porte toute requête de modification d’une session.',
  },
  responses: {
    200: {
      description: { en: 'The caller', fr: 'L’appelant' },
      schema: z
        .strictObject({
          via: z.enum(['access-token', 'staff-session']),
          displayName: z.string().nullable(),
          organizationId: z.string(),
          scopes: z.array(z.enum(SCOPES)),
          roles: z.array(z.enum(STAFF_ROLES)),
          csrfToken: z.string().nullable(),
          expiresAt: at.nullable().meta({ description: 'Staff: the session ends then, however busy it is.' }),
          idleSeconds: z.int().nullable().meta({ description: 'Staff: it ends so long after its last request.' }),
        })
        .meta({ id: 'Caller' }),
      example: {
        via: 'access-token',
        displayName: 'CCAS case software',
        organizationId: EXAMPLE.sender,
        scopes: ['relais/Case.cru', 'relais/Transfer.cru'],
        roles: [],
        csrfToken: null,
        expiresAt: null,
        idleSeconds: null,
      },
    },
  },
  handle: ({ principal }) => ({
    status: 200,
    body: {
      via: principal.via,
      displayName: principal.displayName ?? null,
      organizationId: principal.organizationId,
      scopes: [...principal.scopes],
      roles: [...principal.roles],
      csrfToken: principal.csrfToken ?? null,
      expiresAt: principal.session?.expiresAt ?? null,
      idleSeconds: principal.session?.idleSeconds ?? null,
    },
  }),
});

function signInOf({ signIn }: HttpDeps): SignInFlow {
  if (signIn === null) throw notFound();
  return signIn;
}
