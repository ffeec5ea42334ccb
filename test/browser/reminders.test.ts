import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, openConsole, violationsOf, type OpenedConsole } from '../../scripts/console/browser.mjs';
import { consentResource } from '../../src/demo/consents.js';
import { CONSEIL_DETTES, TOIT_COMMUN } from '../../src/demo/world.js';

const executablePath = findChromium();
const GRACE = 'VAL-2026-0417';
type Lang = 'en' | 'fr';

const SAYS = {
  late: { en: 'No answer in time', fr: 'Pas de réponse dans les délais' },
  title: { en: 'Reminders', fr: 'Relances' },
  next: { en: 'Without an answer, Relais reminds them on', fr: 'Sans réponse, Relais relancera ce service le' },
  now: { en: 'Remind them now', fr: 'Relancer maintenant' },
  sent: { en: 'Reminded on', fr: 'Relance envoyée le' },
  event: { en: 'Reminder sent', fr: 'Relance envoyée' },
  soon: { en: 'The last reminder was less than a day ago.', fr: 'La dernière relance date de moins d’un jour.' },
  off: { en: 'Do not remind them', fr: 'Ne pas relancer' },
  offSince: { en: 'Reminders are off since', fr: 'Relances désactivées depuis' },
  reminded: { en: 'You were reminded on', fr: 'Relance reçue le' },
  received: { en: 'Reminder received', fr: 'Relance reçue' },
  line: { en: /^Reminded on .*, no answer$/, fr: /^Relancé le .*, sans réponse$/ },
  lineHere: { en: /^Reminder of .*: accept or decline$/, fr: /^Relance du .*\s: accepter ou décliner$/ },
} as const satisfies Record<string, Record<Lang, string | RegExp>>;

/** An answer that does not come, at both ends. */
describe.skipIf(executablePath === null)('reminders in a browser (skipped: no Chromium here)', () => {
  let console: OpenedConsole;
  beforeAll(async () => {
    console = await openConsole({ executablePath: executablePath ?? '' });
  }, 120_000);
  afterAll(() => console?.close());

  async function until<T>(find: () => Promise<T | undefined>): Promise<T> {
    for (let round = 0; round < 200; round += 1) {
      const found = await find();
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('It never came');
  }

  /** To somebody who does not answer, by a date that is over at once. */
  async function sendTo(
    recipient: typeof TOIT_COMMUN,
    purpose: 'HOUSING' | 'DEBTADVICE',
  ): Promise<{ id: string; reference: string }> {
    const { document } = await console.call<{ document: Record<string, unknown> }>('GET', `/api/v1/cases/${GRACE}`);
    const caseId = `T-${randomUUID().slice(0, 8)}`;
    const body = structuredClone(document);
    (body['person'] as Record<string, unknown>)['id'] = caseId;
    const { personId } = await console.call<{ personId: string }>('PUT', `/api/v1/cases/${caseId}`, { body });
    const labels = ['identity', 'contact', purpose === 'HOUSING' ? 'housing' : 'income'] as const;
    await console.call('POST', '/fhir/Consent', {
      body: consentResource({ type: 'permit', personId, recipient, purpose, labels }),
    });
    const sent = await console.call<{ id: string; reference: string }>('POST', '/api/v1/transfers', {
      body: {
        caseId,
        recipientOrganizationId: recipient.id,
        purpose,
        ground: { kind: 'consent' },
        answerExpectedBy: new Date(Date.now() + 1_000).toISOString(),
      },
      headers: { 'idempotency-key': randomUUID() },
    });
    await until(async () => {
      const { status } = await console.call<{ status: string }>('GET', `/api/v1/transfers/${sent.id}`);
      return status === 'delivered' ? true : undefined;
    });
    return sent;
  }

  async function fits(page: Page): Promise<void> {
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, page.url()).toBeLessThanOrEqual(0);
    expect(await violationsOf(page), page.url()).toEqual([]);
  }

  it.each(['fr', 'en'] as const)(
    'a caseworker reminds by a click, once a day, and keeps quiet where the person asked for it; the recipient sees it (%s)',
    async (lang) => {
      const { id, reference } = await sendTo(TOIT_COMMUN, 'HOUSING');
      const helene = await console.signIn('Hélène Roy', { lang, path: `/console/transfers/${id}` });
      const { page } = helene;
      await page.getByText(SAYS.late[lang]).waitFor();
      await page.getByRole('heading', { name: SAYS.title[lang] }).waitFor();
      await page.getByText(SAYS.next[lang]).waitFor();
      await fits(page);
      const now = page.getByRole('button', { name: SAYS.now[lang] });
      await now.dblclick();
      await page.getByText(SAYS.sent[lang]).first().waitFor();
      await page.getByText(SAYS.event[lang], { exact: true }).waitFor();
      expect(await page.getByText(SAYS.event[lang], { exact: true }).count()).toBe(1);
      await now.click();
      await page.getByText(SAYS.soon[lang]).waitFor();
      await fits(page);
      await page.getByLabel(SAYS.off[lang]).check();
      await page.getByText(SAYS.offSince[lang]).waitFor();
      expect(await now.isDisabled()).toBe(true);
      await page.setViewportSize({ width: 360, height: 740 });
      await page.emulateMedia({ colorScheme: 'dark' });
      await fits(page);
      await page.getByLabel(SAYS.off[lang]).uncheck();
      await page.getByText(SAYS.offSince[lang]).waitFor({ state: 'detached' });
      await page.goto(`${console.world.publicUrl}/console`);
      await page.locator('a.row', { hasText: reference }).getByText(SAYS.line[lang]).waitFor();
      await fits(page);
      expect(helene.faults).toEqual([]);

      const karim = await console.signIn('Karim Benali', { lang, width: 360, height: 740 });
      await karim.page.locator('a.row', { hasText: reference }).getByText(SAYS.lineHere[lang]).waitFor();
      await fits(karim.page);
      await karim.page.goto(`${console.world.publicUrl}/console/transfers/${id}`);
      await karim.page.getByText(SAYS.reminded[lang]).waitFor();
      await karim.page.getByText(SAYS.received[lang], { exact: true }).waitFor();
      await fits(karim.page);
      expect(karim.faults).toEqual([]);
      await karim.context.close();
      await helene.context.close();
    },
    180_000,
  );

  it('a guest gets one mail, with the number and nothing about anybody', async () => {
    const { id, reference } = await sendTo(CONSEIL_DETTES, 'DEBTADVICE');
    const { page, context } = await console.signIn('Hélène Roy', { lang: 'fr', path: `/console/transfers/${id}` });
    await page.getByText('La relance part par courriel').waitFor();
    await page.getByRole('button', { name: SAYS.now.fr }).click();
    await page.getByText(SAYS.sent.fr).first().waitFor();
    await fits(page);
    const mails = (await console.world.mailbox!.mails()).filter(({ subject }) => subject.includes(`(${reference})`));
    expect(mails).toHaveLength(2);
    const [reminder] = mails.filter(({ subject }) => subject.startsWith('Rappel'));
    expect(reminder?.text).toContain('Demandez un nouveau code');
    expect(reminder?.text).not.toMatch(/https?:|Okafor|Grace|CCAS|dettes/);
    await context.close();
  }, 120_000);
});
