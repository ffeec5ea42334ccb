import { validateResource } from '../domain/fhir/validate.js';
import { RelaisError } from '../kernel/errors.js';
import { readJson } from '../kernel/json.js';
import type { CliCommand, CliContext } from './context.js';
import { readBytes } from './read-file.js';

/** `relais validate <files…>`: FHIR R4 resources, one a file. */
export const validateCommand: CliCommand = (program, context, run) => {
  const { say, out, count } = context;
  program
    .command('validate')
    .description(say({ en: 'validate FHIR R4 resources (JSON)', fr: 'valider des ressources FHIR R4 (JSON)' }))
    .argument('<files...>', say({ en: 'one resource a file', fr: 'une ressource par fichier' }))
    .action(
      run(async (files: string[]) => {
        let errors = 0;
        for (const file of files) errors += await validateFile(context, file);
        out(
          errors === 0
            ? say({ en: '{n} files, no error.', fr: '{n} fichiers, aucune erreur.' }, { n: count(files.length) })
            : say(
                { en: '{n} files, {errors} errors.', fr: '{n} fichiers, {errors} erreurs.' },
                { n: count(files.length), errors: count(errors) },
              ),
        );
        return errors === 0 ? 0 : 1;
      }),
    );
};

async function validateFile({ out, lang }: CliContext, file: string): Promise<number> {
  const bytes = await readBytes(file);
  try {
    const issues = validateResource(readJson(bytes));
    for (const { severity, location, code, message } of issues)
      out(`${file}: ${severity} ${location} ${code} ${message[lang]}`);
    return issues.filter(({ severity }) => severity === 'error').length;
  } catch (error) {
    if (!(error instanceof RelaisError)) throw error;
    out(`${file}: error ${error.code} ${error.message}`);
    return 1;
  }
}
