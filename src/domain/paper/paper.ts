import { html, type Html } from '../../kernel/html.js';
import { withFrenchSpaces, type Lang } from '../../kernel/i18n.js';
import { PAPER_STYLE } from './paper-style.js';

/**
 * One page to print. Served, it links the style sheet of its host, which is all that the content security policy lets in;
 * as a file it carries the style itself and forbids everything else (threats 29 and 35).
 *
 * @returns the document as text
 */
export function paper(options: {
  readonly lang: Lang;
  readonly title: string;
  /** Right of the brand: whose paper it is, of which day. */
  readonly heading: Html;
  readonly main: Html;
  readonly style: { readonly href: string } | 'inside';
}): string {
  const { lang, title, heading, main, style } = options;
  const document = html`<!doctype html>
    <html lang="${lang}">
      <head>
        <meta charset="utf-8" />
        ${style === 'inside' && INSIDE_POLICY}
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${style === 'inside' ? INSIDE : html`<link rel="stylesheet" href="${style.href}" />`}
      </head>
      <body>
        <main>
          <header>
            <p class="brand">Relais</p>
            <p>${heading}</p>
          </header>
          ${main}
        </main>
      </body>
    </html> `;
  return lang === 'fr' ? withFrenchSpaces(document.markup) : document.markup;
}

/** The style is this project's own text and holds no `<`: nothing in it needs escaping. */
const INSIDE: Html = { markup: `<style>${PAPER_STYLE}</style>` };
const INSIDE_POLICY = html`<meta
  http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
/>`;

/** A name as its own script writes it: Arabic beside French stays in order (HTML, the bdi element). */
export function name(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}
