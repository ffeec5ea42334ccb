import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, openConsole, violationsOf, type OpenedConsole } from '../../scripts/console/browser.mjs';
import { WORDS } from '../../scripts/console/words.mjs';
import { consentResource } from '../../src/demo/consents.js';
import { TOIT_COMMUN } from '../../src/demo/world.js';

const executablePath = findChromium();
const GRACE = 'VAL-2026-0417';
type Lang = 'en' | 'fr';
const LANGS = ['fr', 'en'] as const;

/** Two services talk about one transfer, in a real browser, a telephone's width first. */
describe.skipIf(executablePath === null)('a thread in a browser (skipped: no Chromium here)', () => {
  let console: OpenedConsole;
  beforeAll(async () => {
    console = await openConsole({ executablePath: executablePath ?? '' });
  }, 120_000);
  afterAll(() => console?.close());

  const word = (lang: Lang, name: string): string | RegExp => WORDS[lang][name] ?? name;
  const NARROW = { width: 360, height: 780 };

  interface Sent {
    readonly id: string;
    readonly reference: string;
    readonly caseId: string;
    readonly personId: string;
    readonly consentId: string;
  }
  /** A person of their own, their yes, and a transfer that has reached Toit Commun. */
  async function delivered(): Promise<Sent> {
    const { document } = await console.call<{ document: Record<string, unknown> }>('GET', `/api/v1/cases/${GRACE}`);
    const caseId = `T-${randomUUID().slice(0, 8)}`;
    const body = structuredClone(document);
    (body['person'] as Record<string, unknown>)['id'] = caseId;
    const { personId } = await console.call<{ personId: string }>('PUT', `/api/v1/cases/${caseId}`, { body });
    const labels = ['identity', 'contact', 'housing'] as const;
    const consent = await console.call<{ id: string }>('POST', '/fhir/Consent', {
      body: consentResource({ type: 'permit', personId, recipient: TOIT_COMMUN, purpose: 'HOUSING', labels }),
    });
    const { id, reference } = await console.call<{ id: string; reference: string }>('POST', '/api/v1/transfers', {
      body: { caseId, recipientOrganizationId: TOIT_COMMUN.id, purpose: 'HOUSING', ground: { kind: 'consent' } },
      headers: { 'idempotency-key': randomUUID() },
    });
    for (let round = 0; ; round += 1) {
      const { status } = await console.call<{ status: string }>('GET', `/api/v1/transfers/${id}`);
      if (status === 'delivered') return { id, reference, caseId, personId, consentId: consent.id };
      if (round > 200) throw new Error('It never arrived');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async function fits(page: Page): Promise<void> {
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, page.url()).toBeLessThanOrEqual(0);
    expect(await violationsOf(page), page.url()).toEqual([]);
  }

  it.each(LANGS)(
    'a question is answered in words, warned of and confirmed, and both sides see it (%s)',
    async (lang) => {
      const { id } = await delivered();
      const path = `/console/transfers/${id}`;
      const karim = await console.signIn('Karim Benali', { lang, path, ...NARROW });
      await karim.page.getByLabel(word(lang, 'ask'), { exact: true }).check();
      await karim.page.getByLabel(word(lang, 'askWhat')).fill('Une fiche de paie ?');
      await karim.page.getByRole('button', { name: word(lang, 'answer') }).click();
      await karim.page.getByText('Une fiche de paie ?').first().waitFor();

      const helene = await console.signIn('Hélène Roy', { lang, path, ...NARROW });
      const { page } = helene;
      await page.getByRole('heading', { name: word(lang, 'threadTitle') }).waitFor();
      await page.getByText(word(lang, 'remindersPaused')).waitFor();
      await fits(page);
      const answer = page.getByLabel(word(lang, 'threadAnswer'));
      const send = page.getByRole('button', { name: word(lang, 'answer') });
      expect(await send.isDisabled()).toBe(true);
      await answer.fill('Elle est suivie pour sa dépression.');
      await send.click();
      await page.getByText(word(lang, 'threadDoubt')).waitFor();
      expect(await send.isDisabled()).toBe(true);
      await fits(page);
      // Other words are looked at anew; nothing of the first ones left.
      await answer.fill('La fiche de paie de janvier suit lundi.');
      await send.dblclick();
      await page.getByText(word(lang, 'threadAnswered')).waitFor();
      await page.getByText(word(lang, 'remindersNext')).waitFor();
      expect(await answer.inputValue()).toBe('');
      await answer.fill('Elle est suivie pour sa dépression, elle vous le dira.');
      await send.click();
      await page.getByLabel(word(lang, 'threadConfirm')).check();
      await send.click();
      await page.getByText('elle vous le dira').first().waitFor();
      await fits(page);

      await karim.page.reload();
      await karim.page.getByText('La fiche de paie de janvier suit lundi.').waitFor();
      expect(await karim.page.getByText('La fiche de paie de janvier suit lundi.').count()).toBe(1);
      expect(await karim.page.getByText('suivie pour sa dépression').count()).toBe(1);
      await fits(karim.page);
      expect([...karim.faults, ...helene.faults]).toEqual([]);
      await karim.context.close();
      await helene.context.close();
    },
    120_000,
  );

  it.each(LANGS)(
    'what may no longer be said is not, and what was typed stays (%s)',
    async (lang) => {
      const { id, consentId } = await delivered();
      const path = `/console/transfers/${id}`;
      const karim = await console.signIn('Karim Benali', { lang, path });
      await karim.page.getByLabel(word(lang, 'ask'), { exact: true }).check();
      await karim.page.getByLabel(word(lang, 'askWhat')).fill('?');
      await karim.page.getByRole('button', { name: word(lang, 'answer') }).click();
      await karim.page.getByRole('status').getByText(/./).first().waitFor();
      await karim.context.close();
      const { page, context } = await console.signIn('Hélène Roy', { lang, path, ...NARROW });
      const answer = page.getByLabel(word(lang, 'threadAnswer'));
      await answer.fill('Voici.');
      await console.call('POST', `/api/v1/consents/${consentId}/withdraw`, { body: {} });
      await page.getByRole('button', { name: word(lang, 'answer') }).click();
      await page.getByText(word(lang, 'threadNotSent')).waitFor();
      expect(await answer.inputValue()).toBe('Voici.');
      await fits(page);
      await context.close();
    },
    120_000,
  );

  it.each(LANGS)(
    'what they ask for is sent to them, names the question, and both sides find the way (%s)',
    async (lang) => {
      const { id, reference } = await delivered();
      const path = `/console/transfers/${id}`;
      const karim = await console.signIn('Karim Benali', { lang, path });
      await karim.page.getByLabel(word(lang, 'ask'), { exact: true }).check();
      await karim.page.getByLabel(word(lang, 'askWhat')).fill('Le bail actuel ?');
      await karim.page.getByRole('button', { name: word(lang, 'answer') }).click();
      await karim.page.getByText('Le bail actuel ?').first().waitFor();

      const { page, context, faults } = await console.signIn('Hélène Roy', { lang, path, ...NARROW });
      await page.getByRole('link', { name: word(lang, 'threadRecord') }).click();
      await page.getByText('Le bail actuel ?').waitFor();
      // Recipient and purpose are those of the question; the ground is asked for as always.
      expect(
        await page
          .getByRole('radio', { name: word(lang, 'recipient') })
          .first()
          .isChecked(),
      ).toBe(true);
      await page.getByText(word(lang, 'permitted')).waitFor();
      await fits(page);
      const send = page.getByRole('button', { name: word(lang, 'send') });
      await page.waitForFunction(
        () => !document.querySelector('.send-bar button:last-child')?.hasAttribute('disabled'),
      );
      await send.click();
      await page.getByText(word(lang, 'held')).waitFor();
      await page.getByRole('link', { name: new RegExp(`${reference}$`) }).click();
      await page.getByRole('link', { name: word(lang, 'threadFollowed') }).waitFor();
      await fits(page);
      expect(faults).toEqual([]);
      await context.close();
      await karim.context.close();
    },
    120_000,
  );

  it.each(LANGS)(
    'who accepted takes the case over, says whose it is, and lands on the file (%s)',
    async (lang) => {
      const { id } = await delivered();
      const path = `/console/transfers/${id}`;
      const karim = await console.signIn('Karim Benali', { lang, path, ...NARROW });
      const { page } = karim;
      await page.getByLabel(word(lang, 'accept'), { exact: true }).check();
      await page.getByRole('button', { name: word(lang, 'answer') }).click();
      await page.getByRole('button', { name: word(lang, 'takeLook') }).click();
      const take = page.getByRole('button', { name: word(lang, 'takeOver') });
      await take.waitFor();
      // Nothing is preselected.
      expect(await take.isDisabled()).toBe(true);
      await fits(page);
      // The second language finds the person of the first: the same name, and nothing merged by itself.
      const other = page.getByRole('radio', { name: word(lang, 'takeSame') });
      if (lang === 'en') expect(await other.count()).toBeGreaterThan(0);
      await (lang === 'en' ? other.first() : page.getByRole('radio', { name: word(lang, 'takeNew') })).click();
      await take.dblclick();
      await page.getByText(word(lang, 'takenFrom')).waitFor();
      expect(page.url()).toContain('/console/cases/R-');
      await fits(page);
      await page.goto(`${console.world.publicUrl}${path}`);
      await page.getByText(word(lang, 'takenDone')).waitFor();
      await fits(page);
      expect(karim.faults).toEqual([]);
      await karim.context.close();

      const helene = await console.signIn('Hélène Roy', { lang, path });
      for (const event of ['openedEvent', 'takenEvent'])
        await helene.page.getByText(word(lang, event), { exact: true }).waitFor();
      await helene.context.close();
    },
    120_000,
  );
});
