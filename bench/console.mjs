// npm run bench -- console [rows]: scrolling a list of 10,000 rows in a real browser. The page, its list and its rows are the
// log's own; what the gateway answers is its own first page of entries, repeated. Last line:
// {"rows":n,"domRows":n,"frames":n,"p95FrameMs":x,"framesOver50Ms":n,"blankFrames":n}.
import { randomUUID } from 'node:crypto';
import { findChromium, openConsole } from '../scripts/console/browser.mjs';

const OFFICER = 'Paul Tremblay';
/** Two screens a second, as somebody who looks for a day. */
const PIXELS_PER_SECOND = 1_800;
const SECONDS = 10;

export async function run([count = '10000']) {
  const executablePath = findChromium();
  if (executablePath === null) {
    process.stderr.write('No Chromium here: install it (Debian: chromium), or name it in RELAIS_CHROMIUM.\n');
    return 3;
  }
  const rows = Number(count);
  const valmont = await openConsole({ executablePath, lang: 'en' });
  try {
    const { page, faults } = await valmont.signIn(OFFICER, { path: '/console/log' });
    await page.route(/\/fhir\/AuditEvent\?/, async (route) => {
      const answer = await route.fetch();
      const bundle = await answer.json();
      const entry = Array.from({ length: rows }, (_, n) => {
        const one = bundle.entry[n % bundle.entry.length];
        return { ...one, resource: { ...one.resource, id: randomUUID() } };
      });
      await route.fulfill({ response: answer, json: { ...bundle, link: [], entry } });
    });
    await page.reload();
    await page.locator('.rows-scroll').waitFor();
    const found = await page.evaluate(scroll, { pixelsPerSecond: PIXELS_PER_SECOND, seconds: SECONDS });
    for (const fault of faults) process.stdout.write(`${fault}\n`);
    process.stdout.write(`${JSON.stringify({ rows, ...found })}\n`);
    return faults.length === 0 ? 0 : 1;
  } finally {
    await valmont.close();
  }
}

/** Runs in the page. A blank frame shows no row in the middle of the list. */
async function scroll({ pixelsPerSecond, seconds }) {
  const list = document.querySelector('.rows-scroll');
  const middle = () => {
    const { left, top, width, height } = list.getBoundingClientRect();
    return document.elementFromPoint(left + width / 2, Math.min(top + height / 2, innerHeight - 5));
  };
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  list.scrollIntoView();
  const taken = [];
  let [domRows, blankFrames] = [0, 0];
  const began = await frame();
  for (let last = began; last - began < seconds * 1000;) {
    list.scrollTop = ((last - began) / 1000) * pixelsPerSecond;
    const now = await frame();
    taken.push(now - last);
    last = now;
    domRows = Math.max(domRows, list.querySelectorAll('.rows-one').length);
    if (middle()?.closest('.rows-one') == null) blankFrames += 1;
  }
  taken.sort((a, b) => a - b);
  return {
    domRows,
    frames: taken.length,
    p95FrameMs: Number(taken[Math.floor(taken.length * 0.95)].toFixed(1)),
    framesOver50Ms: taken.filter((ms) => ms > 50).length,
    blankFrames,
  };
}
