import { registerCsv } from '../domain/agreement/register.js';
import type { Agreement } from '../domain/agreement/agreement.js';
import { agreementInput, withoutUndefined } from '../http/schemas/agreement.js';
import { RelaisError } from '../kernel/errors.js';
import type { Text } from '../kernel/i18n.js';
import { readJson } from '../kernel/json.js';
import { isUuid, type AgreementId } from '../kernel/ids.js';
import { createPresenter } from '../transfer/present-reasons.js';
import { processingRegister } from '../transfer/review-agreements.js';
import { MAX_SIMULATED_DAYS, simulateAgreement, type SimulationFinding } from '../transfer/simulate-agreement.js';
import { withOpened, type CliCommand, type CliContext, type ExitCode } from './context.js';
import { subcommand } from './import-hmis.js';
import { readBytes } from './read-file.js';

interface SimulateOptions {
  readonly days: string;
  readonly version?: string;
  readonly file?: string;
  readonly organization?: string;
}

const OUTCOMES: Readonly<Record<SimulationFinding['simulated']['outcome'], Text>> = {
  refused: { en: 'would have been refused', fr: 'aurait été refusé' },
  shrunk: { en: 'would have been shrunk', fr: 'aurait été réduit' },
  unknown: { en: 'cannot be decided again', fr: 'ne peut pas être rejoué' },
};
const TOTALS: Text = {
  en: '{decided} transfers of the last {days} days: {unchanged} unchanged, {refused} refused, {shrunk} shrunk, {unknown} unknown.',
  fr: '{decided} transferts sur les {days} derniers jours : {unchanged} inchangés, {refused} refusés, {shrunk} réduits, {unknown} indéterminés.',
};

/** `relais agreement simulate` and `relais agreement register`. */
export const agreementCommand: CliCommand = (program, context, run) => {
  const { say } = context;
  const describe = (en: string, fr: string): string => say({ en, fr });
  const group = subcommand(program, 'agreement', describe('data-sharing agreements', 'conventions de partage'));
  const ORGANIZATION = describe(
    'for which organization; default: the only one',
    'pour quel organisme ; par défaut : le seul',
  );
  group
    .command('simulate')
    .description(
      describe(
        'with this version, which of the last days’ transfers would have been refused or shrunk, and why',
        'avec cette version, quels transferts des derniers jours auraient été refusés ou réduits, et pourquoi',
      ),
    )
    .argument('<agreement>', describe('id of the agreement', 'identifiant de la convention'))
    .option('--days <n>', describe('how far back', 'sur combien de jours'), '90')
    .option(
      '--version <n>',
      describe('a stored version; default: the newest', 'une version enregistrée ; par défaut : la plus récente'),
    )
    .option('--file <file.json>', describe('a draft in the form of the API', 'un projet, dans la forme de l’API'))
    .option('--organization <id>', ORGANIZATION)
    .action(run((id: string, options: SimulateOptions) => simulateOne(context, id, options)));
  group
    .command('register')
    .description(
      describe(
        'the register of processing (GDPR article 30), from the live agreements',
        'le registre des traitements (RGPD, article 30), d’après les conventions en vigueur',
      ),
    )
    .option('--format <csv|json>', describe('csv or json', 'csv ou json'), 'csv')
    .option('--organization <id>', ORGANIZATION)
    .action(
      run(async ({ format, organization }: { format: string; organization?: string }): Promise<ExitCode> => {
        if (format !== 'csv' && format !== 'json')
          throw new RelaisError('cli.format', 422, 'value', '--format is csv or json.');
        return withOpened(context, async ({ store, organization: chosen }): Promise<ExitCode> => {
          const lines = await processingRegister({ store }, await chosen(organization), context.lang);
          // Each line of `out` ends with a line feed: the last of the CSV's own would be a second one.
          const text = format === 'csv' ? registerCsv(lines, context.lang).trimEnd() : JSON.stringify(lines, null, 1);
          context.out(text);
          return 0;
        });
      }),
    );
};

/** @returns 0 when nothing would have been other, else 1 */
async function simulateOne(context: CliContext, id: string, options: SimulateOptions): Promise<ExitCode> {
  const { out, say, lang, count } = context;
  if (!isUuid(id)) throw new RelaisError('cli.agreement', 422, 'value', 'The id of an agreement is a UUID.');
  const agreementId = id as AgreementId;
  const days = wholeNumber(options.days, 'days', MAX_SIMULATED_DAYS);
  if (options.version !== undefined && options.file !== undefined)
    throw new RelaisError('cli.agreement', 422, 'value', 'Give --version or --file, not both.');
  const version = options.version === undefined ? undefined : wholeNumber(options.version, 'version', 1_000_000);
  const text = options.file === undefined ? undefined : readDraft(await readBytes(options.file), agreementId);
  return withOpened(context, async ({ store, organization }) => {
    const organizationId = await organization(options.organization);
    const present = createPresenter(await store.asOrganization(organizationId, (tx) => tx.listOrganizations()));
    const totals = await simulateAgreement(
      { store },
      organizationId,
      { agreementId, days, ...(version !== undefined && { version }), ...(text !== undefined && { text }) },
      ({ past: { receipt, reference }, simulated }) => {
        const reasons =
          simulated.outcome === 'unknown'
            ? simulated.missing
            : simulated.reasons.map((reason) => present(reason, lang));
        out(`${reference ?? receipt.id}  ${receipt.at}  ${say(OUTCOMES[simulated.outcome])}: ${reasons.join(' ')}`);
      },
    );
    const counts = Object.entries({ days, ...totals }).map(([name, value]) => [name, count(value)] as const);
    out(say(TOTALS, Object.fromEntries(counts)));
    return totals.unchanged === totals.decided ? 0 : 1;
  });
}

function wholeNumber(given: string, name: string, max: number): number {
  const value = /^[1-9]\d{0,6}$/.test(given) ? Number(given) : 0;
  if (value < 1 || value > max)
    throw new RelaisError('cli.number', 422, 'value', `--${name} is a whole number from 1 to ${max}.`);
  return value;
}

/** @throws RelaisError `cli.draft` naming places and rules */
function readDraft(bytes: Buffer, id: AgreementId): Agreement {
  const parsed = agreementInput.safeParse(readJson(bytes));
  if (!parsed.success) {
    const places = parsed.error.issues.map(({ path }) => `/${path.map(String).join('/')}`).slice(0, 10);
    throw new RelaisError('cli.draft', 422, 'value', `The draft does not follow the schema at: ${places.join(', ')}.`);
  }
  return { ...withoutUndefined(parsed.data), id, status: 'draft' } as Agreement;
}
