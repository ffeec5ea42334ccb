import { DATA_LABELS, maskOf, type LabelMask } from '../../labels/labels.js';
import { nearest } from '../finding.js';

export type JsonSchema = { readonly [keyword: string]: unknown };

/** A schema and where it stands: a JSON Pointer (RFC 6901), for messages. */
export interface At {
  readonly schema: unknown;
  readonly pointer: string;
}

/** One schema with everything that applies beside it: `$ref`, `allOf`, and every branch of `anyOf`, `oneOf`, `if`. */
export interface Shape {
  readonly types: ReadonlySet<string>;
  readonly format: string | undefined;
  readonly properties: ReadonlyMap<string, readonly At[]>;
  readonly items: readonly At[];
  readonly isTuple: boolean;
  /** The closed list of values; undefined when any value of the type may come. */
  readonly values: readonly unknown[] | undefined;
  readonly mask: LabelMask;
  /** References followed on the way: an inner schema that follows one of them again has no end. */
  readonly followed: ReadonlySet<string>;
  readonly isRecursive: boolean;
}

export interface ReadingShape {
  readonly root: JsonSchema;
  /** Closed lists by the pointer of their schema, once read. */
  readonly values: Map<string, unknown[] | undefined>;
  /** @param pointer where it is wrong */
  readonly report: (pointer: string, message: string, suggestion?: string) => void;
}

const LABELS = 'x-relais-labels';
const BRANCHES = ['allOf', 'anyOf', 'oneOf'] as const;

export const isSchemaObject = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @param followed references that lead to these schemas */
export function shapeOf(sources: readonly At[], followed: ReadonlySet<string>, reading: ReadingShape): Shape {
  const types = new Set<string>();
  const properties = new Map<string, At[]>();
  const items: At[] = [];
  const seen = new Set(followed);
  const active = new Set<string>();
  const found = { format: undefined as string | undefined, mask: 0, isTuple: false, isRecursive: false };

  const collect = ({ schema, pointer }: At): void => {
    if (typeof schema === 'boolean') return;
    if (!isSchemaObject(schema)) {
      reading.report(pointer, 'A schema is an object.');
      return;
    }
    found.mask |= labelsAt(schema, pointer, reading);
    for (const type of typesOf(schema)) types.add(type);
    if (typeof schema['format'] === 'string') found.format ??= schema['format'];
    for (const at of membersOf(schema, pointer, 'properties')) {
      properties.set(at.name, [...(properties.get(at.name) ?? []), at]);
    }
    if (isSchemaObject(schema['items'])) items.push({ schema: schema['items'], pointer: `${pointer}/items` });
    found.isTuple ||= Array.isArray(schema['items']) || Array.isArray(schema['prefixItems']);
    for (const branch of branchesOf(schema, pointer)) collect(branch);
    follow(schema, pointer);
  };
  const follow = (schema: JsonSchema, pointer: string): void => {
    const target = targetOf(schema, pointer, reading);
    if (target === null) return;
    if (followed.has(target.pointer) || active.has(target.pointer)) found.isRecursive = true;
    else if (!seen.has(target.pointer)) {
      seen.add(target.pointer);
      active.add(target.pointer);
      collect(target);
      active.delete(target.pointer);
    }
  };

  sources.forEach(collect);
  // Several schemas of one property may be alternatives: the list is closed when each of them closes it.
  const lists = sources.map((source) => valuesOf(source, reading));
  const values = lists.every((list) => list !== undefined) ? [...new Set(lists.flat())] : undefined;
  return { types, properties, items, values, followed: seen, ...found };
}

function typesOf({ type, properties, items, enum: list, const: only }: JsonSchema): string[] {
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) return type.filter((one) => typeof one === 'string');
  if (properties !== undefined) return ['object'];
  if (items !== undefined) return ['array'];
  const values: unknown[] = Array.isArray(list) ? list : only === undefined ? [] : [only];
  return values.map((value) =>
    value === null ? 'null' : typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value,
  );
}

function* membersOf(schema: JsonSchema, pointer: string, keyword: string): Generator<At & { readonly name: string }> {
  const members = schema[keyword];
  if (!isSchemaObject(members)) return;
  for (const [name, member] of Object.entries(members)) {
    yield { name, schema: member, pointer: `${pointer}/${keyword}/${escaped(name)}` };
  }
}

/** Every schema that may apply in the same place: a map may read what any of the alternatives has. */
function* branchesOf(schema: JsonSchema, pointer: string): Generator<At> {
  for (const keyword of BRANCHES) {
    const list = schema[keyword];
    if (!Array.isArray(list)) continue;
    for (const [index, branch] of (list as unknown[]).entries())
      yield { schema: branch, pointer: `${pointer}/${keyword}/${index}` };
  }
  for (const keyword of ['then', 'else']) {
    if (schema[keyword] !== undefined) yield { schema: schema[keyword], pointer: `${pointer}/${keyword}` };
  }
}

function targetOf({ $ref }: JsonSchema, pointer: string, { root, report }: ReadingShape): At | null {
  if ($ref === undefined) return null;
  const own = typeof root['$id'] === 'string' ? root['$id'].replace(/#$/, '') : '';
  const path = typeof $ref === 'string' && own !== '' && $ref.startsWith(`${own}#`) ? $ref.slice(own.length) : $ref;
  if (typeof path !== 'string' || !/^#(?:\/|$)/.test(path)) {
    report(pointer, 'Only references within the schema are followed, as in #/$defs/address.');
    return null;
  }
  let schema: unknown = root;
  for (const name of path.slice(2).split('/')) {
    if (path === '#') break;
    const key = decoded(name);
    const inside = typeof schema === 'object' && schema !== null && key !== null && Object.hasOwn(schema, key);
    if (!inside) {
      report(pointer, 'This reference leads nowhere.');
      return null;
    }
    schema = (schema as JsonSchema)[key];
  }
  return { schema, pointer: path.slice(1) };
}

/** A step of a reference: percent-encoding first, then the two escapes of RFC 6901; null when it is neither. */
function decoded(name: string): string | null {
  try {
    return decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return null;
  }
}

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

function labelsAt(schema: JsonSchema, pointer: string, { report }: ReadingShape): LabelMask {
  const labels = schema[LABELS];
  if (labels === undefined) return 0;
  if (!Array.isArray(labels)) {
    report(`${pointer}/${LABELS}`, 'Labels are a list, as in ["identity"].');
    return 0;
  }
  let mask = 0;
  for (const label of labels as unknown[]) {
    const known = DATA_LABELS.find((one) => one === label);
    if (known === undefined)
      report(`${pointer}/${LABELS}`, `There is no data label ${String(label)}.`, nearest(String(label), DATA_LABELS));
    else mask |= maskOf([known]);
  }
  return mask;
}

/** The values that a schema lets through where it lists them: all of its parts together, any of its alternatives. */
function valuesOf(at: At, reading: ReadingShape): unknown[] | undefined {
  if (reading.values.has(at.pointer)) return reading.values.get(at.pointer);
  // What is met again while it is read closes nothing.
  reading.values.set(at.pointer, undefined);
  const values = readValues(at, reading);
  reading.values.set(at.pointer, values);
  return values;
}

function readValues({ schema, pointer }: At, reading: ReadingShape): unknown[] | undefined {
  if (!isSchemaObject(schema)) return undefined;
  const lists: unknown[][] = [];
  if (Array.isArray(schema['enum'])) lists.push(schema['enum'] as unknown[]);
  if (schema['const'] !== undefined) lists.push([schema['const']]);
  const target = targetOf(schema, pointer, { ...reading, report: () => undefined });
  const parts = Array.isArray(schema['allOf']) ? (schema['allOf'] as unknown[]) : [];
  for (const at of [
    ...(target === null ? [] : [target]),
    ...parts.map((part, index) => ({ schema: part, pointer: `${pointer}/allOf/${index}` })),
  ]) {
    const values = valuesOf(at, reading);
    if (values !== undefined) lists.push(values);
  }
  for (const keyword of ['anyOf', 'oneOf']) {
    if (!Array.isArray(schema[keyword])) continue;
    const branches = (schema[keyword] as unknown[])
      .map((branch, index) => ({ schema: branch, pointer: `${pointer}/${keyword}/${index}` }))
      .filter((branch) => !isNull(branch.schema))
      .map((branch) => valuesOf(branch, reading));
    if (branches.every((values) => values !== undefined)) lists.push(branches.flat());
  }
  if (lists.length === 0) return undefined;
  return [...new Set(lists.reduce((a, b) => a.filter((value) => b.includes(value))))];
}

const isNull = (schema: unknown): boolean => isSchemaObject(schema) && schema['type'] === 'null';
