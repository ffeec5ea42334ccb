import { say, type Lang, type Text } from '../../../kernel/i18n.js';
import type { Code, DataPeriod, DataMeaning } from '../policy.js';
import type { OverarchingPolicy } from './overarching-policies.js';
import { sayUnreadable, UNREADABLE, type UnreadableReason } from '../unreadable.js';

/** One rule of `ihe_pcf.residual`, for the enforcement point (IHE ITI PCF 1.1.0, section 3.71.4.2.2.1.4). */
export interface ResidualRule {
  readonly type: 'forbid' | 'permit';
  readonly securityLabel?: readonly Code[];
  readonly dataPeriod?: DataPeriod;
  readonly data?: readonly { readonly meaning: DataMeaning; readonly reference: { readonly reference: string } }[];
}

/** Why no token can be given. */
export const REFUSALS = {
  'residual.refused': { en: 'The person said no.', fr: 'La personne a dit non.' },
  'residual.withdrawn': { en: 'The consent was withdrawn.', fr: 'Le consentement a été retiré.' },
  'residual.not-begun': { en: 'The consent has not begun.', fr: 'Le consentement n’a pas encore pris effet.' },
  'residual.expired': { en: 'The consent has ended.', fr: 'Le consentement a pris fin.' },
  'residual.other-requester': {
    en: 'The consent does not concern this requester.',
    fr: 'Le consentement ne concerne pas ce demandeur.',
  },
  'residual.requester-needed': {
    en: 'The answer depends on who asks: name the requester (--requester).',
    fr: 'La réponse dépend de qui demande : désignez le demandeur (--requester).',
  },
  'residual.purpose': {
    en: 'The consent does not permit this purpose of use.',
    fr: 'Le consentement n’autorise pas cette finalité.',
  },
  'residual.nothing-permitted': {
    en: 'The consent permits nothing to this requester for this purpose.',
    fr: 'Le consentement n’autorise rien à ce demandeur pour cette finalité.',
  },
  'residual.not-expressible': {
    en: 'The rules cannot be written as residual rules without permitting more than the consent does.',
    fr: 'Les règles ne peuvent pas s’écrire comme règles résiduelles sans autoriser plus que le consentement.',
  },
} as const satisfies Record<string, Text>;

export type RefusalCode = keyof typeof REFUSALS;
export type RefusalReason = { readonly code: RefusalCode; readonly location: string } | UnreadableReason;

export type ResidualAnswer =
  | { readonly outcome: 'permit'; readonly purposes: readonly Code[]; readonly residual: readonly ResidualRule[] }
  | { readonly outcome: 'deny'; readonly reasons: readonly [RefusalReason, ...RefusalReason[]] };

/** What is asked. All references as the requester's system or the consent writes them. */
export interface ResidualQuestion {
  readonly at: string;
  /**
   * Who asks: references to the person and to the organizations and groups for which they act, vouched for by the caller.
   * Absent: the answer for whoever the consent names.
   */
  readonly requester?: readonly string[];
  /** Codes of the purposes that the requester declares. Absent: those that the consent permits without breaking the glass. */
  readonly purposes?: readonly string[];
  /** What holds where the consent is silent (not begun, ended, about somebody else); absent: deny. */
  readonly implicitPolicy?: OverarchingPolicy;
  /** Address of the FHIR server, for references that are relative to it. */
  readonly base?: string;
}

export function sayRefusal(reason: RefusalReason, lang: Lang): string {
  return isUnreadable(reason) ? sayUnreadable(reason, lang) : say(REFUSALS[reason.code], lang);
}

function isUnreadable(reason: RefusalReason): reason is UnreadableReason {
  return Object.hasOwn(UNREADABLE, reason.code);
}
