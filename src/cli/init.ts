import { initialise } from '../adapters/identity/initialise.js';
import { RelaisError } from '../kernel/errors.js';
import type { Organization } from '../transfer/partner.js';
import { withOpened, type CliCommand } from './context.js';

interface Options {
  readonly name: string;
  readonly sector: string;
  readonly admin: string;
  readonly issuer?: string;
}

const SECTORS: readonly Organization['sector'][] = ['social', 'health', 'housing'];

/** `relais init`: the first organization and its first admin, once. */
export const initCommand: CliCommand = (program, context, run) => {
  const { say, out } = context;
  program
    .command('init')
    .description(
      say({
        en: 'make the first organization and bind its first admin',
        fr: 'créer le premier organisme et désigner son premier administrateur',
      }),
    )
    .requiredOption('--name <name>', say({ en: 'name of the organization', fr: 'nom de l’organisme' }))
    .option(
      '--sector <sector>',
      say({ en: 'social, health or housing', fr: 'social, health (santé) ou housing (logement)' }),
      'social',
    )
    .requiredOption(
      '--admin <subject>',
      say({
        en: '`sub` of the admin at the staff issuer',
        fr: '`sub` de l’administrateur auprès de l’émetteur OpenID du personnel',
      }),
    )
    .option(
      '--issuer <url>',
      say({
        en: 'staff issuer; default: RELAIS_STAFF_ISSUER',
        fr: 'émetteur OpenID du personnel ; par défaut : RELAIS_STAFF_ISSUER',
      }),
    )
    .action(
      run(async ({ name, sector, admin, issuer }: Options) => {
        const staffIssuer = issuer ?? context.config().staffIssuer;
        const known = SECTORS.find((each) => each === sector);
        if (known === undefined)
          throw new RelaisError('cli.usage', 422, 'value', 'The sector is social, health or housing.');
        if (staffIssuer === undefined)
          throw new RelaisError(
            'cli.usage',
            422,
            'required',
            'Say who signs staff in: --issuer <url> or RELAIS_STAFF_ISSUER.',
          );
        const made = await withOpened(context, ({ staffSessions }) =>
          initialise({ organizationName: name, sector: known, staffIssuer, adminSubject: admin }, staffSessions),
        );
        out(
          say(
            {
              en: 'Organization {id} is there; its admin may sign in.',
              fr: 'L’organisme {id} est créé ; son administrateur peut se connecter.',
            },
            { id: made.organizationId },
          ),
        );
        return 0;
      }),
    );
};
