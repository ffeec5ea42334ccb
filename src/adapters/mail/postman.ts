import { createHash } from 'node:crypto';
import { say, withPlainSpaces, type Text } from '../../kernel/i18n.js';
import type { Postman } from '../../transfer/guest-ports.js';
import type { DeliveryResult } from '../../transfer/door-ports.js';
import { openTransport } from './open-transport.js';

const SUBJECT: Text = {
  en: 'A message is waiting for you in Relais ({reference})',
  fr: 'Un message vous attend dans Relais ({reference})',
};
const BODY: Text = {
  en: 'A service you work with has sent you a message through Relais. Its number is {reference}.\n\nTo read and answer it, open this link:\n{url}\n\nYou need a code. The service that wrote to you tells it to you by telephone or in another way, never by e-mail. The link opens once for each code.\n\nThis e-mail says nothing about anybody. Please do not answer it.\n',
  fr: 'Un service avec lequel vous travaillez vous a adressé un message par Relais. Son numéro est {reference}.\n\nPour le lire et y répondre, ouvrez ce lien :\n{url}\n\nUn code vous sera demandé. Le service qui vous écrit vous le donne par téléphone ou autrement, jamais par courriel. Le lien s’ouvre une fois pour chaque code.\n\nCe courriel ne dit rien de personne. Merci de ne pas y répondre.\n',
};

/** The link stays the one that came with the notice: two mails must not be two ways in. */
const REMINDER_SUBJECT: Text = {
  en: 'Reminder: a message still waits for your answer in Relais ({reference})',
  fr: 'Rappel : un message attend toujours votre réponse dans Relais ({reference})',
};
const REMINDER_BODY: Text = {
  en: 'A service you work with is still waiting for your answer to message {reference}, of which Relais told you by e-mail before.\n\nTo read and answer it:\n1. Ask the service that wrote to you for a new code, by telephone. Give it the number {reference}.\n2. Open the link of the first e-mail again, and enter the code.\n\nIf you have answered in another way, tell that service: it will note it.\n\nThis e-mail says nothing about anybody. Please do not answer it.\n',
  fr: 'Un service avec lequel vous travaillez attend toujours votre réponse au message {reference}, que Relais vous avait signalé par courriel.\n\nPour le lire et y répondre :\n1. Demandez un nouveau code, par téléphone, au service qui vous a écrit. Donnez-lui le numéro {reference}.\n2. Rouvrez le lien du premier courriel et saisissez le code.\n\nSi vous avez répondu autrement, dites-le à ce service : il en prendra note.\n\nCe courriel ne dit rien de personne. Merci de ne pas y répondre.\n',
};

/**
 * Hands notices to the mail server. What is accepted by the server counts as delivered: that it is read is told by the
 * opening of the link.
 */
export function createPostman({ url, from }: { readonly url: string; readonly from: string }): Postman & {
  close(): void;
} {
  const transport = openTransport(url);

  return {
    async send({ to, lang, url: link, reference, messageId }, mayWrite, signal) {
      if (signal.aborted) return { kind: 'retry', cause: 'interrupted' };
      if (!(await mayWrite())) return { kind: 'fenced' };
      try {
        const { response } = await transport.sendMail({
          from,
          // An address object is written as one address, whatever stands in it.
          to: { name: '', address: to },
          subject: withPlainSpaces(say(link === null ? REMINDER_SUBJECT : SUBJECT, lang, { reference })),
          text: link === null ? say(REMINDER_BODY, lang, { reference }) : say(BODY, lang, { reference, url: link }),
          messageId,
          // Nobody's software answers it (RFC 3834 section 5).
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        const digest = createHash('sha256').update(response).digest('hex');
        return { kind: 'received', receipt: { status: 250, digest, location: null } };
      } catch (error) {
        return failureOf(error);
      }
    },
    close: () => transport.close(),
  };
}

/**
 * 5yz is for good, 4yz and everything of the network may pass (RFC 5321 section 4.2.1); a login that fails is ours to mend.
 * A connection that was never made carried nothing.
 */
function failureOf(error: unknown): DeliveryResult {
  const { responseCode, code, command } = error as {
    readonly responseCode?: number;
    readonly code?: string;
    readonly command?: string;
  };
  if (responseCode !== undefined && responseCode >= 500 && code !== 'EAUTH') {
    return { kind: 'rejected', cause: 'mail-refused', status: responseCode };
  }
  // nodemailer's word for all that happens until the server has greeted us.
  return { kind: 'retry', cause: command === 'CONN' ? 'mail-unreachable' : 'mail-unavailable' };
}
