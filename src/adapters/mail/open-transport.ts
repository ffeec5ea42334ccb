import { createTransport, type Transporter } from 'nodemailer';
import type { SentMessageInfo } from 'nodemailer/lib/smtp-transport/index.js';

/** Together shorter than a lease. */
const CONNECT_MS = 4_000;
const ANSWER_MS = 8_000;

/**
 * The way to the mail server (RFC 5321). Over TLS always, but for a server on this machine: `smtps` from the first byte,
 * `smtp` by STARTTLS (RFC 3207), which is not skipped when a server does not offer it.
 *
 * @param url `smtps://user:password@host:465`, `smtp://host:587`
 */
export function openTransport(url: string): Transporter<SentMessageInfo> {
  const server = new URL(url);
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(server.hostname);
  return createTransport({
    host: server.hostname.replace(/^\[|\]$/g, ''),
    port: Number(server.port || (server.protocol === 'smtps:' ? 465 : 587)),
    secure: server.protocol === 'smtps:',
    requireTLS: !isLocal,
    ignoreTLS: isLocal && server.protocol === 'smtp:',
    ...(server.username !== '' && {
      auth: { user: decodeURIComponent(server.username), pass: decodeURIComponent(server.password) },
    }),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: ANSWER_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}
