import { z } from 'zod';
import { name } from '../../../domain/paper/paper.js';
import { RelaisError } from '../../../kernel/errors.js';
import { html, type Html } from '../../../kernel/html.js';
import type { Lang } from '../../../kernel/i18n.js';
import { newId, type ConsentId, type ContestId } from '../../../kernel/ids.js';
import type { LinkPrincipal } from '../../../transfer/access-link-ports.js';
import type { StandingConsent } from '../../../transfer/linked-page.js';
import { dayInWords, lastDayInWords } from '../../../transfer/present-reasons.js';
import { linkForm, linkOperation, type Reply } from '../../route.js';
import { id as idField, uuidParam } from '../../schemas/parts.js';
import { reportHeading, reportMain } from '../disclosure-page.js';
import { csrfField, formOf, HTML_PAGE, langQuery, linkPage, sayIn, type Say } from './frame.js';

const MINE = '/access/mine';

/** The person's page: what became of each transfer, what they may take back, and how to say that something is wrong. */
export const showMine = linkOperation({
  group: 'site',
  id: 'showMine',
  summary: { en: 'The person’s page', fr: 'La page de la personne' },
  query: langQuery,
  responses: { 200: HTML_PAGE },
  handle: async ({ principal, query, lang: asked, requestId }, { story }) => {
    const lang = query.lang ?? asked;
    const t = sayIn(lang);
    const report = await story.linkedReport(principal, lang, requestId);
    const consents = await story.standingConsents(principal, lang, requestId);
    const contestLink = (kind: Kind, line?: string): string =>
      `${MINE}/contests?lang=${lang}&kind=${kind}${line === undefined ? '' : `&line=${line}`}`;
    const main = html`${reportMain(report, {
        before: html`<p class="note">${t('desk')}</p>
          <h2>${t('consents')}</h2>
          ${consents.length === 0 ? html`<p>${t('noConsents')}</p>` : consents.map((one) => consentCard(one, lang, t))}`,
        under: ({ reference }) =>
          html`<p class="do">
            <a class="button second small" href="${contestLink('correction', reference)}"
              >${t('wrong')}<span class="hint"> · ${reference}</span></a
            ><a class="button second small" href="${contestLink('objection', reference)}"
              >${t('object')}<span class="hint"> · ${reference}</span></a
            >
          </p>`,
        after: html`<section class="screen">
          <h2>${t('more')}</h2>
          <p>${t('moreText')}</p>
          <p class="do">
            <a class="button second" href="${contestLink('objection')}">${t('objectAll')}</a
            ><a class="button second" href="${contestLink('correction')}">${t('wrongOther')}</a>
          </p>
        </section>`,
      })}
      <footer><p>${reportHeading(report)}</p></footer>`;
    return linkPage({ lang, path: MINE, title: t('toPage'), main, principal });
  },
});

/** One click led here; one more withdraws. */
export const askWithdrawal = linkOperation({
  group: 'site',
  id: 'askWithdrawal',
  summary: { en: 'Withdraw a yes?', fr: 'Retirer un accord ?' },
  params: uuidParam<ConsentId>(),
  query: langQuery,
  responses: { 200: HTML_PAGE },
  handle: async ({ principal, params, query, lang: asked, requestId }, { story }) => {
    const lang = query.lang ?? asked;
    const t = sayIn(lang);
    const consents = await story.standingConsents(principal, lang, requestId);
    const consent = consents.find(({ id }) => id === params.id);
    if (consent === undefined) {
      throw new RelaisError('resource.not-found', 404, 'not-found', 'Nothing is known under this address.');
    }
    const path = `${MINE}/consents/${params.id}`;
    const main = html`<h1>${t('withdrawTitle')}</h1>
      <article class="left">${consentWords(consent, lang, t, 'h2')}</article>
      <p>${t('withdrawText')}</p>
      <div class="do">
        <form method="post" action="${path}?lang=${lang}">
          ${csrfField(principal)}<button type="submit">${t('withdrawYes')}</button>
        </form>
        <a class="button second" href="${MINE}?lang=${lang}">${t('withdrawNo')}</a>
      </div>`;
    return linkPage({ lang, path, title: t('withdrawTitle'), main, principal });
  },
});

export const withdrawMine = linkForm({
  group: 'site',
  id: 'withdrawMine',
  summary: { en: 'Withdraw a yes', fr: 'Retirer un accord' },
  params: uuidParam<ConsentId>(),
  query: langQuery,
  body: formOf({}),
  responses: { 200: HTML_PAGE, 503: HTML_PAGE },
  handle: async ({ principal, params, query, lang: asked, requestId }, { story }) => {
    const lang = query.lang ?? asked;
    const t = sayIn(lang);
    const again = `${MINE}/consents/${params.id}?lang=${lang}`;
    return unlessLive(principal, lang, { action: again, fields: null }, async () => {
      const { stopped, stoppedReferences, alreadySent, notified } = await story.withdrawByLink(
        principal,
        params.id,
        requestId,
      );
      const main = html`<h1>${t('withdrawnTitle')}</h1>
        <p class="lead">${t('withdrawnText')}</p>
        <ul>
          ${
            stopped.length > 0 &&
            stoppedReferences.length > 0 &&
            html`<li>${t('withdrawnStopped', { references: stoppedReferences.join(', ') })}</li>`
          }
          ${alreadySent.length > 0 && html`<li>${t('withdrawnSent')}</li>`}
          ${notified.length > 0 && html`<li>${t('withdrawnTold')}</li>`}
        </ul>
        <p class="do"><a class="button second" href="${MINE}?lang=${lang}">${t('toPage')}</a></p>`;
      return linkPage({ lang, path: MINE, title: t('withdrawnTitle'), main, principal });
    });
  },
});

const KINDS = ['objection', 'correction'] as const;
type Kind = (typeof KINDS)[number];
const LINE = z.string().regex(/^R-\d{1,9}$/);

export const askContest = linkOperation({
  group: 'site',
  id: 'askContest',
  summary: { en: 'Object, or say that something is wrong', fr: 'S’opposer, ou signaler une inexactitude' },
  query: langQuery.extend({ kind: z.enum(KINDS), line: LINE.optional() }),
  responses: { 200: HTML_PAGE },
  handle: ({ principal, query, lang: asked }) => {
    const lang = query.lang ?? asked;
    const t = sayIn(lang);
    const { kind, line } = query;
    const main = html`<h1>${t(`${kind}Title`)}</h1>
      ${line !== undefined && html`<p><strong>${t('aboutLine', { reference: line })}</strong></p>`}
      <p>${t(`${kind}Text`)}</p>
      <form method="post" action="${MINE}/contests?lang=${lang}" autocomplete="off">
        ${csrfField(principal)}<input type="hidden" name="kind" value="${kind}" />
        <input type="hidden" name="line" value="${line ?? ''}" />
        <input type="hidden" name="form" value="${newId<ContestId>()}" />
        <div class="field">
          <label for="words">${t('words')}</label>
          <p class="hint" id="words-hint">${t('wordsHint')}</p>
          <textarea
            id="words"
            name="words"
            rows="7"
            maxlength="4000"
            dir="auto"
            required
            aria-describedby="words-hint"
          ></textarea>
        </div>
        <div class="do">
          <button type="submit">${t('send')}</button>
          <a class="button second" href="${MINE}?lang=${lang}">${t('back')}</a>
        </div>
      </form>`;
    return linkPage({ lang, path: `${MINE}`, title: t(`${kind}Title`), main, principal });
  },
});

export const contestMine = linkForm({
  group: 'site',
  id: 'contestMine',
  summary: { en: 'Object, or say that something is wrong', fr: 'S’opposer, ou signaler une inexactitude' },
  query: langQuery,
  body: formOf({
    kind: z.enum(KINDS),
    line: z.union([z.literal(''), LINE]),
    form: idField<ContestId>(),
    words: z.string().trim().min(1).max(4000),
  }),
  responses: { 200: HTML_PAGE, 503: HTML_PAGE },
  handle: async ({ principal, body, query, lang: asked, requestId }, { story }) => {
    const lang = query.lang ?? asked;
    const t = sayIn(lang);
    const { kind, line, form, words } = body;
    const fields = html`<input type="hidden" name="kind" value="${kind}" />
      <input type="hidden" name="line" value="${line}" />
      <input type="hidden" name="form" value="${form}" />
      <input type="hidden" name="words" value="${words}" />`;
    return unlessLive(principal, lang, { action: `${MINE}/contests?lang=${lang}`, fields }, async () => {
      const contest = { id: form, kind, reference: line === '' ? null : line, words };
      const { dueAt } = await story.contestByLink(principal, contest, requestId);
      const main = html`<h1>${t('contestTitle')}</h1>
        <p class="lead">${t('contestText', { date: dayInWords(dueAt, lang) })}</p>
        ${kind === 'objection' && html`<p>${t('objectedText')}</p>`}
        <p class="do"><a class="button second" href="${MINE}?lang=${lang}">${t('toPage')}</a></p>`;
      return linkPage({ lang, path: MINE, title: t('contestTitle'), main, principal });
    });
  },
});

/**
 * What was said is kept, and is confirmed only when the promise behind it holds (await-live-deliveries). Until then a
 * calm page says just that, and asks again with one click; asking twice does nothing twice.
 */
async function unlessLive(
  principal: LinkPrincipal,
  lang: Lang,
  again: { readonly action: string; readonly fields: Html | null },
  act: () => Promise<Reply>,
): Promise<Reply> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof RelaisError) || error.code !== 'consent.delivery-live') throw error;
    const t = sayIn(lang);
    const main = html`<h1>${t('waitTitle')}</h1>
      <p class="lead">${t('waitText')}</p>
      <form class="do" method="post" action="${again.action}">
        ${csrfField(principal)}${again.fields}<button type="submit">${t('waitAgain')}</button>
      </form>`;
    const headers = { 'retry-after': String(error.retryAfterSeconds ?? 5) };
    return linkPage({ lang, path: MINE, title: t('waitTitle'), main, principal, status: 503, headers });
  }
}

function consentCard(consent: StandingConsent, lang: Lang, t: Say): Html {
  return html`<article class="left">
    ${consentWords(consent, lang, t, 'h3')}
    <p class="do">
      <a class="button second small" href="${MINE}/consents/${consent.id}?lang=${lang}">${t('withdraw')}</a>
    </p>
  </article> `;
}

function consentWords(
  { recipients, purposes, categories, decidedAt, until }: StandingConsent,
  lang: Lang,
  t: Say,
  level: 'h2' | 'h3',
): Html {
  const to = recipients.map((one, index) => [index > 0 ? ', ' : '', name(one)]);
  const heading = recipients.length === 0 ? t('anyRecipient') : to;
  return html`${level === 'h2' ? html`<h2>${heading}</h2>` : html`<h3>${heading}</h3>`}
    <dl>
      ${
        purposes.length > 0 &&
        html`<dt>${t('consentFor')}</dt>
          <dd>${purposes.join(', ')}</dd>`
      }
      <dt>${t('consentWhat')}</dt>
      <dd>${categories.length > 0 ? categories.join(', ') : t('usual')}</dd>
      <dt>${t('consentSince')}</dt>
      <dd>${dayInWords(decidedAt, lang)}</dd>
      ${
        until !== null &&
        html`<dt>${t('consentUntil')}</dt>
          <dd>${lastDayInWords(until, lang)}</dd>`
      }
    </dl>`;
}
