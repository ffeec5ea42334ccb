import { Command, CommanderError, Help, Option } from 'commander';
import { say as sayText, type Lang, type Text } from '../kernel/i18n.js';
import { RelaisError } from '../kernel/errors.js';
import { COMMANDS } from './commands.js';
import { errorText } from './error-text.js';
import type { CliCommand, CliContext, ExitCode } from './context.js';

/** The library's own headings. */
const TITLES: Readonly<Record<string, string>> = {
  'Usage:': 'Utilisation :',
  'Arguments:': 'Arguments :',
  'Options:': 'Options :',
  'Commands:': 'Commandes :',
};

/** What the library says of a command line that it does not understand; in English its own sentence is used. */
const USAGE_FR: Readonly<Record<string, string>> = {
  'commander.unknownCommand': 'Cette commande n’existe pas. Voir : relais --help',
  'commander.unknownOption': 'Cette option n’existe pas. Voir --help',
  'commander.missingArgument': 'Il manque un argument. Voir --help',
  'commander.excessArguments': 'Il y a trop d’arguments. Voir --help',
  'commander.missingMandatoryOptionValue': 'Il manque une option obligatoire. Voir --help',
  'commander.invalidArgument': 'La valeur d’une option n’est pas admise. Voir --help',
  'commander.optionMissingArgument': 'Une option attend une valeur. Voir --help',
};

/** Errors of the surroundings (3) and of the command line (2); everything else is about what was given (1). */
function exitCodeOf({ code, status }: RelaisError): ExitCode {
  if (/^(config|store|embedded|migration|queue)\./.test(code) && status >= 500) return 3;
  return /^(cli\.|hmis\.not-found)/.test(code) ? 2 : 1;
}

const FAILED: Text = { en: 'This could not be done: {message}', fr: 'Opération impossible : {message}' };
const UNEXPECTED: Text = {
  en: 'Relais failed in a way that it does not know ({name}). Nothing of the current step was kept.',
  fr: 'Relais a échoué d’une manière qu’il ne connaît pas ({name}). Rien de l’étape en cours n’a été conservé.',
};

/**
 * Runs one command line.
 *
 * @param argv arguments without the program's name
 * @returns the exit code; never throws
 */
export async function runCommandLine(
  argv: readonly string[],
  context: CliContext,
  commands: readonly CliCommand[] = COMMANDS,
): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = baseProgram(context);
  const run = <A extends unknown[]>(action: (...args: A) => Promise<ExitCode>) => {
    return async (...args: A): Promise<void> => {
      code = await action(...args);
    };
  };
  for (const add of commands) add(program, context, run);
  if (context.lang === 'fr') translate(program);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return explain(context, error);
  }
}

function baseProgram({ say, out, note }: CliContext): Command {
  const program = new Command('relais')
    .description(
      say({
        en: 'Passes a person’s record from one service to another, with consent, under an agreement.',
        fr: 'Transmet le dossier d’une personne d’un service à un autre, avec son consentement et dans le cadre d’une convention.',
      }),
    )
    .helpOption('-h, --help', say({ en: 'show help', fr: 'afficher l’aide' }))
    .helpCommand(false)
    .addOption(
      new Option(
        '--lang <en|fr>',
        say({
          en: 'language of what is said; default: from LANG',
          fr: 'langue des messages ; par défaut : selon LANG',
        }),
      ).choices(['en', 'fr']),
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => out(text.trimEnd()),
      writeErr: (text) => note(text.trimEnd()),
      outputError: () => undefined,
    })
    .showSuggestionAfterError(true);
  return program;
}

/** Commands inherit settings when they are made, but not the words of their help option. */
function translate(command: Command): void {
  command.configureHelp({
    styleTitle: (title) => TITLES[title] ?? title,
    commandUsage: (each) => new Help().commandUsage(each),
  });
  command.helpOption('-h, --help', 'afficher l’aide');
  command.commands.forEach(translate);
}

function explain({ note, lang, say }: CliContext, error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    // Help was asked for, or a group of commands was called without one.
    if (error.exitCode === 0) return 0;
    if (error.code !== 'commander.help')
      note(lang === 'fr' ? (USAGE_FR[error.code] ?? error.message) : error.message.replace(/^error: /, ''));
    return 2;
  }
  if (error instanceof RelaisError) {
    note(sayText(FAILED, lang, { message: errorText(error, lang) }));
    return exitCodeOf(error);
  }
  note(say(UNEXPECTED, { name: (error as Error)?.name ?? 'Error' }));
  return 3;
}

/** `--lang` wherever it stands, else LC_ALL, LC_MESSAGES or LANG; English when none says French. */
export function languageOf(argv: readonly string[], environment: Readonly<Record<string, string | undefined>>): Lang {
  const at = argv.findIndex((word) => word === '--lang' || word.startsWith('--lang='));
  const given = at < 0 ? undefined : (argv[at]!.split('=')[1] ?? argv[at + 1]);
  const told = given ?? environment['LC_ALL'] ?? environment['LC_MESSAGES'] ?? environment['LANG'] ?? '';
  return /^fr/i.test(told) ? 'fr' : 'en';
}

/** The command line without `--lang en` or `--lang fr`, which may stand anywhere; another language is left to be refused. */
export function withoutLanguage(argv: readonly string[]): readonly string[] {
  const known = (word: string | undefined): boolean => word === 'en' || word === 'fr';
  return argv.filter((word, at) => {
    if (word.startsWith('--lang=')) return !known(word.slice('--lang='.length));
    return word === '--lang' ? !known(argv[at + 1]) : !(argv[at - 1] === '--lang' && known(word));
  });
}
