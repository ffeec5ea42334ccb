import { z } from 'zod';
import { RelaisError } from '../../../kernel/errors.js';
import { html, type Html } from '../../../kernel/html.js';
import type { Lang } from '../../../kernel/i18n.js';
import { FORM } from '../../request/read-body.js';
import { openOperation, type Reply } from '../../route.js';
import { POLICY_WITH_SCRIPT } from '../../security-headers.js';
import { formOf, GO_ON, HTML_PAGE, langQuery, linkPage, sayIn } from './frame.js';

/** With `no-referrer` a browser would name no origin of the form either (Fetch, "append a request Origin header"). */
const FORM_HEADERS = { 'referrer-policy': 'same-origin' };
const DOOR_HEADERS = { 'content-security-policy': POLICY_WITH_SCRIPT, ...FORM_HEADERS };

export const showDoor = openOperation({
  group: 'site',
  id: 'showDoor',
  summary: { en: 'Where a link is opened', fr: 'Là où s’ouvre un lien' },
  query: langQuery,
  responses: { 200: HTML_PAGE },
  handle: ({ query, lang: asked }) => doorPage(query.lang ?? asked, null),
});

/** The whole link or its token alone; spaces and line breaks come with copying. */
const tokenIn = (pasted: string): string => /([A-Za-z0-9_-]{43})\s*$/.exec(pasted)?.[1] ?? '';

/** @throws RelaisError 403 `access.foreign`: nobody is to be made to look at somebody else's page, so forms come from this site */
function requireOwnForm(
  {
    origin,
    'sec-fetch-site': site,
  }: { readonly origin?: string | undefined; readonly 'sec-fetch-site'?: string | undefined },
  publicUrl: string,
): void {
  if (
    (origin !== undefined && origin !== new URL(publicUrl).origin) ||
    (site !== undefined && site !== 'same-origin')
  ) {
    throw new RelaisError('access.foreign', 403, 'security', 'This form was sent from another site.');
  }
}

const originHeaders = z.object({ origin: z.string().optional(), 'sec-fetch-site': z.string().optional() });
const doorForm = {
  schema: z.strictObject({ token: z.string().max(2000), code: z.string().max(40) }),
  mediaTypes: [FORM],
  maxBytes: 8 * 1024,
  optional: false,
} as const;

export const openDoor = openOperation({
  group: 'site',
  id: 'openDoor',
  summary: { en: 'Open a link with its code', fr: 'Ouvrir un lien avec son code' },
  query: langQuery,
  headers: originHeaders,
  body: doorForm,
  responses: { 303: GO_ON, 403: HTML_PAGE },
  handle: async ({ query, lang: asked, body, headers, requestId, source }, { accessDoor, publicUrl }) => {
    const lang = query.lang ?? asked;
    requireOwnForm(headers, publicUrl);
    const attempt = await accessDoor.open({ token: tokenIn(body.token), code: body.code, requestId, source });
    if (attempt.kind === 'opened') {
      const { holder, cookie } = attempt;
      return {
        status: 303,
        headers: { location: `${HOMES[holder.kind]}?lang=${query.lang ?? holder.lang}`, 'set-cookie': cookie },
      };
    }
    return attempt.kind === 'closed'
      ? closedPage(lang, tokenIn(body.token))
      : doorPage(lang, { left: attempt.left, token: tokenIn(body.token) });
  },
});

/** A guest whose code is used, lost or never came: the sender is told, and tells another on the way that was agreed. */
export const askForCode = openOperation({
  group: 'site',
  id: 'askForCode',
  summary: { en: 'Ask the sender for a code', fr: 'Demander un code à l’expéditeur' },
  query: langQuery,
  headers: originHeaders,
  body: doorForm,
  responses: { 200: HTML_PAGE, 403: HTML_PAGE },
  handle: async ({ query, lang: asked, body, headers, requestId, source }, { accessDoor, publicUrl }) => {
    const lang = query.lang ?? asked;
    requireOwnForm(headers, publicUrl);
    const token = tokenIn(body.token);
    if (token === '') return doorPage(lang, 'no-link');
    await accessDoor.askForCode({ token, requestId, source });
    const t = sayIn(lang);
    const main = html`<h1>${t('askedTitle')}</h1>
      <p class="lead">${t('askedText')}</p>
      <p>${t('askedDesk')}</p>`;
    return linkPage({ lang, path: '/access', title: t('askedTitle'), main });
  },
});

/** Where each kind of link leads to. */
export const HOMES = { person: '/access/mine', guest: '/access/received' } as const;

export const showHome = openOperation({
  group: 'site',
  id: 'showHome',
  summary: { en: 'Back to the page of one’s link', fr: 'Revenir à la page de son lien' },
  query: langQuery,
  responses: { 303: GO_ON },
  handle: async ({ query, lang: asked, cookie }, { accessDoor }) => {
    const { holder } = await accessDoor.admit(cookie);
    return { status: 303, headers: { location: `${HOMES[holder.kind]}?lang=${query.lang ?? asked}` } };
  },
});

export const leaveDoor = openOperation({
  group: 'site',
  id: 'leaveDoor',
  summary: { en: 'Close the page of a link', fr: 'Fermer la page d’un lien' },
  query: langQuery,
  body: formOf({}),
  responses: { 303: GO_ON },
  handle: async ({ query, lang: asked, cookie, body }, { accessDoor }) => {
    // Who is not in, is out: the button works whatever became of the session.
    const principal = await accessDoor.admit(cookie).catch(() => null);
    const isOwn = principal === null || principal.csrfToken === body.csrf;
    return {
      status: 303,
      headers: {
        location: `/access/left?lang=${query.lang ?? asked}`,
        ...(isOwn && { 'set-cookie': await accessDoor.leave(cookie) }),
      },
    };
  },
});

export const showLeft = openOperation({
  group: 'site',
  id: 'showLeft',
  summary: { en: 'The page of a link is closed', fr: 'La page d’un lien est fermée' },
  query: langQuery,
  responses: { 200: HTML_PAGE },
  handle: ({ query, lang: asked }) => {
    const lang = query.lang ?? asked;
    const t = sayIn(lang);
    const main = html`<h1>${t('leftTitle')}</h1>
      <p class="lead">${t('leftText')}</p>`;
    return linkPage({ lang, path: '/access/left', title: t('leftTitle'), main });
  },
});

/** @param wrong what was wrong with the form that came; null when none came */
function doorPage(lang: Lang, wrong: 'no-link' | { readonly left: number; readonly token: string } | null): Reply {
  const t = sayIn(lang);
  const token = wrong === null || wrong === 'no-link' ? null : wrong.token;
  const alert: Html | false =
    wrong !== null &&
    html`<div class="alert" role="alert">
      ${
        wrong === 'no-link'
          ? html`<p><strong>${t('noLink')}</strong></p>`
          : html`<p><strong>${t('wrongCode')}</strong></p>
              <p>${wrong.left === 1 ? t('codesLeftOne') : t('codesLeft', { left: String(wrong.left) })}</p>`
      }
    </div>`;
  const main = html`<h1>${t('doorTitle')}</h1>
    ${alert || html`<p class="lead">${t('doorLead')}</p>`}
    <form method="post" action="/access?lang=${lang}" autocomplete="off">
      ${
        token === null
          ? html`<div class="field" id="by-hand">
              <label for="token">${t('token')}</label>
              <p class="hint" id="token-hint">${t('tokenHint')}</p>
              <input
                type="text"
                id="token"
                name="token"
                aria-describedby="token-hint"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
              />
            </div>`
          : html`<input type="hidden" name="token" value="${token}" />`
      }
      <div class="field">
        <label for="code">${t('code')}</label>
        <p class="hint" id="code-hint">${t('codeHint')}</p>
        <input
          class="code"
          type="text"
          id="code"
          name="code"
          inputmode="numeric"
          maxlength="12"
          required
          aria-describedby="code-hint"
          autocomplete="one-time-code"
        />
      </div>
      <button class="wide" type="submit">${t('enter')}</button>
      <div class="aside">
        <p class="hint">${t('noCode')}</p>
        <button class="second" type="submit" formaction="/access/ask?lang=${lang}" formnovalidate>
          ${t('askCode')}
        </button>
      </div>
    </form>
    <footer>
      <p>${t('doorOnce')}</p>
      <p>${t('doorAlone')}</p>
    </footer>`;
  return linkPage({
    lang,
    path: '/access',
    title: t('doorTitle'),
    main,
    script: token === null,
    status: wrong === null ? 200 : 403,
    headers: DOOR_HEADERS,
  });
}

function closedPage(lang: Lang, token: string): Reply {
  const t = sayIn(lang);
  const main = html`<h1>${t('closedTitle')}</h1>
    <p class="lead">${t('closedText')}</p>
    <div class="do">
      <form method="post" action="/access/ask?lang=${lang}">
        <input type="hidden" name="token" value="${token}" /><input type="hidden" name="code" value="" />
        <button type="submit">${t('askCode')}</button>
      </form>
      <a class="button second" href="/access?lang=${lang}">${t('toDoor')}</a>
    </div>`;
  return linkPage({ lang, path: '/access', title: t('closedTitle'), main, status: 403, headers: FORM_HEADERS });
}
