import { z } from 'zod';
import type { AccessLinkId, PersonId, TransferId } from '../../kernel/ids.js';
import { CODE_CHANNELS } from '../../transfer/guest-ports.js';
import type { AccessLink } from '../../transfer/access-link-ports.js';
import { operation } from '../route.js';
import { at, jsonBody, NO_CONTENT, uuidParam } from '../schemas/parts.js';

const view = z
  .strictObject({
    id: z.string(),
    kind: z.enum(['person', 'guest']),
    state: z
      .enum(['open', 'used', 'locked', 'expired', 'revoked'])
      .meta({ description: 'open: never opened. used: it opened once and opens no more. locked: five wrong codes.' }),
    lang: z.enum(['en', 'fr']),
    createdAt: at,
    expiresAt: at,
    openedAt: at.nullable(),
    codesTried: z.int(),
  })
  .meta({ id: 'AccessLink', description: 'A one-time link for somebody without an account.' });

const example = {
  id: 'acce5500-0000-4000-8000-000000000001',
  kind: 'person',
  state: 'open',
  lang: 'fr',
  createdAt: '2026-02-09T10:15:02.418Z',
  expiresAt: '2026-02-10T10:15:02.418Z',
  openedAt: null,
  codesTried: 0,
};

function present(link: AccessLink): z.output<typeof view> {
  const { id, kind, state, lang, createdAt, expiresAt, openedAt, attempts } = link;
  return { id, kind, state, lang, createdAt, expiresAt, openedAt, codesTried: attempts };
}

export const makeAccessLink = operation({
  group: 'links',
  id: 'makeAccessLink',
  summary: { en: 'A one-time link to the person’s page', fr: 'Un lien à usage unique vers la page de la personne' },
  description: {
    en: 'Link and code are told by this answer and never again. Give them on two different ways: the link only on a channel that the person called safe, the code by hand or by voice. The page leaves out what is a matter for the desk.',
    fr: 'Le lien et le code figurent dans cette réponse et nulle part ailleurs ensuite. Donnez-les par deux voies différentes : le lien seulement par un canal que la personne a dit sûr, le code de la main à la main ou de vive voix. La page laisse de côté ce qui relève de l’accueil.',
  },
  params: uuidParam<PersonId>(),
  body: jsonBody(
    z
      .strictObject({
        lang: z.enum(['en', 'fr']),
        hours: z.int().min(1).max(168).default(24).meta({ description: 'How long it may be opened and used.' }),
        safeChannel: z
          .literal(true)
          .meta({ description: 'The person asked for a link and called the way to send it, and the device, safe.' }),
      })
      .meta({ id: 'AccessLinkInput' }),
    { lang: 'fr', hours: 24, safeChannel: true },
  ),
  responses: {
    201: {
      description: { en: 'Link and code, told once', fr: 'Le lien et le code, indiqués une seule fois' },
      schema: z.strictObject({
        link: view,
        url: z.string().meta({ description: 'The token stands in the fragment, which no server sees.' }),
        code: z.string().regex(/^\d{6}$/),
      }),
      example: {
        link: example,
        url: 'https://relais.example/access?lang=fr#3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
        code: '042517',
      },
    },
  },
  handle: async ({ principal, params, body: { lang, hours }, requestId }, { story, publicUrl }) => {
    const { link, token, code } = await story.makeAccessLink(principal, params.id, { lang, hours }, requestId);
    return { status: 201, body: { link: present(link), url: `${publicUrl}/access?lang=${lang}#${token}`, code } };
  },
});

export const listAccessLinks = operation({
  group: 'links',
  id: 'listAccessLinks',
  summary: { en: 'The links that were made for a person', fr: 'Les liens faits pour une personne' },
  params: uuidParam<PersonId>(),
  responses: {
    200: {
      description: { en: 'The newest first', fr: 'Les plus récents d’abord' },
      schema: z.strictObject({ links: z.array(view) }),
      example: { links: [example] },
    },
  },
  handle: async ({ principal, params, requestId }, { story }) => {
    const links = await story.listAccessLinks(principal, params.id, requestId);
    return { status: 200, body: { links: links.map(present) } };
  },
});

export const revokeAccessLink = operation({
  group: 'links',
  id: 'revokeAccessLink',
  summary: { en: 'Take a link back', fr: 'Retirer un lien' },
  description: {
    en: 'It opens nothing any more, and a page that it opened is closed at the next click.',
    fr: 'Il n’ouvre plus rien, et une page qu’il avait ouverte se ferme au prochain clic.',
  },
  params: uuidParam<AccessLinkId>(),
  body: NO_CONTENT,
  responses: {
    200: {
      description: { en: 'The link', fr: 'Le lien' },
      schema: view,
      example: { ...example, state: 'revoked' },
    },
  },
  handle: async ({ principal, params, requestId }, { story }) => {
    const link = await story.revokeAccessLink(principal, params.id, requestId);
    return { status: 200, body: present(link) };
  },
});

export const makeAccessCode = operation({
  group: 'links',
  id: 'makeAccessCode',
  summary: { en: 'The code for a recipient without a system', fr: 'Le code pour un destinataire sans système' },
  description: {
    en: 'Told once, to be told on by the registered channel and never by mail. A new code voids the one before, ends what it opened, and lets the link of the notice be opened once more.',
    fr: 'Indiqué une seule fois, à donner par le canal enregistré et jamais par courriel. Un nouveau code annule le précédent, ferme ce qu’il avait ouvert et permet d’ouvrir le lien de l’avis une fois de plus.',
  },
  params: uuidParam<TransferId>(),
  body: NO_CONTENT,
  responses: {
    200: {
      description: { en: 'The code, and where to tell it', fr: 'Le code, et où le donner' },
      schema: z.strictObject({
        link: view,
        code: z.string().regex(/^\d{6}$/),
        channel: z.strictObject({ kind: z.enum(CODE_CHANNELS), hint: z.string() }),
      }),
      example: {
        link: { ...example, kind: 'guest' },
        code: '042517',
        channel: { kind: 'phone', hint: '01 23 45 67 89' },
      },
    },
  },
  handle: async ({ principal, params, requestId }, { story }) => {
    const { link, code, channel } = await story.makeAccessCode(principal, params.id, requestId);
    return { status: 200, body: { link: present(link), code, channel } };
  },
});
