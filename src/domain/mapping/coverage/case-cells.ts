import type { z } from 'zod';
import type { Entity, Field } from '../../case/define.js';
import { caseModel } from '../../case/schema.js';
import { maskOf, NEVER } from '../../labels/labels.js';
import { otherCaseValue } from './other-value.js';
import type { Cell, CellKind, Step } from './cell.js';

const NEVER_MASK = maskOf([NEVER]);

/** Every non-empty value of a case: one for each field, and one for each item of a field that is a list. */
export function caseCells(record: unknown): Cell[] {
  return entityCells(caseModel, record as Plain, [], '');
}

type Plain = Readonly<Record<string, unknown>>;

function entityCells(model: Entity, value: Plain, steps: readonly Step[], pattern: string): Cell[] {
  const own = Object.entries(model.fields).flatMap(([name, member]): Cell[] => {
    const inner = value[name];
    if (inner === undefined || inner === null) return [];
    const [at, path] = [[...steps, { name }], pattern === '' ? name : `${pattern}.${name}`];
    if (member.kind === 'entity') return entityCells(member, inner as Plain, at, path);
    if (member.kind === 'list') {
      return (inner as readonly Plain[]).flatMap((item, index) =>
        entityCells(member.item, item, [...at, itemStep(item, index)], `${path}[]`),
      );
    }
    return fieldCells(model, name, member, inner, at, path);
  });
  return [...own, ...aboutCells(model, value, steps, pattern)];
}

const itemStep = ({ id }: Plain, index: number): Step =>
  typeof id === 'string' ? { index, key: { name: 'id', value: id } } : { index };

function fieldCells(
  model: Entity,
  name: string,
  field: Field,
  value: unknown,
  steps: readonly Step[],
  pattern: string,
): Cell[] {
  const shared = { group: model.name, kind: kindOf(name, field), mask: field.mask };
  const { type } = field;
  if (!Array.isArray(value)) return [{ ...shared, steps, pattern, value, other: () => otherCaseValue(type, value) }];
  const item = (type as unknown as z.ZodArray).element as z.ZodType;
  return value.map((each: unknown, index) => ({
    ...shared,
    steps: [...steps, { index }],
    pattern: `${pattern}[]`,
    value: each,
    other: () => otherItem(item, each, value),
  }));
}

/** Lists of codes hold each once: the other value is none that is there already. */
function otherItem(type: z.ZodType, value: unknown, list: readonly unknown[]): unknown {
  let other = otherCaseValue(type, value);
  for (let tries = 0; tries < list.length && list.includes(other); tries += 1) other = otherCaseValue(type, other);
  return other === value || list.includes(other) ? undefined : other;
}

function kindOf(name: string, { mask, target }: Field): CellKind {
  if ((mask & NEVER_MASK) !== 0) return 'never';
  if (name === 'id' || target !== undefined) return 'key';
  return name === 'schemaVersion' ? 'metadata' : 'content';
}

/** What is said about fields (source, contested, do not share) is about the record, and stays at home. */
function aboutCells(model: Entity, value: Plain, steps: readonly Step[], pattern: string): Cell[] {
  return Object.entries((value['about'] as Plain | undefined) ?? {}).flatMap(([field, marks]) =>
    Object.entries(marks as Plain).map(([mark, said]) => ({
      steps: [...steps, { name: 'about' }, { name: field }, { name: mark }],
      pattern: `${pattern === '' ? '' : `${pattern}.`}about.${field}.${mark}`,
      group: model.name,
      kind: 'metadata' as const,
      value: said,
      other: () => undefined,
      mask: 0,
    })),
  );
}
