import { validateResource, type FhirIssue } from '../domain/fhir/validate.js';
import { RelaisError } from '../kernel/errors.js';
import type { Text } from '../kernel/i18n.js';
import { isJsonObject, readJson } from '../kernel/json.js';
import type { CliCommand, CliContext } from './context.js';
import { errorText } from './error-text.js';
import { findResources, type ResourceFile } from './find-resources.js';
import { readBytes } from './read-file.js';

/** A process of its own may take its time over a large file; in a server the validator's own limits hold. */
const LIMITS = { maxElements: 5_000_000, maxSteps: 500_000_000, maxIssues: 1000 };

const SEVERITIES: Readonly<Record<FhirIssue['severity'], Text>> = {
  error: { en: 'error', fr: 'erreur' },
  warning: { en: 'warning', fr: 'avertissement' },
  information: { en: 'information', fr: 'information' },
};

interface Tally {
  resources: number;
  errors: number;
  warnings: number;
  skipped: number;
}

/** `relais validate <paths…>`: FHIR R4 resources in files and folders. 0: no error; 1: errors; 2: nothing to read. */
export const validateCommand: CliCommand = (program, context, run) => {
  const { say, out, note } = context;
  program
    .command('validate')
    .description(say({ en: 'validate FHIR R4 resources (JSON)', fr: 'valider des ressources FHIR R4 (JSON)' }))
    .argument(
      '<paths...>',
      say({
        en: 'files with one resource, .ndjson files with one a line, or folders of both',
        fr: 'fichiers d’une ressource, fichiers .ndjson d’une ressource par ligne, ou dossiers des deux',
      }),
    )
    .option(
      '--warnings',
      say({ en: 'also what the standard recommends', fr: 'signaler aussi ce que la norme recommande' }),
    )
    .action(
      run(async (paths: string[], { warnings = false }: { warnings?: boolean }) => {
        const files = await findResources(paths);
        const tally: Tally = { resources: 0, errors: 0, warnings: 0, skipped: 0 };
        for (const file of files) await validateFile(context, file, warnings, tally);
        if (tally.resources + tally.errors === 0) {
          note(say({ en: 'There is no FHIR resource there.', fr: 'Aucune ressource FHIR à cet endroit.' }));
          return 2;
        }
        out(closingLine(context, files.length, tally));
        return tally.errors === 0 ? 0 : 1;
      }),
    );
};

function closingLine({ say, count }: CliContext, files: number, tally: Tally): string {
  const { resources, errors, warnings, skipped } = tally;
  const counted = (n: number, one: Text, many: Text): string => say(n === 1 ? one : many, { n: count(n) });
  return [
    counted(files, { en: '1 file', fr: '1 fichier' }, { en: '{n} files', fr: '{n} fichiers' }),
    ...(resources <= files && skipped === 0 && skipped === 0
      ? []
      : [counted(resources, { en: '1 resource', fr: '1 ressource' }, { en: '{n} resources', fr: '{n} ressources' })]),
    ...(skipped === 0 ? [] : [say({ en: '{n} not FHIR', fr: '{n} hors FHIR' }, { n: count(skipped) })]),
    errors === 0
      ? say({ en: 'no error', fr: 'aucune erreur' })
      : counted(errors, { en: '1 error', fr: '1 erreur' }, { en: '{n} errors', fr: '{n} erreurs' }),
    ...(warnings === 0
      ? []
      : [
          counted(
            warnings,
            { en: '1 warning', fr: '1 avertissement' },
            { en: '{n} warnings', fr: '{n} avertissements' },
          ),
        ]),
  ]
    .join(', ')
    .concat('.');
}

async function validateFile(context: CliContext, file: ResourceFile, warnings: boolean, tally: Tally): Promise<void> {
  const bytes = await readBytes(file.path);
  if (!file.isLines) {
    validateText(context, file, file.path, bytes, warnings, tally);
    return;
  }
  let line = 0;
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0x0a, start);
    const text = bytes.subarray(start, end < 0 ? bytes.length : end);
    line += 1;
    if (text.toString('latin1').trim() !== '')
      validateText(context, file, `${file.path}:${line}`, text, warnings, tally);
    start = end < 0 ? bytes.length : end + 1;
  }
}

/** One resource, or none: in a folder, JSON that does not say `resourceType` is something else. */
function validateText(
  { out, lang, say }: CliContext,
  file: ResourceFile,
  place: string,
  bytes: Buffer,
  withWarnings: boolean,
  tally: Tally,
): void {
  try {
    const value = readJson(bytes);
    if (!file.isNamed && !file.isLines && (!isJsonObject(value) || value['resourceType'] === undefined)) {
      tally.skipped += 1;
      return;
    }
    tally.resources += 1;
    for (const { severity, location, code, message } of validateResource(value, { ...LIMITS, withWarnings })) {
      if (severity === 'error') tally.errors += 1;
      if (severity === 'warning') tally.warnings += 1;
      out(`${place}: ${say(SEVERITIES[severity])} ${location} ${code} ${message[lang]}`);
    }
  } catch (error) {
    if (!(error instanceof RelaisError)) throw error;
    tally.errors += 1;
    out(`${place}: ${say(SEVERITIES.error)} ${error.code} ${errorText(error, lang)}`);
  }
}
