import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { CODE_MAP_KEYS } from '../../src/domain/mapping/code-map.js';
import { editorSchemas } from '../../src/domain/mapping/editor-schemas.js';
import { PACK_KEYS, RECORD_KEYS } from '../../src/domain/mapping/read-pack.js';
import { SEVERAL_KEYS } from '../../src/domain/mapping/template/expand-map.js';
import { FROM_KEYS, JOIN_KEYS, MAP_KEYS } from '../../src/domain/mapping/template/read-map.js';
import { CONSTRUCTS } from '../../src/domain/mapping/template/read-template.js';
import { writeSchema } from '../../src/domain/mapping/write-schema.js';
import { root } from './pack.js';

const read = (path: string): string => readFileSync(join(root, 'mappings', path), 'utf8');
const schemaOf = (name: string) => JSON.parse(read(`schemas/${name}.schema.json`)) as object;
const filesIn = (folder: string, end: string): string[] =>
  readdirSync(join(root, 'mappings', folder)).flatMap((file) => (file.endsWith(end) ? [`${folder}/${file}`] : []));

const ajv = new Ajv({ allErrors: true, strict: false });
const VALIDATE = {
  map: ajv.compile(schemaOf('map')),
  pack: ajv.compile(schemaOf('pack')),
  codes: ajv.compile(schemaOf('codes')),
  labels: ajv.compile(schemaOf('labels')),
};
type Kind = keyof typeof VALIDATE;

function errorsOf(kind: Kind, text: string): string[] {
  const validate = VALIDATE[kind];
  validate(parse(text));
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    `${instancePath} ${message} ${Object.values(params as object).join()}`.trim(),
  );
}

const SHIPPED: [Kind, string][] = [
  ...[...filesIn('case', '.map.yaml'), ...filesIn('hmis', '.map.yaml')].map((file): [Kind, string] => ['map', file]),
  ...filesIn('codes', '.yaml').map((file): [Kind, string] => ['codes', file]),
  ['pack', 'case/pack.yaml'],
  ['pack', 'hmis/pack.yaml'],
  ['labels', 'hmis/labels.yaml'],
];

describe('the schemas for editors', () => {
  it.each(Object.entries(editorSchemas()))('%s is what scripts/generate-schemas.mjs writes', (name, schema) => {
    expect(read(`schemas/${name}.schema.json`)).toBe(writeSchema(schema));
  });

  it.each<[string, string, string, readonly string[]]>([
    ['a map', 'map', 'properties', [...SEVERAL_KEYS, ...MAP_KEYS]],
    ['from', 'map', 'properties/from/properties', FROM_KEYS],
    ['a join', 'map', 'properties/from/properties/join/additionalProperties/properties', JOIN_KEYS],
    ['a value', 'map', 'definitions/value/properties', CONSTRUCTS],
    ['a pack', 'pack', 'properties', PACK_KEYS],
    ['its record', 'pack', 'properties/record/properties', RECORD_KEYS],
    ['a code map', 'codes', 'properties', CODE_MAP_KEYS],
  ])('offer the keys that the reader of %s accepts, each with a description', (_, name, path, keys) => {
    const properties = path
      .split('/')
      .reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], schemaOf(name)) as Record<
      string,
      { readonly description: string }
    >;
    expect(Object.keys(properties).sort()).toEqual([...keys].sort());
    for (const { description } of Object.values(properties)) expect(description).toMatch(/\.$/);
  });

  it.each(SHIPPED)('%s: %s is valid', (kind, file) => {
    expect(errorsOf(kind, read(file))).toEqual([]);
  });

  it.each<[Kind, string, string, string, RegExp]>([
    ['map', 'case/need.map.yaml', 'unmapped: preserve', 'unmaped: preserve', /additional properties unmaped/],
    ['map', 'case/need.map.yaml', 'unmapped: preserve', 'unmapped: keep', /\/unmapped must be equal to one of/],
    ['map', 'case/need.map.yaml', 'to: Condition', 'to: Conditoin', /\/to must be equal to one of/],
    [
      'map',
      'case/need.map.yaml',
      'recordedDate:',
      'recordedDat:',
      /\/fhir must NOT have additional properties recordedDat/,
    ],
    [
      'map',
      'case/need.map.yaml',
      'abatementDateTime:',
      'abatement:',
      /\/fhir must NOT have additional properties abatement/,
    ],
    ['map', 'case/need.map.yaml', 'system: http://snomed', 'sytem: http://snomed', /severity\/coding\/0 .* sytem/],
    ['map', 'case/need.map.yaml', 'from: { each', 'from: { eech', /\/from must NOT have additional properties eech/],
    [
      'map',
      'hmis/enrollment.map.yaml',
      'canBe: absent',
      'canBe: missing',
      /\/from\/join\/x\/canBe must be equal to constant/,
    ],
    ['map', 'hmis/enrollment.map.yaml', 'put: derived', 'put: derive', /\/fhir\/status\/put must be equal to constant/],
    ['pack', 'case/pack.yaml', 'record:', 'recod:', /must have required property 'record'/],
    ['codes', 'codes/severity.yaml', 'unmapped: omit', 'unmapped: omitt', /\/unmapped/],
    ['labels', 'hmis/labels.yaml', 'FirstName: [identity]', 'FirstName: [identiy]', /\/Client\/FirstName\/0/],
  ])('%s: %s with %s written as %s is refused', (kind, file, right, wrong, expected) => {
    const text = read(file);
    expect(text).toContain(right);
    expect(errorsOf(kind, text.replace(right, wrong)).join('\n')).toMatch(expected);
  });
});
