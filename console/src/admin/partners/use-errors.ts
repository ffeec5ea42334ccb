import type { RefObject } from 'react';
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
  'partner.email',
  'partner.channel',
  'partner.channel-mail',
];

/**
 * What is wrong with a member, by its path: what this page misses or refuses by itself, then what the gateway named.
 *
 * @param missing paths that nothing was typed for
 * @param faults of what was typed, by the gateway's rules
 */
export function useErrors(
  error: unknown,
  missing: readonly string[],
  faults: readonly { readonly path: string; readonly rule: Rule }[] = [],
): (path: string) => string | undefined {
  const { t } = useTranslation('admin');
  const violations = violationsOf(error);
  return (path) => {
    if (missing.includes(path)) return t('newPartner.needed');
    const fault = faults.find((one) => one.path === path);
    if (fault !== undefined) return t(`partnerRule.${fault.rule}`);
    const found = violations.find((one) => one.path === path);
    if (found === undefined) return undefined;
    const rule = RULES.find((known) => known === found.rule);
    return rule === undefined ? found.message : t(`partnerRule.${rule}`);
  };
}

/** Once the marks are there: the first of them takes the focus; of choices that lack one (`data-wrong`) the first choice. */
export function focusFirstWrong(form: RefObject<HTMLElement | null>): void {
  requestAnimationFrame(() => {
    const first = form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-wrong] input');
    first?.focus();
  });
}
