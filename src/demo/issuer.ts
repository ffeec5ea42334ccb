import { createDevelopmentIssuer } from '../adapters/identity/development/issuer.js';

/** The demo's OpenID issuer as a process of its own; its options are the JSON of ISSUER_OPTIONS. */
const options = JSON.parse(process.env['ISSUER_OPTIONS'] ?? '{}') as Omit<
  Parameters<typeof createDevelopmentIssuer>[0],
  'mode'
>;
const mode = process.env['RELAIS_MODE'] === 'demo' ? 'demo' : 'production';

createDevelopmentIssuer({ ...options, mode }).then(
  (running) => {
    const { issuer } = running;
    const stop = (): void => void running.close().finally(() => process.exit(0));
    process.once('SIGTERM', stop).once('SIGINT', stop);
    // It never outlives who started it.
    process.stdin.once('end', stop).resume();
    process.stdout.write(`${JSON.stringify({ ready: true, issuer })}\n`);
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : 'The issuer could not start.'}\n`);
    process.exit(1);
  },
);
