import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ABOUT_MEMBERS } from '../../src/domain/case/define.js';
import { caseJsonSchema, type JsonSchema } from '../../src/domain/case/json-schema.js';

/**
 * The console shows a case in words. A field's words are found under `parent.name` (parent: the member that holds it),
 * else under `name`; a code's under `parent.field.code`, else `field.code`, else `code`.
 */
type Words = Readonly<Record<string, string>>;

const words = (name: string, language: string): Words =>
  JSON.parse(
    readFileSync(new URL(`../../console/src/words/${name}.${language}.json`, import.meta.url), 'utf8'),
  ) as Words;

const fields = { en: words('fields', 'en'), fr: words('fields', 'fr') };
const codes = { en: words('codes', 'en'), fr: words('codes', 'fr') };
const files: readonly (readonly [string, Words])[] = [
  ['fields.en', fields.en],
  ['fields.fr', fields.fr],
  ['codes.en', codes.en],
  ['codes.fr', codes.fr],
];

/** What English itself writes with a hyphen. */
const HYPHENATED = new Set(['self-employed']);
/** Written alike in English and in French, and not left untranslated. */
const ALIKE = new Set(
  (
    'Date Description Documents IBAN Interventions Note Profession Question Religion Restrictions Score Service Source ' +
    'Substance addiction animal association commission contraception excellent exploitation justice message mobile ' +
    'parent pension possible prison religion squat suicide suspension transport urgent'
  ).split(' '),
);
/** English alone: a French text that holds one was not translated. */
const ENGLISH_ONLY =
  /(?<!\p{L})(the|of|and|with|without|other|unknown|yes|housing|shelter|benefit|health|income|worker|care|case|stay|need|rent|debt|child|person|address|phone|screening|outreach|voucher)(?!\p{L})/iu;

const model = readModel(caseJsonSchema());

describe('words of the case model', () => {
  it('names every field in both languages', () => {
    expect(model.names.size).toBeGreaterThan(300);
    expect([...model.names].filter((name) => !(name in fields.en))).toEqual([]);
    expect([...model.names].filter((name) => !(name in fields.fr))).toEqual([]);
  });

  it('names every code in both languages', () => {
    expect(model.codes.size).toBeGreaterThan(850);
    expect([...model.codes].filter((code) => !(code in codes.en))).toEqual([]);
    expect([...model.codes].filter((code) => !(code in codes.fr))).toEqual([]);
  });

  it('holds no word for what the model does not have', () => {
    expect(Object.keys(fields.en).filter((key) => !model.names.has(key) && !model.fieldPlaces.has(key))).toEqual([]);
    expect(Object.keys(codes.en).filter((key) => !model.codes.has(key) && !model.codePlaces.has(key))).toEqual([]);
  });

  it('has the same keys in both languages, in order', () => {
    expect(Object.keys(fields.fr)).toEqual(Object.keys(fields.en));
    expect(Object.keys(codes.fr)).toEqual(Object.keys(codes.en));
    for (const [, table] of files) expect(Object.keys(table)).toEqual(Object.keys(table).toSorted());
  });

  it.each(files)('%s: no value is empty, padded, a code or a label with a colon', (_name, table) => {
    const bad = Object.entries(table).filter(
      ([key, text]) => text === '' || text !== text.trim() || text.endsWith(':') || isCode(key, text),
    );
    expect(bad).toEqual([]);
  });

  it.each(files)('%s: apostrophes are typographic', (_name, table) => {
    expect(Object.entries(table).filter(([, text]) => /['`´]/u.test(text))).toEqual([]);
  });

  it('writes labels in sentence case and codes in lower case', () => {
    const lower = [...Object.values(fields.en), ...Object.values(fields.fr)].filter((text) => !/^\p{Lu}/u.test(text));
    expect(lower).toEqual([]);
    const proper = /^(\p{Lu}{2}|Braille$|T-cell |(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day$)/u;
    const upper = [...Object.values(codes.en), ...Object.values(codes.fr)].filter(
      (text) => /^\p{Lu}/u.test(text) && !proper.test(text),
    );
    expect(upper).toEqual([]);
  });

  it('leaves no English in the French', () => {
    const french = [...Object.entries(fields.fr), ...Object.entries(codes.fr)];
    expect(french.filter(([, text]) => ENGLISH_ONLY.test(text))).toEqual([]);
    const same = [...alike(fields.en, fields.fr), ...alike(codes.en, codes.fr)];
    expect(same.filter((text) => !ALIKE.has(text))).toEqual([]);
  });
});

function alike(english: Words, french: Words): readonly string[] {
  return Object.entries(french).flatMap(([key, text]) => (english[key] === text ? [text] : []));
}

function isCode(key: string, text: string): boolean {
  const code = key.slice(key.lastIndexOf('.') + 1);
  return code.includes('-') && text === code && !HYPHENATED.has(code);
}

interface Model {
  readonly names: ReadonlySet<string>;
  readonly codes: ReadonlySet<string>;
  /** `parent.name`. */
  readonly fieldPlaces: ReadonlySet<string>;
  /** `field.code` and `parent.field.code`. */
  readonly codePlaces: ReadonlySet<string>;
}

/** Names and codes are gathered from the whole schema, so that no corner is missed; places by following its members. */
function readModel(schema: JsonSchema): Model {
  const names = new Set<string>(ABOUT_MEMBERS);
  const found = new Set<string>();
  gather(schema, names, found);
  const fieldPlaces = new Set<string>(ABOUT_MEMBERS.map((member) => `about.${member}`));
  const codePlaces = new Set<string>();
  const definitions = schema['$defs'] as Record<string, JsonSchema>;
  follow(schema, '', []);
  return { names, codes: found, fieldPlaces, codePlaces };

  function follow(entity: JsonSchema, parent: string, path: readonly string[]): void {
    for (const [name, member] of Object.entries(membersOf(entity))) {
      if (parent !== '') fieldPlaces.add(`${parent}.${name}`);
      const item = (member['items'] ?? member) as JsonSchema;
      for (const code of (item['enum'] ?? []) as string[]) {
        codePlaces.add(`${name}.${code}`).add(`${parent}.${name}.${code}`);
      }
      const reference = (item['$ref'] as string | undefined)?.replace('#/$defs/', '');
      const target = reference === undefined ? undefined : definitions[reference];
      if (reference !== undefined && target !== undefined && !path.includes(reference)) {
        follow(target, reference === 'about' ? 'about' : name, [...path, reference]);
      } else if (name === 'about') follow(member, 'about', path);
    }
  }
}

function gather(node: unknown, names: Set<string>, found: Set<string>): void {
  if (Array.isArray(node)) for (const item of node) gather(item, names, found);
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
  const schema = node as JsonSchema;
  for (const name of Object.keys(membersOf(schema))) names.add(name);
  if (Array.isArray(schema['enum'])) for (const code of schema['enum'] as string[]) found.add(code);
  for (const child of Object.values(schema)) gather(child, names, found);
}

function membersOf(schema: JsonSchema): Record<string, JsonSchema> {
  return (schema['properties'] ?? {}) as Record<string, JsonSchema>;
}
