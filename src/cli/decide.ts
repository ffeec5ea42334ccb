import { Option } from 'commander';
import { readPolicy } from '../domain/consent/read-policy.js';
import { isDateTime } from '../domain/consent/read-values.js';
import { deriveResidual } from '../domain/consent/residual/derive-residual.js';
import { OVERARCHING_POLICIES, type OverarchingPolicy } from '../domain/consent/residual/overarching-policies.js';
import { sayRefusal, type ResidualAnswer, type ResidualQuestion } from '../domain/consent/residual/residual.js';
import { instant, systemClock, type Instant } from '../kernel/clock.js';
import { RelaisError } from '../kernel/errors.js';
import { isJsonObject, readJson, type JsonValue } from '../kernel/json.js';
import type { CliCommand, CliContext } from './context.js';
import { readBytes } from './read-file.js';
import { replayDecisions } from './replay-decision.js';

interface Options {
  readonly consent?: string;
  readonly replay?: string;
  readonly organization?: string;
  readonly residual?: boolean;
  readonly base?: string;
  readonly at?: string;
  readonly requester?: readonly string[];
  readonly purpose?: readonly string[];
  readonly implicit?: OverarchingPolicy;
}

/**
 * `relais decide --consent <file> --residual`: what an access token under this consent would carry (IHE PCF, ITI-71):
 * purposes of use and residual rules as JSON on stdout. A refusal is JSON too, with its reasons, and exit code 1.
 */
export const decideCommand: CliCommand = (program, context, run) => {
  const { say } = context;
  const describe = (en: string, fr: string): string => say({ en, fr });
  program
    .command('decide')
    .description(
      describe(
        'say what a FHIR R4 Consent permits (residual rules of its access token, IHE PCF), or decide a past decision again',
        'dire ce qu’un Consent FHIR R4 autorise (règles résiduelles du jeton d’accès, IHE PCF), ou rejouer une décision passée',
      ),
    )
    .option('--consent <file>', describe('the consent (JSON)', 'le consentement (JSON)'))
    .option('--residual', describe('print the residual rules', 'afficher les règles résiduelles'))
    .option(
      '--replay <id>',
      describe(
        'decide again, from its receipt, a decision or every decision of a transfer',
        'rejouer, d’après son reçu, une décision ou toutes les décisions d’un transfert',
      ),
    )
    .option(
      '--organization <id>',
      describe(
        'whose decision is replayed; default: the only organization',
        'organisme dont la décision est rejouée ; par défaut : le seul',
      ),
    )
    .option(
      '--base <url>',
      describe('FHIR server of relative references', 'serveur FHIR auquel se rapportent les références relatives'),
    )
    .option('--at <time>', describe('the moment; default: now', 'l’instant ; par défaut : maintenant'))
    .option(
      '--requester <reference...>',
      describe(
        'who asks, and the groups and organizations for which they act; default: whoever the consent names',
        'qui demande, et les groupes et organismes pour lesquels cette personne agit ; par défaut : qui le consentement désigne',
      ),
    )
    .option('--purpose <code...>', describe('purposes that are declared', 'finalités déclarées'))
    .addOption(
      new Option(
        '--implicit <policy>',
        describe(
          'policy where the consent is silent; default: deny',
          'règle lorsque le consentement est muet ; par défaut : deny',
        ),
      ).choices(Object.keys(OVERARCHING_POLICIES)),
    )
    .action(
      run(async (options: Options) => {
        if (options.replay !== undefined) return replayDecisions(context, options.replay, options.organization);
        if (options.consent === undefined)
          throw new RelaisError(
            'cli.decide',
            422,
            'value',
            'decide needs --consent <file> --residual, or --replay <id>.',
          );
        const question = questionOf(options);
        const resource = readJson(await readBytes(options.consent));
        const answer = deriveResidual(readPolicy(resource), question);
        context.out(JSON.stringify(printable(resource, answer, context), null, 1));
        return answer.outcome === 'permit' ? 0 : 1;
      }),
    );
};

function questionOf(options: Options): ResidualQuestion {
  if (options.residual !== true)
    throw new RelaisError('cli.residual', 422, 'value', 'decide works with --residual only.');
  if (options.base !== undefined && !/^https?:\/\/[^\s]+$/.test(options.base))
    throw new RelaisError('cli.base', 422, 'value', '--base is not an http or https URL.');
  return {
    at: momentOf(options.at),
    ...(options.base !== undefined && { base: options.base }),
    ...(options.requester !== undefined && { requester: options.requester }),
    ...(options.purpose !== undefined && { purposes: options.purpose }),
    ...(options.implicit !== undefined && { implicitPolicy: options.implicit }),
  };
}

function momentOf(at: string | undefined): Instant {
  if (at === undefined) return systemClock.now();
  if (!isDateTime(at)) throw new RelaisError('cli.time', 422, 'value', '--at is not a date or a moment of FHIR.');
  return instant(at);
}

/** The shape of a permission names the consent as its file does; `access_denied` is OAuth's word for a refusal. */
function printable(resource: JsonValue, answer: ResidualAnswer, { lang }: CliContext): object {
  const id = isJsonObject(resource) ? resource['id'] : undefined;
  const consent = typeof id === 'string' ? id : null;
  if (answer.outcome === 'permit') {
    return { consent, residual: answer.residual, purpose_of_use: answer.purposes.map(({ code }) => code) };
  }
  const reasons = answer.reasons.map((reason) => ({ ...reason, message: sayRefusal(reason, lang) }));
  return { consent, error: 'access_denied', reasons };
}
