import type { ResidualAnswer, ResidualRule } from '../../../../src/domain/consent/residual/residual.js';
import type { Provision } from '../../../../src/domain/consent/policy.js';

/** A datum as an enforcement point knows it. What has a sensitivity is restricted, otherwise it is normal. */
export interface Datum {
  readonly id: string;
  readonly sensitivities: readonly string[];
  readonly year: number;
  readonly encounter: string;
  readonly author: string;
}

type Scope = Provision['scope'] | Pick<ResidualRule, 'securityLabel' | 'dataPeriod'>;

function isIn(datum: Datum, { securityLabel, dataPeriod }: Scope, references: readonly [string, string][] | undefined) {
  const labels = [datum.sensitivities.length > 0 ? 'R' : 'N', ...datum.sensitivities];
  if (securityLabel !== undefined && !securityLabel.some(({ code }) => labels.includes(code))) return false;
  const day = `${datum.year}-06-01`;
  if (dataPeriod?.start !== undefined && day < dataPeriod.start) return false;
  if (dataPeriod?.end !== undefined && day > dataPeriod.end) return false;
  const named = { instance: datum.id, related: datum.encounter, authoredby: datum.author } as Record<string, string>;
  return references === undefined || references.some(([meaning, reference]) => named[meaning] === reference);
}

/** IHE PCF 3.71.4.2.2.1.4: a permit overrides a forbid; where no forbid applies, the data may flow. */
export function letsOut(answer: ResidualAnswer, datum: Datum): boolean {
  if (answer.outcome === 'deny') return false;
  const matches = (type: string): boolean =>
    answer.residual.some((rule) => {
      const references = rule.data?.map(({ meaning, reference }) => [meaning, reference.reference] as [string, string]);
      return rule.type === type && isIn(datum, rule, references);
    });
  return matches('permit') || !matches('forbid');
}

const covers = (scope: Provision['scope'], datum: Datum): boolean =>
  isIn(
    datum,
    scope,
    scope.data?.map(({ meaning, reference }) => [meaning, reference]),
  );

/**
 * What a consent says of one datum, read directly, without residual rules: for one requester (no groups) and one purpose.
 * Denials win; an exception to a denial stays within it; one that permits adds to what the root permits.
 */
export function says(root: Provision, requester: string, purpose: string, datum: Datum): boolean {
  const isAbout = ({ actors }: Provision): boolean => actors?.includes(requester) ?? true;
  const basic = ['TREAT', 'HPAYMT', 'HOPERAT'];
  const isFor = ({ purposes }: Provision): boolean => {
    const named = purposes?.map(({ code }) => code) ?? root.purposes?.map(({ code }) => code) ?? basic;
    return named.includes(purpose);
  };
  const ofRoot = isFor(root) || (purpose === 'BTG' && isFor({ ...root, purposes: root.purposes ?? [] }));
  if (!isAbout(root)) return false;
  const exceptions = root.exceptions.filter(isAbout);
  const isDenied = exceptions.some(
    (rule) =>
      rule.type === 'deny' &&
      (rule.purposes === undefined || rule.purposes.some(({ code }) => code === purpose)) &&
      covers(rule.scope, datum),
  );
  if (isDenied) return false;
  const isAdded = exceptions.some((rule) => rule.type === 'permit' && isFor(rule) && covers(rule.scope, datum));
  return root.type === 'permit'
    ? (ofRoot && covers(root.scope, datum)) || isAdded
    : isAdded && covers(root.scope, datum);
}
