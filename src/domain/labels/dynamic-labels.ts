import { WHOLE, type Entity } from '../case/define.js';
import { caseModel } from '../case/schema.js';
import { labelsFromCodes } from './code-labels.js';
import { maskOf, type LabelMask } from './labels.js';

type Plain = Readonly<Record<string, unknown>>;

/**
 * Lists whose items pass their labels on to what names them: a goal that serves a need about addiction is about
 * addiction, whatever its own code says.
 */
export const PASSING_ON: readonly string[] = [
  'needs',
  'goals',
  'stays',
  'rights.benefits',
  'rights.applications',
  'rights.decisions',
];

export interface DynamicLabels {
  /** Labels that the whole entity carries over those of its fields: from codes, marks, and what it names. */
  of(model: Entity, item: Plain): LabelMask;
}

/** Reads a record once for the labels that depend on what it says. */
export function dynamicLabels(record: Plain): DynamicLabels {
  const byId = new Map<string, Map<string, LabelMask>>(PASSING_ON.map((path) => [path, new Map<string, LabelMask>()]));
  const of = (model: Entity, item: Plain): LabelMask => ownLabels(model, item) | namedLabels(byId, model, item);
  for (let changed = true; changed;) {
    changed = false;
    for (const path of PASSING_ON) {
      const { model, items } = listAt(record, path);
      const masks = byId.get(path);
      for (const item of items) {
        const id = item['id'];
        if (typeof id !== 'string' || masks === undefined) continue;
        const before = masks.get(id) ?? 0;
        const after = before | of(model, item);
        if (after !== before) {
          masks.set(id, after);
          changed = true;
        }
      }
    }
  }
  // Asked again in every pass over the record; nothing changes any more.
  const settled = new Map<Plain, LabelMask>();
  return {
    of(model, item) {
      let mask = settled.get(item);
      if (mask === undefined) settled.set(item, (mask = of(model, item)));
      return mask;
    },
  };
}

function ownLabels(model: Entity, item: Plain): LabelMask {
  const about = item['about'] as Readonly<Record<string, { sensitivities?: readonly string[] }>> | undefined;
  const named = about?.[WHOLE]?.sensitivities;
  return labelsFromCodes(model.name, item) | (named === undefined ? 0 : maskOf(named));
}

const NAMING = new WeakMap<Entity, readonly (readonly [string, string])[]>();

/** Fields of the entity that name items which pass their labels on. */
function namingFields(model: Entity): readonly (readonly [string, string])[] {
  const known = NAMING.get(model);
  if (known !== undefined) return known;
  const fields = Object.entries(model.fields).flatMap(([name, member]) => {
    const target = member.kind === 'field' ? member.target : undefined;
    return target !== undefined && PASSING_ON.includes(target) ? [[name, target] as const] : [];
  });
  NAMING.set(model, fields);
  return fields;
}

function namedLabels(byId: ReadonlyMap<string, ReadonlyMap<string, LabelMask>>, model: Entity, item: Plain): LabelMask {
  let mask = 0;
  for (const [name, target] of namingFields(model)) {
    const value = item[name];
    for (const id of Array.isArray(value) ? value : [value]) mask |= byId.get(target)?.get(String(id)) ?? 0;
  }
  return mask;
}

function listAt(record: Plain, path: string): { readonly model: Entity; readonly items: readonly Plain[] } {
  let model: Entity = caseModel;
  let value: unknown = record;
  for (const name of path.split('.')) {
    const member = model.fields[name];
    if (member === undefined || member.kind === 'field') throw new RangeError(`No list at ${path}`);
    model = member.kind === 'list' ? member.item : member;
    value = typeof value === 'object' && value !== null ? (value as Plain)[name] : undefined;
  }
  return { model, items: Array.isArray(value) ? (value as Plain[]) : [] };
}
