import { name, paper } from '../../domain/paper/paper.js';
import { html, type Html } from '../../kernel/html.js';
import type { Lang, Text } from '../../kernel/i18n.js';
import type { ContestLine, DeclinedLine, DisclosureLine, DisclosureReport } from '../../transfer/disclosure-report.js';
import { dayInWords, lastDayInWords } from '../../transfer/present-reasons.js';
import type { TransferStatus } from '../../transfer/status.js';

const TEXTS = {
  title: { en: 'Who received information about you', fr: 'Qui a reçu des informations sur vous' },
  lead: {
    en: 'This page lists every time that somebody asked to pass information about you on: what left, what did not, and why.',
    fr: 'Cette page liste chaque fois que la transmission d’informations sur vous a été demandée : ce qui est parti, ce qui n’est pas parti, et pourquoi.',
  },
  from: { en: 'From the records of', fr: 'D’après les dossiers de' },
  madeOn: { en: 'Made on', fr: 'Établi le' },
  received: { en: 'passed on', fr: 'transmis' },
  refused: { en: 'refused', fr: 'refusés' },
  other: { en: 'stopped or waiting', fr: 'arrêtés ou en attente' },
  none: {
    en: 'Nothing about you was passed on or asked for.',
    fr: 'Aucune transmission vous concernant n’a été faite ni demandée.',
  },
  transfers: { en: 'One by one, the latest first', fr: 'Une par une, la plus récente d’abord' },
  number: { en: 'Number', fr: 'Numéro' },
  why: { en: 'Why', fr: 'Pourquoi' },
  what: { en: 'What left', fr: 'Ce qui est parti' },
  ground: { en: 'On what ground', fr: 'Sur quel fondement' },
  askedBy: { en: 'Asked by', fr: 'Demandé par' },
  askedOn: { en: 'on {date}', fr: 'le {date}' },
  until: { en: 'Allowed until', fr: 'Autorisé jusqu’au' },
  keeps: { en: 'Recipient keeps it until', fr: 'Conservé par le destinataire jusqu’au' },
  copy: { en: 'Copy in Relais until', fr: 'Copie dans Relais jusqu’au' },
  reasons: { en: 'Reasons', fr: 'Raisons' },
  since: { en: 'Since then', fr: 'Depuis' },
  nothing: { en: 'nothing', fr: 'rien' },
  contests: {
    en: 'What you objected to or called wrong',
    fr: 'Ce à quoi vous vous êtes opposé·e ou que vous avez signalé',
  },
  declined: { en: 'What was kept here on purpose', fr: 'Ce que nous avons choisi de ne pas transmettre' },
  answer: { en: 'Answer:', fr: 'Réponse :' },
  about: { en: 'About transfer', fr: 'À propos du transfert' },
  rights: { en: 'What you can do', fr: 'Ce que vous pouvez faire' },
  rightsList: {
    en: [
      'Withdraw a yes at any time. It costs you no service that does not depend on it, and nothing more leaves from that moment on.',
      'Object to a line, or say that something is wrong. A person answers, not a machine.',
      'Ask for this page again whenever you want, for free.',
      'Complain to the data-protection authority of your country.',
    ],
    fr: [
      'Retirer un accord à tout moment. Cela ne vous prive d’aucun service qui n’en dépend pas, et plus rien ne part à partir de ce moment.',
      'Vous opposer à une ligne, ou signaler une erreur. Une personne vous répond, pas une machine.',
      'Redemander cette page quand vous voulez, gratuitement.',
      'Adresser une réclamation à l’autorité de protection des données (en France, la CNIL).',
    ],
  },
} as const;
type Line = Exclude<keyof typeof TEXTS, 'rightsList'>;

const STATES: Readonly<Record<TransferStatus, Text>> = {
  delivered: { en: 'Passed on', fr: 'Transmis' },
  refused: { en: 'Refused', fr: 'Refusé' },
  stopped: { en: 'Stopped', fr: 'Arrêté' },
  cancelled: { en: 'Cancelled', fr: 'Annulé' },
  'needs-review': { en: 'Waits for a person', fr: 'En attente d’une personne' },
  failed: { en: 'Not confirmed', fr: 'Non confirmé' },
  held: { en: 'Prepared', fr: 'Préparé' },
  queued: { en: 'On its way', fr: 'En cours' },
  sending: { en: 'On its way', fr: 'En cours' },
};

/** The report as a page to print and hand over at the desk: plain language, nothing that a script does. */
export function disclosurePage(report: DisclosureReport): string {
  return paper({
    lang: report.lang,
    title: TEXTS.title[report.lang],
    style: { href: '/docs/paper.css' },
    heading: reportHeading(report),
    main: reportMain(report),
  });
}

/** Whose records, of which day; without a name where the name is not for a link. */
export function reportHeading({ lang, organization, madeOn }: DisclosureReport): Html {
  return html`${organization !== '' && html`${TEXTS.from[lang]} ${name(organization)}<br />`}${TEXTS.madeOn[lang]}
  ${dayInWords(madeOn, lang)}`;
}

/**
 * @param more what stands under the sums, and under each line: the page of a link lets the person act
 */
export function reportMain(
  report: DisclosureReport,
  more: { readonly before?: Html; readonly under?: (line: DisclosureLine) => Html; readonly after?: Html } = {},
): Html {
  const { lang, disclosures, contests, declined } = report;
  const t = (line: Line): string => TEXTS[line][lang];
  const count = (...outcomes: TransferStatus[]): number =>
    disclosures.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const received = count('delivered');
  const refused = count('refused');
  return html`<h1>${t('title')}</h1>
    <p class="lead">${t('lead')}</p>
    <ul class="sum">
      <li><strong>${received}</strong>${t('received')}</li>
      <li><strong>${refused}</strong>${t('refused')}</li>
      <li><strong>${disclosures.length - received - refused}</strong>${t('other')}</li>
    </ul>
    ${more.before ?? null} ${disclosures.length === 0 ? html`<p>${t('none')}</p>` : html`<h2>${t('transfers')}</h2>`}
    ${disclosures.map((line) => disclosure(line, lang, t, more.under?.(line) ?? null))}
    ${declined.length > 0 && html`<h2>${t('declined')}</h2>`} ${declined.map(declinedShare)}
    ${contests.length > 0 && html`<h2>${t('contests')}</h2>`} ${contests.map((line) => contest(line, t))}
    ${more.after ?? null}
    <h2>${t('rights')}</h2>
    <ul>
      ${TEXTS.rightsList[lang].map((line) => html`<li>${line}</li>`)}
    </ul>`;
}

function disclosure(line: DisclosureLine, lang: Lang, t: (line: Line) => string, under: Html | null): Html {
  const left = line.categories.length > 0;
  const day = (at: string): string => dayInWords(at, lang);
  const since = [...line.followUps, ...line.readings];
  const field = (label: Line, value: Html | string | null): Html | null =>
    value === null
      ? null
      : html`<dt>${t(label)}</dt>
          <dd>${value}</dd>`;
  return html`<article class="${left ? 'left' : 'kept'}">
    <h3><span class="state">${STATES[line.outcome][lang]}</span>${name(line.recipient)}</h3>
    ${line.recipientIs !== '' && html`<p class="is">${line.recipientIs}</p>`}
    <p>${line.sentence}</p>
    <dl>
      ${field('what', left ? line.categories.join(', ') : t('nothing'))} ${field('why', line.purpose)}
      ${field('ground', line.ground)}
      ${field('askedBy', html`${name(line.requestedBy)}, ${TEXTS.askedOn[lang].replace('{date}', day(line.requestedAt))}`)}
      ${field('until', line.allowedUntil && lastDayInWords(line.allowedUntil, lang))}
      ${field('keeps', line.recipientKeepsUntil && day(line.recipientKeepsUntil))}
      ${field('copy', left && line.contentKeptUntil !== null ? day(line.contentKeptUntil) : null)}
      ${!left && line.reasons.length > 0 && field('reasons', list(line.reasons.map(({ text }) => text)))}
      ${since.length > 0 && field('since', list(since))} ${field('number', line.reference)}
    </dl>
    ${under}
  </article> `;
}

function declinedShare(line: DeclinedLine): Html {
  return html`<article class="kept">
    <h3>${name(line.recipient)}</h3>
    <p>${line.sentence}</p>
    <p>${line.reason}</p>
  </article> `;
}

function contest(line: ContestLine, t: (line: Line) => string): Html {
  return html`<article class="kept">
    <p>${line.sentence}</p>
    ${line.words !== '' && html`<blockquote dir="auto">${line.words}</blockquote>`}
    ${
      line.answer !== null &&
      html`<p>${t('answer')}</p>
        <blockquote dir="auto">${line.answer}</blockquote>`
    }
    ${line.reference !== null && html`<p>${t('about')} ${line.reference}</p>`}
  </article> `;
}

function list(lines: readonly string[]): Html {
  return lines.length === 1
    ? html`${lines[0]!}`
    : html`<ul>
        ${lines.map((line) => html`<li>${line}</li>`)}
      </ul>`;
}
