import { compose, migrateDatabase, type GatewayRole } from './compose.js';
import { readConfig } from './config.js';
import { RelaisError } from './kernel/errors.js';

/**
 * The processes: `serve` answers HTTP, `worker` delivers, sequences the audit log and purges, `all` does both in one
 * process, `migrate` brings the schema up to date with the owner's login.
 */
const COMMANDS = ['serve', 'worker', 'all', 'migrate'] as const;

async function main(command: string | undefined): Promise<void> {
  if (!COMMANDS.some((known) => known === command)) {
    process.stderr.write(`Usage: main.js ${COMMANDS.join(' | ')}\n`);
    process.exitCode = 2;
    return;
  }
  const config = readConfig(process.env);
  if (command === 'migrate') {
    await migrateDatabase(config);
    process.stdout.write('{"migrated":true}\n');
    return;
  }
  const gateway = await compose(config, command as GatewayRole);
  process.stdout.write(`${JSON.stringify({ ready: true, port: gateway.port })}\n`);

  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      gateway.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}

main(process.argv[2]).catch((error: unknown) => {
  const message = error instanceof RelaisError ? error.message : 'Relais could not start.';
  process.stderr.write(`${message}\n`);
  if (!(error instanceof RelaisError)) process.stderr.write(`${(error as Error)?.stack ?? ''}\n`);
  process.exit(1);
});
