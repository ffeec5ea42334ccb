import type { z } from 'zod';
import type { Entity, Field, List } from '../../case/define.js';
import { caseModel } from '../../case/schema.js';
import { partialDate } from '../../case/values.js';
import { maskOf, NEVER } from '../../labels/labels.js';
import type { SourceModel, SourceNode, SourceObject, ValueType } from '../source-model.js';

const NEVER_MASK = maskOf([NEVER]);
let model: SourceModel | undefined;

/**
 * The case model as a source of maps: every field with its static labels. What is said `about` fields is no field.
 *
 * Nothing is required here: a map reads what `withhold` left of a case, and a mark may have taken any field out.
 */
export function caseSourceModel(): SourceModel {
  model ??= { name: 'case', root: { ...objectOf(caseModel, false), required: true }, emptyIsAbsent: false };
  return model;
}

function objectOf(entity: Entity, many: boolean): SourceObject {
  const members = Object.entries(entity.fields).map(([name, member]) => [name, nodeOf(member)] as const);
  return { kind: 'object', many, required: false, members: new Map(members) };
}

function nodeOf(member: Entity | List | Field): SourceNode {
  if (member.kind === 'entity') return objectOf(member, false);
  if (member.kind === 'list') return objectOf(member.item, true);
  const many = member.type.def.type === 'array';
  const type = many ? (member.type as unknown as z.ZodArray).element : member.type;
  const codes = codesOf(type as z.ZodType);
  return {
    kind: 'value',
    type: typeOf(type as z.ZodType),
    mask: member.mask,
    many,
    required: false,
    ...(codes !== undefined && { codes }),
    ...((member.mask & NEVER_MASK) !== 0 && { never: true }),
  };
}

const TYPES: Readonly<Partial<Record<z.ZodType['def']['type'], ValueType>>> = {
  boolean: 'boolean',
  enum: 'code',
  custom: 'decimal',
  number: 'integer',
  literal: 'integer',
};

/** Dates are texts whose schema says so: a whole day by its format, a partial one by its pattern (case/values). */
const DATE_PATTERN = partialDate().meta()?.['pattern'];

function typeOf(type: z.ZodType): ValueType {
  const { format, pattern } = type.meta() ?? {};
  if (format === 'date' || pattern === DATE_PATTERN) return 'date';
  return TYPES[type.def.type] ?? 'string';
}

function codesOf(type: z.ZodType): readonly string[] | undefined {
  return type.def.type === 'enum' ? ((type as unknown as z.ZodEnum).options as string[]) : undefined;
}
