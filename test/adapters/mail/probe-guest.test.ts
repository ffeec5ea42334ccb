import { describe, expect, it } from 'vitest';
import { createGuestProbe } from '../../../src/adapters/mail/probe-guest.js';
import { PROBE_TEXTS } from '../../../src/http/probe-texts.js';
import type { PartnerTestId } from '../../../src/kernel/ids.js';
import { takeMail } from '../../../src/demo/mailbox/take-mail.js';
import { readMail } from '../../../src/demo/mailbox/read-mail.js';
import { NOTICE_CAUSES, type ProbeStep } from '../../../src/transfer/partner-ports.js';
import { makeCertificate } from '../delivery/certificates.js';
import { scriptedSmtp, type SmtpScript } from './scripted-smtp.js';

const TEST = '11111111-2222-4333-8444-555555555555' as PartnerTestId;
const guest = {
  email: 'accueil@conseil-dettes.example',
  lang: 'fr',
  channel: { kind: 'phone', hint: '01 99 00 24 16' },
} as const;

async function run(
  url: string | undefined,
  { lang = 'fr', signal = AbortSignal.timeout(20_000) }: { lang?: 'en' | 'fr'; signal?: AbortSignal } = {},
): Promise<readonly ProbeStep[]> {
  const probe = createGuestProbe({ url, from: 'relais@relais.test', site: 'https://relais.test' });
  const steps: ProbeStep[] = [];
  for await (const step of probe({ ...guest, lang }, TEST, signal)) steps.push(step);
  return steps;
}
const said = (steps: readonly ProbeStep[]): string[] =>
  steps.map(({ step, result, cause }) => [step, result, ...(cause === null ? [] : [cause])].join(' '));

describe('a test notice', () => {
  it.each([
    ['fr', 'Relais : un essai, rien à faire', 'Ceci est un essai', 'jamais par courriel'],
    ['en', 'Relais: a test, nothing to do', 'This is a test', 'never by e-mail'],
  ] as const)('is handed over step by step, in the guest’s language (%s)', async (lang, subject, first, code) => {
    const server = await takeMail();
    try {
      expect(said(await run(server.url, { lang }))).toEqual([
        'mail-server passed',
        'mail-connection passed',
        'mail-taken passed',
      ]);
      expect(server.mails).toHaveLength(1);
      const { to, data } = server.mails[0]!;
      const mail = readMail(data);
      expect(to).toBe(guest.email);
      expect(mail.subject).toBe(subject);
      expect(mail.text).toContain(first);
      expect(mail.text).toContain(code);
      expect(data).toContain(`Message-ID: <${TEST}.test@relais.test>`);
      expect(data).toContain('Auto-Submitted: auto-generated');
    } finally {
      await server.close();
    }
  });

  it('bears no link that opens anything, no number of a transfer, and not where the code is told', async () => {
    const server = await takeMail();
    try {
      await run(server.url);
      const { text, subject } = readMail(server.mails[0]!.data);
      const whole = `${subject}\n${text}`;
      expect(whole).not.toMatch(/#|R-\d|token|lang=/);
      expect(whole).not.toContain(guest.channel.hint);
      expect(whole.match(/https?:\S+/g)).toEqual(['https://relais.test/access.']);
    } finally {
      await server.close();
    }
  });

  it('says so where no mail server is set up', async () => {
    expect(said(await run(undefined))).toEqual(['mail-server failed mail-not-set-up']);
  });

  const cases: readonly (readonly [string, SmtpScript, string])[] = [
    ['the address is refused', { RCPT: '550 no such user' }, 'mail-taken failed mail-address-refused'],
    ['the address is asked for later', { RCPT: '451 greylisted' }, 'mail-taken failed mail-later'],
    ['the sender is refused', { MAIL: '550 not you' }, 'mail-taken failed mail-sender-refused'],
    ['the mail is refused', { DATA: '554 no' }, 'mail-taken failed mail-content-refused'],
    ['the mail is refused at its end', { END: '554 spam' }, 'mail-taken failed mail-content-refused'],
    ['the server turns away', { GREETING: '554 go away' }, 'mail-connection failed mail-turned-away'],
    ['the server is busy', { GREETING: '421 later' }, 'mail-connection failed mail-later'],
    [
      'the login is refused',
      { EHLO: '250-hi\r\n250 AUTH PLAIN', AUTH: '535 no' },
      'mail-connection failed mail-login-refused',
    ],
  ];
  it.each(cases)('says at which step, when %s', async (_what, script, last) => {
    const { port, heard } = await scriptedSmtp(script);
    const login = script['AUTH'] === undefined ? '' : 'user:secret@';
    const steps = await run(`smtp://${login}127.0.0.1:${port}`);
    expect(said(steps).at(-1)).toBe(last);
    // Where it stopped, nothing more is tried.
    if (last.startsWith('mail-connection')) expect(heard.some((line) => line.startsWith('MAIL'))).toBe(false);
  });

  it('tells a server that is not there, one without a name, and one that stays silent', async () => {
    const { port } = await scriptedSmtp({ GREETING: null });
    expect(said(await run('smtp://127.0.0.1:1')).at(-1)).toBe('mail-connection failed mail-unreachable');
    expect(said(await run('smtp://mail.invalid')).at(-1)).toBe('mail-connection failed mail-name-unknown');
    expect(said(await run(`smtp://127.0.0.1:${port}`)).at(-1)).toBe('mail-connection failed mail-no-answer');
    const over = AbortSignal.timeout(50);
    expect(said(await run(`smtp://127.0.0.1:${port}`, { signal: over })).at(-1)).toBe(
      'mail-connection failed mail-no-answer',
    );
  }, 30_000);

  it('goes to another machine over TLS alone, with a certificate that is good', async () => {
    // Addresses of this machine that are not written like one.
    const plain = await scriptedSmtp({ STARTTLS: '502 not here' });
    expect(said(await run(`smtp://127.0.0.2:${plain.port}`)).at(-1)).toBe('mail-connection failed mail-not-encrypted');
    expect(plain.heard.some((line) => line.startsWith('MAIL'))).toBe(false);
    const self = await scriptedSmtp({}, makeCertificate({ commonName: 'mail', hosts: ['mail.example'] }));
    expect(said(await run(`smtps://127.0.0.2:${self.port}`)).at(-1)).toBe('mail-connection failed mail-not-encrypted');
    expect(self.heard).toEqual([]);
  }, 30_000);

  it('every cause says what to do, in both languages', () => {
    for (const cause of NOTICE_CAUSES) {
      const { en, fr } = PROBE_TEXTS[cause];
      expect(en.length, cause).toBeGreaterThan(40);
      expect(fr, cause).not.toBe(en);
    }
  });
});
