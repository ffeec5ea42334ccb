import { aboutOf, aboutsOf, labelsOfAbout, wholeSensitivities, type Plain } from './about.js';
import type { LabelMask } from './labels.js';
import { planLabels, type EntityPlan } from './plan-labels.js';
import type { CaseRules, Situation, Trigger } from './rules/rules.js';

/**
 * The situations that a record is in (config/labels/case.yaml): what it says in one place that holds for another. Violence
 * hides where the person lives and can be called, from every recipient whom no rule names for it (HL7 SDV).
 */
export function situationsOf(rules: CaseRules, record: Plain): readonly Situation[] {
  const found: Situation[] = [];
  if (rules.situations.length > 0) find(planLabels(rules).record, record, found, rules.situations.length);
  return found;
}

/** @param most how many there are: when all are found nothing more is looked at */
function find(plan: EntityPlan, item: Plain, found: Situation[], most: number): void {
  for (const { trigger, situation } of plan.triggers) {
    if (!found.includes(situation) && isHere(trigger, item)) found.push(situation);
  }
  for (const { name, plan: member } of plan.nested) {
    if (found.length === most) return;
    const value = item[name];
    if (typeof value !== 'object' || value === null) continue;
    if (member.kind === 'entity') find(member, value as Plain, found, most);
    else if (Array.isArray(value)) for (const inner of value as Plain[]) find(member.item, inner, found, most);
  }
}

/** Labels that the situations that were found add to an item. */
export function labelsFromSituations(
  found: readonly Situation[],
  hiddenBy: readonly Situation[],
  item: Plain,
): LabelMask {
  let mask: LabelMask = 0;
  for (const situation of hiddenBy) {
    if (!found.includes(situation)) continue;
    const isExcepted = situation.unless.some(([field, values]) => values.has(item[field]) && !isMarked(item, field));
    if (!isExcepted) mask |= situation.labels;
  }
  return mask;
}

/** What is said under a mark counts for nothing, nor what its author keeps back: it is not told, so nothing may rest on it. */
function isMarked(item: Plain, field: string): boolean {
  return labelsOfAbout(aboutOf(aboutsOf(item), field)) !== 0;
}

function isHere(trigger: Trigger, item: Plain): boolean {
  if ('marked' in trigger) return (wholeSensitivities(item) & trigger.marked) !== 0;
  if (!trigger.values.has(item[trigger.field])) return false;
  return trigger.where.every(([field, values]) => values.has(item[field]));
}
