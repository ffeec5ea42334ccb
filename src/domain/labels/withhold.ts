import { WHOLE, type Entity, type Field, type List } from '../case/define.js';
import { caseModel, type Case } from '../case/schema.js';
import type { Sharable } from '../case/sharable.js';
import { findCues } from './cues/find-cues.js';
import { isProse, reviewDigest, textOf } from './cues/prose.js';
import { dynamicLabels, type DynamicLabels } from './dynamic-labels.js';
import { CATEGORIES, labelsOf, maskOf, NEVER, permits, type DataLabel, type LabelMask } from './labels.js';
import type { LabelRules } from './rules/rules.js';

/** Why one element stays. Sentences: withhold-texts.ts. */
export type WithholdReason =
  /** A category that the permit does not hold. */
  | 'not-permitted'
  /** The categories are permitted; a sensitivity that leaves only by a rule that names it is not. */
  | 'never-by-default'
  /** The person or the worker marked it. */
  | 'do-not-share'
  /** Working notes. */
  | 'never'
  /** It points to something that stays. */
  | 'points-to-withheld'
  /** Its words may speak of what is not permitted; it waits until somebody has read it. */
  | 'to-review'
  /** The model does not know the field: what has no label is not shared. */
  | 'unlabelled';

/** One non-empty leaf that stays: `withheld.length` is the number of withheld elements. */
export interface Withheld {
  /** JSON Pointer (RFC 6901) into the record. */
  readonly path: string;
  /** The labels that were missing from the permit; empty for marks and pointers; for a review what it may speak of. */
  readonly labels: readonly DataLabel[];
  readonly reason: WithholdReason;
  /** With `to-review`: SHA-256 (hex) of the text that waits, to be put into `about` by whoever has read it. */
  readonly text?: string;
}

/** One field that stays in the record that may be shared. */
export interface Kept {
  /** JSON Pointer (RFC 6901) into the record as it was given. */
  readonly path: string;
  /** The labels that had to be permitted for it. */
  readonly labels: LabelMask;
  readonly value: unknown;
}

export interface WithholdResult {
  readonly record: Sharable<Case>;
  readonly withheld: readonly Withheld[];
  /** Every field that is left, in the record's order; together with `withheld` the whole record. */
  readonly kept: readonly Kept[];
}

type Plain = Readonly<Record<string, unknown>>;
/** Ids that survive, by the list that holds them. */
type Retained = ReadonlyMap<string, ReadonlySet<string>>;

interface Pass {
  readonly rules: LabelRules;
  readonly permitted: LabelMask;
  readonly dynamic: DynamicLabels;
  /** undefined in the first pass: every pointer is kept. */
  readonly retained: Retained | undefined;
  readonly survivors: Map<string, Set<string>>;
  /** undefined in the passes that only find out which ids survive. */
  readonly withheld: Withheld[] | undefined;
  /** undefined in the first pass: what is kept is known only when every pointer is judged. */
  readonly kept: Kept[] | undefined;
  /** The names of each set of labels that was missing: most fields that stay miss one of a few sets. */
  readonly names: Map<LabelMask, readonly DataLabel[]>;
  /** What each text may speak of: read once, asked in every pass. */
  readonly cues: Map<string, LabelMask>;
}

/** What holds for everything below a point: labels inherited from marks and codes, or a reason that ends it. */
interface Above {
  readonly mask: LabelMask;
  readonly mark: 'do-not-share' | undefined;
  /** Digest of the text that somebody has read; of this field alone. */
  readonly reviewed?: unknown;
}

const NOTHING_ABOVE: Above = { mask: 0, mark: undefined };
const SOME_CATEGORY = maskOf(CATEGORIES);
const NEVER_MASK = maskOf([NEVER]);

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
  const dynamic = dynamicLabels(rules, record);
  const names = new Map<LabelMask, readonly DataLabel[]>();
  const cues = new Map<string, LabelMask>();
  const keep = (retained: Retained | undefined, withheld: Withheld[] | undefined, kept: Kept[] | undefined) => {
    const survivors = new Map<string, Set<string>>();
    const pass: Pass = { rules, permitted, dynamic, retained, survivors, withheld, kept, names, cues };
    return { left: keepEntity(pass, caseModel, record, '', '', NOTHING_ABOVE), survivors };
  };
  let retained = keep(undefined, undefined, undefined).survivors;
  for (;;) {
    const withheld: Withheld[] = [];
    const kept: Kept[] = [];
    const { left, survivors } = keep(retained, withheld, kept);
    if (sizeOf(retained) === sizeOf(survivors)) return { record: left ?? {}, withheld, kept };
    retained = survivors; // only ever shrinks, so this ends
  }
}

function sizeOf(retained: Retained): number {
  let size = 0;
  for (const ids of retained.values()) size += ids.size;
  return size;
}

function keepEntity(
  pass: Pass,
  model: Entity,
  value: unknown,
  pointer: string,
  pattern: string,
  above: Above,
): Plain | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const source = value as Plain;
  const abouts = isPlainObject(source['about']) ? source['about'] : undefined;
  const mask = above.mask | pass.dynamic.of(model, source);
  const mark = above.mark ?? markOf(aboutOf(abouts, WHOLE));
  const here: Above = { mask, mark };
  const left: Record<string, unknown> = {};
  let isEmptied = true;
  for (const name in source) {
    const member = source[name];
    if (name === 'about' || member === undefined) continue;
    const definition = Object.hasOwn(model.fields, name) ? model.fields[name] : undefined;
    if (definition === undefined) {
      leave(pass, pointer, member, 'unlabelled', 0); // its name is content too
      continue;
    }
    const about = aboutOf(abouts, name);
    const inner: Above =
      about === undefined
        ? here
        : { mask: mask | sensitivitiesOf(about), mark: mark ?? markOf(about), reviewed: about['reviewed'] };
    const kept =
      definition.kind === 'field'
        ? keepField(pass, definition, member, pointer, name, inner)
        : keepNested(
            pass,
            definition,
            member,
            `${pointer}/${name}`,
            pattern === '' ? name : `${pattern}.${name}`,
            inner,
          );
    if (kept === undefined) continue;
    left[name] = kept;
    isEmptied = false;
  }
  if (isEmptied) return undefined;
  const about = abouts === undefined ? undefined : keepAbout(abouts, left);
  if (about !== undefined) left['about'] = about;
  return left;
}

function keepNested(
  pass: Pass,
  model: List | Entity,
  value: unknown,
  pointer: string,
  pattern: string,
  above: Above,
): unknown {
  return model.kind === 'list'
    ? keepList(pass, model, value, pointer, pattern, above)
    : keepEntity(pass, model, value, pointer, pattern, above);
}

function keepList(
  pass: Pass,
  model: List,
  value: unknown,
  pointer: string,
  pattern: string,
  above: Above,
): readonly unknown[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const left: Plain[] = [];
  value.forEach((item: unknown, index) => {
    const place = `${pointer}/${index}`;
    const before = pass.withheld?.length ?? 0;
    const keptBefore = pass.kept?.length ?? 0;
    const kept = keepEntity(pass, model.item, item, place, `${pattern}[]`, above);
    if (kept === undefined) return;
    if (isBare(kept)) {
      pass.kept?.splice(keptBefore);
      const hidden = pass.withheld?.[before];
      if (hidden !== undefined) pass.withheld?.push({ ...hidden, path: `${place}/id` });
      return;
    }
    left.push(kept);
    remember(pass.survivors, pattern, kept['id']);
  });
  return left.length === 0 ? undefined : left;
}

/** Only the id is left: it says nothing, and that there is something is not for the recipient. */
function isBare(item: Plain): boolean {
  for (const name in item) if (name !== 'id' && name !== 'about') return false;
  return true;
}

function remember(survivors: Map<string, Set<string>>, pattern: string, id: unknown): void {
  if (typeof id !== 'string') return;
  const ids = survivors.get(pattern);
  if (ids === undefined) survivors.set(pattern, new Set([id]));
  else ids.add(id);
}

function keepField(pass: Pass, model: Field, value: unknown, parent: string, name: string, above: Above): unknown {
  const needed = withCategories(pass.rules, model.mask | above.mask);
  const isCovered = above.mark === undefined && permits(pass.permitted, needed);
  const pointer = `${parent}/${name}`;
  if (isCovered) {
    const left =
      model.target === undefined || pass.retained === undefined
        ? isEmpty(value)
          ? undefined
          : value
        : keepPointers(pass, model.target, pass.retained, value, pointer);
    if (left === undefined) return undefined;
    const doubt = isProse(model) ? doubtOf(pass, left, above.reviewed) : 0;
    if (doubt !== 0) return leave(pass, pointer, left, 'to-review', doubt, reviewDigest(textOf(left)));
    pass.kept?.push({ path: pointer, labels: needed, value: left });
    return left;
  }
  if ((needed & NEVER_MASK) !== 0) return leave(pass, pointer, value, 'never', NEVER_MASK);
  if (above.mark !== undefined) return leave(pass, pointer, value, above.mark, 0);
  const missing = needed & ~pass.permitted;
  const reason = (missing & SOME_CATEGORY) === 0 ? 'never-by-default' : 'not-permitted';
  return leave(pass, pointer, value, reason, missing);
}

/** What the text may speak of that is not permitted, unless somebody has read this very text. */
function doubtOf({ rules, permitted, cues }: Pass, value: unknown, reviewed: unknown): LabelMask {
  const text = textOf(value);
  let found = cues.get(text);
  if (found === undefined) cues.set(text, (found = findCues(rules.cues, text)));
  const doubt = found & ~permitted;
  return doubt === 0 || reviewed === reviewDigest(text) ? 0 : doubt;
}

/** What a whole category carries in addition, by the rules of the installation. */
function withCategories(rules: LabelRules, mask: LabelMask): LabelMask {
  let all = mask;
  for (const [category, added] of rules.case.byCategory) if ((mask & category) !== 0) all |= added;
  return all;
}

/** Ids of what stays would tell that it exists. */
function keepPointers(pass: Pass, target: string, retained: Retained, value: unknown, pointer: string): unknown {
  const survives = (id: unknown): boolean => typeof id === 'string' && (retained.get(target)?.has(id) ?? false);
  if (!Array.isArray(value)) return survives(value) ? value : leave(pass, pointer, value, 'points-to-withheld', 0);
  const left = value.filter((id, index) => {
    if (survives(id)) return true;
    leave(pass, `${pointer}/${index}`, id, 'points-to-withheld', 0);
    return false;
  });
  return left.length === 0 ? undefined : left;
}

/** Records every non-empty leaf below the pointer as withheld. */
function leave(
  pass: Pass,
  pointer: string,
  value: unknown,
  reason: WithholdReason,
  missing: LabelMask,
  text?: string,
): undefined {
  if (pass.withheld === undefined || isEmpty(value)) return undefined;
  if (Array.isArray(value)) {
    value.forEach((item, index) => leave(pass, `${pointer}/${index}`, item, reason, missing, text));
  } else if (isPlainObject(value)) {
    for (const member of Object.values(value)) leave(pass, pointer, member, reason, missing, text);
  } else {
    pass.withheld.push({ path: pointer, labels: namesOf(pass, missing), reason, ...(text !== undefined && { text }) });
  }
  return undefined;
}

function namesOf({ names }: Pass, missing: LabelMask): readonly DataLabel[] {
  let found = names.get(missing);
  if (found === undefined) names.set(missing, (found = labelsOf(missing)));
  return found;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function isPlainObject(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

// ---------------------------------------------------------------- marks

function aboutOf(abouts: Plain | undefined, name: string): Plain | undefined {
  if (abouts === undefined || !Object.hasOwn(abouts, name)) return undefined;
  const entry = abouts[name];
  return isPlainObject(entry) ? entry : undefined;
}

function markOf(about: Plain | undefined): 'do-not-share' | undefined {
  return about?.['doNotShare'] === true ? 'do-not-share' : undefined;
}

function sensitivitiesOf(about: Plain | undefined): LabelMask {
  const named = about?.['sensitivities'];
  return Array.isArray(named) ? maskOf(named as string[]) : 0;
}

/** What is said about what is left, without the marks that only the sender needs. */
function keepAbout(abouts: Plain, kept: Plain): Plain | undefined {
  const left: Record<string, unknown> = {};
  for (const name in abouts) {
    if (name !== WHOLE && !Object.hasOwn(kept, name)) continue;
    const about = aboutOf(abouts, name);
    if (about === undefined) continue;
    const { doNotShare: _mark, reviewed: _read, ...rest } = about;
    left[name] = rest;
  }
  return Object.keys(left).length === 0 ? undefined : left;
}
