// npm run screenshots [-- FOLDER]: every page of the console × two languages × two widths, as PNG files to be looked at.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensure } from './ensure.mjs';

await ensure({ build: true });
const { findChromium, openConsole, violationsOf } = await import('./console/browser.mjs');
const { playJourney } = await import('./console/journey.mjs');

const executablePath = findChromium();
if (executablePath === null) {
  process.stderr.write('No Chromium here: install it (Debian: chromium), or name it in RELAIS_CHROMIUM.\n');
  process.exit(3);
}
const folder = resolve(process.argv[2] ?? 'screenshots');
mkdirSync(folder, { recursive: true });
const GRACE = '/console/cases/VAL-2026-0417';

const console = await openConsole({ executablePath });
let failed = 0;
try {
  const { transferId } = await playJourney(console, 'fr');
  const link = await makeLink();
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
      (page) => page.locator('main a[href*="/agreements/"]').first().click(),
    ],
    ['oversight', 'Paul Tremblay', '/console/oversight'],
    ['log', 'Paul Tremblay', '/console/log'],
    ['register', 'Paul Tremblay', '/console/register'],
    ['figures', 'Paul Tremblay', '/console/figures'],
    ['deliveries', 'Inès Morel', '/console/deliveries'],
    ['mapping', 'Inès Morel', '/console/mapping'],
  ];
  for (const lang of ['fr', 'en']) {
    for (const width of [1280, 360]) {
      const windows = new Map();
      for (const [name, who, path, then] of pages) {
        const page = windows.get(who) ?? (await console.signIn(who, { lang, width, height: 800 })).page;
        windows.set(who, page);
        await page.goto(console.world.publicUrl + path);
        await page.locator('main h1').waitFor();
        if (then !== undefined) await then(page);
        await take(page, `${name}-${lang}-${width}`);
      }
      await takeAccess(lang, width);
      for (const page of windows.values()) await page.context().close();
    }
  }

  async function take(page, name) {
    await page.waitForLoadState('networkidle');
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
