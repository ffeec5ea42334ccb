import { RelaisError } from '../kernel/errors.js';
import type { Text } from '../kernel/i18n.js';
import { CODE_CHANNELS } from '../transfer/guest-ports.js';
import { registerGuest } from '../transfer/register-guest.js';
import { commandLineActor } from './actor.js';
import { withOpened, type CliCommand, type ExitCode } from './context.js';
import { subcommand } from './import-hmis.js';

const DONE: Text = {
  en: 'Registered as {id}. Transfers to {name} are announced to {email}; their code is told by: {hint}.',
  fr: 'Enregistré sous {id}. Les transferts vers {name} sont annoncés à {email} ; leur code se donne par : {hint}.',
};

interface Options {
  readonly organization: string;
  readonly email: string;
  readonly channel: string;
  readonly hint: string;
  readonly mailLang: string;
}

/** `relais guest add`: an organization without a system receives by a notice, a link and a code (docs/access-links.md). As in the console. */
export const guestCommand: CliCommand = (program, context, run) => {
  const { say, out } = context;
  const describe = (en: string, fr: string): string => say({ en, fr });
  const group = subcommand(program, 'guest', describe('recipients without a system', 'destinataires sans système'));
  group
    .command('add')
    .description(
      describe('let an organization receive without a system', 'permettre à un organisme de recevoir sans système'),
    )
    .requiredOption('--organization <id>', describe('the organization', 'l’organisme'))
    .requiredOption('--email <address>', describe('its own address', 'son adresse de service'))
    .requiredOption(
      '--channel <kind>',
      describe(
        `how the code is told: ${CODE_CHANNELS.join(', ')}`,
        `comment se donne le code : ${CODE_CHANNELS.join(', ')}`,
      ),
    )
    .requiredOption(
      '--hint <text>',
      describe('where: a number of the service, a desk', 'où : un numéro du service, un accueil'),
    )
    .option('--mail-lang <lang>', describe('language of the notice: en or fr', 'langue de l’avis : en ou fr'), 'fr')
    .action(
      run(({ organization, email, channel, hint, mailLang }: Options) =>
        withOpened(context, async ({ registry, organization: choose }): Promise<ExitCode> => {
          const organizationId = await choose(organization);
          const kind = CODE_CHANNELS.find((known) => known === channel);
          if (kind === undefined || (mailLang !== 'en' && mailLang !== 'fr')) {
            throw new RelaisError(
              'cli.guest',
              422,
              'value',
              `--channel is one of ${CODE_CHANNELS.join(', ')}; --mail-lang en or fr.`,
            );
          }
          const contact = { email, lang: mailLang, channel: { kind, hint } } as const;
          const partner = await registerGuest(registry, organizationId, contact, commandLineActor(null));
          out(say(DONE, { id: partner.id, name: partner.name, email, hint }));
          return 0;
        }),
      ),
    );
};
