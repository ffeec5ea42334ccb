import type { Code } from '../policy.js';
import { V3_ACT_REASON } from '../profiles.js';

const reason = (code: string): Code => ({ system: V3_ACT_REASON, code });

/** Break the glass: a safety override that an authorized user declares (HL7 v3 PurposeOfUse). */
export const BREAK_GLASS: Code = reason('BTG');

export const TREATMENT: Code = reason('TREAT');

/** The purposes that the basic profile can name: treatment, payment, operations. */
export const BASIC_PURPOSES: readonly Code[] = ['TREAT', 'HPAYMT', 'HOPERAT'].map(reason);

const CANONICAL = 'https://profiles.ihe.net/ITI/PCF/Policy-';

/**
 * The overarching policies that IHE PCF defines (volume 1, 53.2.1), by the end of their canonical URI, with the purposes
 * that each permits. "All authorized uses" is no list; it is read as the purposes that PCF itself can name, never more.
 */
export const OVERARCHING_POLICIES = {
  'basic-normal': [reason('TREAT')],
  'all-normal': BASIC_PURPOSES,
  'break-glass-only': [BREAK_GLASS],
  deny: [],
} as const satisfies Record<string, readonly Code[]>;

export type OverarchingPolicy = keyof typeof OVERARCHING_POLICIES;

/** The defined policy that a URI names; null for one of the domain's own, which says nothing to a machine. */
export function overarchingPolicy(uri: string): OverarchingPolicy | null {
  const name = uri.startsWith(CANONICAL) ? uri.slice(CANONICAL.length) : '';
  return Object.hasOwn(OVERARCHING_POLICIES, name) ? (name as OverarchingPolicy) : null;
}

/**
 * What a provision without purposes is for, by the policies that the consent is built upon: what all of them permit.
 * Without any that is defined: the basic purposes.
 */
export function purposesOfPolicies(uris: readonly string[]): readonly Code[] {
  const named = uris.map(overarchingPolicy).filter((policy) => policy !== null);
  return named.reduce<readonly Code[]>(
    (left, policy) => left.filter(({ code }) => OVERARCHING_POLICIES[policy].some((one) => one.code === code)),
    named.length > 0 && named.every((policy) => policy === 'break-glass-only') ? [BREAK_GLASS] : BASIC_PURPOSES,
  );
}
