import { z } from 'zod';
import {
  maskOf,
  SENSITIVITIES,
  type Category,
  type LabelMask,
  type NEVER,
  type Sensitivity,
} from '../labels/labels.js';
import { partialDate, sha256 } from './values.js';

/**
 * How the case model is written down: a field is a kind of value **with a category**, an entity holds fields, other
 * entities and lists of entities. A bare zod type is no field, so a field without a category does not compile
 * (test/domain/case/category.types.ts).
 */
declare const labelledBrand: unique symbol;

export interface Field<Type extends z.ZodType = z.ZodType, Needed extends boolean = boolean> {
  readonly [labelledBrand]: true;
  readonly kind: 'field';
  readonly type: Type;
  readonly required: Needed;
  readonly category: Category | typeof NEVER;
  readonly sensitivities: readonly Sensitivity[];
  readonly mask: LabelMask;
  /** Path pattern of the list whose items' ids this field names, e.g. `needs`. */
  readonly target?: string;
  readonly description?: string;
}

export interface List<Item extends Entity = Entity> {
  readonly kind: 'list';
  readonly item: Item;
  readonly max: number;
}

type Member = Field | List | Entity;
export type Members = { readonly [name: string]: Member };

export interface Entity<Fields extends Members = Members, Needed extends boolean = boolean> {
  readonly kind: 'entity';
  readonly required: Needed;
  /** Unique in the model; rules and code-dependent labels are tied to it. */
  readonly name: string;
  readonly description: string;
  readonly fields: Fields;
  readonly type: z.ZodType;
}

/** Gives a kind of value its category and its sensitivities. */
export function labelled<Type extends z.ZodType>(
  type: Type,
  category: Category | typeof NEVER,
  ...sensitivities: readonly Sensitivity[]
): Field<Type, false> {
  return {
    kind: 'field',
    type,
    required: false,
    category,
    sensitivities,
    mask: maskOf([category, ...sensitivities]),
  } as unknown as Field<Type, false>; // the brand is given here and nowhere else
}

/** The field must be present. */
export function must<Type extends z.ZodType>(field: Field<Type>): Field<Type, true> {
  return { ...field, required: true };
}

/** Says what the field means where its name does not. */
export function described<Type extends z.ZodType, Needed extends boolean>(
  field: Field<Type, Needed>,
  description: string,
): Field<Type, Needed> {
  return { ...field, description };
}

/** The field names ids of items of the list at `target`. */
export function naming<Type extends z.ZodType, Needed extends boolean>(
  field: Field<Type, Needed>,
  target: string,
): Field<Type, Needed> {
  return { ...field, target };
}

export function entity<const Fields extends Members>(
  name: string,
  description: string,
  fields: Fields,
): Entity<Fields, false> {
  const shape: Record<string, z.ZodType> = {};
  for (const [fieldName, member] of Object.entries(fields)) {
    const type = typeOf(member);
    shape[fieldName] = member.kind !== 'list' && member.required ? type : type.optional();
  }
  shape['about'] = aboutType(Object.keys(fields)).optional();
  return { kind: 'entity', required: false, name, description, fields, type: z.strictObject(shape) };
}

/** The entity must be present. */
export function needed<Fields extends Members>(optional: Entity<Fields>): Entity<Fields, true> {
  return { ...optional, required: true };
}

export function list<Item extends Entity>(item: Item, max: number): List<Item> {
  return { kind: 'list', item, max };
}

function typeOf(member: Member): z.ZodType {
  return member.kind === 'list' ? z.array(member.item.type).max(member.max) : member.type;
}

/** What is known about a value: where it comes from, whether the person disputes it, whether it may travel. */
export interface AboutField {
  readonly source: 'declared' | 'observed' | 'document';
  /** YYYY, YYYY-MM or YYYY-MM-DD. */
  readonly date?: string;
  readonly contested?: boolean;
  readonly doNotShare?: boolean;
  readonly sensitivities?: readonly Sensitivity[];
  /** SHA-256 (hex) of the text that somebody read and found to speak of nothing that its labels do not say. */
  readonly reviewed?: string;
}

/** Names the whole entity in `about`. */
export const WHOLE = '*';

export const ABOUT_MEMBERS = ['source', 'date', 'contested', 'doNotShare', 'sensitivities', 'reviewed'] as const;

const aboutField = z.strictObject({
  source: z.enum(['declared', 'observed', 'document']),
  date: partialDate().optional(),
  contested: z.boolean().optional(),
  doNotShare: z.boolean().optional(),
  sensitivities: z.array(z.enum(SENSITIVITIES)).max(SENSITIVITIES.length).optional(),
  reviewed: sha256().optional(),
});

function aboutType(names: readonly string[]): z.ZodType {
  return z.strictObject(Object.fromEntries([...names, WHOLE].map((name) => [name, aboutField.optional()])));
}

// ---------------------------------------------------------------- types derived from a definition

type RequiredNames<Fields extends Members> = {
  [Name in keyof Fields]: Fields[Name] extends { readonly required: true } ? Name : never;
}[keyof Fields];

type Frozen<Value> = Value extends (infer Item)[] ? readonly Item[] : Value;

export type ValueOf<Member_> =
  Member_ extends Field<infer Type, boolean>
    ? Frozen<z.infer<Type>>
    : Member_ extends List<infer Item>
      ? readonly ValueOf<Item>[]
      : Member_ extends Entity<infer Fields>
        ? { readonly [Name in RequiredNames<Fields>]: ValueOf<Fields[Name]> } & {
            readonly [Name in Exclude<keyof Fields, RequiredNames<Fields>>]?: ValueOf<Fields[Name]>;
          } & { readonly about?: { readonly [Name in keyof Fields | typeof WHOLE]?: AboutField } }
        : never;
