import { RelaisError } from '../../kernel/errors.js';
import { json, listen, type Handler } from '../partners/listen.js';
import { MAILBOX_STYLE, mailboxPage } from './mailbox-page.js';
import { readMail } from './read-mail.js';
import { takeMail } from './take-mail.js';

export interface MailboxOptions {
  readonly mode: 'demo' | 'production';
  readonly lang: 'en' | 'fr';
  /** Of the gateway. */
  readonly publicUrl: string;
  /** Wanted port of the page. */
  readonly port?: number;
}

export interface Mailbox {
  /** Where a person reads what came. */
  readonly url: string;
  /** For `RELAIS_SMTP_URL`. */
  readonly smtpUrl: string;
  /** For the story and tests: `GET /mails`, `POST /control` with `door` or `answer`. */
  readonly controlUrl: string;
  close(): Promise<void>;
}

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * The demo's mailbox: a mail server on this machine and a page that shows what it took, one-time links included. A page that
 * shows links to whoever asks has no place where real notices go.
 *
 * @throws RelaisError `config.invalid` outside of demo mode
 */
export async function openMailbox({ mode, lang, publicUrl, port = 0 }: MailboxOptions): Promise<Mailbox> {
  if (mode !== 'demo') {
    throw new RelaisError('config.invalid', 500, 'exception', 'The development mailbox exists in demo mode only.');
  }
  const server = await takeMail();
  const show: Handler = ({ method, path, search, headers: { host } }) => {
    // Another name that leads to this machine would let a page of that name read the links (DNS rebinding).
    if (!/^(127\.0\.0\.1|localhost):\d+$/.test(host ?? '')) return Promise.resolve({ status: 421 });
    if (method !== 'GET') return Promise.resolve({ status: 405 });
    if (path === '/style.css') {
      return Promise.resolve({
        status: 200,
        text: MAILBOX_STYLE,
        headers: { ...HEADERS, 'content-type': 'text/css; charset=utf-8' },
      });
    }
    if (path !== '/') return Promise.resolve({ status: 404 });
    const asked = new URLSearchParams(search).get('lang');
    const text = mailboxPage(server.mails, asked === 'en' || asked === 'fr' ? asked : lang, publicUrl);
    return Promise.resolve({ status: 200, text, headers: { ...HEADERS, 'content-type': 'text/html; charset=utf-8' } });
  };
  const page = await listen(show, { port });
  const control = await listen(async (request) => {
    switch (`${request.method} ${request.path}`) {
      case 'GET /mails':
        return {
          status: 200,
          body: { mails: server.mails.map(({ to, data, at }) => ({ to, at, ...readMail(data) })) },
        };
      case 'POST /control': {
        const { door, answer } = json(request) as { readonly door?: 'open' | 'refusing'; readonly answer?: string };
        if (door !== undefined) await server.door(door);
        if (answer !== undefined) server.answer = answer;
        return { status: 200, body: {} };
      }
      default:
        return { status: 404 };
    }
  });
  return {
    url: page.url,
    smtpUrl: server.url,
    controlUrl: control.url,
    close: async () => {
      await Promise.all([server.close(), page.close(), control.close()]);
    },
  };
}
