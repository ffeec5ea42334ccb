import { readConfig } from './config.js';
import { say } from './kernel/i18n.js';
import { languageOf, runCommandLine, withoutLanguage } from './cli/build-program.js';
import type { CliContext } from './cli/context.js';
import { openStore } from './cli/open.js';
import { showControls } from './cli/show-controls.js';

/** The `relais` command: see cli/commands.ts. */
const argv = process.argv.slice(2);
const lang = languageOf(argv, process.env);
const note = (line: string): void => void process.stderr.write(`${showControls(line)}\n`);
const config = () => readConfig(process.env);
const context: CliContext = {
  lang,
  config,
  open: () => openStore(config(), (text, parameters) => note(say(text, lang, parameters))),
  out: (line) => void process.stdout.write(`${showControls(line)}\n`),
  note,
  stderr: process.stderr,
  say: (text, parameters) => say(text, lang, parameters),
  count: (number) => number.toLocaleString(lang),
};

// `relais … | head` ends the reader first; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
});

process.exitCode = await runCommandLine(withoutLanguage(argv), context);
