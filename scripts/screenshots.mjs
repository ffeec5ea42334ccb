// npm run screenshots [-- FOLDER [PAGE,PAGE]]: every page × two languages × two widths, light and dark, as PNG files to be looked at.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensure } from './ensure.mjs';

await ensure({ build: true });
const { findChromium, openConsole, violationsOf } = await import('./console/browser.mjs');
const { consolePages, visitLinks, writtenPages } = await import('./console/pages.mjs');
const { playJourney } = await import('./console/journey.mjs');
const { seedPages } = await import('./console/seed.mjs');

const executablePath = findChromium();
if (executablePath === null) {
  process.stderr.write('No Chromium here: install it (Debian: chromium), or name it in RELAIS_CHROMIUM.\n');
  process.exit(3);
}
const folder = resolve(process.argv[2] ?? 'screenshots');
/** Only pages whose name begins like one of these. */
const only = (process.argv[3] ?? '').split(',');
mkdirSync(folder, { recursive: true });

const console = await openConsole({ executablePath });
let failed = 0;
try {
  await playJourney(console, 'fr');
  const seeded = await seedPages(console);
  const wanted = ([name]) => only.some((one) => name.startsWith(one));
  for (const lang of ['fr', 'en']) {
    for (const width of [1280, 360]) {
      const windows = new Map();
      for (const [name, who, path, then] of [...writtenPages(seeded), ...consolePages(seeded)].filter(wanted)) {
        const page = windows.get(who) ?? (await open(who, lang, width));
        windows.set(who, page);
        await page.goto(addressOf(path, lang));
        await page.locator('main h1').waitFor();
        if (then !== undefined) await then(page);
        await take(page, `${name}-${lang}-${width}`);
      }
      if (
        only.some((one) =>
          ['access', 'person', 'guest', 'left'].some(
            (name) => name.startsWith(one) || (one !== '' && one.startsWith(name)),
          ),
        )
      ) {
        const page = await open(null, lang, width);
        const look = (_page, name) => (wanted([name]) ? take(page, `${name}-${lang}-${width}`) : Promise.resolve());
        await visitLinks(console, seeded, { page, lang, look });
        await page.context().close();
      }
      for (const page of windows.values()) await page.context().close();
    }
  }
} finally {
  await console.close();
}
process.stdout.write(
  `${failed === 0 ? 'Nothing wrong was measured; look at them.' : `${failed} things are wrong.`} ${folder}\n`,
);
process.exit(failed === 0 ? 0 : 1);

async function open(who, lang, width) {
  if (who !== null) return (await console.signIn(who, { lang, width, height: 800 })).page;
  const context = await console.browser.newContext({ viewport: { width, height: 800 }, locale: lang });
  return context.newPage();
}

/** The console speaks the window's language, the gateway's own pages the address's. */
function addressOf(path, lang) {
  return `${console.world.publicUrl}${path}${path.startsWith('/console') ? '' : `?lang=${lang}`}`;
}

async function take(page, name) {
  await page.waitForLoadState('networkidle');
  // The bar at the top sticks to where one has scrolled to.
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.waitForTimeout(400);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    const violations = await violationsOf(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    await page.screenshot({
      path: join(folder, `${name}${colorScheme === 'dark' ? '-dark' : ''}.png`),
      fullPage: true,
    });
    const found = [...violations, ...(overflow > 0 ? [`${overflow} px wider than the window`] : [])];
    failed += found.length;
    process.stdout.write(`${name} ${colorScheme}${found.length === 0 ? '' : `\n  ${found.join('\n  ')}`}\n`);
  }
  await page.emulateMedia({ colorScheme: null });
}
