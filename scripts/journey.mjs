// npm run journey [-- --lang en]: the caseworker's journey in a real browser, on a world of its own. Its last line is
// {"clicks":n,"estimatedSeconds":n,"axeViolations":n,"routeKbGzip":n}.
import { ensure } from './ensure.mjs';

await ensure({ build: true });
const { findChromium, openConsole } = await import('./console/browser.mjs');
const { playJourney } = await import('./console/journey.mjs');

const executablePath = findChromium();
if (executablePath === null) {
  process.stderr.write('No Chromium here: install it (Debian: chromium), or name it in RELAIS_CHROMIUM.\n');
  process.exit(3);
}
const lang = process.argv.includes('en') ? 'en' : 'fr';
const console = await openConsole({ executablePath, lang });
let failed = false;
try {
  const { axeViolations, faults, parts, transferId: _, ...figures } = await playJourney(console, lang);
  for (const line of [...axeViolations, ...faults]) process.stdout.write(`${line}\n`);
  failed = axeViolations.length + faults.length > 0;
  process.stdout.write(`${parts}\n`);
  const { clicks, estimatedSeconds, routeKbGzip } = figures;
  process.stdout.write(
    `${JSON.stringify({ clicks, estimatedSeconds, axeViolations: axeViolations.length, routeKbGzip })}\n`,
  );
} finally {
  await console.close();
}
process.exit(failed ? 1 : 0);
