import type { Text } from '../kernel/i18n.js';
import { RelaisError } from '../kernel/errors.js';
import { isUuid, type PartnerId } from '../kernel/ids.js';
import {
  LIMIT_BOUNDS,
  type DeliveryLimits,
  type DeliveryStatus,
  type PartnerDeliveryStatus,
} from '../transfer/delivery-control.js';
import { commandLineActor } from './actor.js';
import { withOpened, type CliCommand, type CliContext, type ExitCode } from './context.js';
import { subcommand } from './import-hmis.js';

const TEXTS = {
  running: { en: 'Deliveries are running.', fr: 'Les envois sont en cours.' },
  stopped: { en: 'Deliveries are STOPPED since {at}.', fr: 'Les envois sont ARRÊTÉS depuis {at}.' },
  partner: {
    en: '{name} ({id}): {waiting} waiting, {inFlight} in flight; {state}. At most {max} in flight, {rate} a second (burst {burst}).',
    fr: '{name} ({id}) : {waiting} en attente, {inFlight} en vol ; {state}. Au plus {max} en vol, {rate} par seconde (rafale {burst}).',
  },
  nobody: { en: 'No partner has an address yet.', fr: 'Aucun partenaire n’a encore d’adresse.' },
  stateStopped: { en: 'STOPPED since {at}', fr: 'ARRÊTÉ depuis {at}' },
  stateOpen: { en: 'failed {n} times in a row, tried again now and then', fr: '{n} échecs de suite, essais espacés' },
  statePaused: { en: 'asked for a pause until {at}', fr: 'a demandé une pause jusqu’à {at}' },
  stateGood: { en: 'answers', fr: 'répond' },
  didStop: {
    en: 'Stopped. Nothing more begins to leave; {n} had begun before. Start again with: relais delivery start',
    fr: 'Arrêté. Plus rien ne commence à partir ; {n} avaient commencé avant. Pour reprendre : relais delivery start',
  },
  didStart: { en: 'Started.', fr: 'Repris.' },
  didRestore: {
    en: 'Stopped, and {n} deliveries are in doubt: partners are asked before they get a record again. Record again who withdrew since the moment of the copy, then: relais delivery start',
    fr: 'Arrêté, et {n} envois sont incertains : les partenaires seront interrogés avant de recevoir à nouveau un dossier. Enregistrez à nouveau les retraits reçus depuis la date de la copie, puis : relais delivery start',
  },
  didLimit: { en: 'Set.', fr: 'Enregistré.' },
} as const satisfies Record<string, Text>;

/** Options of `limit`, and which limit each sets. */
const LIMIT_OPTIONS = {
  inFlight: 'maxInFlight',
  rate: 'ratePerSecond',
  burst: 'burst',
  failures: 'breakerFailures',
  pause: 'breakerPauseMs',
} as const satisfies Record<string, keyof DeliveryLimits>;
type LimitOptions = Partial<Record<keyof typeof LIMIT_OPTIONS, string>> & { readonly partner: string };

/** `relais delivery status | stop | start | restored | limit`: what an operator does with deliveries. */
export const deliveryCommand: CliCommand = (program, context, run) => {
  const { say, out } = context;
  const describe = (en: string, fr: string): string => say({ en, fr });
  const group = subcommand(program, 'delivery', describe('deliveries to partners', 'envois vers les partenaires'));
  const PARTNER = describe('one partner; default: everything', 'un partenaire ; par défaut : tout');
  group
    .command('status')
    .description(describe('what waits, and how partners stand', 'ce qui attend, et l’état des partenaires'))
    .option('--json', describe('as JSON', 'en JSON'))
    .action(
      run(({ json }: { json?: boolean }) =>
        withOpened(context, async ({ deliveries }): Promise<ExitCode> => {
          const status = await deliveries.status();
          if (json === true) out(JSON.stringify(status, null, 1));
          else print(context, status);
          return 0;
        }),
      ),
    );
  group
    .command('stop')
    .description(
      describe(
        'let nothing more leave, at once; nothing is lost, requests are still accepted',
        'ne plus rien laisser partir, immédiatement ; rien n’est perdu, les demandes restent acceptées',
      ),
    )
    .option('--partner <id>', PARTNER)
    .action(
      run(({ partner }: { partner?: string }) =>
        withOpened(context, async ({ deliveries }): Promise<ExitCode> => {
          const { onTheWire } = await deliveries.stop(partnerId(partner), commandLineActor(null));
          out(say(TEXTS.didStop, { n: context.count(onTheWire) }));
          return 0;
        }),
      ),
    );
  group
    .command('start')
    .description(describe('let deliveries leave again', 'laisser repartir les envois'))
    .option('--partner <id>', PARTNER)
    .action(
      run(({ partner }: { partner?: string }) =>
        withOpened(context, async ({ deliveries }): Promise<ExitCode> => {
          await deliveries.start(partnerId(partner), commandLineActor(null));
          out(say(TEXTS.didStart));
          return 0;
        }),
      ),
    );
  group
    .command('restored')
    .description(
      describe(
        'after the database was restored to an earlier moment, before anything is started',
        'après la restauration de la base à un moment antérieur, avant tout démarrage',
      ),
    )
    .action(
      run(() =>
        withOpened(context, async ({ deliveries }): Promise<ExitCode> => {
          const { inDoubt } = await deliveries.restored(commandLineActor(null));
          out(say(TEXTS.didRestore, { n: context.count(inDoubt) }));
          return 0;
        }),
      ),
    );
  group
    .command('limit')
    .description(describe('what a partner may be sent at once', 'ce qu’un partenaire peut recevoir à la fois'))
    .requiredOption('--partner <id>', describe('which partner', 'quel partenaire'))
    .option('--in-flight <n>', describe('deliveries at once', 'envois simultanés'))
    .option('--rate <n>', describe('deliveries a second', 'envois par seconde'))
    .option('--burst <n>', describe('deliveries in a burst', 'envois en rafale'))
    .option(
      '--failures <n>',
      describe('failures in a row that open the breaker', 'échecs de suite qui ouvrent le disjoncteur'),
    )
    .option('--pause <ms>', describe('its first pause, in milliseconds', 'sa première pause, en millisecondes'))
    .action(
      run((options: LimitOptions) =>
        withOpened(context, async ({ deliveries }): Promise<ExitCode> => {
          const partner = partnerId(options.partner);
          if (partner === null) throw invalid('--partner');
          await deliveries.setLimits(partner, limitsOf(options), commandLineActor(null));
          out(say(TEXTS.didLimit));
          return 0;
        }),
      ),
    );
};

function print({ out, say, count }: CliContext, { stoppedAt, partners }: DeliveryStatus): void {
  out(stoppedAt === null ? say(TEXTS.running) : say(TEXTS.stopped, { at: stoppedAt }));
  if (partners.length === 0) out(say(TEXTS.nobody));
  for (const partner of partners) {
    const { name, partnerId: id, waiting, inFlight, limits } = partner;
    out(
      say(TEXTS.partner, {
        name,
        id,
        waiting: count(waiting),
        inFlight: count(inFlight),
        state: stateOf(say, partner),
        max: count(limits.maxInFlight),
        rate: count(limits.ratePerSecond),
        burst: count(limits.burst),
      }),
    );
  }
}

function stateOf(say: CliContext['say'], partner: PartnerDeliveryStatus): string {
  const { stoppedAt, breaker, failures, pausedUntil } = partner;
  if (stoppedAt !== null) return say(TEXTS.stateStopped, { at: stoppedAt });
  if (breaker !== 'closed') return say(TEXTS.stateOpen, { n: String(failures) });
  if (pausedUntil !== null) return say(TEXTS.statePaused, { at: pausedUntil });
  return say(TEXTS.stateGood);
}

function partnerId(given: string | undefined): PartnerId | null {
  if (given === undefined) return null;
  if (!isUuid(given)) throw invalid('--partner');
  return given as PartnerId;
}

function limitsOf(options: LimitOptions): Partial<DeliveryLimits> {
  const limits: Partial<Record<keyof DeliveryLimits, number>> = {};
  for (const [option, limit] of Object.entries(LIMIT_OPTIONS) as [keyof typeof LIMIT_OPTIONS, keyof DeliveryLimits][]) {
    const given = options[option];
    if (given === undefined) continue;
    const [least, most] = LIMIT_BOUNDS[limit];
    const value = Number(given);
    const whole = limit === 'ratePerSecond' || Number.isInteger(value);
    if (!/^\d+(\.\d+)?$/.test(given) || !whole || value < least || value > most) {
      throw new RelaisError('cli.limit', 422, 'value', `${given} is not between ${least} and ${most}.`);
    }
    limits[limit] = value;
  }
  return limits;
}

function invalid(option: string): RelaisError {
  return new RelaisError('cli.partner', 422, 'value', `${option} is the id of a partner (relais delivery status).`);
}
