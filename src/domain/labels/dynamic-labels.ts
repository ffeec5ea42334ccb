import { wholeSensitivities } from './about.js';
import { labelsByFields } from './code-labels.js';
import type { LabelMask } from './labels.js';
import { planLabels, type EntityPlan, type LabelPlan } from './plan-labels.js';
import type { LabelRules, Situation } from './rules/rules.js';
import { labelsFromSituations, situationsOf } from './situations.js';

type Plain = Readonly<Record<string, unknown>>;
/** Path pattern of a list → id → labels; what passes none on is not there. */
type Passed = ReadonlyMap<string, ReadonlyMap<string, LabelMask>>;

/** What a record says that adds labels, read once and asked for every item. */
export interface DynamicLabels {
  readonly rules: LabelRules;
  readonly passed: Passed;
  readonly situations: readonly Situation[];
}

/**
 * Reads a record once for the labels that depend on what it says: items of some lists pass their labels on to what names
 * them (a goal that serves a need about addiction is about addiction, whatever its own code says), and situations hide
 * what stands elsewhere.
 */
export function dynamicLabels(rules: LabelRules, record: Plain): DynamicLabels {
  const plan = planLabels(rules.case);
  const passed = new Map<string, Map<string, LabelMask>>();
  const dynamic: DynamicLabels = { rules, passed, situations: situationsOf(rules.case, record) };
  // What an item says of itself does not change; what it names may come to say more.
  for (let changed = passOn(plan, dynamic, passed, record, false); changed;) {
    changed = passOn(plan, dynamic, passed, record, true);
  }
  return dynamic;
}

/** Labels that the whole entity carries over those of its fields: from codes, marks, situations, and what it names. */
export function dynamicLabelsOf(
  { rules, passed, situations }: DynamicLabels,
  plan: EntityPlan,
  item: Plain,
): LabelMask {
  return (
    labelsByFields(rules.terminology, plan.codes, plan.given, item) |
    wholeSensitivities(item) |
    (situations.length === 0 ? 0 : labelsFromSituations(situations, plan.hiddenBy, item)) |
    namedLabels(passed, plan, item)
  );
}

/** @returns whether anything passes on more than before */
function passOn(
  { passingOn }: LabelPlan,
  dynamic: DynamicLabels,
  passed: Map<string, Map<string, LabelMask>>,
  record: Plain,
  isAgain: boolean,
): boolean {
  let changed = false;
  for (const { path, names, item: plan } of passingOn) {
    if (isAgain && plan.naming.length === 0) continue;
    for (const item of itemsAt(record, names)) {
      const id = item['id'];
      if (typeof id !== 'string') continue;
      const before = passed.get(path)?.get(id) ?? 0;
      const after = before | dynamicLabelsOf(dynamic, plan, item);
      if (after === before) continue;
      const masks = passed.get(path);
      if (masks === undefined) passed.set(path, new Map([[id, after]]));
      else masks.set(id, after);
      changed = true;
    }
  }
  return changed;
}

function namedLabels(passed: Passed, { naming }: EntityPlan, item: Plain): LabelMask {
  let mask = 0;
  if (passed.size === 0) return mask;
  for (const { field, target } of naming) {
    const value = item[field];
    const masks = value === undefined ? undefined : passed.get(target);
    if (masks === undefined) continue;
    if (Array.isArray(value)) for (const id of value) mask |= masks.get(String(id)) ?? 0;
    else mask |= masks.get(String(value)) ?? 0;
  }
  return mask;
}

function itemsAt(record: Plain, names: readonly string[]): readonly Plain[] {
  let value: unknown = record;
  for (const name of names) value = typeof value === 'object' && value !== null ? (value as Plain)[name] : undefined;
  return Array.isArray(value) ? (value as Plain[]) : [];
}
