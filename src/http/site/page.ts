import { z } from 'zod';
import { withFrenchSpaces, type Lang, type Text } from '../../kernel/i18n.js';
import type { Reply, ResponseRule } from '../route.js';
import { html, type Html } from '../../kernel/html.js';

/** Pages follow `?lang=`, else the browser. */
export const pageQuery = z.object({ lang: z.enum(['en', 'fr']).optional() });

export const PAGE: Readonly<Record<number, ResponseRule>> = {
  200: { description: { en: 'A page', fr: 'Une page' }, mediaType: 'text/html; charset=utf-8' },
};

const NAV: Readonly<Record<'api' | 'errors' | 'openapi' | 'other', Text>> = {
  api: { en: 'API', fr: 'API' },
  errors: { en: 'Error codes', fr: 'Codes d’erreur' },
  openapi: { en: 'OpenAPI', fr: 'OpenAPI' },
  other: { en: 'Français', fr: 'English' },
};

/** One page in the frame that all share: no script, one style sheet of this host. */
export function page(options: {
  readonly lang: Lang;
  readonly path: string;
  readonly title: string;
  readonly main: Html;
  readonly aside?: Html;
}): Reply {
  const { lang, path, title, main, aside } = options;
  const other = lang === 'en' ? 'fr' : 'en';
  const here = `?lang=${lang}`;
  const document = html`<!doctype html>
    <html lang="${lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/docs/style.css" />
      </head>
      <body>
        <header class="top">
          <a class="brand" href="/${here}"><span class="mark" aria-hidden="true"></span>Relais</a>
          <nav aria-label="Relais">
            <a href="/docs${here}">${NAV.api[lang]}</a><a href="/docs/errors${here}">${NAV.errors[lang]}</a
            ><a href="/openapi.json">${NAV.openapi[lang]}</a
            ><a href="${path}?lang=${other}" lang="${other}" hreflang="${other}">${NAV.other[lang]}</a>
          </nav>
        </header>
        <div class="${aside === undefined ? 'single' : 'columns'}">
          ${aside ?? null}
          <main>${main}</main>
        </div>
      </body>
    </html> `;
  const body = lang === 'fr' ? withFrenchSpaces(document.markup) : document.markup;
  return { status: 200, body, headers: { 'content-language': lang } };
}
