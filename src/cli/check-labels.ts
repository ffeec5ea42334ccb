import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkLabelRules } from '../adapters/labels/load-label-rules.js';
import { formatFinding } from '../domain/mapping/finding.js';
import type { CliCommand } from './context.js';
import { subcommand } from './import-hmis.js';

/** The project: beside `src` and, built, beside `dist`. */
const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** `relais check labels`: the rules of config/labels against the case model, FHIR R4 and one another. */
export const checkLabelsCommand: CliCommand = (program, context, run) => {
  const { say, out, count, lang } = context;
  subcommand(
    program,
    'check',
    say({ en: 'check what the gateway runs on', fr: 'vérifier ce sur quoi repose la passerelle' }),
  )
    .command('labels')
    .description(
      say({
        en: 'check the label rules of config/labels against the case model and FHIR R4',
        fr: 'vérifier les règles d’étiquetage de config/labels au regard du modèle de dossier et de FHIR R4',
      }),
    )
    .argument(
      '[folder]',
      say({
        en: 'the folder that holds config/labels/; default: the project',
        fr: 'le dossier qui contient config/labels/ ; par défaut : le projet',
      }),
    )
    .action(
      run(async (folder: string | undefined) => {
        const findings = await checkLabelRules(folder ?? ROOT);
        for (const finding of findings) out(formatFinding(finding, lang));
        if (findings.length === 0) {
          out(say({ en: 'The label rules are in order.', fr: 'Les règles d’étiquetage sont en ordre.' }));
          return 0;
        }
        const n = count(findings.length);
        out(say({ en: `Findings: ${n}.`, fr: `Constats (rédigés en anglais) : ${n}.` }));
        return 1;
      }),
    );
};
