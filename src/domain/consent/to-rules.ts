import { isUuid, type OrganizationId } from '../../kernel/ids.js';
import { purposeFromCoding, type PurposeOfUse } from '../decision/purpose.js';
import { CATEGORIES, SENSITIVITIES, type DataLabel } from '../labels/labels.js';
import { labelsOfCoding } from '../labels/security-labels.js';
import type { Code, Provision } from './policy.js';
import { V3_ACT_REASON, V3_CONFIDENTIALITY } from './profiles.js';
import type { ConsentRule } from './terms.js';
import { unreadable, type Reading } from './unreadable.js';

/**
 * Purposes of HL7 v3 PurposeOfUse for which Relais passes nothing on: understood, and never asked for. A permission for
 * them gives nothing here; a denial of them takes away what is a kind of them.
 */
const NEVER_ASKED = new Set(['HPAYMT', 'HOPERAT', 'BTG', 'HRESCH', 'HMARKT', 'PUBHLTH', 'PATRQT']);

/** What a denial of a purpose denies beside it: its kinds (hierarchy of v3 PurposeOfUse), taken widely. */
const KINDS: ReadonlyMap<string, readonly PurposeOfUse[]> = new Map([
  ['TREAT', ['TREAT', 'COC', 'CAREMGT', 'ETREAT']],
  ['HOPERAT', ['CAREMGT']],
]);

const CONSENT_ACTION = 'http://terminology.hl7.org/CodeSystem/consentaction';

/**
 * The rules by which transfers are decided: those of the consent that Relais can keep when it passes a record on.
 *
 * A limit that it understands and cannot keep (period, author or instance of the data, class, code, another recipient
 * than a registered organization) makes the consent unreadable here, so that it denies. For the same reason an exception
 * stays within the rule that it is an exception to, also where a profile would let it reach further (evaluate.ts).
 *
 * @param refused the whole consent is a recorded refusal: what it names is denied, with its kinds
 */
export function toRule(provision: Provision, reading: Reading, refused: boolean): ConsentRule {
  const { type, location, from, until, actors, purposes, scope, exceptions } = provision;
  const { attempt } = reading;
  const denies = type === 'deny' || refused;
  attempt(() => requireEnforceable(provision, denies));
  const recipients = actors?.flatMap((actor, index) => {
    return attempt(() => organizationOf(actor, `${location}.actor[${index}]`)) ?? [];
  });
  const known = purposes?.flatMap((purpose, index) => {
    return attempt(() => purposesOf(purpose, denies, `${location}.purpose[${index}]`)) ?? [];
  });
  const labels = scope.securityLabel?.flatMap((label, index) => {
    return attempt(() => labelsFor(label, denies, `${location}.securityLabel[${index}]`)) ?? [];
  });
  return {
    type,
    ...(recipients && { recipients }),
    ...(known && { purposes: [...new Set(known)] }),
    ...(labels && { labels: [...new Set(labels)] }),
    ...(from && { from }),
    ...(until && { until }),
    ...(exceptions.length > 0 && {
      exceptions: exceptions.map((exception) => toRule(exception, reading, refused)),
    }),
  };
}

function requireEnforceable({ scope, actions, location }: Provision, denies: boolean): void {
  const limit = (['dataPeriod', 'data', 'class', 'code'] as const).find((part) => scope[part] !== undefined);
  if (limit !== undefined) return unreadable('consent.not-enforced', `${location}.${limit}`);
  // To pass a record on is to disclose it. Whoever denies another act with the data is not taken to allow this one.
  const discloses = actions?.some(({ system, code }) => system === CONSENT_ACTION && code === 'disclose') ?? true;
  if (!discloses && !denies) return unreadable('consent.not-enforced', `${location}.action`);
  if (actions?.some(({ system }) => system !== CONSENT_ACTION))
    return unreadable('consent.not-enforced', `${location}.action`);
}

function organizationOf(reference: string, location: string): readonly OrganizationId[] {
  const id = /^Organization\/(.+)$/.exec(reference)?.[1];
  return id !== undefined && isUuid(id)
    ? [id as OrganizationId]
    : unreadable('consent.recipient-not-enforced', location);
}

function purposesOf({ system, code }: Code, denies: boolean, location: string): readonly PurposeOfUse[] {
  const kinds = system === V3_ACT_REASON && denies ? KINDS.get(code) : undefined;
  if (kinds !== undefined) return kinds;
  const purpose = purposeFromCoding(system, code);
  if (purpose !== null) return [purpose];
  return system === V3_ACT_REASON && NEVER_ASKED.has(code) ? [] : unreadable('consent.purpose-not-known', location);
}

/**
 * Normal data are every category without a sensitivity; restricted data are the sensitivities. "Restricted" permits
 * nothing here, because what is never shared by default leaves only by a rule that names it.
 */
function labelsFor({ system, code }: Code, denies: boolean, location: string): readonly DataLabel[] {
  if (system === V3_CONFIDENTIALITY && code === 'N') return CATEGORIES;
  if (system === V3_CONFIDENTIALITY && code === 'R' && denies) return SENSITIVITIES;
  return labelsOfCoding(system, code) ?? unreadable('consent.label-not-known', location);
}
