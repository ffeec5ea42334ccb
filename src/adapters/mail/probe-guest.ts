import { say, withPlainSpaces, type Text } from '../../kernel/i18n.js';
import type { NOTICE_CAUSES, ProbeGuest, ProbeStep } from '../../transfer/partner-ports.js';
import { openTransport } from './open-transport.js';

type Cause = (typeof NOTICE_CAUSES)[number];

const SUBJECT: Text = {
  en: 'Relais: a test, nothing to do',
  fr: 'Relais : un essai, rien à faire',
};
const BODY: Text = {
  en: 'This is a test: whoever runs Relais checks that its notices reach you at this address.\n\nThere is nothing to do. When a service writes to you through Relais, an e-mail like this one brings a link, which begins with {site}/access. The code that opens it is told to you by telephone or in another way, never by e-mail.\n\nIf this address is not the one your service wants to be told at, say so to the service that works with you.\n\nThis e-mail says nothing about anybody. Please do not answer it.\n',
  fr: 'Ceci est un essai : l’équipe qui exploite Relais vérifie que ses avis vous parviennent à cette adresse.\n\nVous n’avez rien à faire. Lorsqu’un service vous écrira par Relais, un courriel comme celui-ci vous apportera un lien, qui commence par {site}/access. Le code qui l’ouvre vous est donné par téléphone ou autrement, jamais par courriel.\n\nSi cette adresse n’est pas celle où votre service souhaite être prévenu, dites-le au service avec lequel vous travaillez.\n\nCe courriel ne dit rien de personne. Merci de ne pas y répondre.\n',
};

/**
 * Port `ProbeGuest`: the connection, the login and the address of a notice, with a mail that says that it is a test. What
 * the server answered is not kept. Its taking the mail is no promise that somebody reads it.
 *
 * @param url of the mail server; undefined: none is set up
 * @param site address of this gateway, so that a guest knows whose links to trust
 */
export function createGuestProbe({
  url,
  from,
  site,
}: {
  readonly url: string | undefined;
  readonly from: string;
  readonly site: string;
}): ProbeGuest {
  return async function* probe({ email, lang }, testId, signal) {
    if (url === undefined) {
      yield { step: 'mail-server', result: 'failed', cause: 'mail-not-set-up', ms: 0 };
      return;
    }
    yield { step: 'mail-server', result: 'passed', cause: null, ms: 0 };
    const transport = openTransport(url);
    try {
      const connected = await timed('mail-connection', () => transport.verify(), signal);
      yield connected;
      if (connected.result === 'failed') return;
      yield await timed(
        'mail-taken',
        () =>
          transport.sendMail({
            from,
            // An address object is written as one address, whatever stands in it.
            to: { name: '', address: email },
            subject: withPlainSpaces(say(SUBJECT, lang)),
            text: say(BODY, lang, { site }),
            messageId: `<${testId}.test@${new URL(site).hostname}>`,
            // Nobody's software answers it (RFC 3834 section 5).
            headers: { 'Auto-Submitted': 'auto-generated' },
          }),
        signal,
      );
    } finally {
      transport.close();
    }
  };
}

/** A mail server is given up by its own timeouts; nobody waits for it longer than for the test. */
async function timed(step: ProbeStep['step'], work: () => Promise<unknown>, signal: AbortSignal): Promise<ProbeStep> {
  const startedAtMs = performance.now();
  const cause = await Promise.race([
    work().then(
      () => null,
      (error: unknown) => causeOf(error),
    ),
    ended(signal),
  ]);
  const ms = Math.round(performance.now() - startedAtMs);
  return { step, result: cause === null ? 'passed' : 'failed', cause, ms };
}

function ended(signal: AbortSignal): Promise<Cause> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('mail-no-answer');
    else signal.addEventListener('abort', () => resolve('mail-no-answer'), { once: true });
  });
}

/** Codes of nodemailer's errors, then of the server's answers (RFC 5321 section 4.2.1); nothing of their words is looked at. */
function causeOf(error: unknown): Cause {
  const { code, originalCode, responseCode, command } = error as {
    readonly code?: string;
    readonly originalCode?: string;
    readonly responseCode?: number;
    readonly command?: string;
  };
  if (code === 'EDNS') return 'mail-name-unknown';
  if (responseCode !== undefined && responseCode >= 400 && responseCode < 500) return 'mail-later';
  if (code === 'EAUTH') return 'mail-login-refused';
  if (code === 'ETLS') return 'mail-not-encrypted';
  if (code === 'ETIMEDOUT' || originalCode === 'ETIMEDOUT') return 'mail-no-answer';
  if (responseCode !== undefined && responseCode >= 500) return REFUSED[command ?? ''] ?? 'mail-turned-away';
  if (originalCode !== undefined) return UNREACHABLE.has(originalCode) ? 'mail-unreachable' : 'mail-not-encrypted';
  return 'mail-connection-lost';
}

/** By what was said last; before that there was only the greeting. */
const REFUSED: Readonly<Record<string, Cause>> = {
  'MAIL FROM': 'mail-sender-refused',
  'RCPT TO': 'mail-address-refused',
  DATA: 'mail-content-refused',
};
const UNREACHABLE = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNRESET', 'EPIPE']);
