// A real browser on a world of its own: what the journey, the screenshots and the browser tests share.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startWorld } from '../../dist/demo/start-world.js';
import { CCAS } from '../../dist/demo/world.js';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const CASES = new URL('../../config/demo/cases/', import.meta.url);

/** Where Chromium is: RELAIS_CHROMIUM, else where Debian puts it; null where there is none. */
export function findChromium() {
  const wanted = process.env['RELAIS_CHROMIUM'];
  return [...(wanted ? [wanted] : []), ...CANDIDATES].find((path) => existsSync(path)) ?? null;
}

/**
 * Valmont with a gateway, both Grace Okafors in the agency's files, and a browser that nobody has used.
 *
 * @param {{ executablePath: string, lang?: 'en' | 'fr' }} options
 */
export async function openConsole({ executablePath, lang = 'fr' }) {
  const world = await startWorld({
    lang,
    databaseUrl: process.env['DATABASE_URL'],
    redisUrl: process.env['REDIS_URL'],
  });
  await world.startGateway();
  const agency = world.partners.get(CCAS.id);
  const call = async (method, path, options = {}) => {
    const answer = await agency.control('/call', [method, path, options]);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  for (const [caseId, file] of [
    ['VAL-2026-0417', 'grace-okafor.json'],
    ['VAL-2019-0033', 'grace-okafor-elder.json'],
  ]) {
    await call('PUT', `/api/v1/cases/${caseId}`, { body: readFileSync(new URL(file, CASES), 'utf8'), headers: {} });
  }
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  return {
    world,
    agency,
    call,
    browser,
    close: async () => {
      await browser.close();
      await world.stop();
    },
    /** A window of somebody's own, signed in at the issuer as that person. */
    async signIn(name, { lang: language = lang, width = 1280, height = 900, path = '/console', ...more } = {}) {
      const context = await browser.newContext({
        viewport: { width, height },
        locale: language === 'fr' ? 'fr-FR' : 'en-GB',
        reducedMotion: 'reduce',
        ...more,
      });
      const page = await context.newPage();
      const faults = watch(page);
      await page.goto(`${world.publicUrl}/signin?returnTo=${encodeURIComponent(path)}`);
      await page.getByRole('button', { name: new RegExp(name) }).click();
      await page.waitForURL(`${world.publicUrl}/console**`);
      await page.locator('main h1').waitFor();
      return { page, context, faults };
    },
  };
}

/** What a page must not do: throw, break its own policy, load from elsewhere. */
function watch(page) {
  const faults = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && /Content Security Policy|Warning:|Minified React/.test(text)) faults.push(text);
  });
  return faults;
}

/**
 * Violations of WCAG 2.2 A and AA that axe finds on a page as it stands. It runs in the page's isolated world of the
 * browser's debugger, so the policy of the page stays as strict as it is.
 */
export async function violationsOf(page) {
  await page.evaluate(`${readFileSync(AXE, 'utf8')}; undefined`);
  return page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${(failureSummary ?? '').split('\n')[1] ?? ''}`).join(' | ')}`,
    );
  });
}

export const root = fileURLToPath(new URL('../../', import.meta.url));
