// The caseworker's journey: from the link in the agency's software to the receipt, with the person at the desk.
import { gzipSync } from 'node:zlib';
import { violationsOf } from './browser.mjs';
import { keystrokes } from './keystrokes.mjs';
import { WORDS } from './words.mjs';

/**
 * @param {Awaited<ReturnType<typeof import('./browser.mjs').openConsole>>} console
 * @param {'en' | 'fr'} lang
 * @returns {Promise<{ clicks: number, estimatedSeconds: number, axeViolations: string[], routeKbGzip: number, faults: string[], transferId: string }>}
 */
export async function playJourney(console, lang) {
  const words = WORDS[lang];
  const { page, context, faults } = await console.signIn('Hélène Roy', { lang });
  const hand = keystrokes();
  const axeViolations = [];
  const look = async (where) => {
    for (const violation of await violationsOf(page)) axeViolations.push(`${where} · ${violation}`);
  };
  await look('worklist');

  // The link of the agency's own software, signed at the click.
  const { url } = await console.agency.control('/open-link', ['VAL-2026-0417']);
  const loaded = measureLoading(page);
  await page.goto(url);
  hand.counted.clicks += 1;
  await hand.wait(page.getByRole('heading', { name: words.decisions }));
  await look('file');

  await hand.click(page.getByRole('link', { name: words.sendTo }).first());
  await hand.click(page.getByRole('radio', { name: words.recipient }));
  await hand.wait(page.getByRole('heading', { name: words.says }));
  await look('consent');
  // The conversation about consent is not counted; recording it is.
  await hand.click(page.getByRole('button', { name: words.all }));
  await hand.click(page.getByLabel(words.sixMonths));
  await hand.click(page.getByLabel(words.verbal));
  await hand.type(page.getByLabel(words.witness), 'Marc Diallo');
  await hand.click(page.getByRole('button', { name: words.yes }));
  await hand.wait(page.getByText(words.permitted));
  await hand.wait(page.getByRole('heading', { name: words.leaves }));
  await look('preview');
  await hand.read(page.locator('.side-by-side'));
  await hand.click(page.getByRole('button', { name: words.send }));
  await hand.wait(page.getByText(words.held));
  await look('held');
  const transferId = page.url().split('/').at(-1) ?? '';

  // The ten seconds in which it can be taken back are the caseworker's, not the estimate's.
  await page.getByRole('link', { name: words.receipt }).waitFor({ timeout: 60_000 });
  await look('transfer');
  await hand.click(page.getByRole('link', { name: words.receipt }));
  await hand.wait(page.getByRole('button', { name: words.print }));
  await look('receipt');
  const routeKbGzip = Math.round((await loaded()) / 1000);
  await context.close();
  return { ...hand.result(), parts: hand.parts(), axeViolations, routeKbGzip, faults, transferId };
}

/** Bytes of script and style that the pages from the link to the receipt load, zipped. */
function measureLoading(page) {
  const bodies = new Map();
  page.on('response', (response) => {
    if (response.url().includes('/console/assets/'))
      bodies.set(
        response.url(),
        response.body().catch(() => Buffer.alloc(0)),
      );
  });
  return async () => {
    let bytes = 0;
    for (const body of bodies.values()) bytes += gzipSync(await body, { level: 9 }).length;
    return bytes;
  };
}
