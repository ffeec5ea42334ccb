import { join } from 'node:path';
import type { Command } from 'commander';
import { openHmisExport } from '../adapters/hmis/open-export.js';
import { HMIS_RULES } from '../domain/hmis/rules.js';
import type { HmisExport } from '../intake/ports.js';
import { importHmis, type HmisImportResult, type HmisRefusal } from '../intake/import-hmis.js';
import type { Text } from '../kernel/i18n.js';
import { commandLineActor } from './actor.js';
import { withOpened, type CliCommand, type CliContext, type ExitCode, type Opened } from './context.js';
import { createFindingsReport, formatFinding, type FindingsReport } from './findings-report.js';
import { showProgress } from './show-progress.js';

interface Options {
  readonly organization?: string;
  readonly findings?: string;
  readonly all?: boolean;
  readonly victimServices?: string;
}

const REFUSALS: Readonly<Record<HmisRefusal, Text>> = {
  'victim-service-provider': {
    en: 'Refused as a whole, nothing was stored: Organization.csv has a victim service provider (VictimServiceProvider = 1, line {lines}). Its clients’ records may not enter a shared system.',
    fr: 'Refusé en bloc, rien n’a été enregistré : Organization.csv comporte un organisme d’aide aux victimes (VictimServiceProvider = 1, ligne {lines}). Les dossiers de ses usagers ne peuvent pas entrer dans un système partagé.',
  },
  'victim-service-unclear': {
    en: 'Refused as a whole, nothing was stored: Organization.csv does not say whether an organization is a victim service provider (VictimServiceProvider is neither 0 nor 1, line {lines}).',
    fr: 'Refusé en bloc, rien n’a été enregistré : Organization.csv ne dit pas si un organisme est un organisme d’aide aux victimes (VictimServiceProvider ne vaut ni 0 ni 1, ligne {lines}).',
  },
  'victim-service-untold': {
    en: 'Refused as a whole, nothing was stored: there is no Organization.csv, so nothing says whether a victim service provider is among the organizations. If you know that there is none, say so: --victim-services none',
    fr: 'Refusé en bloc, rien n’a été enregistré : il n’y a pas d’Organization.csv, rien ne dit donc si un organisme d’aide aux victimes figure parmi les organismes. Si vous savez qu’il n’y en a pas, dites-le : --victim-services none',
  },
};

/** `relais import hmis <folder|zip>` */
export const importHmisCommand: CliCommand = (program, context, run) => {
  const { say } = context;
  subcommand(program, 'import', say({ en: 'take in records', fr: 'reprendre des dossiers' }))
    .command('hmis')
    .description(
      say({
        en: 'import an HMIS CSV export (FY2026 or FY2024), verbatim',
        fr: 'importer un export HMIS CSV (FY2026 ou FY2024), tel quel',
      }),
    )
    .argument(
      '<folder|zip>',
      say({ en: 'folder or zip archive of the CSV files', fr: 'dossier ou archive zip des fichiers CSV' }),
    )
    .option('--organization <id>', say({ en: 'for which organization', fr: 'pour quel organisme' }))
    .option(
      '--findings <file.csv>',
      say({ en: 'write every finding to this file', fr: 'écrire chaque constat dans ce fichier' }),
    )
    .option(
      '--all',
      say({ en: 'list every finding, also over 10,000', fr: 'lister chaque constat, même au-delà de 10 000' }),
    )
    .option(
      '--victim-services <none>',
      say({
        en: 'state that no victim service provider is in it (only without Organization.csv)',
        fr: 'déclarer qu’il ne contient aucun organisme d’aide aux victimes (seulement sans Organization.csv)',
      }),
    )
    .action(run((path: string, options: Options) => importExport(context, path, options)));
};

/** A command that groups others, made once. */
export function subcommand(program: Command, name: string, description: string): Command {
  return program.commands.find((command) => command.name() === name) ?? program.command(name).description(description);
}

async function importExport(context: CliContext, path: string, options: Options): Promise<ExitCode> {
  // First what the user named: a wrong path needs no database.
  const source = await openHmisExport(path);
  try {
    return await withOpened(context, (opened) => importOpened(context, opened, source, options));
  } finally {
    await source.close();
  }
}

async function importOpened(
  context: CliContext,
  { imports, organization }: Opened,
  source: HmisExport,
  options: Options,
): Promise<ExitCode> {
  const organizationId = await organization(options.organization);
  const report = createFindingsReport(options.findings, () => join(process.cwd(), `hmis-findings-${Date.now()}.csv`));
  const printAsFound = options.all === true;
  // A bar and lines on one terminal would write over each other.
  const progress = printAsFound && context.stderr.isTTY ? null : showProgress(context);
  const result = await importHmis(
    { store: imports },
    {
      organizationId,
      actor: commandLineActor(organizationId),
      source,
      findings: printAsFound ? printing(report, context) : report,
      progress: ({ bytesDone, bytesTotal, rows }) => progress?.update(bytesDone, bytesTotal, rows),
      statesNoVictimServices: options.victimServices === 'none',
    },
  ).finally(() => progress?.stop());
  const file = report.finish();
  if (result.kind === 'refused') {
    context.out(context.say(REFUSALS[result.reason], { lines: result.lines.join(', ') || '1' }));
    return 1;
  }
  if (!printAsFound) report.listed()?.forEach((finding) => context.out(formatFinding(finding)));
  summarise(context, result, report, file);
  return 0;
}

function printing(report: FindingsReport, { out }: CliContext): FindingsReport {
  return {
    ...report,
    add: (finding) => {
      report.add(finding);
      out(formatFinding(finding));
    },
  };
}

function summarise(
  { out, say, count }: CliContext,
  result: Extract<HmisImportResult, { kind: 'imported' }>,
  report: FindingsReport,
  file: string | null,
): void {
  if (report.total() > 0) {
    out('');
    for (const group of report.groups()) {
      const lines =
        group.firstLines.filter((line) => line > 0).join(', ') + (group.count > group.firstLines.length ? ' …' : '');
      const where = lines === '' ? '' : say({ en: ' (line {lines})', fr: ' (ligne {lines})' }, { lines });
      out(
        `${count(group.count)} × ${group.file}${group.column && `:${group.column}`} ${say(HMIS_RULES[group.rule])} [${group.rule}]${where}`,
      );
    }
    out(
      say(
        {
          en: '{n} findings; values are not repeated here.',
          fr: '{n} constats ; les valeurs ne sont pas répétées ici.',
        },
        { n: count(report.total()) },
      ),
    );
    if (file !== null) out(say({ en: 'All of them: {file}', fr: 'Tous : {file}' }, { file }));
  }
  out('');
  const kept = result.files.filter(({ mapped, rows }) => !mapped && rows > 0);
  if (kept.length > 0) {
    const rows = count(kept.reduce((sum, each) => sum + each.rows, 0));
    out(
      say(
        {
          en: '{rows} rows of {files} files kept, not yet mapped.',
          fr: '{rows} lignes de {files} fichiers conservées, pas encore mises en correspondance.',
        },
        { rows, files: count(kept.length) },
      ),
    );
  }
  if (result.ignored > 0)
    out(
      say(
        { en: '{n} other files left aside.', fr: '{n} autres fichiers laissés de côté.' },
        { n: count(result.ignored) },
      ),
    );
  const changes = result.added + result.changed;
  out(
    say(
      {
        en: 'HMIS CSV {version}: {people} people, {rows} rows.',
        fr: 'HMIS CSV {version} : {people} personnes, {rows} lignes.',
      },
      { version: result.version, people: count(result.people), rows: count(result.rows) },
    ),
  );
  out(
    changes === 0
      ? say({ en: '0 changes', fr: '0 changement' })
      : say(
          {
            en: '{changes} changes: {added} new, {changed} changed',
            fr: '{changes} changements : {added} nouvelles lignes, {changed} modifiées',
          },
          { changes: count(changes), added: count(result.added), changed: count(result.changed) },
        ),
  );
}
