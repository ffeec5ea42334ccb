import { z } from 'zod';
import { operation } from '../route.js';
import { EXAMPLE, jsonBody } from '../schemas/parts.js';

export const openLaunch = operation({
  group: 'cases',
  id: 'openLaunch',
  summary: { en: 'Open a case from a signed link', fr: 'Ouvrir un dossier par un lien signé' },
  description: {
    en: 'The agency’s software links to /console/open#JWT; the console posts the JWT. It is signed like a client assertion (private_key_jwt: kid, no key in the header, iss and sub the client id, exp at most five minutes ahead, jti used once) by a partner of one’s own organization, aud is PUBLIC_URL/console/open, and `case` is the agency’s id of the case. Whatever is wrong with it: 403 launch.invalid.',
    fr: 'Le logiciel de l’organisme renvoie vers /console/open#JWT ; la console envoie le JWT. Il est signé comme une assertion de client (private_key_jwt : kid, pas de clé dans l’en-tête, iss et sub l’identifiant du client, exp à cinq minutes au plus, jti à usage unique) par un partenaire de son propre organisme, aud vaut PUBLIC_URL/console/open et `case` est l’identifiant du dossier dans l’organisme. Quel que soit le défaut : 403 launch.invalid.',
  },
  body: jsonBody(z.strictObject({ launch: z.string().min(1).max(8192) }).meta({ id: 'Launch' }), {
    launch: 'eyJhbGciOiJFUzM4NCIsImtpZCI6ImsxIn0.eyJjYXNlIjoiVkFMLTIwMjYtMDQxNyJ9.c2lnbmF0dXJl',
  }),
  responses: {
    200: {
      description: { en: 'The case it opens', fr: 'Le dossier qu’il ouvre' },
      schema: z.strictObject({ caseId: z.string(), personId: z.string() }).meta({ id: 'LaunchedCase' }),
      example: { caseId: 'VAL-2026-0417', personId: EXAMPLE.person },
    },
  },
  handle: async ({ principal, body: { launch }, requestId }, { story }) => ({
    status: 200,
    body: await story.openLaunch(principal, launch, requestId),
  }),
});
