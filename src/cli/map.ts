import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Option } from 'commander';
import { loadRunnable } from '../adapters/mapping/load-runnable.js';
import { syntheticCase } from '../domain/case/synthetic.js';
import { DATA_LABELS, maskOf, NEVER, type LabelMask } from '../domain/labels/labels.js';
import { PACKS, type PackName } from '../domain/mapping/compile-pack.js';
import { byPerson, coverageOf } from '../domain/mapping/coverage/population.js';
import type { HmisRecord } from '../domain/mapping/models/hmis-model.js';
import { runForward, runReverse } from '../domain/mapping/run/run-mapping.js';
import type { Runnable } from '../domain/mapping/run/runnable.js';
import { throwAwayContext } from '../domain/mapping/run/throw-away-context.js';
import { RelaisError } from '../kernel/errors.js';
import { writeJson, type JsonValue } from '../kernel/json.js';
import type { CliCommand, CliContext, ExitCode } from './context.js';
import { readMapInput } from './map-input.js';
import { coverageLines, forwardLines, reverseLines } from './map-report.js';

/** The project: beside `src` and, built, beside `dist`. */
const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const IDENTIFIERS = 'https://relais.example/organizations/local';
/** Invented cases that are measured when no record is given: those of docs/mapping-coverage.md. */
export const SYNTHETIC_CASES = 20;

interface Options {
  readonly mapping: PackName;
  readonly in?: string;
  readonly person?: string;
  readonly permit?: string;
  readonly identifiers?: string;
  readonly reverse?: boolean;
  readonly trace?: boolean;
  readonly coverage?: boolean;
  readonly json?: boolean;
}

/** `relais map`: a shipped mapping on a record of one's own; needs no database and keeps nothing. */
export const mapCommand: CliCommand = (program, context, run) => {
  const { say } = context;
  program
    .command('map')
    .description(
      say({
        en: 'run a shipped mapping on a record: FHIR, where each element comes from, what is lost',
        fr: 'appliquer une correspondance fournie à un dossier : FHIR, l’origine de chaque élément, ce qui se perd',
      }),
    )
    .addOption(
      new Option('--mapping <name>', say({ en: 'which mapping', fr: 'quelle correspondance' }))
        .choices(PACKS)
        .makeOptionMandatory(),
    )
    .option(
      '--in <file>',
      say({
        en: 'the record: a case as JSON, HMIS tables as JSON or a folder or zip archive of CSV files; with --reverse a FHIR Bundle',
        fr: 'le dossier : un dossier en JSON, des tables HMIS en JSON ou un répertoire ou une archive zip de fichiers CSV ; avec --reverse un Bundle FHIR',
      }),
    )
    .option('--reverse', say({ en: 'from FHIR back to the record', fr: 'de FHIR vers le dossier' }))
    .option(
      '--trace',
      say({
        en: 'say of each element its source and the line of the map',
        fr: 'indiquer pour chaque élément sa source et la ligne de la correspondance',
      }),
    )
    .option(
      '--coverage',
      say({
        en: 'measure where each value stands in FHIR by changing it (takes a while); without --in: 20 invented cases',
        fr: 'mesurer où chaque valeur se trouve dans FHIR en la modifiant (cela prend un moment) ; sans --in : 20 dossiers inventés',
      }),
    )
    .option('--person <PersonalID>', say({ en: 'HMIS: only this person', fr: 'HMIS : cette personne seulement' }))
    .option(
      '--permit <labels>',
      say({
        en: 'only what these data labels permit, as in identity,housing; default: everything',
        fr: 'seulement ce que ces étiquettes permettent, par ex. identity,housing ; par défaut : tout',
      }),
    )
    .option(
      '--identifiers <url>',
      say({
        en: 'namespace of the agency’s identifiers in the bundle; default: one for this machine',
        fr: 'espace de noms des identifiants de l’organisme dans le Bundle ; par défaut : un espace local',
      }),
    )
    .option('--json', say({ en: 'everything as one JSON document', fr: 'tout en un seul document JSON' }))
    .action(run((options: Options) => mapRecord(context, options).catch((error) => explain(context, error))));
};

async function mapRecord(context: CliContext, options: Options): Promise<ExitCode> {
  const permitted = permittedOf(options.permit);
  const given = options.in;
  if (given === undefined && (options.coverage !== true || options.mapping !== 'case'))
    throw new RelaisError('cli.usage', 400, 'required', 'Name the record with --in <file>.');
  const value = given === undefined ? null : await readMapInput(given, options.mapping, personOf(options));
  const mapping = await loadRunnable(ROOT, options.mapping);
  const using = { permitted, context: throwAwayContext(options.identifiers ?? IDENTIFIERS) };
  if (options.reverse === true) {
    const run = runReverse(mapping, value, using);
    print(context, options, { ...run }, () => reverseLines(context, mapping, run));
    return 0;
  }
  const record = value === null ? null : mapping.read(value);
  const coverage = options.coverage === true ? coverageOf(mapping, recordsOf(mapping, record), using) : null;
  if (record === null) {
    print(context, options, { coverage }, () => coverageLines(context, coverage!));
    return 0;
  }
  const { trace, ...run } = runForward(mapping, record, using);
  const shown = { ...run, ...(options.trace === true && { trace }), ...(coverage !== null && { coverage }) };
  print(context, options, shown, () => [
    ...forwardLines(context, { trace, ...run }, options.trace === true),
    ...(coverage === null ? [] : ['', ...coverageLines(context, coverage)]),
  ]);
  return 0;
}

/** Every place and rule before the one sentence of the error; nothing of what was given. */
function explain({ note }: CliContext, error: unknown): never {
  if (error instanceof RelaisError) for (const { path, rule } of error.violations) note(`${path || '/'} ${rule}`);
  throw error;
}

const personOf = ({ reverse, person }: Options): string | undefined => (reverse === true ? undefined : person);

function print({ out }: CliContext, { json }: Options, value: object, lines: () => readonly string[]): void {
  if (json === true) out(writeJson(value as JsonValue));
  else lines().forEach(out);
}

function recordsOf({ name }: Runnable, record: unknown): readonly unknown[] {
  if (name === 'hmis') return byPerson(record as HmisRecord);
  return record === null ? Array.from({ length: SYNTHETIC_CASES }, (_, index) => syntheticCase(index + 1)) : [record];
}

/** Working notes can never be permitted. */
function permittedOf(labels: string | undefined): LabelMask {
  const known = DATA_LABELS.filter((label) => label !== NEVER);
  const asked = labels === undefined ? known : labels.split(',').map((label) => label.trim());
  const unknown = asked.some((label) => !known.some((one) => one === label));
  if (unknown) throw new RelaisError('cli.label', 400, 'value', `The labels are: ${known.join(', ')}.`);
  return maskOf(asked);
}
