import { compose, migrateDatabase, type GatewayRole } from '../compose.js';
import { migrateAll, openDatabase } from '../composition/open-database.js';
import type { Text } from '../kernel/i18n.js';
import type { CliCommand, CliContext, ExitCode } from './context.js';

const SERVE: Text = { en: 'answer HTTP', fr: 'répondre en HTTP' };
const WORKER: Text = { en: 'deliver, number the audit log, purge', fr: 'livrer, numéroter le journal d’audit, purger' };
const MIGRATE: Text = { en: 'bring the database’s schema up to date', fr: 'mettre à jour le schéma de la base' };
const READY: Text = {
  en: 'Ready on port {port}. Ctrl-C ends it.',
  fr: 'Prêt sur le port {port}. Ctrl-C pour arrêter.',
};
const WORKING: Text = { en: 'Working. Ctrl-C ends it.', fr: 'En service. Ctrl-C pour arrêter.' };
const UP_TO_DATE: Text = { en: 'The schema is up to date.', fr: 'Le schéma est à jour.' };

/** `relais serve`, `relais worker`: the gateway's processes, until a signal ends them. */
export const processCommands: CliCommand = (program, context, run) => {
  const { say } = context;
  program
    .command('serve')
    .description(say(SERVE))
    .action(run(() => untilSignal(context, 'serve')));
  program
    .command('worker')
    .description(say(WORKER))
    .action(run(() => untilSignal(context, 'worker')));
  program
    .command('migrate')
    .description(say(MIGRATE))
    .action(run(() => migrate(context)));
};

async function untilSignal({ config, note, say }: CliContext, role: GatewayRole): Promise<ExitCode> {
  const gateway = await compose(config(), role);
  note(role === 'worker' ? say(WORKING) : say(READY, { port: String(gateway.port) }));
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  await gateway.stop();
  return 0;
}

async function migrate({ config, out, say }: CliContext): Promise<ExitCode> {
  const settings = config();
  let applied: readonly string[];
  if (settings.databaseUrl === undefined && settings.databaseOwnerUrl === undefined) {
    // The local store is brought up to date whenever it is opened.
    const database = await openDatabase(settings);
    applied = await migrateAll(database.url).finally(() => database.stop());
  } else applied = await migrateDatabase(settings);
  for (const name of applied) out(name);
  out(say(UP_TO_DATE));
  return 0;
}
