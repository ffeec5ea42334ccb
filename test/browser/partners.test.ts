import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { findChromium, openConsole, violationsOf, type OpenedConsole } from '../../scripts/console/browser.mjs';

const executablePath = findChromium();

/** Partners without a system, as an operator sees to them. Those with one: console.test.ts. */
describe.skipIf(executablePath === null)('partners in a browser (skipped: no Chromium here)', () => {
  let console: OpenedConsole;
  beforeAll(async () => {
    console = await openConsole({ executablePath: executablePath ?? '' });
  }, 120_000);
  afterAll(() => console?.close());

  const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name });
  const guestNamed = async (name: string) =>
    (await console.world.registry.listPartners()).find((partner) => partner.name === name);
  async function fits(page: Page): Promise<void> {
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, page.url()).toBeLessThanOrEqual(0);
    expect(await violationsOf(page), page.url()).toEqual([]);
  }
  const mailsTo = async (address: string) => (await console.world.mailbox!.mails()).filter(({ to }) => to === address);

  it.each(['fr', 'en'] as const)(
    'an operator registers one without a system, sends a test notice, changes its contact, suspends it and lets it in (%s)',
    async (lang) => {
      const said = (fr: string, en: string): string => (lang === 'fr' ? fr : en);
      const { page, context, faults } = await console.signIn('Inès Morel', { lang, path: '/console/partners' });
      await page.getByText(said('Sans système', 'Without a system')).first().waitFor();
      await page.getByRole('link', { name: said('Enregistrer un partenaire', 'Register a partner') }).click();

      // Nothing is chosen beforehand, and nothing is asked that does not belong to the choice.
      await page.getByRole('radio').first().waitFor();
      for (const radio of await page.getByRole('radio').all()) expect(await radio.isChecked()).toBe(false);
      expect(await page.getByRole('textbox').count()).toBe(0);
      await page.getByLabel(said('Il n’en a pas', 'It has none')).check();
      const key = page.getByText(said('Identifiant sous lequel', 'Client id under which'));
      expect(await key.count()).toBe(0);
      const save = button(page, said('Enregistrer', 'Register'));
      await save.click();
      await page.getByText(said('À renseigner.', 'This is needed.')).nth(4).waitFor();
      await fits(page);

      const name = `Point Budget ${lang}`;
      await page.getByLabel(said('Quel organisme ?', 'Which organization?')).selectOption('new');
      await page.getByLabel(said('Nom de l’organisme', 'Name of the organization')).fill(name);
      await page.getByLabel(said('Secteur', 'Sector')).selectOption('social');
      await page.getByLabel(said('Sa fonction, en français', 'Its function, in French')).fill('conseil budget');
      await page.getByLabel(said('Sa fonction, en anglais', 'Its function, in English')).fill('budget advice');
      await page.getByLabel(said('Son personnel est tenu', 'Its people are bound to')).selectOption('none');
      const email = page.getByLabel(said('Adresse de courriel du service', 'E-mail address of the service'));
      await email.fill('accueil@point, chef@b.example');
      await page.getByLabel(said('Langue de l’avis', 'Language of the notice')).selectOption(lang);
      await page.getByLabel(said('Par téléphone', 'By telephone')).check();
      const where = page.getByLabel(said('Numéro de téléphone du service', 'Telephone number of the service'));
      await where.fill('chef@point-budget.example');
      // What the gateway would refuse is said before it is asked, beside its field, and the first of it has the focus.
      await save.click();
      await page.getByText(said('Une seule adresse de courriel', 'One e-mail address alone')).waitFor();
      await page.getByText(said('Pas une adresse de courriel', 'Not an e-mail address')).waitFor();
      expect(await email.evaluate((field) => field === document.activeElement)).toBe(true);
      expect(await guestNamed(name)).toBeUndefined();
      await fits(page);
      const address = `accueil-${lang}@point-budget.example`;
      await email.fill(` ${address} `);
      await where.fill('01 99 00 31 07');
      await save.click();

      await page.getByRole('heading', { level: 1, name }).waitFor();
      const partner = (await guestNamed(name))!;
      const channel = { kind: 'phone', hint: '01 99 00 31 07' };
      expect(partner).toMatchObject({ guest: { email: address, lang, channel }, scopes: [] });
      expect(partner.jwks ?? partner.jwksUri ?? partner.endpoint).toBeUndefined();
      const main = page.locator('main');
      for (const shown of [address, '01 99 00 31 07', said('Avis d’essai envoyé', 'Test notice sent')])
        await main.getByText(shown).first().waitFor();
      for (const absent of [said('Ses clés', 'Its keys'), said('Adresse où le joindre', 'Where Relais reaches it')])
        expect(await main.getByText(absent).count()).toBe(0);
      await fits(page);

      // The address is refused: it says so at its step, and what to do.
      await console.world.mailbox!.behave({ answer: '550 no such user' });
      await button(page, said('Envoyer un avis d’essai', 'Send a test notice')).click();
      await page.getByText(said('refuse l’adresse de ce service', 'refuses this service’s address')).waitFor();
      await fits(page);
      await console.world.mailbox!.behave({ answer: '250 ok' });

      await button(page, said('Changer la façon de le prévenir', 'Change how it is told')).click();
      await email.fill('a@');
      await button(page, said('Enregistrer', 'Save')).click();
      await page.getByText(said('Une seule adresse de courriel', 'One e-mail address alone')).waitFor();
      await fits(page);
      const moved = `contact-${lang}@point-budget.example`;
      await email.fill(moved);
      await page.getByLabel(said('De vive voix', 'In person')).check();
      await page
        .getByLabel(said('À quel accueil', 'Which desk'))
        .fill(said('Accueil, guichet 3', 'Front desk, window 3'));
      await button(page, said('Enregistrer', 'Save')).click();
      await page.getByText(said('le dernier était parti à une autre adresse', 'went to another address')).waitFor();
      await page
        .getByText(said('Ce test portait sur une autre adresse.', 'This test was of another address.'))
        .waitFor();
      expect((await guestNamed(name))?.guest?.email).toBe(moved);

      await button(page, said('Envoyer un autre avis d’essai', 'Send another test notice')).click();
      await page.getByText(said('Le serveur de courriel l’a accepté.', 'The mail server accepted it.')).waitFor();
      await fits(page);
      const [mail, ...more] = await mailsTo(moved);
      expect([mail?.subject, more.length]).toEqual([
        said('Relais : un essai, rien à faire', 'Relais: a test, nothing to do'),
        0,
      ]);
      expect(await mailsTo(address)).toEqual([]);

      await button(page, said('Suspendre le partenaire', 'Suspend the partner')).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText(said('ne se lit plus par ses liens', 'can be read by its links')).waitFor();
      await dialog.getByLabel(said('Je veux couper ce partenaire', 'I want to cut this partner')).check();
      await dialog.getByRole('button', { name: said('Suspendre le partenaire', 'Suspend the partner') }).click();
      await page.getByText(said('Aucun avis ne part vers lui et', 'No notice leaves to it, and')).waitFor();
      await fits(page);
      await button(page, said('Lever la suspension', 'Lift the suspension')).click();
      await dialog.getByRole('button', { name: said('Lever la suspension', 'Lift the suspension') }).click();
      await page.getByText(said('Partenaire de nouveau actif.', 'Active again.')).waitFor();

      // The list says which have no system; one organization receives once.
      await page.getByRole('link', { name: said('Tous les partenaires', 'All partners') }).click();
      const row = page.getByRole('link', { name: new RegExp(name) });
      expect(await row.innerText()).toContain(said('Sans système', 'Without a system'));
      await fits(page);
      expect(faults).toEqual([]);
      await context.close();
    },
    120_000,
  );

  it.each(['fr', 'en'] as const)(
    'by keyboard alone, on a telephone and in the dark; what receives already is refused in words (%s)',
    async (lang) => {
      const said = (fr: string, en: string): string => (lang === 'fr' ? fr : en);
      const { page, context, faults } = await console.signIn('Inès Morel', {
        lang,
        path: '/console/partners/new',
        width: 360,
        height: 740,
        colorScheme: 'dark',
      });
      await fits(page);
      const { keyboard } = page;
      await page.getByRole('radio').first().focus();
      await keyboard.press('ArrowDown');
      expect(await page.getByLabel(said('Il n’en a pas', 'It has none')).isChecked()).toBe(true);
      await keyboard.press('Tab');
      await keyboard.type('Toit');
      await keyboard.press('Tab');
      await keyboard.type('x@toit-commun.example');
      await keyboard.press('Tab');
      await keyboard.type(said('Fran', 'Fren'));
      await keyboard.press('Tab');
      await keyboard.press('Space');
      await keyboard.press('Tab');
      await keyboard.type('01 99 00 31 08');
      await fits(page);
      await keyboard.press('Tab');
      await keyboard.press('Enter');
      await page.getByRole('alert').getByText(said('Cet organisme reçoit déjà', 'receives already')).waitFor();
      await fits(page);
      // What was typed is still there.
      expect(await page.getByRole('textbox').first().inputValue()).toBe('x@toit-commun.example');
      expect(faults).toEqual([]);
      await context.close();
    },
    60_000,
  );
});
