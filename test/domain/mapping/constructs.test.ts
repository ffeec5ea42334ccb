import { describe, expect, it } from 'vitest';
import { JsonNumber } from '../../../src/kernel/json/value.js';
import { run } from './compile.js';

const person = { id: 'p' };
/** A map of needs with this template. */
const needs = (fhir: string): string => `
map: t/need
from: { each: needs, as: need, key: id }
to: Condition
match: [identifier]
fhir:
  identifier: [{ value: "{{ need.id }}" }]
${fhir.includes('  subject:') ? '' : '  subject: { display: somebody }\n'}${fhir}`;
const patient = (fhir: string): string => `
map: t/person
from: { one: person, as: person, key: id }
to: Patient
match: [identifier]
fhir:
  identifier: [{ value: "{{ person.id }}" }]
${fhir}`;
const CODES = `
codes: status
unmapped: { code: other }
map:
  active: { code: on, display: It is on }
  met: { code: off, prefer: true }
  withdrawn: off
`;

async function need(fhir: string, record: object): Promise<Record<string, unknown> | undefined> {
  const out = (await run(
    'case',
    { maps: needs(fhir), codes: CODES },
    { person, needs: [{ id: 'n', ...record }] },
  )) as Record<string, unknown>[];
  return without(out[0]);
}

async function somebody(fhir: string, record: object, rest: object = {}): Promise<Record<string, unknown> | undefined> {
  const out = (await run('case', { maps: patient(fhir) }, { person: { ...person, ...record }, ...rest })) as Record<
    string,
    unknown
  >[];
  return without(out[0]);
}

function without(resource: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  if (resource === undefined) return undefined;
  const { resourceType: _, id: __, identifier: ___, subject, ...rest } = resource;
  return isSomebody(subject) ? rest : { ...rest, subject };
}

/** The subject that each Condition must have, where the template of a test has none. */
const isSomebody = (subject: unknown): boolean =>
  subject === undefined || (subject as { display?: string }).display === 'somebody';

/** template, record, what comes out (undefined: no resource) */
const TABLE: readonly [string, string, object, object | undefined][] = [
  [
    'a path',
    '  recordedDate: "{{ need.identifiedOn }}"',
    { identifiedOn: '2026-02-01' },
    { recordedDate: '2026-02-01' },
  ],
  ['constants follow their data', '  note: [{ text: "{{ need.note }}", time: "2026-01-01" }]', {}, undefined],
  [
    'prefix and suffix',
    '  note: [{ text: "a {{ need.severity }} b" }]',
    { severity: 'low' },
    { note: [{ text: 'a low b' }] },
  ],
  ['text is absent with its data', '  note: [{ text: "a {{ need.severity }} b" }]', { note: 'x' }, undefined],
  [
    'two fields in one text',
    '  note: [{ text: "{{ need.severity }}/{{ need.priority }}" }]',
    { severity: 'low', priority: 2 },
    { note: [{ text: 'low/2' }] },
  ],
  [
    'a code map',
    '  note: [{ text: "{{ need.status.translate(\'status\') }}" }]',
    { status: 'active' },
    { note: [{ text: 'on' }] },
  ],
  [
    'another column of a code map',
    "  note: [{ text: \"{{ need.status.translate('status', 'display') }}\" }]",
    { status: 'active' },
    { note: [{ text: 'It is on' }] },
  ],
  [
    'several codes with one target',
    '  note: [{ text: "{{ need.status.translate(\'status\') }}" }]',
    { status: 'withdrawn' },
    { note: [{ text: 'off' }] },
  ],
  [
    'the policy for unmapped codes',
    '  note: [{ text: "{{ need.status.translate(\'status\') }}" }]',
    { status: 'on-hold' },
    { note: [{ text: 'other' }] },
  ],
  ['if', '  note: [{ if: "need.severity = \'low\'", text: yes }]', { severity: 'low' }, { note: [{ text: 'yes' }] }],
  ['if that does not hold', '  note: [{ if: "need.severity = \'low\'", text: yes }]', { severity: 'high' }, undefined],
  [
    'if with else',
    '  note: [{ if: "need.severity = \'low\'", text: yes, else: { text: no } }]',
    { severity: 'high' },
    { note: [{ text: 'no' }] },
  ],
  ['if of an absent value', '  note: [{ if: "need.severity != \'low\'", text: yes }]', {}, undefined],
  [
    'iif',
    "  note: [{ text: { get: \"{{ iif(need.severity = 'low', 'l', need.severity) }}\", put: derived } }]",
    { severity: 'high' },
    { note: [{ text: 'high' }] },
  ],
  ['three-valued not', '  note: [{ if: "(need.severity = \'low\').not()", text: yes }]', {}, undefined],
  [
    'a number keeps its kind',
    '  extension: [{ url: u, valueInteger: "{{ need.priority }}" }]',
    { priority: 0 },
    { extension: [{ url: 'u', valueInteger: 0 }] },
  ],
  [
    'a list keeps only what is there',
    '  note: [{ text: "{{ need.note }}" }, { text: "{{ need.description }}" }]',
    { description: 'd' },
    { note: [{ text: 'd' }] },
  ],
  [
    'constant items stand before data',
    '  category: [{ text: always }, { text: "{{ need.severity }}" }]\n  recordedDate: "{{ need.identifiedOn }}"',
    { identifiedOn: '2026' },
    { category: [{ text: 'always' }], recordedDate: '2026' },
  ],
  [
    'a nested choice',
    '  onsetDateTime: "{{ need.identifiedOn }}"',
    { identifiedOn: '2026-01-02' },
    { onsetDateTime: '2026-01-02' },
  ],
  [
    'text functions',
    '  note: [{ text: "{{ need.code.trim().upper() & need.code.substring(1, 1) }}" }]',
    { code: 'abc' },
    { note: [{ text: 'ABCb' }] },
  ],
  ['a quoted brace', '  note: [{ text: "{{ \'}}\' & need.code }}" }]', { code: '{{' }, { note: [{ text: '}}{{' }] }],
];

describe('the constructs of a template', () => {
  it.each(TABLE)('%s', async (_, fhir, record, expected) => {
    expect(await need(fhir, record)).toStrictEqual(expected);
  });

  it('goes through a list by each, with where and nested paths', async () => {
    const fhir = `  name:
    - each: person.names
      as: n
      key: id
      where: n.kind = 'legal'
      id: "name-{{ n.id }}"
      use: official
      family: "{{ n.family }}"
      given: "{{ n.given }}"`;
    const names = [
      { id: 'a', kind: 'used', family: 'U' },
      { id: 'b', kind: 'legal', family: 'L', given: ['X', 'Y'] },
    ];
    expect(await somebody(fhir, { names })).toStrictEqual({
      name: [{ id: 'name-b', use: 'official', family: 'L', given: ['X', 'Y'] }],
    });
  });

  it('chooses with where, first and count, and joins lists', async () => {
    const fhir = `  name:
    - text: "{{ person.names.where(kind = 'used').first().family }}"
      family: "{{ person.names.count().toString() }}"
  maritalStatus: { if: person.names.exists(kind = 'legal'), text: "{{ person.names.where(kind = 'legal').first().given.join('-') }}" }`;
    const names = [
      { id: 'a', kind: 'legal', given: ['J', 'P'] },
      { id: 'b', kind: 'used', family: 'Second' },
    ];
    expect(await somebody(fhir, { names })).toStrictEqual({
      name: [{ text: 'Second', family: '2' }],
      maritalStatus: { text: 'J-P' },
    });
  });

  it('makes slices from a compile-time list', async () => {
    const fhir = `  extension:
    - for: fact
      in: [{ name: birthPlace, url: a }, { name: religion, url: b }]
      url: $(fact.url)
      valueString: "{{ person.$(fact.name) }}"`;
    expect(await somebody(fhir, { birthPlace: 'here', religion: 'none' })).toStrictEqual({
      extension: [
        { url: 'a', valueString: 'here' },
        { url: 'b', valueString: 'none' },
      ],
    });
  });

  it('writes what stands beside a primitive', async () => {
    const fhir = `  birthDate: "{{ person.birthDate }}"
  _birthDate: { extension: [{ url: precision, valueCode: "{{ person.birthDatePrecision }}" }] }`;
    expect(await somebody(fhir, { birthDate: '1990', birthDatePrecision: 'year' })).toStrictEqual({
      birthDate: '1990',
      _birthDate: { extension: [{ url: 'precision', valueCode: 'year' }] },
    });
  });

  it('points to the resources of other maps by pairwise ids', async () => {
    const goals = `
map: t/goal
from: { each: goals, as: goal, key: id }
to: Goal
match: [identifier]
fhir:
  identifier: [{ system: "{{ %agency.system('goal') }}", value: "{{ goal.id }}" }]
  subject: { reference: "{{ person.ref() }}" }
  addresses: [{ each: goal.needIds, as: needId, reference: "{{ needId.ref('t/need') }}" }]
  lifecycleStatus: active
  description: { text: "{{ goal.description }}" }`;
    const maps = {
      person: patient('  gender: "{{ person.sex }}"'),
      need: needs('  note: [{ text: "{{ need.note }}" }]'),
      goal: goals,
    };
    const record = { person, needs: [], goals: [{ id: 'g_1', needIds: ['n1'], description: 'd' }] };
    expect(await run('case', { maps }, record)).toStrictEqual([
      {
        resourceType: 'Goal',
        id: 'Goal:t/goal|1:pg_1',
        identifier: [{ system: 'https://agency.example/goal', value: 'g_1' }],
        subject: { reference: 'Patient:t/person|p'.replace('Patient:', 'Patient/Patient:') },
        addresses: [{ reference: 'Condition/Condition:t/need|1:pn1' }],
        lifecycleStatus: 'active',
        description: { text: 'd' },
      },
    ]);
  });

  it('carries decimals as they were written', async () => {
    const map = `
map: t/r
from: { each: income.resources, as: r, key: id }
to: Observation
match: [identifier]
fhir:
  identifier: [{ value: "{{ r.id }}" }]
  status: final
  code: { text: income }
  valueQuantity: { value: "{{ r.amount }}" }`;
    const amount = new JsonNumber('0.10');
    const out = (await run('case', { maps: map }, { person, income: { resources: [{ id: 'r', amount }] } })) as {
      valueQuantity: { value: unknown };
    }[];
    expect(out[0]!.valueQuantity.value).toBe(amount);
  });
});

const LABELS = `
A: { Id: [housing], Key: [housing], Other: [housing], Amount: [income], Day: [housing], At: [housing] }
B: { Id: [housing], Key: [housing], Other: [housing], Text: [notes] }
`;
const rows = (join: string, fhir: string): string => `
map: t/a
from:
  each: A
  as: a
  key: Id
  join: { ${join} }
to: Basic
match: [identifier]
fhir:
  identifier: [{ value: "{{ a.Id }}" }]
${fhir}`;

describe('tables', () => {
  const join = 'b: { table: B, key: Id, canBe: absent, on: { Key: a.Key, Other: a.Other } }';
  const fhir = '  code: { text: "{{ b.Text }}" }\n  created: "{{ a.Day.toDate() }}"';

  it('finds the joined row by all of its columns, and no row by an empty one', async () => {
    const record = {
      A: [
        { Id: '1', Key: 'x', Other: '1', Day: '2026-01-01' },
        { Id: '2', Key: 'x', Other: '2', Day: '2026-01-02' },
        { Id: '3', Key: '', Other: '2', Day: '2026-01-03' },
      ],
      B: [
        { Id: '9', Key: 'x', Other: '2', Text: 'found' },
        { Id: '8', Key: '', Other: '2', Text: 'never' },
      ],
    };
    const out = (await run('hmis', { maps: rows(join, fhir), labels: LABELS }, record)) as {
      code?: { text: string };
      created: string;
    }[];
    expect(out.map(({ code, created }) => [code?.text, created])).toStrictEqual([
      [undefined, '2026-01-01'],
      ['found', '2026-01-02'],
      [undefined, '2026-01-03'],
    ]);
  });

  it('does not confuse keys that only look alike when put together', async () => {
    const record = {
      A: [{ Id: '1', Key: '1', Other: '1:1', Day: '2026' }],
      B: [{ Id: '2', Key: '1:1', Other: '1', Text: 'wrong' }],
    };
    const out = (await run('hmis', { maps: rows(join, fhir), labels: LABELS }, record)) as { code?: unknown }[];
    expect(out[0]!.code).toBeUndefined();
  });

  it.each([
    ['2026-02-30', undefined],
    ['2024-02-29', '2024-02-29'],
    ['2026-1-1', undefined],
    ['2026-13', undefined],
    ['2026-12', '2026-12'],
    ['2021-08-09 12:12:35', undefined],
  ])('reads the date %s as %s', async (Day, expected) => {
    const out = (await run(
      'hmis',
      { maps: rows(join, '  code: { text: "{{ a.Key }}" }\n  created: "{{ a.Day.toDate() }}"'), labels: LABELS },
      { A: [{ Id: '1', Key: 'k', Day }] },
    )) as { created?: string }[];
    expect(out[0]!.created).toBe(expected);
  });

  it.each([
    ['2021-08-09 12:12:35', '2021-08-09T12:12:35-05:00'],
    ['2021-08-09T12:12:35Z', '2021-08-09T12:12:35Z'],
    ['2021-08-09 25:00:00', undefined],
    ['2021-08-09', '2021-08-09'],
  ])('reads the local time %s with its zone as %s', async (At, expected) => {
    const out = (await run(
      'hmis',
      {
        maps: rows(
          join,
          '  code: { text: "{{ a.Key }}" }\n  extension: [{ url: u, valueDateTime: "{{ a.At.toDateTime(\'-05:00\') }}" }]',
        ),
        labels: LABELS,
      },
      { A: [{ Id: '1', Key: 'k', At }] },
    )) as { extension?: { valueDateTime: string }[] }[];
    expect(out[0]!.extension?.[0]!.valueDateTime).toBe(expected);
  });

  it.each(['0.10', '2999.55', '0', '-1.0', '12345678901234567890'])(
    'keeps the decimal %s as written',
    async (Amount) => {
      const out = (await run(
        'hmis',
        {
          maps: rows(
            join,
            '  code: { text: x }\n  extension: [{ url: u, valueDecimal: "{{ a.Amount.toDecimal() }}" }]',
          ),
          labels: LABELS,
        },
        { A: [{ Id: '1', Amount }] },
      )) as { extension: { valueDecimal: JsonNumber | number }[] }[];
      expect(out[0]!.extension[0]!.valueDecimal.toString()).toBe(Amount);
    },
  );

  it('takes an empty cell for none and 0 for a value', async () => {
    const out = await run(
      'hmis',
      { maps: rows(join, '  code: { text: "{{ a.Key }}" }'), labels: LABELS },
      {
        A: [
          { Id: '1', Key: '' },
          { Id: '', Key: 'x' },
          { Id: '2', Key: '0' },
        ],
      },
    );
    expect(out.map((resource) => (resource as { code: { text: string } }).code.text)).toStrictEqual(['0']);
  });
});
