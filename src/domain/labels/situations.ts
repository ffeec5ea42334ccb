import { WHOLE, type AboutField, type Entity } from '../case/define.js';
import { caseModel } from '../case/schema.js';
import { maskOf, type LabelMask } from './labels.js';
import type { CaseRules, Situation, Trigger } from './rules/rules.js';

type Plain = Readonly<Record<string, unknown>>;

/**
 * The situations that a record is in (config/labels/case.yaml): what it says in one place that holds for another. Violence
 * hides where the person lives and can be called, from every recipient whom no rule names for it (HL7 SDV).
 */
export function situationsOf(rules: CaseRules, record: Plain): readonly Situation[] {
  const open = new Set(rules.situations);
  const found: Situation[] = [];
  const visit = (model: Entity, item: Plain): void => {
    for (const situation of open) {
      if (!situation.when.some((trigger) => isHere(trigger, model, item))) continue;
      found.push(situation);
      open.delete(situation);
    }
    if (open.size === 0) return;
    for (const [name, member] of Object.entries(model.fields)) {
      const value = item[name];
      if (member.kind === 'field' || typeof value !== 'object' || value === null) continue;
      if (member.kind === 'entity') visit(member, value as Plain);
      else if (Array.isArray(value)) for (const inner of value as Plain[]) visit(member.item, inner);
    }
  };
  visit(caseModel, record);
  return found;
}

/** Labels that the situations add to an item. */
export function labelsFromSituations(situations: readonly Situation[], entityName: string, item: Plain): LabelMask {
  let mask: LabelMask = 0;
  for (const { hides, unless, labels } of situations) {
    const isExcepted = unless.some(([field, values]) => values.has(item[field]) && !isMarked(item, field));
    if (hides.has(entityName) && !isExcepted) mask |= labels;
  }
  return mask;
}

/** What is said under a mark counts for nothing: it may not be told, so nothing may rest on it. */
function isMarked(item: Plain, field: string): boolean {
  const about = (item['about'] as Readonly<Record<string, AboutField>> | undefined)?.[field];
  return about?.doNotShare === true || (about?.sensitivities ?? []).length > 0;
}

function isHere(trigger: Trigger, model: Entity, item: Plain): boolean {
  if ('marked' in trigger) {
    const about = item['about'] as Readonly<Record<string, { sensitivities?: readonly string[] }>> | undefined;
    const named = about?.[WHOLE]?.sensitivities;
    return named !== undefined && (maskOf(named) & trigger.marked) !== 0;
  }
  if (trigger.entity !== model.name || !trigger.values.has(item[trigger.field])) return false;
  return trigger.where.every(([field, values]) => values.has(item[field]));
}
