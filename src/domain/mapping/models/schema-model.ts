import { maskOf, NEVER, type LabelMask } from '../../labels/labels.js';
import type { Place, Report } from '../finding.js';
import type { SourceModel, SourceNode, SourceObject, SourceValue, ValueType } from '../source-model.js';
import { isSchemaObject, shapeOf, type At, type JsonSchema, type ReadingShape, type Shape } from './schema-shape.js';

const NEVER_MASK = maskOf([NEVER]);
/** More fields than any case has: a schema that grows beyond by its references is refused before it fills the memory. */
const MOST_FIELDS = 20_000;
/** Names that would end a path, a text or an array index where generated code and residue name them. */
const UNUSABLE_NAME = /[.[\]()'"`\\\p{Cc}\u2028\u2029]|^$/u;

export interface SchemaSource {
  /** Names the model in messages and in the version of the mapping. */
  readonly name: string;
  /** JSON Schema, draft 2020-12, 2019-09 or 07. */
  readonly schema: unknown;
  /** Labels of every property that has none of its own and stands in nothing that has; 0: such a property cannot be read. */
  readonly defaultLabels: LabelMask;
  /** Where a JSON Pointer into the schema stands in its file. */
  readonly placeOf: (pointer: string) => Place;
}

/**
 * A JSON Schema as a source of maps: objects, arrays, values with their types and closed lists, and the labels that
 * `x-relais-labels` gives. Labels on an object or array hold for everything in it.
 *
 * Nothing is taken as present: `required` is a promise of whoever wrote the record, and a mapping must neither fail nor
 * invent where it is not kept. Properties that maps cannot read (lists of lists, endless recursion, values of mixed
 * types) stay in the model with the reason, so that only a map that reads one is wrong.
 */
export function schemaSourceModel({ name, schema, defaultLabels, placeOf }: SchemaSource, report: Report): SourceModel {
  const empty: SourceObject = { kind: 'object', many: false, required: true, members: new Map() };
  const reading: ReadingShape = {
    root: isSchemaObject(schema) ? schema : ({} satisfies JsonSchema),
    values: new Map(),
    report: (pointer, message, suggestion) => report(placeOf(pointer), `${pointer || '#'}: ${message}`, suggestion),
  };
  const root = shapeOf([{ schema, pointer: '' }], new Set(['']), reading);
  if (!root.types.has('object')) {
    reading.report('', 'The schema of a record describes an object with properties.');
    return { name, root: empty, emptyIsAbsent: false };
  }
  let fields = 0;
  let isTooLarge = false;

  const objectOf = (shape: Shape, mask: LabelMask, many: boolean): SourceObject => {
    const members = new Map<string, SourceNode>();
    for (const [key, sources] of shape.properties) {
      if ((fields += 1) > MOST_FIELDS) {
        isTooLarge = true;
        break;
      }
      members.set(key, nodeOf(key, sources, shape.followed, mask));
    }
    return { kind: 'object', many, required: false, members };
  };

  const nodeOf = (key: string, sources: readonly At[], followed: ReadonlySet<string>, outer: LabelMask): SourceNode => {
    if (UNUSABLE_NAME.test(key) || key in Object.prototype) return unreadable('its name cannot be written in a path');
    let shape = shapeOf(sources, followed, reading);
    let mask = outer | shape.mask;
    if (shape.isRecursive) return unreadable('its schema refers to one that it stands in');
    const many = shape.types.has('array');
    if (many) {
      if (shape.isTuple) return unreadable('its items differ by their place in the list');
      if ([...shape.types].some((type) => type !== 'array' && type !== 'null'))
        return unreadable('it may be a list or not');
      shape = shapeOf(shape.items, shape.followed, reading);
      mask |= shape.mask;
      if (shape.isRecursive) return unreadable('its schema refers to one that it stands in');
      if (shape.types.has('array')) return unreadable('it is a list of lists');
    }
    const types = [...shape.types].filter((type) => type !== 'null');
    if (types.includes('object')) {
      return types.length === 1 ? objectOf(shape, mask, many) : unreadable('it may be an object or a value');
    }
    return valueOf(shape, types, mask === 0 ? defaultLabels : mask, many);
  };

  const model = { ...objectOf(root, root.mask, false), required: true };
  if (isTooLarge) reading.report('', `The schema has more than ${MOST_FIELDS} properties, its references followed.`);
  return { name, root: model, emptyIsAbsent: false };
}

function valueOf(shape: Shape, types: readonly string[], mask: LabelMask, many: boolean): SourceNode {
  const type = typeOf(shape, types);
  if (type === null) {
    return unreadable(types.length === 0 ? 'its schema gives it no type' : 'its values may be of several types');
  }
  const texts = shape.values?.filter((value) => typeof value === 'string');
  const isClosed = type === 'string' && texts !== undefined;
  return {
    kind: 'value',
    type: isClosed ? 'code' : type,
    mask: mask === 0 ? undefined : mask,
    many,
    required: false,
    ...(isClosed && { codes: texts }),
    ...((mask & NEVER_MASK) !== 0 && { never: true }),
  };
}

const FORMATS: Readonly<Record<string, ValueType>> = { date: 'date', 'date-time': 'date' };

function typeOf({ format, values }: Shape, types: readonly string[]): ValueType | null {
  const [first] = types;
  if (types.length > 1) return types.every((type) => type === 'number' || type === 'integer') ? 'decimal' : null;
  if (first === 'string') return format === undefined ? 'string' : (FORMATS[format] ?? 'string');
  if (first === 'number') return values?.every(Number.isInteger) === true ? 'integer' : 'decimal';
  return first === 'boolean' || first === 'integer' ? first : null;
}

function unreadable(reason: string): SourceValue {
  return { kind: 'value', type: 'string', mask: undefined, many: false, required: false, unreadable: reason };
}
