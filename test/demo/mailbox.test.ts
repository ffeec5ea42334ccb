import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createPostman } from '../../src/adapters/mail/postman.js';
import { openMailbox, type Mailbox } from '../../src/demo/mailbox/open-mailbox.js';
import { readMail } from '../../src/demo/mailbox/read-mail.js';
import { startProcess } from '../../src/demo/processes.js';
import { ROUTES } from '../../src/http/routes.js';

/** The demo's mailbox: what Relais mails, shown to a visitor who plays the guest by hand. */

const options = { lang: 'fr', publicUrl: 'http://127.0.0.1:8080' } as const;
const TOKEN = 'x'.repeat(42) + '_';
const notice = (lang: 'en' | 'fr', reference: string) => ({
  to: 'accueil@conseil-dettes.example',
  lang,
  url: `http://127.0.0.1:8080/access?lang=${lang}#${TOKEN}`,
  reference,
  messageId: `<${reference}@relais.test>`,
});
const mayWrite = (): Promise<boolean> => Promise.resolve(true);

let mailbox: Mailbox | null = null;
afterEach(async () => {
  await mailbox?.close();
  mailbox = null;
});
const read = async (path: string): Promise<string> => (await fetch(`${mailbox!.url}${path}`)).text();
const control = (body: object) =>
  fetch(`${mailbox!.controlUrl}/control`, { method: 'POST', body: JSON.stringify(body) });

describe('the mailbox', () => {
  it('shows what was mailed, in words, with its one-time link to follow, the newest first', async () => {
    mailbox = await openMailbox({ ...options, mode: 'demo' });
    expect(await read('/?lang=en')).toContain('Nothing has arrived yet');
    const postman = createPostman({ url: mailbox.smtpUrl, from: 'relais@valmont.example' });
    for (const [lang, reference] of [
      ['fr', 'R-0001'],
      ['en', 'R-0002'],
    ] as const) {
      const sent = await postman.send(notice(lang, reference), mayWrite, new AbortController().signal);
      expect(sent.kind).toBe('received');
    }
    postman.close();
    const page = await read('/?lang=fr');
    expect(page).toContain('Un message vous attend dans Relais (R-0001)');
    expect(page).toContain('Le service qui vous écrit vous le donne par téléphone');
    expect(page).toContain(`<a href="http://127.0.0.1:8080/access?lang=fr#${TOKEN}"`);
    expect(page.indexOf('R-0002')).toBeLessThan(page.indexOf('R-0001'));
    expect(page).not.toMatch(/<script|\sstyle=/);
    const answer = await fetch(`${mailbox.url}/`);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('takes nothing while its door is down, and what was not taken is not there afterwards', async () => {
    mailbox = await openMailbox({ ...options, mode: 'demo' });
    const postman = createPostman({ url: mailbox.smtpUrl, from: 'relais@valmont.example' });
    const send = () => postman.send(notice('fr', 'R-0003'), mayWrite, new AbortController().signal);
    await control({ door: 'refusing' });
    expect(await send()).toEqual({ kind: 'retry', cause: 'mail-unreachable' });
    await control({ door: 'open' });
    await control({ answer: '451 not now' });
    expect(await send()).toEqual({ kind: 'retry', cause: 'mail-unavailable' });
    await control({ door: 'open' });
    await control({ answer: '550 no such user' });
    expect(await send()).toMatchObject({ kind: 'rejected' });
    expect(await read('/?lang=fr')).toContain('Rien n’est encore arrivé');
    await control({ answer: '250 ok' });
    expect((await send()).kind).toBe('received');
    expect(await read('/?lang=fr')).toContain('R-0003');
    postman.close();
  });

  it('does not exist in production: not by its function, not by its program, not in the gateway', async () => {
    await expect(openMailbox({ ...options, mode: 'production' })).rejects.toMatchObject({ code: 'config.invalid' });
    for (const mode of ['production', '']) {
      const environment = { RELAIS_MODE: mode, MAILBOX_OPTIONS: JSON.stringify(options) };
      await expect(startProcess('demo/mailbox.js', [], environment)).rejects.toThrow('demo mode only');
    }
    expect(ROUTES.filter(({ path }) => /mail/i.test(path))).toEqual([]);
  });

  it('answers to the name of this machine alone, so that no other page reads the links', async () => {
    mailbox = await openMailbox({ ...options, mode: 'demo' });
    const { port } = new URL(mailbox.url);
    const statusFor = (host: string): Promise<number> =>
      new Promise((resolve, reject) => {
        request({ host: '127.0.0.1', port, path: '/', headers: { host } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        })
          .on('error', reject)
          .end();
      });
    expect(await statusFor(`127.0.0.1:${port}`)).toBe(200);
    expect(await statusFor(`evil.example:${port}`)).toBe(421);
  });

  it('runs nothing of a mail and follows no address but of the web', async () => {
    mailbox = await openMailbox({ ...options, mode: 'demo' });
    const postman = createPostman({ url: mailbox.smtpUrl, from: 'relais@valmont.example' });
    const url = 'javascript:alert(1) <script>alert(1)</script>';
    await postman.send({ ...notice('en', 'R-0004'), url }, mayWrite, new AbortController().signal);
    postman.close();
    const page = await read('/?lang=en');
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toMatch(/<script|href="javascript/);
  });
});

it.each([
  ['Subject: =?UTF-8?Q?Re=C3=A7u_=3A?=\r\n =?UTF-8?Q?_d=C3=A9j=C3=A0?=', '7bit', 'x', 'Reçu : déjà', 'x'],
  [
    'Subject: =?utf-8?B?w6l0w6k=?= 2026',
    'quoted-printable',
    'caf=C3=A9 =\r\nau lait =3D',
    'été 2026',
    'café au lait =',
  ],
  ['Subject: plain', 'base64', 'w6l0w6k=\r\n', 'plain', 'été'],
])('a mail is read as it was meant: %s', (subject, encoding, body, wantedSubject, wantedText) => {
  const mail = readMail(`${subject}\r\nMessage-ID: <a@b>\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`);
  expect(mail).toEqual({ subject: wantedSubject, text: wantedText, messageId: '<a@b>' });
});
