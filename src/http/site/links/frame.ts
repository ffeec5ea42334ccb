import { z } from 'zod';
import { html, type Html } from '../../../kernel/html.js';
import { say, withFrenchSpaces, type Lang } from '../../../kernel/i18n.js';
import type { LinkPrincipal } from '../../../transfer/access-link-ports.js';
import { FORM } from '../../request/read-body.js';
import type { BodyRule, Reply, ResponseRule } from '../../route.js';
import { LINK_TEXTS, type LinkText } from './texts.js';

/** The language stands in every address of these pages, and nothing else does. */
export const langQuery = z.object({ lang: z.enum(['en', 'fr']).optional() });

export const HTML_PAGE: ResponseRule = {
  description: { en: 'A page', fr: 'Une page' },
  mediaType: 'text/html; charset=utf-8',
};
export const GO_ON: ResponseRule = { description: { en: 'Go on there', fr: 'Poursuivre là' } };

export type Say = (line: LinkText, parameters?: Readonly<Record<string, string>>) => string;
export const sayIn =
  (lang: Lang): Say =>
  (line, parameters) =>
    say(LINK_TEXTS[line], lang, parameters);

/** The token of the session, which every form of it carries, and what else the form asks. */
export function formOf<Shape extends z.ZodRawShape>(
  shape: Shape,
): BodyRule<z.ZodObject<Shape & { csrf: z.ZodString }>> {
  return {
    schema: z.strictObject({ ...shape, csrf: z.string().max(100) }),
    mediaTypes: [FORM],
    maxBytes: 64 * 1024,
    optional: false,
  };
}

export const csrfField = ({ csrfToken }: LinkPrincipal): Html =>
  html`<input type="hidden" name="csrf" value="${csrfToken}" />`;

/**
 * One page of a link. Its title tells nothing about anybody; it holds no script but the door's, and every page of a
 * session can be closed by its first button.
 */
export function linkPage(options: {
  readonly lang: Lang;
  /** Where the other language is; of an answer to a form, the page that it came from. */
  readonly path: string;
  readonly title: string;
  readonly main: Html;
  readonly principal?: LinkPrincipal;
  readonly status?: number;
  readonly script?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}): Reply {
  const { lang, path, title, main, principal, status = 200, script = false, headers = {} } = options;
  const t = sayIn(lang);
  const other = lang === 'en' ? 'fr' : 'en';
  const document = html`<!doctype html>
    <html lang="${lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="format-detection" content="telephone=no" />
        <title>${title} · Relais</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/access/style.css" />
        ${script && html`<script src="/access/open.js" defer></script>`}
      </head>
      <body>
        <a class="skip" href="#main">${t('skip')}</a>
        <header>
          <p class="brand">Relais</p>
          <div class="tools">
            <a id="other" class="quiet" href="${path}?lang=${other}" lang="${other}" hreflang="${other}"
              >${t('other')}</a
            >
            ${
              principal !== undefined &&
              html`<form method="post" action="/access/leave?lang=${lang}">
                ${csrfField(principal)}<button class="quiet" type="submit">${t('close')}</button>
              </form>`
            }
          </div>
        </header>
        <main id="main" tabindex="-1">${main}</main>
      </body>
    </html> `;
  const body = lang === 'fr' ? withFrenchSpaces(document.markup) : document.markup;
  return { status, body, contentType: 'text/html; charset=utf-8', headers: { 'content-language': lang, ...headers } };
}
