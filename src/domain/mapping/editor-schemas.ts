import { DATA_LABELS } from '../labels/labels.js';
import { isResourceType, typeInfo, typeNames, type TypeInfo } from '../fhir/model.js';
import type { CODE_MAP_KEYS } from './code-map.js';
import type { PACK_KEYS, RECORD_KEYS } from './read-pack.js';
import type { SEVERAL_KEYS } from './template/expand-map.js';
import { UNMAPPED, type FROM_KEYS, type JOIN_KEYS, type MAP_KEYS } from './template/read-map.js';
import { CONSTRUCTS } from './template/read-template.js';

type Schema = Readonly<Record<string, unknown>> | boolean;
type Of<Keys extends readonly string[]> = { readonly [Key in Keys[number]]: Schema };

const about = (description: string, rest: object = {}): Schema => ({ description, ...rest });
const text = (description: string): Schema => about(description, { type: 'string' });
const labelList = (description: string): Schema =>
  about(description, {
    anyOf: [
      { type: 'array', items: { enum: [...DATA_LABELS] }, uniqueItems: true },
      // A mark of a compile-time `for` that stands for the list.
      { type: 'string', pattern: '^\\$\\(.+\\)$' },
    ],
  });
const closed = (properties: object, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
  additionalProperties: false,
});

const EXPRESSION = 'A FHIRPath expression as it is, without braces.';

const JOIN: Of<typeof JOIN_KEYS> = {
  table: text('The table in which the row is.'),
  key: text('The table’s primary key: on the way back its row is made once.'),
  canBe: about('That a missing row is normal.', { const: 'absent' }),
  on: about('Column of the table: what it must be equal to.', {
    type: 'object',
    additionalProperties: { type: 'string' },
  }),
};

const FROM: Of<typeof FROM_KEYS> = {
  one: text('The record’s only one: a source path that is no list, or the name of the record itself.'),
  each: text('A list of the source: one resource per item. Needs a key.'),
  as: text('The name of the item in expressions.'),
  key: text('The field that tells items apart.'),
  where: text(`Only these items. ${EXPRESSION}`),
  join: about('Rows of other tables by equal columns: a name for each.', {
    type: 'object',
    additionalProperties: closed(JOIN, ['table', 'key', 'on']),
  }),
};

const MAP: Of<typeof SEVERAL_KEYS | typeof MAP_KEYS> = {
  for: text('One file, several maps: the name of the variable, used as $(name) everywhere below. Items under `in`.'),
  in: about('What `for` goes through, while compiling: texts or mappings; one map for each.', {
    type: 'array',
    minItems: 1,
  }),
  map: text('The name of the map: pack/kind.'),
  about: text('What it is, for people.'),
  from: about('Where its items are.', {
    ...(closed(FROM, ['as']) as object),
    oneOf: [{ required: ['each'] }, { required: ['one'] }],
  }),
  to: about('The resource type of FHIR R4.', { enum: typeNames('resource').filter(isResourceType) }),
  labels: labelList('Labels of everything that the map makes, besides those of what it reads.'),
  match: about('On the way back: elements and slices that say that a resource is ours, as in "identifier[agency]".', {
    type: 'array',
    items: { type: 'string' },
  }),
  unmapped: about('What becomes of elements that no rule covers, on the way back. Default: preserve.', {
    enum: [...UNMAPPED],
  }),
  fhir: about('The resource. Expressions stand in {{ }}, quoted.', { type: 'object' }),
};

const WORDS: Of<typeof CONSTRUCTS> = {
  each: text(`One item per item of a list of the source. ${EXPRESSION}`),
  as: text('The name of the item.'),
  key: text('On the way back items are told apart by it; without one they are appended.'),
  where: text(`Only these items. ${EXPRESSION}`),
  if: text(`The object or value is there only when this holds. ${EXPRESSION}`),
  else: about('What is there when `if` does not hold; only where the alternatives are complete.'),
  for: about('Copies made while compiling: the name of the variable, used as $(name). Items under `in`.'),
  in: about('What a compile-time `for` goes through: texts or mappings.', { type: 'array' }),
  slice: about('Names this item, for `match`.', { type: ['string', 'number'] }),
  get: text('The value, with {{ }}.'),
  put: about('A computed leaf: another one carries its value back.', { const: 'derived' }),
  reads: about('Further source paths that the value depends on: their labels count.', {
    type: ['array', 'string'],
    items: { type: 'string' },
  }),
};

const DRAFT = 'http://json-schema.org/draft-07/schema#';

/** JSON Schemas (draft-07, which editors know) of the files of a pack, from what their readers accept. */
export function editorSchemas(): Readonly<Record<'map' | 'pack' | 'codes' | 'labels', Schema>> {
  return { map: mapSchema(), pack: packSchema(), codes: codesSchema(), labels: labelsSchema() };
}

function packSchema(): Schema {
  const record: Of<typeof RECORD_KEYS> = {
    as: text('The name of the whole record in expressions.'),
    key: text('The path of the record’s own key.'),
  };
  const pack: Of<typeof PACK_KEYS> = {
    pack: text('The name of the pack.'),
    about: text('What it is, for people.'),
    record: about('The record that the maps read from.', closed(record, ['as']) as object),
    oneWay: about('True: the pack only ever leaves; nothing is derived for the way back.', { type: 'boolean' }),
    maps: about('Names of the map files, without .map.yaml, in the order in which their resources leave.', {
      type: 'array',
      items: { type: 'string' },
    }),
  };
  return { $schema: DRAFT, title: 'pack.yaml', ...(closed(pack, ['pack', 'record', 'maps']) as object) };
}

function codesSchema(): Schema {
  const scalar = { type: ['string', 'number', 'boolean'] };
  const row = about('The code that it becomes, or columns: code, system, display …', {
    type: ['string', 'number', 'boolean', 'object'],
    properties: {
      prefer: about('Of several with one target: what the target comes back as.', { const: true }),
      display: about('Informs; never decides on the way back.', scalar),
    },
    additionalProperties: scalar,
  });
  const codes: Of<typeof CODE_MAP_KEYS> = {
    codes: text('The name of the code map, as translate() names it.'),
    about: text('What it is, for people.'),
    source: about('Where the codes come from, for people.'),
    unmapped: about('What becomes of a code that is not in the table: omit, copy, or a row.', {
      oneOf: [{ enum: ['omit', 'copy'] }, { type: 'object', additionalProperties: scalar }],
    }),
    map: about('Code of the source: what it becomes. Order means nothing.', {
      type: 'object',
      additionalProperties: row,
    }),
  };
  return { $schema: DRAFT, title: 'Code map', ...(closed(codes, ['codes', 'unmapped', 'map']) as object) };
}

function labelsSchema(): Schema {
  return {
    $schema: DRAFT,
    title: 'labels.yaml',
    description: 'Tables, their columns and the labels of each.',
    type: 'object',
    additionalProperties: {
      type: 'object',
      additionalProperties: { oneOf: [labelList('Labels of the column.'), { type: 'null' }] },
    },
  };
}

/**
 * The `fhir:` part is that of its resource type, and so is every datatype in it. Elements that are nested within a
 * resource (Patient.contact) are left to `relais check mappings`: they would treble the size.
 */
function mapSchema(): Schema {
  const resources = typeNames('resource').filter(isResourceType);
  const types = [...resources, ...typeNames('complex')];
  return {
    $schema: DRAFT,
    title: 'Map',
    ...(closed(MAP, ['map', 'from', 'to', 'match', 'fhir']) as object),
    allOf: resources.map((name) => ({
      if: { required: ['to'], properties: { to: { const: name } } },
      then: { properties: { fhir: { $ref: `#/definitions/${name}` } } },
    })),
    definitions: {
      value: {
        description: 'A constant, a text with {{ }}, or a mapping with get.',
        type: ['string', 'number', 'boolean', 'object', 'array'],
        items: { $ref: '#/definitions/value' },
        properties: WORDS,
        additionalProperties: false,
      },
      word: about(
        CONSTRUCTS.map((word) => `${word}: ${(WORDS[word] as { description: string }).description}`).join('\n\n'),
      ),
      ...Object.fromEntries(types.map((name) => [name, typeSchema(typeInfo(name)!)])),
    },
  };
}

/** Words of the format and what stands beside a primitive, for every type alike: named once, by pattern. */
const BESIDE = {
  [`^(${CONSTRUCTS.join('|')})$`]: { $ref: '#/definitions/word' },
  '^_[a-z]': { $ref: '#/definitions/Element' },
};

function typeSchema(type: TypeInfo): Schema {
  const properties: Record<string, Schema> = type.kind === 'resource' ? { resourceType: { const: type.name } } : {};
  for (const [key, { type: ref }] of type.byKey) {
    const kind = typeInfo(ref.name)?.kind;
    // A word of the format may have the name of an element: `for` of Task.
    if ((CONSTRUCTS as readonly string[]).includes(key)) properties[key] = true;
    else properties[key] = kind === 'primitive' ? { $ref: '#/definitions/value' } : refTo(ref.name, kind);
  }
  return {
    type: ['object', 'array'],
    items: { $ref: `#/definitions/${type.name}` },
    properties,
    patternProperties: BESIDE,
    additionalProperties: false,
  };
}

/** A contained resource may be of any type. */
const refTo = (name: string, kind: TypeInfo['kind'] | undefined): Schema =>
  kind === 'complex' ? { $ref: `#/definitions/${name}` } : { type: ['object', 'array'] };
