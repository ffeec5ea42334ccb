import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkMappings } from '../adapters/mapping/check-mappings.js';
import { formatFinding } from '../domain/mapping/finding.js';
import type { CliCommand } from './context.js';
import { subcommand } from './import-hmis.js';

/** The project: beside `src` and, built, beside `dist`. */
const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** `relais check mappings`: both sides of every map, before it runs. */
export const checkMappingsCommand: CliCommand = (program, context, run) => {
  const { say, out, count } = context;
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
    .action(
      run(async () => {
        const findings = await checkMappings(ROOT);
        for (const finding of findings) out(formatFinding(finding));
        out(
          findings.length === 0
            ? say({ en: 'The mappings are in order.', fr: 'Les correspondances sont en ordre.' })
            : say({ en: '{n} findings.', fr: '{n} constats.' }, { n: count(findings.length) }),
        );
        return findings.length === 0 ? 0 : 1;
      }),
    );
};
