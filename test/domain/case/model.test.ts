import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { caseModelPage } from '../../../src/domain/case/model-page.js';
import { CASE_SCHEMA_ID, caseJsonSchema } from '../../../src/domain/case/json-schema.js';
import { labelTable } from '../../../src/domain/case/label-table.js';
import { ageAt, indexedIdentity, isDeceased } from '../../../src/domain/case/identity.js';
import { parseCase } from '../../../src/domain/case/parse-case.js';
import { syntheticCase } from '../../../src/domain/case/synthetic.js';
import { AMOUNTS, ORDERED } from '../../../src/domain/case/rules.js';
import { CATEGORIES, NEVER } from '../../../src/domain/labels/labels.js';
import type { IndexedIdentity } from '../../../src/transfer/stored-case.js';
import { readJson, writeJson, type JsonValue } from '../../../src/kernel/json.js';
import { shippedRules } from '../../support/label-rules.js';

type Schema = Readonly<Record<string, unknown>>;
const demo = (name: string) =>
  parseCase(readJson(readFileSync(new URL(`../../../config/demo/cases/${name}.json`, import.meta.url))));

describe('the label table', () => {
  it('gives every leaf exactly one category, or working notes', () => {
    const known: readonly string[] = [...CATEGORIES, NEVER];
    for (const { path, labels } of labelTable().values()) {
      expect(
        labels.filter((label) => known.includes(label)),
        path,
      ).toHaveLength(1);
    }
  });

  it('names paths, lists and targets as the mapping compiler needs them', () => {
    const table = labelTable();
    expect(table.get('needs[].status')).toMatchObject({
      kind: 'field',
      list: false,
      required: true,
      labels: ['needs'],
    });
    expect(table.get('person.names[].given')).toMatchObject({ list: true });
    expect(table.get('goals[].needIds')).toMatchObject({ list: true, target: 'needs' });
    expect(table.get('person.about.religion.source')).toMatchObject({
      kind: 'about',
      labels: ['identity', 'religion'],
    });
    const ids = new Set([...table.keys()]);
    for (const { target } of table.values()) {
      if (target !== undefined) expect(ids.has(`${target}[].id`), target).toBe(true);
    }
  });

  it('rules name entities and fields that exist', () => {
    const fields = new Set([...labelTable().values()].map(({ entity, path }) => `${entity}.${path.split('.').at(-1)}`));
    for (const [entity, earlier, later] of ORDERED) {
      expect(fields.has(`${entity}.${earlier}`) && fields.has(`${entity}.${later}`), `${entity} ${later}`).toBe(true);
    }
    for (const [entity, amounts] of Object.entries(AMOUNTS)) {
      for (const field of [...amounts, 'currency']) expect(fields.has(`${entity}.${field}`), entity).toBe(true);
    }
  });
});

describe('the JSON Schema', () => {
  const schema = caseJsonSchema();

  it('has a stable name, titles, and labels on every property', () => {
    expect(schema['$id']).toBe(CASE_SCHEMA_ID);
    expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
    let labelled = 0;
    const visit = (node: Schema): void => {
      expect(node['additionalProperties']).toBe(false);
      for (const [name, property] of Object.entries(node['properties'] as Record<string, Schema>)) {
        expect(typeof property['title'], name).toBe('string');
        const isNested =
          property['$ref'] !== undefined || (property['items'] as Schema | undefined)?.['$ref'] !== undefined;
        if (name === 'about' || isNested) continue;
        expect(Array.isArray(property['x-relais-labels']), name).toBe(true);
        expect(property['type'] ?? property['const'] ?? property['enum'], name).toBeDefined();
        labelled += 1;
      }
    };
    visit(schema);
    for (const [name, definition] of Object.entries(schema['$defs'] as Record<string, Schema>)) {
      if (name !== 'about') visit(definition);
    }
    expect(labelled).toBeGreaterThan(350);
  });

  it('points only at definitions that it holds', () => {
    const names = Object.keys(schema['$defs'] as Schema);
    for (const [, name] of JSON.stringify(schema).matchAll(/"#\/\$defs\/(\w+)"/g)) expect(names).toContain(name);
  });
});

describe('identity', () => {
  it('indexes names, birth date and identifiers, each kind apart', () => {
    const identity: IndexedIdentity = indexedIdentity(demo('grace-okafor'));
    expect(identity.names[0]).toEqual({ family: 'Okafor', given: ['Grace', 'Ifeoma'] });
    expect(identity.birthDate).toBe('1992-05-17');
    expect(identity.identifiers.map(({ system }) => system)).toEqual([
      'https://ccas.valmont.example/dossiers',
      'urn:relais:agency',
      'urn:relais:social-security',
      'urn:relais:residence-permit',
    ]);
  });

  it('a person who died is frozen', () => {
    expect(isDeceased(demo('grace-okafor'))).toBe(false);
    expect(isDeceased({ schemaVersion: 1, person: { id: 'p', deceased: true } })).toBe(true);
  });

  it.each([
    ['1992-05-17', '2026-05-16', { min: 33, max: 33 }],
    ['1992-05-17', '2026-05-17', { min: 34, max: 34 }],
    ['1992-05', '2026-05-16', { min: 33, max: 34 }],
    ['1992', '2026-06-01', { min: 33, max: 34 }],
    ['2030', '2026-06-01', undefined],
    [undefined, '2026-06-01', undefined],
  ])('born %s is on %s %j', (birthDate, on, age) => {
    expect(ageAt(birthDate, on)).toEqual(age);
  });
});

describe('examples', () => {
  it('two Grace Okafors differ by birth year', () => {
    const [younger, elder] = [demo('grace-okafor'), demo('grace-okafor-elder')];
    expect(younger.person.names?.[0]?.family).toBe(elder.person.names?.[0]?.family);
    expect(younger.person.birthDate?.slice(0, 4)).not.toBe(elder.person.birthDate);
  });

  it('synthetic cases are valid, the same for the same seed, and about 13 kB', () => {
    let bytes = 0;
    for (let seed = 0; seed < 60; seed += 1) {
      const text = writeJson(syntheticCase(seed) as unknown as JsonValue);
      expect(writeJson(parseCase(readJson(text)) as unknown as JsonValue)).toBe(text);
      expect(writeJson(syntheticCase(seed) as unknown as JsonValue)).toBe(text);
      bytes += Buffer.byteLength(text);
    }
    expect(bytes / 60).toBeGreaterThan(10_000);
    expect(bytes / 60).toBeLessThan(16_000);
    expect(writeJson(syntheticCase(1) as unknown as JsonValue)).not.toBe(
      writeJson(syntheticCase(2) as unknown as JsonValue),
    );
  });
});

it('the page of the case model is in step with the model', () => {
  expect(readFileSync(new URL('../../../docs/case-model.md', import.meta.url), 'utf8')).toBe(
    caseModelPage(shippedRules.case),
  );
});
