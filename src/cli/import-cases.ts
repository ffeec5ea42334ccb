import { stat } from 'node:fs/promises';
import { importCases, type CaseLineFinding } from '../intake/import-cases.js';
import { CASE_RULES } from '../domain/case/rule-texts.js';
import { RelaisError } from '../kernel/errors.js';
import { commandLineActor } from './actor.js';
import { withOpened, type CliCommand, type CliContext, type ExitCode, type Opened } from './context.js';
import { subcommand } from './import-hmis.js';
import { readLines } from './read-lines.js';
import { showProgress } from './show-progress.js';

/** As large as a case that the API takes. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;

interface Options {
  readonly organization?: string;
  readonly allOrNothing?: boolean;
}

/** `relais import cases <file.ndjson>` */
export const importCasesCommand: CliCommand = (program, context, run) => {
  const { say } = context;
  subcommand(program, 'import', say({ en: 'take in records', fr: 'reprendre des dossiers' }))
    .command('cases')
    .description(
      say({
        en: 'import cases of the case model, one JSON document a line; the case id is person.id, or {"id","case"}',
        fr: 'importer des dossiers du modèle de dossier, un document JSON par ligne ; l’identifiant du dossier est person.id, ou {"id","case"}',
      }),
    )
    .argument('<file.ndjson>', say({ en: 'file with one document a line', fr: 'fichier avec un document par ligne' }))
    .option('--organization <id>', say({ en: 'for which organization', fr: 'pour quel organisme' }))
    .option(
      '--all-or-nothing',
      say({ en: 'store nothing when a line is refused', fr: 'ne rien enregistrer si une ligne est refusée' }),
    )
    .action(
      run((path: string, options: Options) =>
        withOpened(context, (opened) => importFile(context, opened, path, options)),
      ),
    );
};

async function importFile(
  context: CliContext,
  { store, organization }: Opened,
  path: string,
  options: Options,
): Promise<ExitCode> {
  const { out, say, count } = context;
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile())
    throw new RelaisError('cli.no-file', 404, 'not-found', 'There is no file at this path.');
  const organizationId = await organization(options.organization);
  const progress = showProgress(context);
  const result = await importCases(
    { store },
    {
      organizationId,
      actor: commandLineActor(organizationId),
      lines: () => readLines(path, MAX_LINE_BYTES),
      allOrNothing: options.allOrNothing ?? false,
      report: (finding) => out(describe(context, finding)),
      progress: (lines, bytes) => progress.update(bytes, found.size, lines),
    },
  ).finally(() => progress.stop());
  if (result.refused > 0)
    out(say({ en: '{n} lines refused.', fr: '{n} lignes refusées.' }, { n: count(result.refused) }));
  if (result.nothingStored) {
    out(say({ en: 'Nothing was stored.', fr: 'Rien n’a été enregistré.' }));
    return 1;
  }
  out(say({ en: '{n} cases read.', fr: '{n} dossiers lus.' }, { n: count(result.lines - result.refused) }));
  out(
    result.stored === 0
      ? say({ en: '0 changes', fr: '0 changement' })
      : say({ en: '{n} changes', fr: '{n} changements' }, { n: count(result.stored) }),
  );
  return result.refused > 0 ? 1 : 0;
}

/** `17:/person/birthDate case.date …`: line of the file, place in the document, rule, and its words. */
function describe({ say }: CliContext, { line, path, rule, message }: CaseLineFinding): string {
  const text = Object.hasOwn(CASE_RULES, rule) ? say(CASE_RULES[rule as keyof typeof CASE_RULES]) : message;
  return `${line}:${path} ${rule} ${text}`;
}
