import { openMailbox, type MailboxOptions } from './mailbox/open-mailbox.js';

/** The demo's mailbox as a process of its own; its options are the JSON of MAILBOX_OPTIONS. */
const options = JSON.parse(process.env['MAILBOX_OPTIONS'] ?? '{}') as Omit<MailboxOptions, 'mode'>;
const mode = process.env['RELAIS_MODE'] === 'demo' ? 'demo' : 'production';

openMailbox({ ...options, mode }).then(
  (mailbox) => {
    const { url, smtpUrl, controlUrl } = mailbox;
    const stop = (): void => void mailbox.close().finally(() => process.exit(0));
    process.once('SIGTERM', stop).once('SIGINT', stop);
    // It never outlives who started it.
    process.stdin.once('end', stop).resume();
    process.stdout.write(`${JSON.stringify({ ready: true, url, smtpUrl, controlUrl })}\n`);
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : 'The mailbox could not start.'}\n`);
    process.exit(1);
  },
);
