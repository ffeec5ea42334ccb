import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkMappings } from '../adapters/mapping/check-mappings.js';
import { formatFinding } from '../domain/mapping/finding.js';
import type { Text } from '../kernel/i18n.js';
import type { CliCommand } from './context.js';
import { subcommand } from './import-hmis.js';

/** The project: beside `src` and, built, beside `dist`. */
const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** `relais check mappings`: both sides of every map, before it runs. */
export const checkMappingsCommand: CliCommand = (program, context, run) => {
  const { say, out, count, lang } = context;
  subcommand(
    program,
    'check',
    say({ en: 'check what the gateway runs on', fr: 'vérifier ce sur quoi repose la passerelle' }),
  )
    .command('mappings')
    .description(
      say({
        en: 'check the mappings against the models and FHIR R4',
        fr: 'vérifier les correspondances au regard des modèles et de FHIR R4',
      }),
    )
    .argument(
      '[folder]',
      say({
        en: 'the folder that holds mappings/; default: the project',
        fr: 'le dossier qui contient mappings/ ; par défaut : le projet',
      }),
    )
    .action(
      run(async (folder: string | undefined) => {
        const findings = await checkMappings(folder ?? ROOT);
        for (const finding of findings) out(formatFinding(finding, lang));
        if (findings.length === 0) {
          out(say({ en: 'The mappings are in order.', fr: 'Les correspondances sont en ordre.' }));
          return 0;
        }
        const files = new Set(findings.map(({ file }) => file)).size;
        out(say(findings.length === 1 ? ONE : MANY, { n: count(findings.length), files: count(files) }));
        return 1;
      }),
    );
};

const ONE: Text = { en: '1 finding.', fr: '1 constat (rédigé en anglais).' };
const MANY: Text = {
  en: '{n} findings; files: {files}.',
  fr: '{n} constats (rédigés en anglais) ; fichiers : {files}.',
};
