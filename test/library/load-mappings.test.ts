import { cp, mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  checkMappings,
  createMappingContext,
  EVERY_LABEL,
  loadMappings,
  maskOf,
  readJson,
  RelaisError,
  type ModelSource,
} from '../../src/library.js';
import { root } from '../mappings/pack.js';

const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: {
    id: { type: 'integer', 'x-relais-labels': ['identity'] },
    name: { type: 'string', 'x-relais-labels': ['identity'] },
    diet: { type: 'string', 'x-relais-labels': ['health'] },
    'room-no': { type: 'integer', 'x-relais-labels': ['housing'] },
    unlabelled: { type: 'string' },
  },
};
const PACK = 'pack: shelter\nrecord: { as: guest, key: id }\nmaps: [guest]\n';
const MAP = `map: shelter/guest
from: { one: guest, as: person, key: id }
to: Patient
match: ["identifier[agency]"]
fhir:
  identifier: [{ slice: agency, system: "{{ %agency.system('guest') }}", value: "{{ person.id.toString() }}" }]
  name: [{ text: "{{ person.name }}" }]
  extension:
    - { url: https://shelter.example/diet, valueString: "{{ person.diet }}" }
    - { url: https://shelter.example/room, valueInteger: "{{ person.\`room-no\` }}" }
`;
const context = createMappingContext({
  identifierBase: 'https://shelter.example',
  pairwiseKey: new Uint8Array(32).fill(1),
  recipient: 'clinic',
});
const record = { id: 17, name: 'A', diet: 'D', 'room-no': 3 };
const bundleOf = (mapped: readonly { readonly resource: unknown }[]) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: mapped.map(({ resource }) => ({ resource })),
});

describe('a folder of mappings', () => {
  let folder: string;
  let dir: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relais-library-'));
    dir = join(folder, 'maps');
    await mkdir(join(dir, 'shelter'), { recursive: true });
    await write('shelter/pack.yaml', PACK);
    await write('shelter/guest.map.yaml', MAP);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });
  const write = (file: string, text: string) => writeFile(join(dir, file), text);
  const load = (options: { build?: boolean; out?: string } = {}) =>
    loadMappings(dir, { models: { shelter: schema }, ...options });

  it('goes both ways; keys that are numbers stay numbers, names that are no FHIRPath names are kept', async () => {
    const { shelter } = await load();
    const mapped = shelter.toFhir(record, EVERY_LABEL, context);
    expect(shelter.fromFhir(bundleOf(mapped), EVERY_LABEL, context)).toEqual({
      record,
      residue: [],
      conflicts: [],
      refused: [],
    });
  });

  it('builds nothing whose labels are not permitted', async () => {
    const { shelter } = await load();
    const mapped = shelter.toFhir(record, maskOf(['identity', 'housing']), context);
    expect(JSON.stringify(mapped)).not.toContain('/diet');
    expect(JSON.stringify(mapped)).toContain('/room');
  });

  it('survives records that do not keep what their schema promises', async () => {
    const { shelter } = await load();
    for (const broken of [{}, { id: null }, { id: 1, name: null }, { id: 1, extra: [[]] }]) {
      expect(() => shelter.toFhir(broken, EVERY_LABEL, context)).not.toThrow();
    }
  });

  it('may be one pack by itself', async () => {
    const { shelter } = await loadMappings(join(dir, 'shelter'), { models: { shelter: schema } });
    expect(shelter.toFhir(record, EVERY_LABEL, context)).toHaveLength(1);
  });

  it('is compiled to a file once for each version of its files and labels', async () => {
    const path = join(folder, 'maps.built/shelter.mjs');
    const first = await load();
    const then = new Date('2020-01-01');
    await utimes(path, then, then);
    expect((await load()).shelter.version).toBe(first.shelter.version);
    expect((await stat(path)).mtime).toEqual(then);

    const relabelled = { ...schema, properties: { ...schema.properties, name: schema.properties.diet } };
    const second = await loadMappings(dir, { models: { shelter: relabelled } });
    expect(second.shelter.version).not.toBe(first.shelter.version);
    expect((await stat(path)).mtime).not.toEqual(then);
    expect(JSON.stringify(second.shelter.toFhir(record, maskOf(['identity']), context))).not.toContain('"A"');

    await write('shelter/guest.map.yaml', MAP.replace('/room', '/bed'));
    const third = await load();
    expect(JSON.stringify(third.shelter.toFhir(record, EVERY_LABEL, context))).toContain('/bed');
    expect(await readFile(join(folder, 'maps.built/.gitignore'), 'utf8')).toBe('*\n');
  });

  it('is never compiled in production: built before or refused', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    await expect(load()).rejects.toMatchObject({ code: 'mapping.not-built' });
    await load({ build: true });
    expect((await load()).shelter.name).toBe('shelter');
    await write('shelter/guest.map.yaml', MAP.replace('/room', '/bed'));
    await expect(load()).rejects.toMatchObject({ code: 'mapping.out-of-date' });
    vi.unstubAllEnvs();
    await expect(load({ build: false })).rejects.toMatchObject({ code: 'mapping.out-of-date' });
  });

  it('with mistakes gives one error with every finding at its place', async () => {
    await mkdir(join(dir, 'codes'));
    await write('codes/a.yaml', 'codes: a\nmap: { x: y }\n');
    await write(
      'shelter/guest.map.yaml',
      MAP.replace('person.name', 'person.nmae').replace('person.diet', 'person.unlabelled').replace('name:', 'nmae:'),
    );
    const error = await load().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RelaisError);
    const { code, violations } = error as RelaisError;
    expect(code).toBe('mapping.not-valid');
    expect(violations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/codes\/a\.yaml:1:1: A code map must say what becomes of unmapped codes/),
      expect.stringMatching(/shelter\/guest\.map\.yaml:7:3: .*Did you mean name\?/),
      expect.stringMatching(/shelter\/guest\.map\.yaml:7:29: The source has no path nmae\. Did you mean name\?/),
      expect.stringMatching(/shelter\/guest\.map\.yaml:9:\d+: The source path unlabelled has no label/),
    ]);
    expect(violations.map(({ path }) => path.startsWith(dir))).toEqual([true, true, true, true]);
    expect(await checkMappings(dir, { models: { shelter: schema } })).toHaveLength(4);
  });

  it('takes labels for what has none only when asked to', async () => {
    await write('shelter/guest.map.yaml', MAP.replace('person.diet', 'person.unlabelled'));
    await expect(load()).rejects.toMatchObject({ code: 'mapping.not-valid' });
    const { shelter } = await loadMappings(dir, { models: { shelter: schema }, defaultLabels: ['notes'] });
    const some = shelter.toFhir({ id: 1, unlabelled: 'U', name: 'N' }, maskOf(['identity']), context);
    expect(JSON.stringify(some)).not.toContain('"U"');
    const findings = await checkMappings(dir, { models: { shelter: schema }, defaultLabels: ['note'] });
    expect(findings).toContainEqual(
      expect.objectContaining({ message: 'There is no data label note.', suggestion: 'notes' }),
    );
  });

  it.each<[string, Record<string, ModelSource>, string]>([
    ['a pack without a model', { shelters: schema }, 'No model is given for the pack shelter.'],
    ['a model without a pack', { shelter: schema, other: schema }, 'There is no pack other.'],
    ['a schema that is none', { shelter: { type: 'string' } }, '#: The schema of a record describes an object'],
  ])('refuses %s', async (_, models, message) => {
    const findings = await checkMappings(dir, { models });
    expect(findings.map((finding) => finding.message).join('\n')).toContain(message);
  });

  it('refuses a folder without packs', async () => {
    await expect(loadMappings(folder, { models: {} })).rejects.toMatchObject({ code: 'mapping.no-pack' });
  });

  it('refuses a pack whose name would lead out of the folder of built modules', async () => {
    await write('shelter/pack.yaml', PACK.replace('pack: shelter', 'pack: ../evil'));
    expect(await checkMappings(dir, { models: { '../evil': schema } })).toMatchObject([
      { message: expect.stringContaining('pack is the name of the pack') as string },
      {},
    ]);
  });

  it('keeps what a map says from becoming code', async () => {
    const evil = '"x; throw new Error(1); //"';
    await write(
      'shelter/guest.map.yaml',
      MAP.replace('as: person', `as: ${evil}`).replaceAll('person.', '`x; throw new Error(1); //`.'),
    );
    await write('shelter/pack.yaml', PACK.replace('[guest]', '[guest, stay]'));
    await write(
      'shelter/stay.map.yaml',
      `map: shelter/stay
from: { each: stays, as: stay, key: "\`stay-no\`" }
to: EpisodeOfCare
match: ["identifier[agency]"]
fhir:
  identifier: [{ slice: agency, system: "{{ %agency.system('stay') }}", value: "{{ stay.\`stay-no\` }}" }]
  patient: { reference: "{{ \`x; throw new Error(1); //\`.ref() }}" }
  type: [{ text: "{{ stay.kind }}" }]
  status: finished
`,
    );
    const stay = { 'stay-no': { type: 'string' }, kind: { type: 'string' } };
    const stays = { type: 'array', 'x-relais-labels': ['housing'], items: { properties: stay } };
    const model = { ...schema, properties: { ...schema.properties, stays } };
    const { shelter } = await loadMappings(dir, { models: { shelter: model } });
    const whole = { ...record, stays: [{ 'stay-no': 's', kind: 'k' }] };
    const mapped = shelter.toFhir(whole, EVERY_LABEL, context);
    expect(mapped).toHaveLength(2);
    expect(shelter.fromFhir(bundleOf(mapped), EVERY_LABEL, context).record).toEqual(whole);
  });

  it('loads tables that are given with their labels', async () => {
    await write('shelter/pack.yaml', 'pack: shelter\nrecord: { as: export }\nmaps: [guest]\n');
    await write(
      'shelter/guest.map.yaml',
      `map: shelter/guest
from: { each: Guest, as: g, key: GuestID }
to: Patient
match: ["identifier[agency]"]
fhir:
  identifier: [{ slice: agency, system: "{{ %agency.system('guest') }}", value: "{{ g.GuestID }}" }]
  name: [{ text: "{{ g.Name }}" }]
`,
    );
    const tables = { Guest: { GuestID: ['identity'], Name: ['identity'], Diet: null } };
    const { shelter } = await loadMappings(dir, { models: { shelter: { tables } } });
    const rows = {
      Guest: [
        { GuestID: '1', Name: 'A' },
        { GuestID: '2', Name: '' },
      ],
    };
    const mapped = shelter.toFhir(rows, EVERY_LABEL, context);
    expect(mapped.map(({ resource }) => resource)).toMatchObject([{ name: [{ text: 'A' }] }]);
    const misspelt = { Guest: { GuestID: ['identity'], Name: ['identiy'] } };
    expect(await checkMappings(dir, { models: { shelter: { tables: misspelt } } })).toMatchObject([
      { message: 'The source path Guest[].Name has no label, so it cannot be mapped.' },
      { message: '/Guest/Name: There is no data label identiy.', suggestion: 'identity' },
    ]);
  });
});

describe('the shipped packs', () => {
  it('load by their names', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'relais-shipped-'));
    try {
      await cp(join(root, 'mappings'), join(folder, 'mappings'), { recursive: true });
      const loaded = await loadMappings(join(folder, 'mappings'), { models: { case: 'case', hmis: 'hmis' } });
      const mapped = loaded.case.toFhir({ person: { id: 'p', birthDate: '1980' } }, EVERY_LABEL, context);
      expect(mapped).toMatchObject([{ resource: { resourceType: 'Patient', birthDate: '1980' } }]);
      expect(Object.keys(loaded)).toEqual(['case', 'hmis']);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 60_000);
});

describe('the context of a mapping', () => {
  const options = { identifierBase: 'https://a.example', pairwiseKey: new Uint8Array(32), recipient: 'r' };
  it('gives each recipient ids of its own, the same each time', () => {
    const idOf = (recipient: string) => createMappingContext({ ...options, recipient }).resourceId('Patient', 'k');
    expect(idOf('r')).toBe(idOf('r'));
    expect(idOf('r')).not.toBe(idOf('s'));
    expect(idOf('r')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
  it.each([
    { ...options, pairwiseKey: new Uint8Array(31) },
    { ...options, identifierBase: 'agency' },
    { ...options, identifierBase: 'https://a.example/' },
  ])('is refused with a short key or a base that is no base', (wrong) => {
    expect(() => createMappingContext(wrong)).toThrow(RelaisError);
  });
});

it('decimals come back as they were written', () => {
  expect(String((readJson('{"a":1.50}') as { a: unknown }).a)).toBe('1.50');
});
