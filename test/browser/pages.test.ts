import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, openConsole, violationsOf, type OpenedConsole } from '../../scripts/console/browser.mjs';
import { consolePages, visitLinks, writtenPages, type ConsolePage } from '../../scripts/console/pages.mjs';
import { reflowFaults, ZOOMED } from '../../scripts/console/reflow.mjs';
import { seedPages, type Seeded } from '../../scripts/console/seed.mjs';

const executablePath = findChromium();

/** Addresses of the pages, as the router has them; the window that signs in again closes itself. */
const ROUTES = ['routes.tsx', 'admin/routes.tsx']
  .flatMap((file) => [
    ...readFileSync(new URL(`../../console/src/${file}`, import.meta.url), 'utf8').matchAll(
      /^ +\[?\s*'(\/[\w/:-]*)',/gm,
    ),
  ])
  .map(([, path = '']) => new RegExp(`^/console${path === '/' ? '' : path.replace(/:\w+/g, '[^/]+')}$`));

/** Panels that stand on their pages only where there is something in them. */
const WITH_DATA = [
  'worklist',
  'send-following',
  'transfer',
  'transfer-asked',
  'transfer-guest',
  'answer',
  'asked-here',
  'take-over',
  'taken-over',
  'oversight',
];

/** Every page with something on it, in both languages. */
describe.skipIf(executablePath === null)('every page (skipped: no Chromium here)', () => {
  let console: OpenedConsole;
  let seeded: Seeded;
  beforeAll(async () => {
    console = await openConsole({ executablePath: executablePath ?? '' });
    seeded = await seedPages(console);
  }, 180_000);
  afterAll(() => console?.close());

  /** Opens pages as whoever opens them, each of them at the same time, and looks at each in both languages. */
  async function lookAt(
    pages: readonly ConsolePage[],
    options: object,
    look: (page: Page, name: string) => Promise<readonly string[]>,
  ): Promise<readonly string[]> {
    const found = await Promise.all(
      [...new Set(pages.map(([, who]) => who))].map(async (who) => {
        const { page, context, faults } = await console.signIn(who, options);
        const wrong: string[] = [];
        const note = async (name: string): Promise<void> => {
          await page.waitForLoadState('networkidle');
          wrong.push(...(await look(page, name)).map((fault) => `${name}: ${fault}`));
        };
        for (const [name, , path, then] of pages.filter(([, of]) => of === who)) {
          await page.goto(`${console.world.publicUrl}${path}`);
          await opened(page, name, then);
          await note(name);
          const lang = await page.locator('html').getAttribute('lang');
          // A dialog may be in front of the button.
          await page.locator('.tools button[lang]').evaluate((button: HTMLElement) => button.click());
          await page.locator(`html:not([lang="${lang}"])`).waitFor();
          await note(name);
        }
        await context.close();
        return [...wrong, ...faults];
      }),
    );
    return found.flat();
  }

  async function opened(page: Page, name: string, then?: (page: Page) => Promise<unknown>): Promise<void> {
    try {
      await page.locator('main h1').waitFor();
      await then?.(page);
    } catch (error) {
      throw new Error(`${name}: ${await page.locator('body').innerText()}`, { cause: error });
    }
  }

  describe('at 400 % zoom (WCAG 2.2, 1.4.10 and 2.4.11)', () => {
    it('nothing of the console is beyond the window, cut off or behind a bar', async () => {
      const addresses = new Set<string>();
      const wrong = await lookAt(consolePages(seeded), ZOOMED, (page) => {
        addresses.add(new URL(page.url()).pathname);
        return reflowFaults(page);
      });
      expect(wrong).toEqual([]);
      expect(ROUTES.length).toBeGreaterThan(20);
      const unseen = ROUTES.filter((route) => ![...addresses].some((address) => route.test(address)));
      expect(unseen, 'pages that scripts/console/pages.mjs leaves out').toEqual([]);
    }, 240_000);

    it.each(['fr', 'en'] as const)(
      'nor of what the gateway writes, for a guest and for the person (%s)',
      async (lang) => {
        const { width, height, deviceScaleFactor } = ZOOMED;
        const { page, context } = await console.signIn('Hélène Roy', { lang, ...ZOOMED });
        const wrong: string[] = [];
        const note = async (looked: Page, name: string): Promise<void> => {
          wrong.push(...(await reflowFaults(looked)).map((fault) => `${name}: ${fault}`));
        };
        for (const [name, , path] of writtenPages(seeded)) {
          await page.goto(`${console.world.publicUrl}${path}?lang=${lang}`);
          await note(page, name);
        }
        await context.close();
        const viewport = { width, height };
        const visitor = await console.browser.newContext({ viewport, deviceScaleFactor, locale: lang });
        const seen: string[] = [];
        await visitLinks(console, seeded, {
          page: await visitor.newPage(),
          lang,
          look: (looked, name) => {
            seen.push(name);
            return note(looked, name);
          },
        });
        await visitor.close();
        expect(wrong).toEqual([]);
        expect(seen.length).toBeGreaterThan(10);
      },
      120_000,
    );

    it('and what is wrong is found', async () => {
      const context = await console.browser.newContext({ viewport: { width: ZOOMED.width, height: ZOOMED.height } });
      const page = await context.newPage();
      const bar = 'position:fixed;inset-inline:0;top:0;height:200px;background:#fff';
      await page.setContent(`<p style="width:30rem">wide</p>
        <p style="width:4rem;overflow:hidden;white-space:nowrap">A sentence that nobody can read to its end</p>
        <div style="${bar}">a bar</div><div style="height:10px"></div><button style="height:10px">behind it</button>`);
      const found = (await reflowFaults(page)).join('\n');
      for (const fault of [
        'px too wide',
        'cut off: “A sentence',
        'a bar of 200 px',
        'the focus cannot be seen: button',
      ])
        expect(found).toContain(fault);
      await context.close();
    }, 30_000);
  });

  it('panels with something in them have no violation on a telephone, light and dark', async () => {
    const pages = consolePages(seeded).filter(([name]) => WITH_DATA.includes(name));
    expect(pages.map(([name]) => name).sort()).toEqual([...WITH_DATA].sort());
    const wrong = await lookAt(pages, { width: 360, height: 740 }, async (page, name) => {
      // At the top, where the head of the page covers nothing.
      await page.evaluate(() => window.scrollTo(0, 0));
      if (name === 'oversight') await page.getByText('Marc Diallo').waitFor();
      const found: string[] = [];
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        found.push(...(await violationsOf(page)).map((violation) => `${colorScheme} ${violation}`));
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      return overflow > 0 ? [...found, `${overflow} px too wide`] : found;
    });
    expect(wrong).toEqual([]);
  }, 240_000);
});
