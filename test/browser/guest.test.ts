import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, openConsole, violationsOf, type OpenedConsole } from '../../scripts/console/browser.mjs';
import { consentResource } from '../../src/demo/consents.js';
import { CCAS, CONSEIL_DETTES } from '../../src/demo/world.js';
import type { TransferId } from '../../src/kernel/ids.js';

const executablePath = findChromium();
const GRACE = 'VAL-2026-0417';
type Lang = 'en' | 'fr';

/** What each side reads. */
const SAYS = {
  makeCode: { en: 'Make the code to tell', fr: 'Créer le code à donner' },
  byPhone: { en: 'Tell it by telephone: 01 99 00 24 16', fr: 'À donner par téléphone : 01 99 00 24 16' },
  noticeGiven: { en: 'The notice is with the mail server', fr: 'Avis remis au serveur de courriel' },
  open: { en: 'Open', fr: 'Ouvrir' },
  wrongCode: { en: 'This is not the right code.', fr: 'Ce n’est pas le bon code.' },
  sentToYou: { en: 'What was sent to you', fr: 'Ce qui vous a été adressé' },
  sendQuestion: { en: 'Send the question', fr: 'Envoyer la question' },
  questionSent: { en: 'Your question is with the service', fr: 'Votre question est chez le service' },
  back: { en: 'Back to what was sent', fr: 'Revenir à ce qui vous a été adressé' },
  closed: { en: 'This link opens nothing', fr: 'Ce lien n’ouvre rien' },
  askForNew: { en: 'ask the service that gave it to you for a new one', fr: 'demandez-en un nouveau au service' },
  askCode: { en: 'Ask for a new code', fr: 'Demander un nouveau code' },
  codeAsked: { en: 'A new code is asked for', fr: 'Nouveau code demandé' },
  tellCode: { en: 'Asks for a code: tell it', fr: 'Code demandé : le donner' },
  waitsForCode: { en: 'has been waiting for a code since', fr: 'attend un code depuis le' },
  cannotRead: { en: 'This can no longer be read', fr: 'Ce contenu ne peut plus être lu' },
  speakWith: { en: 'Speak with the service that sent it', fr: 'Parlez-en avec le service' },
} as const satisfies Record<string, Record<Lang, string>>;

interface Sent {
  readonly id: string;
  readonly reference: string;
  readonly personId: string;
  readonly consentId: string;
  /** As it stands in the mail. */
  readonly link: string;
  readonly mail: string;
}

/** Conseil Dettes, one person and a browser, told by a mail server that the test reads. */
describe.skipIf(executablePath === null)('a guest in a browser (skipped: no Chromium here)', () => {
  let console: OpenedConsole;
  let database: pg.Client;
  beforeAll(async () => {
    console = await openConsole({ executablePath: executablePath ?? '' });
    database = new pg.Client({ connectionString: console.world.databaseUrl, options: '-c search_path=relais' });
    await database.connect();
  }, 120_000);
  afterAll(async () => {
    await database?.end();
    await console?.close();
  });

  async function until<T>(find: () => Promise<T | undefined>): Promise<T> {
    for (let round = 0; round < 200; round += 1) {
      const found = await find();
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('It never came');
  }

  /** A person of their own, their yes, and a transfer whose notice has arrived. */
  async function sendToGuest(lang: Lang): Promise<Sent> {
    const { document } = await console.call<{ document: Record<string, unknown> }>('GET', `/api/v1/cases/${GRACE}`);
    const caseId = `T-${randomUUID().slice(0, 8)}`;
    const body = structuredClone(document);
    (body['person'] as Record<string, unknown>)['id'] = caseId;
    const { personId } = await console.call<{ personId: string }>('PUT', `/api/v1/cases/${caseId}`, { body });
    const consent = await console.call<{ id: string }>('POST', '/fhir/Consent', {
      body: consentResource({
        type: 'permit',
        personId,
        recipient: CONSEIL_DETTES,
        purpose: 'DEBTADVICE',
        labels: ['identity', 'contact', 'income'],
      }),
    });
    const { id, reference } = await console.call<{ id: string; reference: string }>('POST', '/api/v1/transfers', {
      body: {
        caseId,
        recipientOrganizationId: CONSEIL_DETTES.id,
        purpose: 'DEBTADVICE',
        ground: { kind: 'consent' },
      },
      headers: { 'idempotency-key': randomUUID() },
    });
    const mail = await until(async () =>
      (await console.world.mailbox!.mails()).find(({ subject }) => subject.includes(`(${reference})`)),
    );
    await until(async () => {
      const { status } = await console.call<{ status: string }>('GET', `/api/v1/transfers/${id}`);
      return status === 'delivered' ? true : undefined;
    });
    const link = (/https?:\/\/\S+/.exec(mail.text)?.[0] ?? '').replace('lang=fr', `lang=${lang}`);
    return { id, reference, personId, consentId: consent.id, link, mail: `${mail.subject}\n${mail.text}` };
  }

  const makeCode = (id: string): Promise<{ code: string; link: { id: string } }> =>
    console.call('POST', `/api/v1/transfers/${id}/access-code`, { body: {} });

  async function visitor(options: object = {}): Promise<Page> {
    const context = await console.browser.newContext({
      viewport: { width: 360, height: 740 },
      reducedMotion: 'reduce',
      ...options,
    });
    return context.newPage();
  }
  async function enterCode(page: Page, code: string, lang: Lang): Promise<void> {
    await page.locator('input[name="code"]').fill(code);
    await page.getByRole('button', { name: SAYS.open[lang], exact: true }).click();
    await page.waitForLoadState();
  }
  const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

  async function fits(page: Page): Promise<void> {
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, page.url()).toBeLessThanOrEqual(0);
    expect(await violationsOf(page), page.url()).toEqual([]);
  }

  async function logOf(id: string): Promise<readonly string[]> {
    const entries = await console.world.store.asOrganization(CCAS.id, (tx) =>
      tx.listAudit({ transferId: id as TransferId, limit: 200 }),
    );
    return entries.map(({ action, actor }) => `${action} ${actor.type}`);
  }

  it.each(['fr', 'en'] as const)(
    'the notice arrives, the code comes another way, the guest reads and asks and answers, and the sender sees it (%s)',
    async (lang) => {
      const sent = await sendToGuest(lang);
      for (const told of ['Okafor', 'Grace', 'CCAS', 'dettes']) expect(sent.mail).not.toContain(told);

      // The sender makes the code where the transfer is followed, and tells it.
      const helene = await console.signIn('Hélène Roy', { lang, path: `/console/transfers/${sent.id}` });
      await helene.page.getByRole('button', { name: SAYS.makeCode[lang] }).click();
      await helene.page.getByText(SAYS.byPhone[lang]).waitFor();
      await helene.page.getByText(SAYS.noticeGiven[lang]).waitFor();
      const code = await helene.page.locator('strong.code').innerText();
      expect(code).toMatch(/^\d{6}$/);
      expect(await violationsOf(helene.page)).toEqual([]);

      const page = await visitor({ locale: lang });
      await page.goto(sent.link);
      await page.locator('input[name="code"]').waitFor();
      expect(page.url()).not.toContain('#');
      expect(await page.locator('#by-hand').isVisible()).toBe(false);
      await fits(page);
      await enterCode(page, wrong(code), lang);
      await page.getByText(SAYS.wrongCode[lang]).waitFor();
      await fits(page);
      await enterCode(page, code, lang);
      await page.getByRole('heading', { level: 1, name: SAYS.sentToYou[lang] }).waitFor();
      await page.getByText('Okafor').first().waitFor();
      expect(await page.title()).toBe(`${SAYS.sentToYou[lang]} · Relais`);
      await fits(page);

      const question = lang === 'fr' ? 'Il me manque une fiche de paie.' : 'I miss a payslip.';
      await page.locator('#words-ask').fill(question);
      await page.getByRole('button', { name: SAYS.sendQuestion[lang] }).click();
      await page.getByText(SAYS.questionSent[lang]).waitFor();
      await fits(page);
      await page.getByRole('link', { name: SAYS.back[lang] }).click();

      if (lang === 'fr') {
        await page.getByRole('button', { name: 'J’accepte' }).click();
        await page.getByText('Vous avez accepté.').waitFor();
        await page.getByRole('link', { name: SAYS.back.fr }).click();
        await page.locator('#words-outcome').fill('Plan de dettes signé.');
        await page.getByRole('button', { name: 'Rendre compte' }).click();
        await page.getByText('La suite donnée est consignée').waitFor();
      } else {
        await page.getByLabel('The person could not be reached').check();
        await page.locator('#words-decline').fill('We called three times.');
        await page.getByRole('button', { name: 'Decline', exact: true }).click();
        await page.getByText('You declined.').waitFor();
      }
      await fits(page);

      // At the sender's, in the sender's language whatever the guest's was; free words as they were written.
      await helene.page.goto(`${console.world.publicUrl}/console/transfers/${sent.id}`);
      await helene.page.getByText(question).waitFor();
      if (lang === 'fr') await helene.page.getByText('Plan de dettes signé.').waitFor();
      else {
        await helene.page.getByText('We called three times.').waitFor();
        await helene.page.getByText('The person could not be reached').waitFor();
        const marc = await console.signIn('Marc Diallo', { lang: 'fr', path: `/console/transfers/${sent.id}` });
        await marc.page.getByText('La personne n’a pas pu être jointe').waitFor();
        await marc.page.getByText('We called three times.').waitFor();
        await marc.context.close();
      }
      expect(await violationsOf(helene.page)).toEqual([]);
      expect(helene.faults).toEqual([]);

      const log = await logOf(sent.id);
      const count = (entry: string): number => log.filter((one) => one === entry).length;
      expect(count('access-link.refused system')).toBe(1);
      expect(count('access-link.opened guest')).toBe(1);
      // Each time that the page was shown: once after the code, and once for each way back.
      expect(count('transfer.read guest')).toBe(lang === 'fr' ? 3 : 2);
      expect(count('referral.updated guest')).toBe(lang === 'fr' ? 3 : 2);
      await page.context().close();
      await helene.context.close();
    },
    180_000,
  );

  it.each(['fr', 'en'] as const)(
    'a link that was used, whose time is over or that was taken back says what to do (%s)',
    async (lang) => {
      const sent = await sendToGuest(lang);
      const page = await visitor({ locale: lang });
      const expectClosed = async (code: string): Promise<void> => {
        // Another fragment alone would be no new page.
        await page.goto('about:blank');
        await page.goto(sent.link);
        await enterCode(page, code, lang);
        await page.getByRole('heading', { name: SAYS.closed[lang] }).waitFor();
        await page.getByText(SAYS.askForNew[lang]).waitFor();
        await fits(page);
      };
      const first = await makeCode(sent.id);
      await page.goto(sent.link);
      await enterCode(page, first.code, lang);
      await page.getByText('Okafor').first().waitFor();
      await expectClosed(first.code);

      // Asks for another by itself; the sender sees who waits for what.
      await page.getByRole('button', { name: SAYS.askCode[lang] }).click();
      await page.getByRole('heading', { name: SAYS.codeAsked[lang] }).waitFor();
      await fits(page);
      const helene = await console.signIn('Hélène Roy', { lang });
      await helene.page.getByText(SAYS.tellCode[lang]).waitFor();
      await helene.page.goto(`${console.world.publicUrl}/console/transfers/${sent.id}`);
      await helene.page.getByText(SAYS.waitsForCode[lang]).waitFor();
      expect(await violationsOf(helene.page)).toEqual([]);
      await helene.page.getByRole('button', { name: SAYS.makeCode[lang] }).click();
      await helene.page.getByText(SAYS.waitsForCode[lang]).waitFor({ state: 'detached' });
      await helene.context.close();

      const second = await makeCode(sent.id);
      await database.query('update access_link set expires_at = now() where id = $1', [second.link.id]);
      await expectClosed(second.code);

      const third = await makeCode(sent.id);
      await page.goto('about:blank');
      await page.goto(sent.link);
      await enterCode(page, third.code, lang);
      await page.getByText('Okafor').first().waitFor();
      await console.call('POST', `/api/v1/access-links/${third.link.id}/revoke`, { body: {} });
      await page.reload();
      expect(await page.locator('main').innerText()).not.toContain('Okafor');
      await fits(page);
      await expectClosed(third.code);
      await page.context().close();
    },
    120_000,
  );

  it('five wrong codes lock the link, for the right one too, until the sender makes a new one', async () => {
    const sent = await sendToGuest('fr');
    const { code } = await makeCode(sent.id);
    const page = await visitor();
    await page.goto(sent.link);
    for (let tries = 1; tries <= 4; tries += 1) {
      await enterCode(page, wrong(code), 'fr');
      await page.getByText(SAYS.wrongCode.fr).waitFor();
    }
    await enterCode(page, wrong(code), 'fr');
    await page.getByRole('heading', { name: SAYS.closed.fr }).waitFor();
    await page.getByRole('link', { name: 'Saisir un lien et un code' }).click();
    // Pasted over the address of the page that is open.
    await page.goto(sent.link);
    await enterCode(page, code, 'fr');
    await page.getByRole('heading', { name: SAYS.closed.fr }).waitFor();
    expect((await logOf(sent.id)).filter((entry) => entry === 'access-link.opened guest')).toEqual([]);
    const renewed = await makeCode(sent.id);
    await page.goto('about:blank');
    await page.goto(sent.link);
    await enterCode(page, renewed.code, 'fr');
    await page.getByText('Okafor').first().waitFor();
    await page.context().close();
  }, 120_000);

  it('works without a script: the link is pasted', async () => {
    const sent = await sendToGuest('fr');
    const { code } = await makeCode(sent.id);
    const page = await visitor({ javaScriptEnabled: false });
    await page.goto(`${console.world.publicUrl}/access?lang=fr`);
    await page.locator('input[name="token"]').fill(` ${sent.link}\n`);
    await enterCode(page, `${code.slice(0, 3)} ${code.slice(3)}`, 'fr');
    await page.getByText('Okafor').first().waitFor();
    await page.context().close();
  }, 60_000);

  it('the pages of the guest and of the person fit both widths, both languages, light and dark, without a violation', async () => {
    const sent = await sendToGuest('fr');
    const guest = await visitor();
    await guest.goto(sent.link);
    await enterCode(guest, (await makeCode(sent.id)).code, 'fr');
    const made = await console.call<{ url: string; code: string }>(
      'POST',
      `/api/v1/persons/${sent.personId}/access-links`,
      { body: { lang: 'fr', hours: 24, safeChannel: true } },
    );
    const person = await visitor();
    await person.goto(made.url);
    await enterCode(person, made.code, 'fr');
    const everyWay = async (page: Page, path: string, says: (lang: Lang) => string): Promise<void> => {
      for (const lang of ['fr', 'en'] as const) {
        await page.goto(`${console.world.publicUrl}${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
        await page.getByText(says(lang)).first().waitFor();
        for (const width of [1280, 360]) {
          await page.setViewportSize({ width, height: 740 });
          for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme });
            await fits(page);
          }
        }
      }
    };
    await everyWay(guest, '/access/received', (lang) => SAYS.sentToYou[lang]);
    await everyWay(person, '/access/mine', (lang) => (lang === 'fr' ? 'Retirer mon accord' : 'Withdraw'));
    await everyWay(person, `/access/mine/consents/${sent.consentId}`, (lang) =>
      lang === 'fr' ? 'Oui, je le retire' : 'Yes, withdraw it',
    );
    await everyWay(person, `/access/mine/contests?kind=correction&line=${sent.reference}`, (lang) =>
      lang === 'fr' ? 'Avec vos mots' : 'In your own words',
    );
    await everyWay(guest, '/access', (lang) => (lang === 'fr' ? 'Votre code' : 'Your code'));
    await everyWay(guest, '/access/left', (lang) => (lang === 'fr' ? 'C’est fermé' : 'Closed'));

    // The person withdraws by their link; what the guest may have looked at a moment ago is gone.
    await person.goto(`${console.world.publicUrl}/access/mine/consents/${sent.consentId}?lang=fr`);
    await person.getByRole('button', { name: 'Oui, je le retire' }).click();
    await person.getByText('Votre accord est retiré').waitFor();
    await fits(person);
    await everyWay(guest, '/access/received', (lang) => SAYS.cannotRead[lang]);
    expect(await guest.locator('main').innerText()).not.toContain('Okafor');
    await guest.getByText(SAYS.speakWith.en).waitFor();
    await guest.context().close();
    await person.context().close();
  }, 180_000);
});
