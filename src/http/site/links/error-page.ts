import type { RelaisError } from '../../../kernel/errors.js';
import { html } from '../../../kernel/html.js';
import type { Lang } from '../../../kernel/i18n.js';
import type { Reply } from '../../route.js';
import { linkPage, sayIn } from './frame.js';
import type { LinkText } from './texts.js';

type Said = readonly [title: LinkText, text: LinkText];

const BY_CODE: Readonly<Record<string, Said>> = {
  'access.closed': ['goneTitle', 'goneText'],
  'access.too-many': ['tooManyTitle', 'tooManyText'],
  'access.csrf': ['csrfTitle', 'csrfText'],
  'access.foreign': ['csrfTitle', 'csrfText'],
  'resource.not-found': ['missingTitle', 'missingText'],
  'request.method': ['missingTitle', 'missingText'],
  'task.transition': ['movedTitle', 'movedText'],
  'consent.delivery-live': ['waitTitle', 'waitText'],
};

/** True for the addresses of links, which people read: an error there is a page and no document. */
export function isLinkPath(path: string): boolean {
  return path === '/access' || path.startsWith('/access/');
}

/** An error in a sentence that says what to do. Nothing of what was sent is on it. */
export function linkErrorPage({ code, status, retryAfterSeconds }: RelaisError, lang: Lang): Reply {
  const t = sayIn(lang);
  const [title, text] =
    BY_CODE[code] ?? (status >= 500 ? ['failedTitle', 'failedText'] : ['invalidTitle', 'invalidText']);
  const isOut = code === 'access.closed' || code === 'access.too-many' || code === 'access.foreign';
  const main = html`<h1>${t(title)}</h1>
    <p class="lead">${t(text)}</p>
    <p class="do">
      <a class="button second" href="${isOut ? '/access' : '/access/home'}?lang=${lang}"
        >${t(isOut ? 'toDoor' : 'toPage')}</a
      >
    </p>`;
  return linkPage({
    lang,
    path: isOut ? '/access' : '/access/home',
    title: t(title),
    main,
    status,
    headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
  });
}
