import type { Lang, Text } from '../../kernel/i18n.js';
import { ERROR_TEXTS } from '../error-texts.js';
import type { OpenApiDocument, OpenApiOperation, OpenApiParameter } from '../openapi/build-openapi.js';
import { openOperation, type Operation } from '../route.js';
import { curlOf } from './curl.js';
import { html, type Html } from '../../kernel/html.js';
import type { OpenApiSource } from './openapi.js';
import { page, pageQuery, PAGE } from './page.js';

const TEXTS = {
  title: { en: 'The API of Relais', fr: 'L’API de Relais' },
  intro: {
    en: 'Every call below is checked by the schemas that this page is made from. Partners authenticate with a token from /oauth/token; staff with a session.',
    fr: 'Chaque appel ci-dessous est vérifié par les schémas dont cette page est tirée. Les partenaires s’authentifient par un jeton de /oauth/token, le personnel par une session.',
  },
  rules: {
    en: [
      'Bodies are JSON in UTF-8, uncompressed; numbers stay as written. Duplicate members, nesting over 64 and unknown members are refused.',
      'Each answer carries X-Request-Id: send your own (8–64 of A-Z a-z 0-9 . _ -) to find it again in logs.',
      'Errors are problem documents (RFC 9457), under /fhir OperationOutcomes; decide on their stable code. Texts follow Accept-Language: en, fr.',
      'What belongs to another organization is answered like what does not exist: 404.',
    ],
    fr: [
      'Les corps sont du JSON en UTF-8, sans compression ; les nombres restent tels qu’écrits. Membres en double, imbrication au-delà de 64 et membres inconnus sont refusés.',
      'Chaque réponse porte X-Request-Id : envoyez le vôtre (8 à 64 caractères parmi A-Z a-z 0-9 . _ -) pour le retrouver dans les journaux.',
      'Les erreurs sont des documents « problem » (RFC 9457), des OperationOutcome sous /fhir ; fiez-vous à leur code stable. Les textes suivent Accept-Language : en, fr.',
      'Ce qui appartient à un autre organisme reçoit la même réponse que ce qui n’existe pas : 404.',
    ],
  },
  who: { en: 'Who may', fr: 'Qui peut' },
  parameters: { en: 'Parameters', fr: 'Paramètres' },
  required: { en: 'required', fr: 'obligatoire' },
  request: { en: 'Request', fr: 'Requête' },
  curl: { en: 'Copy and try', fr: 'À copier et essayer' },
  errors: { en: 'Error codes', fr: 'Codes d’erreur' },
  errorsIntro: {
    en: 'Codes are stable; sentences may change. No answer repeats what was sent.',
    fr: 'Les codes sont stables ; les phrases peuvent changer. Aucune réponse ne répète ce qui a été envoyé.',
  },
  code: { en: 'Code', fr: 'Code' },
  meaning: { en: 'Meaning', fr: 'Signification' },
} as const;
const inLang = (text: Text, lang: Lang): string => text[lang];

export const showDocs = (openApi: OpenApiSource): Operation<null> =>
  openOperation({
    group: 'site',
    id: 'showDocs',
    summary: { en: 'Documentation', fr: 'Documentation' },
    query: pageQuery,
    responses: PAGE,
    handle: ({ query, lang: asked }, { publicUrl }) => {
      const lang = query.lang ?? asked;
      const document = openApi(lang, publicUrl);
      return page({
        lang,
        path: '/docs',
        title: inLang(TEXTS.title, lang),
        aside: contents(document),
        main: html`<h1>${inLang(TEXTS.title, lang)}</h1>
          <p class="lead">${document.info.description}</p>
          <p>${inLang(TEXTS.intro, lang)}</p>
          <ul class="rules">
            ${TEXTS.rules[lang].map((rule) => html`<li>${rule}</li>`)}
          </ul>
          ${document.tags.map((tag) => chapter(document, tag, lang))}`,
      });
    },
  });

export const showErrorDocs = openOperation({
  group: 'site',
  id: 'showErrorDocs',
  summary: { en: 'Error codes', fr: 'Codes d’erreur' },
  query: pageQuery,
  responses: PAGE,
  handle: ({ query, lang: asked }) => {
    const lang = query.lang ?? asked;
    const rows = Object.entries(ERROR_TEXTS).map(
      ([code, text]) =>
        html`<tr id="${code}">
          <td><code>${code}</code></td>
          <td>${inLang(text, lang)}</td>
        </tr> `,
    );
    return page({
      lang,
      path: '/docs/errors',
      title: inLang(TEXTS.errors, lang),
      main: html`<h1>${inLang(TEXTS.errors, lang)}</h1>
        <p class="lead">${inLang(TEXTS.errorsIntro, lang)}</p>
        <table class="codes">
          <thead>
            <tr>
              <th scope="col">${inLang(TEXTS.code, lang)}</th>
              <th scope="col">${inLang(TEXTS.meaning, lang)}</th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>`,
    });
  },
});

interface Entry {
  readonly path: string;
  readonly method: string;
  readonly operation: OpenApiOperation;
}

function entriesOf(document: OpenApiDocument, tag: string): Entry[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags[0] === tag)
      .map(([method, operation]) => ({ path, method, operation })),
  );
}

function contents(document: OpenApiDocument): Html {
  const links = (tag: string): Html[] =>
    entriesOf(document, tag).map(
      ({ operation, method }) =>
        html`<li>
          <a href="#${operation.operationId}"><span class="method ${method}">${method}</span>${operation.summary}</a>
        </li>`,
    );
  return html`<aside>
    <nav aria-label="API">
      ${document.tags.map(
        ({ name, description }) =>
          html`<h2><a href="#${name}">${description}</a></h2>
            <ul>
              ${links(name)}
            </ul>`,
      )}
    </nav>
  </aside>`;
}

function chapter(document: OpenApiDocument, tag: OpenApiDocument['tags'][number], lang: Lang): Html {
  return html`<section id="${tag.name}" class="chapter">
    <h2>${tag.description}</h2>
    ${entriesOf(document, tag.name).map((entry) => article(document, entry, lang))}
  </section> `;
}

function article(document: OpenApiDocument, { path, method, operation }: Entry, lang: Lang): Html {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  return html`<article id="${operationId}">
    <h3>${summary}</h3>
    <p class="line"><span class="method ${method}">${method}</span> <code>${path}</code></p>
    ${description === undefined ? null : html`<p>${description}</p>`}
    <p class="who"><strong>${inLang(TEXTS.who, lang)}</strong> ${operation['x-relais-access']}</p>
    ${parameters.length === 0 ? null : parameterTable(parameters, lang)}
    <div class="examples">
      <section>
        <h4>${inLang(TEXTS.request, lang)}</h4>
        ${requestBody === undefined ? null : example(Object.entries(requestBody.content)[0])}
        <h5>${inLang(TEXTS.curl, lang)}</h5>
        <pre tabindex="0"><code>${curlOf(document.servers[0].url, path, method, operation)}</code></pre>
      </section>
      <section>
        ${Object.entries(responses)
          .filter(([status]) => status !== 'default')
          .map(
            ([status, response]) =>
              html`<h4><span class="status s${status.slice(0, 1)}">${status}</span> ${response.description}</h4>
                ${example(Object.entries(response.content ?? {})[0])}`,
          )}
      </section>
    </div>
  </article> `;
}

function parameterTable(parameters: readonly OpenApiParameter[], lang: Lang): Html {
  return html`<table>
    <caption>
      ${inLang(TEXTS.parameters, lang)}
    </caption>
    <tbody>
      ${parameters.map(
        ({ name, in: place, required, description, schema }) =>
          html`<tr>
            <th scope="row"><code>${name}</code>${required && html` <em>${inLang(TEXTS.required, lang)}</em>`}</th>
            <td>${place}</td>
            <td>${description ?? describeSchema(schema)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function describeSchema(schema: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(schema['enum'])) return schema['enum'].join(' | ');
  const kind = schema['format'] ?? schema['type'];
  return typeof kind === 'string' ? kind : '';
}

function example(entry: readonly [string, { readonly example?: unknown }] | undefined): Html | null {
  if (entry?.[1].example === undefined) return null;
  const [type, { example: value }] = entry;
  const form = type === 'application/x-www-form-urlencoded';
  const text = form
    ? Object.entries(value as Record<string, string>)
        .map(([name, field]) => `${name}=${field}`)
        .join('\n')
    : JSON.stringify(value, null, 2);
  return html`<p class="type">${type}</p>
    <pre tabindex="0"><code>${text}</code></pre>`;
}
