// npm run screenshots [-- FOLDER [PAGE]]: every page of the console × two languages × two widths, as PNG files to be looked at.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensure } from './ensure.mjs';

await ensure({ build: true });
const { findChromium, openConsole, violationsOf } = await import('./console/browser.mjs');
const { consentResource } = await import('../dist/demo/consents.js');
const { CONSEIL_DETTES } = await import('../dist/demo/world.js');
const { playJourney } = await import('./console/journey.mjs');

const executablePath = findChromium();
if (executablePath === null) {
  process.stderr.write('No Chromium here: install it (Debian: chromium), or name it in RELAIS_CHROMIUM.\n');
  process.exit(3);
}
const folder = resolve(process.argv[2] ?? 'screenshots');
/** Only pages whose name begins like this. */
const only = process.argv[3] ?? '';
mkdirSync(folder, { recursive: true });
const GRACE = '/console/cases/VAL-2026-0417';

const console = await openConsole({ executablePath });
let failed = 0;
/** One transfer to Conseil Dettes, for all its pictures. */
let guest;
try {
  const { transferId } = await playJourney(console, 'fr');
  const link = await makeLink();
  await failOnce();
  /** Who looks at what; `then` opens what is folded away. */
  const pages = [
    ['worklist', 'Hélène Roy', '/console'],
    ['find', 'Hélène Roy', '/console/find', (page) => find(page)],
    ['file', 'Hélène Roy', GRACE],
    ['file-timeline', 'Hélène Roy', GRACE, (page) => page.getByRole('tab').nth(1).click()],
    ['file-identity', 'Hélène Roy', GRACE, (page) => page.getByRole('tab').nth(2).click()],
    ['send', 'Hélène Roy', `${GRACE}/send`, (page) => page.getByRole('radio', { name: /Conseil Dettes/ }).click()],
    ['preview', 'Hélène Roy', `${GRACE}/send`, (page) => page.getByRole('radio', { name: /Toit Commun/ }).click()],
    ['write', 'Hélène Roy', `${GRACE}/write`],
    ['transfer', 'Hélène Roy', `/console/transfers/${transferId}`],
    ['receipt', 'Hélène Roy', `/console/transfers/${transferId}/receipt`],
    ['inbox', 'Karim Benali', '/console'],
    ['answer', 'Karim Benali', `/console/transfers/${transferId}`],
    ['agreements', 'Nadia Lefort', '/console/agreements'],
    [
      'agreement',
      'Nadia Lefort',
      '/console/agreements',
      (page) => page.locator('main a[href*="/agreements/"]:not([href$="/new"])').first().click(),
    ],
    [
      'agreement-new',
      'Nadia Lefort',
      '/console/agreements/new',
      (page) => page.getByRole('button', { name: /(Enregistrer le projet|Save the draft)/ }).click(),
    ],
    ['oversight', 'Paul Tremblay', '/console/oversight'],
    ['log', 'Paul Tremblay', '/console/log'],
    ['register', 'Paul Tremblay', '/console/register'],
    ['figures', 'Paul Tremblay', '/console/figures'],
    ['deliveries', 'Inès Morel', '/console/deliveries'],
    [
      'deliveries-again',
      'Inès Morel',
      '/console/deliveries',
      (page) =>
        page
          .getByRole('button', { name: /^(Renvoyer|Send again)/ })
          .first()
          .click(),
    ],
    ['partners', 'Inès Morel', '/console/partners'],
    ['partner', 'Inès Morel', '/console/partners', (page) => openPartner(page)],
    ['partner-new', 'Inès Morel', '/console/partners/new', (page) => registerNew(page)],
    ['partner-guest', 'Inès Morel', '/console/partners', (page) => openGuest(page)],
    ['partner-guest-new', 'Inès Morel', '/console/partners/new', (page) => registerGuest(page)],
    ['mapping', 'Inès Morel', '/console/mapping'],
  ];
  for (const lang of ['fr', 'en']) {
    for (const width of [1280, 360]) {
      const windows = new Map();
      for (const [name, who, path, then] of pages.filter(([one]) => one.startsWith(only))) {
        const page = windows.get(who) ?? (await console.signIn(who, { lang, width, height: 800 })).page;
        windows.set(who, page);
        await page.goto(console.world.publicUrl + path);
        await page.locator('main h1').waitFor();
        if (then !== undefined) await then(page);
        await take(page, `${name}-${lang}-${width}`);
      }
      if ('access'.startsWith(only)) await takeAccess(lang, width);
      if ('guest'.startsWith(only)) await takeGuest(lang, width);
      for (const page of windows.values()) await page.context().close();
    }
  }

  async function take(page, name) {
    await page.waitForLoadState('networkidle');
    // The bar at the top sticks to where one has scrolled to.
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.waitForTimeout(400);
    const violations = await violationsOf(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    const found = [...violations, ...(overflow > 0 ? [`${overflow} px wider than the window`] : [])];
    failed += found.length;
    process.stdout.write(`${name}${found.length === 0 ? '' : `\n  ${found.join('\n  ')}`}\n`);
  }

  async function find(page) {
    const fields = page.locator('form input');
    await fields.nth(0).fill('Grace');
    await fields.nth(1).fill('Okafor');
    await fields.nth(1).press('Enter');
    await page.getByRole('article').first().waitFor();
  }

  /** A dead letter for the operator: the partner refuses one record as it is. */
  async function failOnce() {
    const { organization, control } = [...console.world.partners.values()].find(
      ({ organization: { name } }) => name === 'Toit Commun',
    );
    await control('/control', { fail: { times: 1, status: 422 } });
    const { id } = await console.call('POST', '/api/v1/transfers', {
      body: {
        caseId: 'VAL-2026-0417',
        recipientOrganizationId: organization.id,
        purpose: 'HOUSING',
        ground: { kind: 'consent' },
      },
      headers: { 'idempotency-key': 'one-that-fails' },
    });
    while ((await console.call('GET', `/api/v1/transfers/${id}`)).status !== 'failed')
      await new Promise((resolve) => setTimeout(resolve, 200));
  }

  /** Tested, and with the form that replaces its keys. */
  async function openPartner(page) {
    await page.getByRole('link', { name: /Toit Commun/ }).click();
    await page.getByRole('button', { name: /^(Test|Tester) / }).click();
    await page.getByText(/(Passed on|Réussi le)/).waitFor();
    await page.getByRole('button', { name: /(Replace the keys|Remplacer les clés)/ }).click();
  }

  /** A new organization with software of its own, and what is missing said beside each field. */
  async function registerNew(page) {
    await page.getByRole('radio').first().check();
    await page.locator('select').first().selectOption('new');
    await page.getByRole('radio').nth(2).click();
    await page.getByRole('button', { name: /^(Register|Enregistrer)$/ }).click();
  }

  /** Told by a test notice, and with the form that changes how it is told. */
  async function openGuest(page) {
    await page.getByRole('link', { name: /Conseil Dettes/ }).click();
    await page.getByRole('button', { name: /(test notice|avis d’essai)$/ }).click();
    await page.getByText(/(Accepted on|Accepté le)/).waitFor();
    await page.getByRole('button', { name: /(Change how|Changer la façon)/ }).click();
  }

  /** A known organization without a system: an address that is none, and a code that would go by e-mail. */
  async function registerGuest(page) {
    await page.getByRole('radio').nth(1).check();
    const fields = page.getByRole('textbox');
    await fields.nth(0).fill('accueil, chef@service.example');
    await page.getByRole('radio').nth(2).click();
    await fields.nth(1).fill('chef@service.example');
    await page.getByRole('button', { name: /^(Register|Enregistrer)$/ }).click();
  }

  /** The person's page, which no account opens: where the link leads, before and after its code. */
  async function takeAccess(lang, width) {
    const context = await console.browser.newContext({ viewport: { width, height: 800 }, locale: lang });
    const page = await context.newPage();
    const made = lang === 'fr' && width === 1280 ? link : await makeLink(lang);
    await page.goto(made.url.replace(/lang=..|$/, (found) => (found === '' ? '' : `lang=${lang}`)));
    await take(page, `access-${lang}-${width}`);
    await page.locator('input[name="code"]').fill(made.code);
    await page.locator('form button').first().click();
    await page.waitForURL(/mine/);
    await take(page, `person-${lang}-${width}`);
    await context.close();
  }

  /** What Conseil Dettes sees from its mail to its answer, and what it sees when that goes wrong. */
  async function takeGuest(lang, width) {
    const context = await console.browser.newContext({ viewport: { width, height: 800 }, locale: lang });
    const page = await context.newPage();
    const { id, link: url } = await sentToGuest();
    const door = url.replace(/lang=../, `lang=${lang}`);
    const { code } = await console.call('POST', `/api/v1/transfers/${id}/access-code`, { body: {} });
    const enter = async (digits) => {
      await page.goto('about:blank');
      await page.goto(door);
      await page.locator('input[name="code"]').fill(digits);
      await page.locator('form button').first().click();
      await page.waitForLoadState();
    };
    await enter(code === '000000' ? '000001' : '000000');
    await take(page, `guest-wrong-code-${lang}-${width}`);
    await enter(code);
    await take(page, `guest-received-${lang}-${width}`);
    await page.locator('#words-ask').fill(lang === 'fr' ? 'Il me manque une fiche de paie.' : 'I miss a payslip.');
    await page.getByRole('button', { name: /(Envoyer la question|Send the question)/ }).click();
    await page.waitForLoadState();
    await take(page, `guest-asked-${lang}-${width}`);
    await enter(code);
    await take(page, `guest-closed-${lang}-${width}`);
    await page.getByRole('button', { name: /(nouveau code|new code)/ }).click();
    await page.waitForLoadState();
    await take(page, `guest-code-asked-${lang}-${width}`);
    await page.goto(`${console.world.publicUrl}/access/received?lang=${lang}&nothing`);
    await take(page, `guest-gone-${lang}-${width}`);
    await context.close();
  }

  async function sentToGuest() {
    guest ??= await (async () => {
      const { personId } = await console.call('GET', '/api/v1/cases/VAL-2026-0417');
      const yes = { type: 'permit', personId, recipient: CONSEIL_DETTES, purpose: 'DEBTADVICE' };
      const body = consentResource({ ...yes, labels: ['identity', 'contact', 'income'] });
      await console.call('POST', '/fhir/Consent', { body });
      const { id, reference } = await console.call('POST', '/api/v1/transfers', {
        body: {
          caseId: 'VAL-2026-0417',
          recipientOrganizationId: CONSEIL_DETTES.id,
          purpose: 'DEBTADVICE',
          ground: { kind: 'consent' },
        },
        headers: { 'idempotency-key': 'to-a-guest' },
      });
      while ((await console.call('GET', `/api/v1/transfers/${id}`)).status !== 'delivered')
        await new Promise((resolve) => setTimeout(resolve, 200));
      const mail = (await console.world.mailbox.mails()).find(({ subject }) => subject.includes(`(${reference})`));
      return { id, link: /https?:\/\/\S+/.exec(mail.text)[0] };
    })();
    return guest;
  }

  async function makeLink(lang = 'fr') {
    const { personId } = await console.call('GET', '/api/v1/cases/VAL-2026-0417');
    return console.call('POST', `/api/v1/persons/${personId}/access-links`, {
      body: { lang, hours: 24, safeChannel: true },
    });
  }
} finally {
  await console.close();
}
process.stdout.write(
  `${failed === 0 ? 'Nothing wrong was measured; look at them.' : `${failed} things are wrong.`} ${folder}\n`,
);
process.exit(failed === 0 ? 0 : 1);
