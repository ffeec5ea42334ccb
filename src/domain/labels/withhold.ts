import { WHOLE } from '../case/define.js';
import type { Case } from '../case/schema.js';
import type { Sharable } from '../case/sharable.js';
import { aboutOf, aboutsOf, HELD, isPlainObject, keepAbout, labelsOfAbout, MARKED, type Plain } from './about.js';
import { findCues } from './cues/find-cues.js';
import { reviewDigest, textOf } from './cues/prose.js';
import { dynamicLabels, dynamicLabelsOf, type DynamicLabels } from './dynamic-labels.js';
import { CATEGORIES, maskOf, NEVER, permits, type DataLabel, type LabelMask } from './labels.js';
import { itemPlace, memberPlace, memberPointer, withheldAt, type Place } from './places.js';
import {
  namesOf,
  planLabels,
  withCategories,
  type EntityPlan,
  type FieldPlan,
  type LabelPlan,
  type ListPlan,
} from './plan-labels.js';
import type { LabelRules } from './rules/rules.js';
import type { Kept, Withheld, WithholdReason } from './withheld.js';

export interface WithholdResult {
  readonly record: Sharable<Case>;
  readonly withheld: readonly Withheld[];
  /** Every field that is left, in the record's order; together with `withheld` the whole record. */
  readonly kept: readonly Kept[];
}

/** Ids that survive, by the list that holds them; only of lists that fields name items of. */
type Retained = ReadonlyMap<string, ReadonlySet<string>>;

interface Pass {
  readonly rules: LabelRules;
  readonly plan: LabelPlan;
  readonly permitted: LabelMask;
  readonly dynamic: DynamicLabels;
  /** undefined in the first pass, which keeps every pointer and only finds out which ids survive. */
  readonly retained: Retained | undefined;
  readonly survivors: Map<string, Set<string>>;
  /** Both stay empty in the first pass: what is kept is known only when every pointer is judged. */
  readonly withheld: Withheld[];
  readonly kept: Kept[];
  /** What each text may speak of: read once, asked in every pass. */
  readonly cues: Map<string, LabelMask>;
}

const SOME_CATEGORY = maskOf(CATEGORIES);
const NEVER_MASK = maskOf([NEVER]);
const NO_LABELS: readonly DataLabel[] = [];

/**
 * Takes out of a record whatever the permitted labels do not cover, every "do not share", and working notes always.
 * What is left is what a mapping may read. Empty lists and entities, and items of which only the id is left, are
 * dropped, so that a hidden thing leaves no trace. The input is not changed.
 *
 * Laws (tested): idempotent; monotone in `permitted`; nothing outside the permitted set is left; adding or changing a
 * hidden value changes nothing in the record that is left. A cue in a text can only take away.
 *
 * @param rules config/labels
 * @param record a valid case as it was stored. What an earlier call left no longer holds the labels that hidden things
 *   passed on, so a narrower permit starts again from the stored case.
 */
export function withhold(rules: LabelRules, record: Case | Sharable<Case>, permitted: LabelMask): WithholdResult {
  const plan = planLabels(rules.case);
  const shared = {
    rules,
    plan,
    permitted: permitted & ~(MARKED | HELD),
    dynamic: dynamicLabels(rules, record),
    cues: new Map<string, LabelMask>(),
  };
  for (let retained: Retained | undefined; ;) {
    const survivors = new Map<string, Set<string>>();
    const pass: Pass = { ...shared, retained, survivors, withheld: [], kept: [] };
    const left = keepEntity(pass, plan.record, record, plan.root, 0);
    if (retained !== undefined && sizeOf(retained) === sizeOf(survivors)) {
      return { record: left ?? {}, withheld: pass.withheld, kept: pass.kept };
    }
    retained = survivors; // only ever shrinks, so this ends
  }
}

function sizeOf(retained: Retained): number {
  let size = 0;
  for (const ids of retained.values()) size += ids.size;
  return size;
}

/** @param above labels inherited from what surrounds it, MARKED or HELD among them when that is not to be shared */
function keepEntity(pass: Pass, plan: EntityPlan, value: unknown, place: Place, above: LabelMask): Plain | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const source = value as Plain;
  const members = pass.retained === undefined ? plan.surviving : plan.members;
  const abouts = aboutsOf(source);
  const here = above | dynamicLabelsOf(pass.dynamic, plan, source) | labelsOfAbout(aboutOf(abouts, WHOLE));
  let left: Record<string, unknown> | undefined;
  for (const name in source) {
    const member = source[name];
    if (name === 'about' || member === undefined) continue;
    const inner = members.get(name);
    if (inner === undefined) {
      leave(pass, place, member, 'unlabelled', NO_LABELS); // its name is content too
      continue;
    }
    const about = aboutOf(abouts, name);
    const mask = here | labelsOfAbout(about);
    const kept =
      inner.kind === 'field'
        ? keepField(pass, inner, member, place, name, mask, about?.['reviewed'])
        : keepNested(pass, inner, member, memberPlace(place, inner.position, name), mask);
    if (kept !== undefined) (left ??= {})[name] = kept;
  }
  if (left === undefined) return undefined;
  const about = abouts === undefined ? undefined : keepAbout(abouts, left);
  if (about !== undefined) left['about'] = about;
  return left;
}

function keepNested(pass: Pass, plan: ListPlan | EntityPlan, value: unknown, place: Place, above: LabelMask): unknown {
  return plan.kind === 'list' ? keepList(pass, plan, value, place, above) : keepEntity(pass, plan, value, place, above);
}

function keepList(pass: Pass, plan: ListPlan, value: unknown, place: Place, above: LabelMask): Plain[] | undefined {
  if (!Array.isArray(value)) return undefined;
  let left: Plain[] | undefined;
  for (let index = 0; index < value.length; index += 1) {
    const here = itemPlace(place, index);
    const before = pass.withheld.length;
    const keptBefore = pass.kept.length;
    const kept = keepEntity(pass, plan.item, value[index], here, above);
    if (kept === undefined) continue;
    if (isBare(kept)) {
      pass.kept.length = keptBefore;
      const hidden = pass.withheld[before];
      if (hidden !== undefined) pass.withheld.push({ ...hidden, path: `${here.pointer}/id` });
      continue;
    }
    (left ??= []).push(kept);
    if (plan.namedAs !== undefined) remember(pass.survivors, plan.namedAs, kept['id']);
  }
  return left;
}

/** Only the id is left: it says nothing, and that there is something is not for the recipient. */
function isBare(item: Plain): boolean {
  for (const name in item) if (name !== 'id' && name !== 'about') return false;
  return true;
}

function remember(survivors: Map<string, Set<string>>, path: string, id: unknown): void {
  if (typeof id !== 'string') return;
  const ids = survivors.get(path);
  if (ids === undefined) survivors.set(path, new Set([id]));
  else ids.add(id);
}

function keepField(
  pass: Pass,
  plan: FieldPlan,
  value: unknown,
  parent: Place,
  name: string,
  above: LabelMask,
  reviewed: unknown,
): unknown {
  const needed = above === 0 ? plan.needed : plan.needed | withCategories(pass.rules.case, above);
  if (permits(pass.permitted, needed)) {
    const left =
      plan.target === undefined || pass.retained === undefined
        ? isEmpty(value)
          ? undefined
          : value
        : keepPointers(pass, plan, plan.target, pass.retained, value, parent, name);
    if (left === undefined) return undefined;
    const doubt = plan.isProse ? doubtOf(pass, left, reviewed) : 0;
    if (doubt !== 0) return leaveMember(pass, parent, plan, name, left, 'to-review', doubt, reviewDigest(textOf(left)));
    if (pass.retained !== undefined)
      pass.kept.push({ path: memberPointer(parent, plan.position, name), labels: needed, value: left });
    return left;
  }
  if ((needed & NEVER_MASK) !== 0) return leaveMember(pass, parent, plan, name, value, 'never', NEVER_MASK);
  if ((needed & MARKED) !== 0) return leaveMember(pass, parent, plan, name, value, 'do-not-share', 0);
  const missing = needed & ~pass.permitted & ~HELD;
  // What would have stayed anyway stays for that reason.
  if (missing === 0) return leaveMember(pass, parent, plan, name, value, 'by-author', 0);
  const reason = (missing & SOME_CATEGORY) === 0 ? 'never-by-default' : 'not-permitted';
  return leaveMember(pass, parent, plan, name, value, reason, missing);
}

/** What the text may speak of that is not permitted, unless somebody has read this very text. */
function doubtOf({ rules, permitted, cues }: Pass, value: unknown, reviewed: unknown): LabelMask {
  const text = textOf(value);
  let found = cues.get(text);
  if (found === undefined) cues.set(text, (found = findCues(rules.cues, text)));
  const doubt = found & ~permitted;
  return doubt === 0 || reviewed === reviewDigest(text) ? 0 : doubt;
}

/** Ids of what stays would tell that it exists. */
function keepPointers(
  pass: Pass,
  plan: FieldPlan,
  target: string,
  retained: Retained,
  value: unknown,
  parent: Place,
  name: string,
): unknown {
  const survives = (id: unknown): boolean => typeof id === 'string' && (retained.get(target)?.has(id) ?? false);
  if (!Array.isArray(value))
    return survives(value) ? value : leaveMember(pass, parent, plan, name, value, 'points-to-withheld', 0);
  const left = value.filter((id, index) => {
    if (survives(id)) return true;
    leave(pass, itemPlace(memberPlace(parent, plan.position, name), index), id, 'points-to-withheld', NO_LABELS);
    return false;
  });
  return left.length === 0 ? undefined : left;
}

/** Most of what stays is one value of one field, for which no place within it is made. */
function leaveMember(
  pass: Pass,
  parent: Place,
  { position }: FieldPlan,
  name: string,
  value: unknown,
  reason: WithholdReason,
  missing: LabelMask,
  text?: string,
): undefined {
  if (pass.retained === undefined || isEmpty(value)) return undefined;
  const labels = namesOf(pass.plan, missing);
  if (typeof value === 'object') leave(pass, memberPlace(parent, position, name), value, reason, labels, text);
  else if (text === undefined) pass.withheld.push(withheldAt(parent, position, name, labels, reason));
  else pass.withheld.push({ path: memberPointer(parent, position, name), labels, reason, text });
  return undefined;
}

/** Records every non-empty leaf at the place as withheld. */
function leave(
  pass: Pass,
  place: Place,
  value: unknown,
  reason: WithholdReason,
  labels: readonly DataLabel[],
  text?: string,
): void {
  if (pass.retained === undefined || isEmpty(value)) return;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1)
      leave(pass, itemPlace(place, index), value[index], reason, labels, text);
  } else if (isPlainObject(value)) {
    for (const member of Object.values(value)) leave(pass, place, member, reason, labels, text);
  } else pass.withheld.push({ path: place.pointer, labels, reason, ...(text !== undefined && { text }) });
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
