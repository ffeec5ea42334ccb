import type { Case } from '../case/case.js';
import type { LabelMask } from './labels.js';
import type { LabelRules } from './rules/rules.js';
import { withhold } from './withhold.js';

/**
 * What an earlier version of a case let leave and its present version keeps back: a mark or a label that came since. What
 * was removed or reworded meanwhile is not meant.
 *
 * @returns JSON Pointers (RFC 6901) into the present version
 */
export function newlyWithheld(rules: LabelRules, before: Case, now: Case, permitted: LabelMask): string[] {
  const left = new Set(withhold(rules, before, permitted).kept.map(({ path }) => lastingPath(before, path)));
  return withhold(rules, now, permitted)
    .withheld.map(({ path }) => path)
    .filter((path) => left.has(lastingPath(now, path)));
}

/** The pointer with the id of each item in place of its position, which another version may have changed. */
function lastingPath(record: Case, pointer: string): string {
  let value: unknown = record;
  const names = pointer.split('/').slice(1);
  return names
    .map((name) => {
      const isItem = Array.isArray(value);
      value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
      const id = isItem && typeof value === 'object' ? (value as { id?: unknown } | null)?.id : undefined;
      return typeof id === 'string' ? `#${id}` : name;
    })
    .join('/');
}
