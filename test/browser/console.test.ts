import { randomUUID } from 'node:crypto';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, openConsole, violationsOf, type OpenedConsole } from '../../scripts/console/browser.mjs';
import { playJourney } from '../../scripts/console/journey.mjs';
import { consentResource } from '../../src/demo/consents.js';
import { WORDS } from '../../scripts/console/words.mjs';

const executablePath = findChromium();
const GRACE = 'VAL-2026-0417';

/** Real pages in a real browser, on a gateway with its issuer and partners. */
describe.skipIf(executablePath === null)('the console in a browser (skipped: no Chromium here)', () => {
  let console: OpenedConsole;
  beforeAll(async () => {
    console = await openConsole({ executablePath: executablePath ?? '' });
  }, 120_000);
  afterAll(() => console?.close());

  const word = (lang: 'en' | 'fr', name: string): string | RegExp => WORDS[lang][name] ?? name;
  const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name });

  /** A person of their own, so that no test finds what another left; `change` gives the record what the test needs. */
  async function newPerson(
    change: (record: Record<string, unknown>) => void = () => undefined,
  ): Promise<{ caseId: string; personId: string }> {
    const { document } = await console.call<{ document: Record<string, unknown> }>('GET', `/api/v1/cases/${GRACE}`);
    const caseId = `T-${randomUUID().slice(0, 8)}`;
    const record = structuredClone(document);
    (record['person'] as Record<string, unknown>)['id'] = caseId;
    change(record);
    const { personId } = await console.call<{ personId: string }>('PUT', `/api/v1/cases/${caseId}`, { body: record });
    return { caseId, personId };
  }

  async function agreed(page: Page, lang: 'en' | 'fr'): Promise<void> {
    await page.getByRole('radio', { name: word(lang, 'recipient') }).click();
    await page.getByRole('heading', { name: word(lang, 'says') }).waitFor();
    await button(page, word(lang, 'all')).click();
    await page.getByLabel(word(lang, 'sixMonths')).click();
    await page.getByLabel(word(lang, 'verbal')).click();
    await page.getByLabel(word(lang, 'witness')).fill('Marc Diallo');
    await button(page, word(lang, 'yes')).click();
    await page.getByText(word(lang, 'permitted')).waitFor();
  }

  it.each(['fr', 'en'] as const)(
    'a caseworker gets from the link to the receipt in a dozen clicks and three minutes (%s)',
    async (lang) => {
      const { caseId } = await newPerson();
      const played = await playJourney({ ...console, agency: linkTo(caseId) }, lang);
      expect(played.axeViolations).toEqual([]);
      expect(played.faults).toEqual([]);
      expect(played.clicks).toBeLessThanOrEqual(12);
      expect(played.estimatedSeconds).toBeLessThan(180);
      expect(played.routeKbGzip).toBeLessThan(250);

      // The other side: reads, accepts; and the sender sees it.
      const { page, context } = await console.signIn('Karim Benali', {
        lang,
        path: `/console/transfers/${played.transferId}`,
      });
      await button(page, word(lang, 'open')).click();
      await page.getByText('Okafor').first().waitFor();
      await page.getByLabel(word(lang, 'accept'), { exact: true }).check();
      await button(page, word(lang, 'answer')).click();
      await page
        .getByText(lang === 'fr' ? 'Accepté' : 'Accepted')
        .first()
        .waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await context.close();
    },
    180_000,
  );

  /** The agency's software, with another person's file under the button. */
  function linkTo(caseId: string): OpenedConsole['agency'] {
    return {
      control: (path, body) => console.agency.control(path, path === '/open-link' ? [caseId] : body),
    };
  }

  it('the whole journey goes by keyboard alone', async () => {
    const { caseId } = await newPerson();
    const { page, context } = await console.signIn('Hélène Roy', { path: `/console/cases/${caseId}` });
    const tabTo = async (target: Locator): Promise<void> => {
      for (let step = 0; step < 80; step += 1) {
        if (await target.evaluate((element) => element === document.activeElement)) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`Tab never came to ${String(target)}`);
    };
    const first = (name: string | RegExp, role: 'link' | 'button' | 'radio'): Locator =>
      page.getByRole(role, { name }).first();
    await first(word('fr', 'sendTo'), 'link').waitFor();
    await tabTo(first(word('fr', 'sendTo'), 'link'));
    await page.keyboard.press('Enter');
    const recipient = page.getByRole('radio', { name: word('fr', 'recipient') });
    await recipient.waitFor();
    await tabTo(recipient);
    await page.keyboard.press('Space');
    await page.getByRole('heading', { name: word('fr', 'says') }).waitFor();
    await tabTo(first(word('fr', 'all'), 'button'));
    await page.keyboard.press('Enter');
    // The arrows move within a group of choices.
    await tabTo(page.getByLabel('3 mois'));
    await page.keyboard.press('ArrowDown');
    expect(await page.getByLabel(word('fr', 'sixMonths')).isChecked()).toBe(true);
    await tabTo(page.getByLabel(word('fr', 'verbal')));
    await page.keyboard.press('Space');
    await tabTo(page.getByLabel(word('fr', 'witness')));
    await page.keyboard.type('Marc Diallo');
    await tabTo(first(word('fr', 'yes'), 'button'));
    await page.keyboard.press('Enter');
    await page.getByText(word('fr', 'permitted')).waitFor();
    const send = page.getByRole('button', { name: word('fr', 'send') });
    await page.waitForFunction(() => !document.querySelector('.send-bar button:last-child')?.hasAttribute('disabled'));
    await tabTo(send);
    await page.keyboard.press('Enter');
    await page.getByText(word('fr', 'held')).waitFor();
    await context.close();
  }, 120_000);

  it('what is sent can be taken back within ten seconds, and a double click sends once', async () => {
    const { caseId, personId } = await newPerson();
    const { page, context } = await console.signIn('Hélène Roy', { path: `/console/cases/${caseId}/send` });
    await agreed(page, 'fr');
    await button(page, word('fr', 'send')).dblclick();
    await page.getByText(word('fr', 'held')).waitFor();
    await button(page, word('fr', 'undo')).click();
    await page.getByText('Vous avez repris l’envoi. Rien n’est parti.').waitFor();
    const { transfers } = await console.call<{ transfers: { status: string }[] }>(
      'GET',
      `/api/v1/transfers?personId=${personId}`,
    );
    expect(transfers.map(({ status }) => status)).toEqual(['cancelled']);
    // Back leads to the file, never to a form that has been sent.
    await page.goBack();
    expect(page.url()).not.toContain('/send');
    await context.close();
  }, 120_000);

  it('a lost connection keeps what was typed, and the second try sends once', async () => {
    const { caseId, personId } = await newPerson();
    const { page, context } = await console.signIn('Hélène Roy', { path: `/console/cases/${caseId}/send` });
    await agreed(page, 'fr');
    // The answer is lost, the request is not: the worst case.
    let lost = 0;
    await page.route('**/api/v1/transfers', async (route) => {
      if (route.request().method() !== 'POST' || lost > 0) return route.continue();
      lost += 1;
      await route.fetch();
      return route.abort('connectionreset');
    });
    await button(page, word('fr', 'send')).click();
    await page.getByText('Pas de connexion.').waitFor();
    await button(page, word('fr', 'send')).click();
    await page.getByText(word('fr', 'held')).waitFor();
    const { transfers } = await console.call<{ transfers: unknown[] }>('GET', `/api/v1/transfers?personId=${personId}`);
    expect([lost, transfers.length]).toEqual([1, 1]);
    await context.close();
  }, 120_000);

  it('a session that ends in mid-form covers the page, and gives it back after signing in again', async () => {
    const { caseId } = await newPerson();
    const { page, context, faults } = await console.signIn('Hélène Roy', { path: `/console/cases/${caseId}/send` });
    await page.getByRole('radio', { name: word('fr', 'recipient') }).click();
    await page.getByRole('heading', { name: word('fr', 'says') }).waitFor();
    await page.getByLabel(word('fr', 'verbal')).click();
    await page.getByLabel(word('fr', 'witness')).fill('Témoin déjà saisi');
    await context.clearCookies();
    await button(page, word('fr', 'no')).click();
    await page.getByText('Votre session est terminée').waitFor();
    expect(await page.getByLabel(word('fr', 'witness')).isVisible()).toBe(false);
    const [popup] = await Promise.all([context.waitForEvent('page'), button(page, word('fr', 'signInAgain')).click()]);
    await popup.getByRole('button', { name: /Hélène Roy/ }).click();
    await page.getByText('Votre session est terminée').waitFor({ state: 'detached' });
    expect(await page.getByLabel(word('fr', 'witness')).inputValue()).toBe('Témoin déjà saisi');
    await button(page, word('fr', 'no')).click();
    await page
      .getByText(/La personne a dit non/)
      .first()
      .waitFor();
    expect(faults).toEqual([]);
    await context.close();
  }, 120_000);

  it.each(['fr', 'en'] as const)(
    'the person takes a yes back in as many clicks as giving it took at most (%s)',
    async (lang) => {
      const { caseId } = await newPerson();
      const { page, context } = await console.signIn('Hélène Roy', { lang, path: `/console/cases/${caseId}/send` });
      await agreed(page, lang);
      await page.goto(`${console.world.publicUrl}/console/cases/${caseId}`);
      await button(page, word(lang, 'withdraw')).click();
      await button(page, word(lang, 'withdrawNow')).click();
      await page.getByText(word(lang, 'withdrawn')).waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await context.close();
    },
    120_000,
  );

  it.each(['fr', 'en'] as const)(
    'a caseworker who declines to share says why, and finds it in the file; nothing leaves (%s)',
    async (lang) => {
      const { caseId, personId } = await newPerson();
      const { page, context } = await console.signIn('Hélène Roy', { lang, path: `/console/cases/${caseId}/send` });
      const decline = button(page, word(lang, 'decline'));
      await decline.waitFor();
      expect(await decline.isDisabled()).toBe(true);
      await page.getByRole('radio', { name: word(lang, 'recipient') }).click();
      // No smaller than the button that sends.
      const [one, other] = await Promise.all([
        decline.boundingBox(),
        page.locator('.send-bar button').last().boundingBox(),
      ]);
      expect(one?.height).toBe(other?.height);
      await decline.click();
      await button(page, word(lang, 'declineRecord')).click();
      await page.getByText(word(lang, 'declineWhy')).waitFor();
      await page.getByLabel(word(lang, 'declineOther')).check();
      await page.getByLabel(word(lang, 'declineWords')).fill('أخو زوجها');
      expect(await violationsOf(page)).toEqual([]);
      await button(page, word(lang, 'declineRecord')).dblclick();
      await page.getByText(word(lang, 'declined')).waitFor();
      await page.getByRole('link', { name: word(lang, 'openFile') }).click();
      await page.getByRole('heading', { name: word(lang, 'declinedTitle') }).waitFor();
      await page.getByText('أخو زوجها').waitFor();
      const { declined } = await console.call<{ declined: object[] }>(
        'GET',
        `/api/v1/persons/${personId}/declined-shares`,
      );
      expect(declined).toHaveLength(1);
      const { transfers } = await console.call<{ transfers: object[] }>(
        'GET',
        `/api/v1/transfers?personId=${personId}`,
      );
      expect(transfers).toEqual([]);
      await context.close();
    },
    120_000,
  );

  it.each(['fr', 'en'] as const)(
    'the glass is broken with a reason, the least that helps and an end, and waits for a review (%s)',
    async (lang) => {
      const { caseId } = await newPerson();
      const { page, context } = await console.signIn('Hélène Roy', { lang, path: `/console/cases/${caseId}/send` });
      await page.getByRole('radio', { name: word(lang, 'recipient') }).click();
      await button(page, word(lang, 'glassOpen')).click();
      await page.getByText(word(lang, 'glassTitle')).waitFor();
      const send = page.locator('.send-bar button').last();
      await page.getByLabel(word(lang, 'reason')).fill('Elle ne répond plus depuis hier.');
      await page.getByLabel(word(lang, 'toldNobody'), { exact: true }).check();
      await page.getByLabel(word(lang, 'toldNobodyWhy')).fill('Personne n’est joignable.');
      await page.getByLabel(word(lang, 'glassHours'), { exact: true }).check();
      // Nothing is chosen for whoever asks, so nothing can leave yet.
      await page.waitForTimeout(2_500);
      expect(await send.isDisabled()).toBe(true);
      // What is half said is a draft as well.
      await page.reload();
      await page.getByText(word(lang, 'glassTitle')).waitFor();
      expect(await page.getByLabel(word(lang, 'reason')).inputValue()).toBe('Elle ne répond plus depuis hier.');
      expect(await page.getByLabel(word(lang, 'glassHours'), { exact: true }).isChecked()).toBe(true);
      await page.getByLabel(word(lang, 'identity')).check();
      await page.getByLabel(word(lang, 'contact')).check();
      await page.getByText(word(lang, 'permitted')).waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await send.click();
      await page.waitForURL(/\/console\/transfers\/[0-9a-f-]{36}$/);
      const id = page.url().slice(-36);
      const { categories, ground } = await console.call<{ categories: string[]; ground: object }>(
        'GET',
        `/api/v1/transfers/${id}`,
      );
      expect([...categories].sort()).toEqual(['contact', 'identity']);
      expect(ground).toMatchObject({ secrecyGround: 'break-glass' });
      await context.close();

      const paul = await console.signIn('Paul Tremblay', { lang, path: '/console/oversight' });
      await paul.page.getByText('Elle ne répond plus depuis hier.').first().waitFor();
      await paul.context.close();
    },
    120_000,
  );

  it.each(['fr', 'en'] as const)(
    'an intervention is written by keyboard, survives a reload and another tab, and is corrected by its author (%s)',
    async (lang) => {
      const { caseId } = await newPerson();
      const { page, context, faults } = await console.signIn('Hélène Roy', { lang, path: `/console/cases/${caseId}` });
      await page.getByRole('tab', { name: word(lang, 'timeline') }).click();
      await page.getByRole('link', { name: word(lang, 'write') }).click();
      await page.getByLabel(word(lang, 'writeKind')).selectOption('phone-call');
      await page.getByLabel(word(lang, 'writeSummary')).fill('L’audience est le 12 mars, à 9 h.');
      await page.waitForTimeout(1_200);
      await page.reload();
      const summary = page.getByLabel(word(lang, 'writeSummary'));
      await summary.waitFor();
      expect(await summary.inputValue()).toBe('L’audience est le 12 mars, à 9 h.');
      await button(page, word(lang, 'writeAction')).focus();
      await page.keyboard.press('Enter');
      await page.keyboard.type('Préparer le dossier');
      await page.getByLabel(word(lang, 'doNotShare')).check();
      expect(await violationsOf(page)).toEqual([]);
      // Another tab was quicker.
      const { document } = await console.call<{ document: object }>('GET', `/api/v1/cases/${caseId}`);
      const body = { ...document, workingNotes: [{ id: 'quick', text: 'elsewhere' }] };
      await console.call('PUT', `/api/v1/cases/${caseId}`, { body });
      await button(page, word(lang, 'writeSave')).dblclick();
      await button(page, word(lang, 'writeAgain')).click();
      await page.getByText('L’audience est le 12 mars, à 9 h.').waitFor();
      await page.getByText('Préparer le dossier').waitFor();
      await page.getByRole('link', { name: word(lang, 'writeCorrect') }).click();
      await page.getByLabel(word(lang, 'writeSummary')).fill('L’audience est le 12 mars, à 10 h.');
      await button(page, word(lang, 'writeCorrected')).click();
      await page.getByText('L’audience est le 12 mars, à 10 h.').waitFor();
      await button(page, word(lang, 'writeEarlier')).click();
      await page.getByText('L’audience est le 12 mars, à 9 h.').waitFor();
      expect(await violationsOf(page)).toEqual([]);
      type Written = { document: { interventions: { summary: string; about: object }[]; workingNotes: object[] } };
      const { document: after } = await console.call<Written>('GET', `/api/v1/cases/${caseId}`);
      expect(after.workingNotes).toEqual([{ id: 'quick', text: 'elsewhere' }]);
      const ours = after.interventions.filter((one) => one.summary?.startsWith('L’audience'));
      expect(ours).toHaveLength(1);
      expect(ours[0]!.about).toMatchObject({ '*': { doNotShare: true } });

      // A note of one's own never leaves: it stands with the working notes.
      await page.getByRole('link', { name: word(lang, 'write') }).click();
      await page.getByLabel(word(lang, 'writeNote')).check();
      await page.getByLabel(word(lang, 'writeText')).fill('À reprendre doucement.');
      await button(page, word(lang, 'writeSave')).click();
      await page.waitForURL('**/cases/*#safety');
      await page.getByText('À reprendre doucement.').waitFor();
      expect(faults).toEqual([]);
      await context.close();
    },
    120_000,
  );

  it.each(['fr', 'en'] as const)(
    'a representative decides where the person cannot; a power over property, and an objection, stop (%s)',
    async (lang) => {
      const { caseId, personId } = await newPerson((record) => {
        const since = { status: 'active', instrument: 'court-order', startDate: '2024-01-10' };
        record['representation'] = {
          measures: [
            { id: 'whole', kind: 'guardianship', scope: 'person-and-property', holderName: 'Aline Petit', ...since },
            { id: 'purse', kind: 'power-of-attorney', scope: 'property', holderName: 'Paul Grand', ...since },
          ],
        };
      });
      const { page, context } = await console.signIn('Hélène Roy', { lang, path: `/console/cases/${caseId}/send` });
      await page.getByRole('radio', { name: word(lang, 'recipient') }).click();
      await page.getByRole('heading', { name: word(lang, 'says') }).waitFor();
      const consents = async (): Promise<Record<string, unknown>[]> =>
        (
          (
            await console.call<{ entry?: { resource: Record<string, unknown> }[] }>(
              'GET',
              `/fhir/Consent?patient=${encodeURIComponent(`Patient/${personId}`)}`,
            )
          ).entry ?? []
        ).map(({ resource }) => resource);
      await button(page, word(lang, 'all')).click();
      await page.getByLabel(word(lang, 'sixMonths')).click();
      await page.getByLabel(word(lang, 'verbal')).click();
      await page.getByLabel(word(lang, 'witness')).fill('Marc Diallo');
      // Nothing is chosen beforehand: without who answers there is no yes.
      await button(page, word(lang, 'yes')).click();
      await page.getByText(word(lang, 'whoMissing')).waitFor();
      await page.getByLabel(word(lang, 'jurisdiction')).selectOption('FR');
      await page.getByLabel(word(lang, 'unable')).check();
      await page.getByLabel('Paul Grand').check();
      await page.getByLabel(word(lang, 'agrees')).check();
      await page.getByText(word(lang, 'propertyOnly')).first().waitFor();
      await button(page, word(lang, 'yes')).click();
      await page.getByText(word(lang, 'notRecorded')).waitFor();
      // At the top, where the head of the page covers nothing.
      await page.evaluate(() => window.scrollTo(0, 0));
      expect(await violationsOf(page)).toEqual([]);
      await page.getByLabel('Paul Grand').uncheck();
      await page.getByLabel('Aline Petit').check();
      await page.getByLabel(word(lang, 'objects')).check();
      await button(page, word(lang, 'yes')).click();
      await page.getByText(word(lang, 'personObjects')).first().waitFor();
      expect(await consents()).toEqual([]);
      await page.getByLabel(word(lang, 'cannotSay')).check();
      await button(page, word(lang, 'yes')).click();
      await page.getByText(word(lang, 'permitted')).waitFor();
      const [recorded, ...more] = await consents();
      expect(more).toEqual([]);
      expect(recorded!['performer']).toEqual([
        { identifier: { system: 'https://relais.example/fhir/representation-measure', value: 'whole' } },
      ]);
      await context.close();
    },
    120_000,
  );

  it.each(['fr', 'en'] as const)(
    'a person is found by a number on a card, however it is spaced (%s)',
    async (lang) => {
      const { caseId } = await newPerson((record) => {
        const person = record['person'] as Record<string, unknown>;
        person['identifiers'] = [
          { id: 'i1', type: 'social-security', value: `2 92 05 99 ${lang === 'fr' ? 101 : 102} 417` },
        ];
      });
      const { page, context } = await console.signIn('Hélène Roy', { lang, path: '/console/find' });
      await page.getByLabel(word(lang, 'numberKind')).selectOption('social-security');
      await page.getByLabel(word(lang, 'number'), { exact: true }).fill(`2920599${lang === 'fr' ? 101 : 102}417`);
      await page.keyboard.press('Enter');
      const found = page.getByRole('article');
      await found.getByText(word(lang, 'sameNumber')).waitFor();
      expect(await found.count()).toBe(1);
      expect(await found.innerText()).toContain(caseId);
      expect(page.url()).not.toContain('2920599');
      expect(await violationsOf(page)).toEqual([]);
      await context.close();
    },
    60_000,
  );

  it('shows a name with markup, and one in Arabic, as it is written, and runs nothing of it', async () => {
    const { caseId } = await newPerson((record) => {
      const person = record['person'] as { names: { given: string[]; family: string }[] };
      person.names = [
        { ...person.names[0]!, given: ['<img src=x onerror=document.title=1>'], family: '{{7*7}}' },
        { ...person.names[1]!, given: ['غريس'], family: 'أوكافور' },
      ];
    });
    const { page, context, faults } = await console.signIn('Hélène Roy', { path: `/console/cases/${caseId}` });
    await page.getByRole('heading', { level: 1, name: 'غريس أوكافور' }).waitFor();
    await page.getByRole('tab', { name: 'Identité et coordonnées' }).click();
    await page.getByText('<img src=x onerror=document.title=1>').first().waitFor();
    await page.getByText('{{7*7}}').first().waitFor();
    expect(await page.title()).toBe('Dossier · Relais');
    expect(faults).toEqual([]);
    await context.close();
  }, 60_000);

  it('a link that was used, or cut off, says what to do', async () => {
    const { caseId } = await newPerson();
    const { url } = await console.agency.control<{ url: string }>('/open-link', [caseId]);
    const { page, context } = await console.signIn('Hélène Roy');
    await page.goto(url);
    await page.waitForURL(`**/cases/${caseId}`);
    await page.goto('about:blank');
    await page.goto(url);
    await page.getByRole('alert').waitFor();
    expect(page.url()).not.toContain('#');
    await page.goto(`${console.world.publicUrl}/console/open`);
    await page.getByText('Le lien est incomplet').waitFor();
    await context.close();
  }, 60_000);

  it('an agreement is drafted, tried, proposed and countersigned by each party, then suspended at once', async () => {
    const nadia = await console.signIn('Nadia Lefort', { path: '/console/agreements' });
    await nadia.page.getByRole('link', { name: 'Logement et santé à Valmont' }).first().click();
    await nadia.page.getByRole('link', { name: 'Rédiger la version suivante' }).click();
    await nadia.page.getByLabel('Jours avant que Relais supprime sa copie').fill('14');
    await button(nadia.page, 'Enregistrer le projet').click();
    await button(nadia.page, 'Essayer').first().click();
    await nadia.page
      .getByText(/^Avec cette version|rien n’a été transmis/)
      .first()
      .waitFor();
    await button(nadia.page, 'Proposer et signer').click();
    await nadia.page.getByRole('dialog').getByRole('button', { name: 'Proposer et signer' }).click();
    await nadia.page.getByText('Proposée, et signée pour votre organisme.').first().waitFor();
    expect(await violationsOf(nadia.page)).toEqual([]);
    const address = new URL(nadia.page.url()).pathname;
    // Whoever has signed for one party is offered nothing to sign for another.
    expect(await button(nadia.page, 'Contresigner').count()).toBe(0);
    for (const name of ['Léa Fontaine', 'Omar Haddad']) {
      const party = await console.signIn(name, { path: address });
      await button(party.page, 'Contresigner').click();
      await party.page.getByRole('dialog').getByRole('button', { name: 'Contresigner' }).click();
      await party.page.getByText('Signée pour votre organisme.').first().waitFor();
      await party.context.close();
    }
    await nadia.page.reload();
    await nadia.page.getByText('Relais supprime sa copie du contenu 14 jours après').first().waitFor();

    await button(nadia.page, 'Suspendre immédiatement').click();
    await nadia.page.getByRole('dialog').getByRole('button', { name: 'Suspendre immédiatement' }).click();
    await nadia.page.getByText('Suspendue. Plus aucun envoi').first().waitFor();
    const { caseId } = await newPerson();
    const helene = await console.signIn('Hélène Roy', { path: `/console/cases/${caseId}/send` });
    const suspended = helene.page.getByRole('radio', { name: /Toit Commun/ });
    await helene.page.getByText('convention suspendue').first().waitFor();
    expect(await suspended.isDisabled()).toBe(true);
    await helene.context.close();
    await button(nadia.page, 'Rétablir').click();
    await nadia.page.getByRole('dialog').getByRole('button', { name: 'Rétablir' }).click();
    await nadia.page.getByText('Votre suspension est levée.').first().waitFor();
    await nadia.context.close();
  }, 120_000);

  it.each(['fr', 'en'] as const)(
    'an operator registers a partner, tests its endpoint step by step, replaces its keys, suspends it and lets it in (%s)',
    async (lang) => {
      const said = (fr: string, en: string): string => (lang === 'fr' ? fr : en);
      const { page, context, faults } = await console.signIn('Inès Morel', { lang, path: '/console/partners' });
      await page.getByRole('link', { name: said('Enregistrer un partenaire', 'Register a partner') }).click();
      const select = (label: string): Locator => page.getByLabel(label);
      const save = button(page, said('Enregistrer', 'Register'));
      await page.getByLabel(said('Il a son propre logiciel', 'It has software of its own')).check();
      // What is missing is said beside its field, and nothing is sent.
      await save.click();
      await page.getByText(said('À renseigner.', 'This is needed.')).first().waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await select(said('Quel organisme ?', 'Which organization?')).selectOption('new');
      const name = `Passerelle ${lang}`;
      await page.getByLabel(said('Nom de l’organisme', 'Name of the organization')).fill(name);
      await select(said('Secteur', 'Sector')).selectOption('health');
      await page.getByLabel(said('Sa fonction, en français', 'Its function, in French')).fill('clinique');
      await page.getByLabel(said('Sa fonction, en anglais', 'Its function, in English')).fill('clinic');
      await select(said('Son personnel est tenu', 'Its people are bound to')).selectOption('professional-secrecy');
      await page.getByLabel(said('Nom du système', 'Name of the system')).fill(`${name} · FHIR`);
      const client = said('Identifiant sous lequel il appelle Relais', 'Client id under which it calls Relais');
      await page.getByLabel(client).fill('not a client id');
      await page.getByLabel(said('Créer une paire ici', 'Make a pair here')).check();
      await button(page, said('Créer la paire', 'Make the pair')).click();
      const shownKey = page.getByLabel(
        said('La clé privée, montrée cette seule fois', 'The private key, shown this once'),
      );
      const privateKey = JSON.parse(await shownKey.innerText()) as { d: string; kid: string };
      await page.getByLabel(said('Le logiciel du partenaire a', 'The partner’s software has')).check();
      const endpoint = (await console.world.registry.listPartners()).find(({ name: of }) =>
        /^Toit Commun/.test(of),
      )!.endpoint!;
      await page.getByLabel(said('Adresse FHIR', 'FHIR address')).fill('http://127.0.0.1:1/fhir');
      await page
        .getByLabel(said('Adresse des jetons', 'Token address'), { exact: false })
        .first()
        .fill(endpoint.tokenUrl);
      await page.getByLabel(said('Identifiant de Relais chez lui', 'Relais’ client id there')).fill('relais');
      await save.click();
      // The gateway's own rule stands beside the field that breaks it; nothing that was typed is lost.
      await page.getByText(said('Seulement des lettres, des chiffres', 'Only letters, digits')).first().waitFor();
      await page.getByLabel(client).fill(`passerelle-${lang}`);
      await save.click();
      await page.getByRole('heading', { level: 1, name: `${name} · FHIR` }).waitFor();
      expect(await page.locator('body').innerText()).not.toContain(privateKey.d);
      const partner = (await console.world.registry.listPartners()).find(({ name: of }) => of === `${name} · FHIR`)!;
      expect(partner.jwks?.keys.map(({ kid }) => kid)).toEqual([privateKey.kid]);
      expect(JSON.stringify(partner)).not.toContain(privateKey.d);

      // Nobody listens at that address: the test says at which step, and what to do.
      await button(page, said('Tester maintenant', 'Test now')).click();
      await page.getByText(said('Personne ne répond à cette adresse.', 'Nobody answers at this address.')).waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await button(page, said('Changer l’adresse', 'Change the address')).click();
      await page.getByLabel(said('Adresse FHIR', 'FHIR address')).fill(endpoint.url);
      await button(page, said('Enregistrer l’adresse', 'Save the address')).click();
      await page
        .getByText(said('Ce test portait sur une autre adresse.', 'This test was of another address.'))
        .waitFor();
      await button(page, said('Tester à nouveau', 'Test again')).click();
      await page
        .getByText(said('Tout ce dont un envoi a besoin est là.', 'Everything that a delivery needs is there.'))
        .waitFor();

      await button(page, said('Remplacer les clés', 'Replace the keys')).click();
      await page.getByLabel(said('Le partenaire les publie à une adresse', 'The partner publishes them')).check();
      await page
        .getByLabel(said('Adresse de son JSON Web Key Set', 'Address of its JSON Web Key Set'))
        .fill('http://127.0.0.1:9/jwks');
      await button(page, said('Remplacer les clés', 'Replace the keys')).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: said('Remplacer les clés', 'Replace the keys') })
        .click();
      await page
        .getByText(said('Les anciennes comptent encore jusqu’au', 'The former ones still count until'))
        .waitFor();

      await button(page, said('Suspendre le partenaire', 'Suspend the partner')).click();
      const dialog = page.getByRole('dialog');
      const yes = dialog.getByRole('button', { name: said('Suspendre le partenaire', 'Suspend the partner') });
      expect(await yes.isDisabled()).toBe(true);
      await dialog.getByLabel(said('Je veux couper ce partenaire', 'I want to cut this partner')).check();
      await yes.click();
      await page.getByText(said('Partenaire suspendu.', 'Suspended. Nothing more')).waitFor();
      expect((await console.world.registry.partner(partner.id))?.status).toBe('suspended');
      expect(await violationsOf(page)).toEqual([]);
      await button(page, said('Lever la suspension', 'Lift the suspension')).click();
      await dialog.getByRole('button', { name: said('Lever la suspension', 'Lift the suspension') }).click();
      await page.getByText(said('Partenaire de nouveau actif.', 'Active again.')).waitFor();
      expect((await console.world.registry.partner(partner.id))?.status).toBe('active');
      expect(faults).toEqual([]);
      await context.close();
    },
    120_000,
  );

  it.each(['fr', 'en'] as const)(
    'what failed for good is sent again by an operator, after a dry run, and arrives (%s)',
    async (lang) => {
      const said = (fr: string, en: string): string => (lang === 'fr' ? fr : en);
      const { partners } = console.world;
      const toit = [...partners.values()].find(({ organization }) => organization.name === 'Toit Commun')!;
      const person = await newPerson();
      // The partner refuses the record as it is: a dead letter at once.
      await toit.control('/control', { fail: { times: 1, status: 422 } });
      const { transferId, reference } = await failing(person);
      const { page, context, faults } = await console.signIn('Inès Morel', { lang, path: '/console/deliveries' });
      const again = page.getByRole('button', { name: said(`Renvoyer ${reference}`, `Send again: ${reference}`) });
      await again.waitFor();
      expect(await page.locator('main').innerText()).not.toContain('Okafor');
      await again.click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText(said('Essai à blanc : un transfert serait renvoyé.', 'Dry run: one transfer')).waitFor();
      expect(await violationsOf(page)).toEqual([]);
      // The dry run changed nothing.
      expect((await console.call<{ status: string }>('GET', `/api/v1/transfers/${transferId}`)).status).toBe('failed');
      await dialog.getByRole('button', { name: said('Renvoyer', 'Send again') }).click();
      await page.getByText(said('1 transfert est de nouveau en route.', '1 transfer is on its way again.')).waitFor();
      const row = page.getByRole('listitem').filter({ hasText: reference });
      await row.getByText(said('Remis', 'Delivered')).waitFor({ timeout: 20_000 });
      const { status } = await console.call<{ status: string }>('GET', `/api/v1/transfers/${transferId}`);
      expect(status).toBe('delivered');
      expect(await again.count()).toBe(0);
      expect(await violationsOf(page)).toEqual([]);
      expect(faults).toEqual([]);
      await context.close();
    },
    120_000,
  );

  /** A transfer that the partner did not take, for good. */
  async function failing({
    caseId,
    personId,
  }: {
    caseId: string;
    personId: string;
  }): Promise<{ transferId: string; reference: string }> {
    const { organization } = [...console.world.partners.values()].find(
      ({ organization: { name } }) => name === 'Toit Commun',
    )!;
    const resource = consentResource({
      type: 'permit',
      personId,
      recipient: organization,
      purpose: 'HOUSING',
      labels: ['identity', 'contact', 'housing'],
    });
    await console.call('POST', '/fhir/Consent', { body: resource });
    const { id, reference } = await console.call<{ id: string; reference: string }>('POST', '/api/v1/transfers', {
      body: {
        caseId,
        recipientOrganizationId: organization.id,
        purpose: 'HOUSING',
        ground: { kind: 'consent' },
      },
      headers: { 'idempotency-key': randomUUID() },
    });
    for (let n = 0; n < 100; n += 1) {
      const { status } = await console.call<{ status: string }>('GET', `/api/v1/transfers/${id}`);
      if (status === 'failed') return { transferId: id, reference };
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('The delivery did not fail');
  }

  it.each(['fr', 'en'] as const)(
    'an agreement is written from nothing: what is missing stands beside its field, then a draft, tried and proposed (%s)',
    async (lang) => {
      const said = (fr: string, en: string): string => (lang === 'fr' ? fr : en);
      const { page, context, faults } = await console.signIn('Nadia Lefort', { lang, path: '/console/agreements' });
      await page.getByRole('link', { name: said('Rédiger une nouvelle convention', 'Write a new agreement') }).click();
      const save = button(page, said('Enregistrer le projet', 'Save the draft'));
      await save.click();
      await page.getByText(said('À renseigner.', 'This is needed.')).first().waitFor();
      const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'));
      expect(focused).toBe('true');
      expect(await violationsOf(page)).toEqual([]);
      const title = `Accès aux soins ${lang}`;
      await page.getByLabel(said('Intitulé en français', 'Title in French')).fill(title);
      await page.getByLabel(said('Intitulé en anglais', 'Title in English')).fill(title);
      const parties = page.getByRole('group', { name: said('Avec qui ?', 'With whom?') });
      await parties.getByLabel('Toit Commun').check();
      await page.getByLabel(said('Pour quoi faire ?', 'What for?')).selectOption('SOCIALSUPPORT');
      const recipients = page.getByRole('group', { name: said('Qui peut recevoir ?', 'Who may receive?') });
      await recipients.getByLabel('Toit Commun').check();
      const data = page.getByRole('group', { name: said('Quelles données ?', 'Which data?') });
      await data.getByLabel(said('identité', 'identity')).check();
      await page.getByLabel(said('Base légale', 'Basis under data-protection law')).selectOption('public-task');
      await page
        .getByLabel(said('Qui lit, chez le destinataire, en français', 'Who at the recipient reads it, in French'))
        .fill('la chargée de logement');
      await page
        .getByLabel(said('Qui lit, chez le destinataire, en anglais', 'Who at the recipient reads it, in English'))
        .fill('the housing officer');
      await page.getByLabel(said('Analyse d’impact', 'Impact assessment')).selectOption('favourable');
      await page.getByLabel(said('Où l’analyse est conservée', 'Where the assessment is kept')).fill('AIPD 2026-9');
      // An emergency that would cover more than the purposes: the gateway's own rule, beside its field.
      await page.getByLabel(said('Le bris de glace est possible', 'The glass may be broken')).check();
      await save.click();
      const glass = page.getByRole('group', {
        name: said('Ce qui peut partir en urgence', 'What may leave in an emergency'),
      });
      await page
        .locator('.mantine-CheckboxGroup-error', { hasText: said('Une urgence ne couvre', 'An emergency covers') })
        .waitFor();
      await glass.getByLabel(said('moyens de joindre la personne', 'ways to reach the person')).last().uncheck();
      await save.click();
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      await button(page, said('Essayer', 'Try it')).first().click();
      await button(page, said('Proposer et signer', 'Propose and sign')).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: said('Proposer et signer', 'Propose and sign') })
        .click();
      await page.getByText(said('Proposée, et signée pour', 'Proposed, and signed for')).first().waitFor();
      expect(faults).toEqual([]);
      await context.close();
    },
    120_000,
  );

  it('nobody of another organization opens the file, and a colleague of another role gets pages of their own', async () => {
    const { caseId } = await newPerson();
    const karim = await console.signIn('Karim Benali', { path: `/console/cases/${caseId}` });
    await karim.page.getByRole('alert').waitFor();
    expect(await karim.page.locator('main').innerText()).not.toContain('Okafor');
    await karim.context.close();
    const ines = await console.signIn('Inès Morel');
    expect(await ines.page.locator('nav').innerText()).not.toContain('Rechercher une personne');
    await ines.context.close();
  }, 60_000);

  it('the preview fits a telephone, with consent and with every line that leaves', async () => {
    const { caseId } = await newPerson();
    const { page, context } = await console.signIn('Hélène Roy', {
      width: 360,
      height: 740,
      path: `/console/cases/${caseId}/send`,
    });
    await agreed(page, 'fr');
    await page.getByRole('heading', { name: word('fr', 'leaves') }).waitFor();
    await page.locator('details.theme').evaluateAll((themes) => {
      for (const theme of themes) (theme as HTMLDetailsElement).open = true;
    });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await context.close();
  }, 60_000);

  it.each([
    ['Hélène Roy', `/console/cases/${GRACE}`],
    ['Hélène Roy', `/console/cases/${GRACE}/send`],
    ['Nadia Lefort', '/console/agreements'],
    ['Nadia Lefort', '/console/agreements/new'],
    ['Paul Tremblay', '/console/oversight'],
    ['Inès Morel', '/console/deliveries'],
    ['Inès Morel', '/console/partners'],
    ['Inès Morel', '/console/partners/new'],
  ])(
    'fits a telephone and the dark: %s at %s',
    async (name, path) => {
      const { page, context } = await console.signIn(name, { width: 360, height: 740, path, colorScheme: 'dark' });
      await page.waitForLoadState('networkidle');
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      expect(await violationsOf(page)).toEqual([]);
      await context.close();
    },
    60_000,
  );
});
