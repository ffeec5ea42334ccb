import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkFolder } from '../adapters/mapping/check-folder.js';
import { checkMappings } from '../adapters/mapping/check-mappings.js';
import type { GivenModel } from '../adapters/mapping/read-folder.js';
import { formatFinding } from '../domain/mapping/finding.js';
import { RelaisError } from '../kernel/errors.js';
import type { Text } from '../kernel/i18n.js';
import type { CliCommand } from './context.js';
import { subcommand } from './import-hmis.js';

/** The project: beside `src` and, built, beside `dist`. */
const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

interface Options {
  readonly dir?: string;
  readonly model: readonly string[];
  readonly defaultLabel: readonly string[];
}

/** `relais check mappings`: both sides of every map, before it runs; the shipped ones, or those of a folder. */
export const checkMappingsCommand: CliCommand = (program, context, run) => {
  const { say, out, count, lang } = context;
  const several = (value: string, before: readonly string[]): readonly string[] => [...before, value];
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
    .option('--dir <folder>', say({ en: 'packs of your own', fr: 'vos propres correspondances' }))
    .option(
      '--model <pack=schema.json>',
      say({
        en: 'the JSON Schema of a pack’s records, or case, or hmis; may be repeated',
        fr: 'le JSON Schema des dossiers d’un jeu de correspondances, ou case, ou hmis ; peut être répété',
      }),
      several,
      [],
    )
    .option(
      '--default-label <label>',
      say({
        en: 'label of every property that has none; may be repeated',
        fr: 'étiquette de tout champ qui n’en a pas ; peut être répété',
      }),
      several,
      [],
    )
    .action(
      run(async (folder: string | undefined, { dir, model, defaultLabel }: Options) => {
        if (dir === undefined && model.length + defaultLabel.length > 0) throw usage('--model needs --dir.');
        const findings =
          dir === undefined
            ? await checkMappings(folder ?? ROOT)
            : await checkFolder(dir, { models: await modelsOf(model), defaultLabels: defaultLabel });
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
const usage = (message: string): RelaisError => new RelaisError('cli.usage', 422, 'value', message);

/** `shelter=shelter.schema.json`, `mine=case` */
async function modelsOf(given: readonly string[]): Promise<Record<string, GivenModel>> {
  const models = given.map(async (text): Promise<[string, GivenModel]> => {
    const [, name, value] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (name === undefined || value === undefined) throw usage('--model takes the name of a pack, =, and a file.');
    if (value === 'case' || value === 'hmis') return [name, value];
    const content = await readFile(value, 'utf8').catch((cause: unknown) => {
      throw new RelaisError('cli.no-file', 422, 'not-found', 'A schema cannot be read.', { cause });
    });
    return [name, { file: value, text: content }];
  });
  return Object.fromEntries(await Promise.all(models));
}
