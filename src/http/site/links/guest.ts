import { z } from 'zod';
import { DECLINE_REASONS } from '../../../domain/case/codes-work.js';
import { PURPOSES } from '../../../domain/decision/purpose.js';
import { RelaisError } from '../../../kernel/errors.js';
import { html, type Html } from '../../../kernel/html.js';
import { say, type Lang } from '../../../kernel/i18n.js';
import { newId } from '../../../kernel/ids.js';
import type { LinkPrincipal } from '../../../transfer/access-link-ports.js';
import { DECLINE_TEXTS } from '../../../transfer/decline-reasons.js';
import { dayInWords } from '../../../transfer/present-reasons.js';
import type { ReceivedPage } from '../../../transfer/received-page.js';
import type { ReferralStatus } from '../../../transfer/status.js';
import { linkForm, linkOperation } from '../../route.js';
import { id as idField } from '../../schemas/parts.js';
import { inCaseSections } from './case-sections.js';
import { inSections } from './fhir-words.js';
import { csrfField, formOf, HTML_PAGE, langQuery, linkPage } from './frame.js';
import { GUEST_TEXTS, STATES } from './guest-texts.js';

const RECEIVED = '/access/received';
const ANSWERS = ['accept', 'ask', 'decline', 'outcome'] as const;
type Answer = (typeof ANSWERS)[number];

const STATUS: Readonly<Record<Answer, ReferralStatus>> = {
  accept: 'accepted',
  ask: 'on-hold',
  decline: 'rejected',
  outcome: 'completed',
};
const SENT = { accept: 'sentAccept', ask: 'sentAsk', decline: 'sentDecline', outcome: 'sentOutcome' } as const;
/** What may be answered in each state (transfer/status, mayFollow). */
const OPEN: Readonly<Partial<Record<ReferralStatus, readonly Answer[]>>> = {
  requested: ['accept', 'ask', 'decline'],
  received: ['accept', 'ask', 'decline'],
  'on-hold': ['accept', 'ask', 'decline'],
  accepted: ['outcome', 'ask'],
  'in-progress': ['outcome', 'ask'],
};

type Say = (line: keyof typeof GUEST_TEXTS, parameters?: Readonly<Record<string, string>>) => string;
const sayIn =
  (lang: Lang): Say =>
  (line, parameters) =>
    say(GUEST_TEXTS[line], lang, parameters);

/** What was sent to a guest, to read and to answer. */
export const showReceived = linkOperation({
  group: 'site',
  id: 'showReceived',
  summary: { en: 'What was sent to a guest', fr: 'Ce qui a été adressé à un invité' },
  query: langQuery,
  responses: { 200: HTML_PAGE },
  handle: async ({ principal, query, lang: asked, requestId }, { story }) => {
    const lang = query.lang ?? asked;
    const t = sayIn(lang);
    const page = await story.readReceived(principal, requestId);
    const { transfer, resources, record } = page;
    const main = html`<h1>${t('title')}</h1>
      <p class="lead">
        ${t('number', { reference: transfer.reference, date: dayInWords(transfer.deliveredAt ?? '', lang) })}<br />
        ${page.sender !== null && html`${t('from', { sender: page.sender })}<br />`}
        ${t('purpose', { purpose: say(PURPOSES[transfer.purpose].text, lang) })}
      </p>
      ${page.notices.map((notice) => noticeWords(notice, lang, t))}
      ${
        resources === null
          ? html`<div class="note">
              <h2>${t('hiddenTitle')}</h2>
              <p>${t('hidden')}</p>
            </div>`
          : html`<p class="note">${t('secret')}</p>
              <p class="do"><a class="button second" href="#answer">${t('answer')}</a></p>
              ${record === null ? inSections(resources, lang) : inCaseSections(record, lang)}`
      }
      ${thread(page, lang, t)} ${answers(page, principal, lang, t)}`;
    return linkPage({ lang, path: RECEIVED, title: t('title'), main, principal });
  },
});

export const answerGuest = linkForm({
  group: 'site',
  id: 'answerGuest',
  summary: { en: 'A guest’s answer', fr: 'La réponse d’un invité' },
  query: langQuery,
  body: formOf({
    answer: z.enum(ANSWERS),
    reason: z.enum(DECLINE_REASONS).optional(),
    words: z.string().trim().max(3000),
    form: idField<string>(),
  }),
  responses: { 200: HTML_PAGE },
  handle: async ({ principal, body, query, lang: asked, requestId }, { story }) => {
    const lang = query.lang ?? asked;
    const t = sayIn(lang);
    const { answer, reason, words, form } = body;
    if (answer === 'decline' ? reason === undefined : answer !== 'accept' && words === '') {
      throw new RelaisError('request.form-incomplete', 422, 'required', 'A reason or a few words are needed.');
    }
    const declined = answer === 'decline' ? reason! : null;
    const report = { status: STATUS[answer], declined, message: words === '' ? null : words, formId: form };
    await story.answerReceived(principal, report, requestId);
    const main = html`<h1>${t('sentTitle')}</h1>
      <p class="lead">${t(SENT[answer])}</p>
      <p class="do"><a class="button second" href="${RECEIVED}?lang=${lang}">${t('back')}</a></p>`;
    return linkPage({ lang, path: RECEIVED, title: t('sentTitle'), main, principal });
  },
});

function noticeWords({ kind, dueAt }: ReceivedPage['notices'][number], lang: Lang, t: Say): Html {
  return html`<div class="alert" role="note">
    <p>${kind === 'stop-using' ? t('stopUsing', { date: dayInWords(dueAt, lang) }) : t('corrected')}</p>
  </div>`;
}

/** Questions and answers, in their order. */
function thread({ transfer }: ReceivedPage, lang: Lang, t: Say): Html | false {
  const said = transfer.timeline.filter(({ message }) => message !== undefined);
  return (
    said.length > 0 &&
    html`<section class="screen">
      <h2>${t('thread')}</h2>
      ${said.map(
        ({ status, at, message }) =>
          html`<article>
            <h3>${t(status === 'message' ? 'byThem' : 'byYou', { date: dayInWords(at, lang) })}</h3>
            <p dir="auto" class="said">${message ?? null}</p>
          </article>`,
      )}
    </section>`
  );
}

function answers({ transfer }: ReceivedPage, principal: LinkPrincipal, lang: Lang, t: Say): Html {
  const state = transfer.referralStatus ?? 'requested';
  const open = OPEN[state] ?? [];
  const said = STATES[state];
  return html`<section class="screen">
    <h2 id="answer">${t('answer')}</h2>
    ${said !== undefined && html`<p>${t('so')}${lang === 'fr' ? ' :' : ':'} ${said[lang]}</p>`}
    ${open.length === 0 && html`<p>${t('over')}</p>`} ${open.map((answer) => answerForm(answer, principal, lang, t))}
  </section>`;
}

function answerForm(answer: Answer, principal: LinkPrincipal, lang: Lang, t: Say): Html {
  const [hint, button] = (
    {
      accept: ['acceptHint', 'accept'],
      ask: ['askHint', 'askSend'],
      decline: ['declineHint', 'declineSend'],
      outcome: ['outcomeHint', 'outcomeSend'],
    } as const
  )[answer];
  const field = `words-${answer}`;
  const mustSay = answer === 'ask' || answer === 'outcome';
  return html`<article>
    <h3>${t(answer)}</h3>
    <form method="post" action="${RECEIVED}?lang=${lang}" autocomplete="off">
      ${csrfField(principal)}<input type="hidden" name="answer" value="${answer}" />
      <input type="hidden" name="form" value="${newId<string>()}" />
      ${
        answer === 'decline' &&
        html`<fieldset>
          <legend>${t('declineWhy')}</legend>
          ${DECLINE_REASONS.map(
            (code) =>
              html`<label class="choice"
                ><input type="radio" name="reason" value="${code}" required />${DECLINE_TEXTS[code][lang]}</label
              >`,
          )}
        </fieldset>`
      }
      <div class="field">
        <label for="${field}">${t(hint)}</label>
        <textarea
          id="${field}"
          name="words"
          rows="3"
          maxlength="3000"
          dir="auto"
          ${mustSay ? html` required` : ''}
        ></textarea>
      </div>
      <button class="${answer === 'accept' || answer === 'outcome' ? '' : 'second'}" type="submit">${t(button)}</button>
    </form>
  </article> `;
}
