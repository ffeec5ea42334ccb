import { useTranslation } from 'react-i18next';
import type { partners } from '../../texts/en/admin-partners.js';
import { violationsOf } from '../parts/Problems.js';

type Rule = keyof typeof partners.partnerRule;
const RULES: readonly Rule[] = [
  'partner.url-refused',
  'partner.client-id',
  'partner.scope',
  'partner.name',
  'partner.keys',
  'partner.private-key',
  'partner.issuer',
];

/**
 * What is wrong with a member, by its path: what this page misses, then what the gateway named.
 *
 * @param missing paths that nothing was typed for
 */
export function useErrors(error: unknown, missing: readonly string[]): (path: string) => string | undefined {
  const { t } = useTranslation('admin');
  const violations = violationsOf(error);
  return (path) => {
    if (missing.includes(path)) return t('newPartner.needed');
    const found = violations.find((one) => one.path === path);
    if (found === undefined) return undefined;
    const rule = RULES.find((known) => known === found.rule);
    return rule === undefined ? found.message : t(`partnerRule.${rule}`);
  };
}
