import { describe, expect, it } from 'vitest';
import { findingsOf } from './compile.js';

const HEAD = `map: t/need
from: { each: needs, as: need, key: id }
to: Condition
match: [identifier]
fhir:
  identifier: [{ system: a, value: "{{ need.id }}" }]
  subject: { display: somebody }
`;
const CODES = `codes: status
unmapped: omit
map: { identified: a, active: a, on-hold: b }
`.replace('identified: a', 'identified: { code: a, prefer: true }');
const SELF = '  recordedDate: "{{ need.identifiedOn }}"\n';

/** what is wrong, the lines that are added, line:column of the finding, a part of its message */
const TABLE: readonly [string, string, string, string][] = [
  ['a computed value', '  note: [{ text: "{{ need.note.upper() }}" }]', '8:19', 'No inverse of this can be derived'],
  ['two fields in one text', '  note: [{ text: "{{ need.note }} {{ need.code }}" }]', '8:19', 'No inverse'],
  ['a count', '  extension: [{ url: a, valueInteger: "{{ case.goals.count() }}" }]', '8:40', 'No inverse'],
  [
    'a choice between two fields',
    '  note: [{ text: "{{ iif(need.note.exists(), need.note, need.code) }}" }]',
    '8:19',
    'No inverse',
  ],
  [
    'a condition that looks into a text which nothing carries',
    '  note: [{ if: need.code.startsWith(\'a\'), text: "{{ need.note }}" }]',
    '8:12',
    'no leaf carries needs[].code',
  ],
  [
    'two items without a constant',
    '  note:\n    - { text: "{{ need.note }}" }\n    - { text: "{{ need.description }}" }',
    '10:7',
    'cannot be told from the one of line 9',
  ],
  [
    'values that only their place tells apart',
    '  note: [{ text: x, _text: { extension: [{ url: a, valueString: "{{ need.note }}" }, { url: a, valueString: "{{ need.code }}" }] } }]',
    '8:86',
    'cannot be told from the one of line 8',
  ],
  [
    'a condition on what nothing carries',
    '  note: [{ if: need.priority > 2, text: "{{ need.note }}" }]',
    '8:12',
    'no leaf carries needs[].priority',
  ],
  [
    'an else that looks the same',
    `  note: [{ text: { if: need.note.exists(), get: "{{ need.note }}", else: "{{ need.description }}" } }]`,
    '8:75',
    'cannot be told from what the condition gives',
  ],
  [
    'a code map that loses, alone',
    `  code: { text: "{{ need.status.translate('status') }}" }`,
    '8:18',
    'does not keep all codes of needs[].status apart',
  ],
];

describe('a map without a way back', () => {
  it.each(TABLE)('%s is found at its line and column', (_, lines, position, message) => {
    const files = { maps: `${HEAD}${lines}\n`, codes: CODES };
    const findings = findingsOf('case', { ...files, twoWay: true });
    expect(findings.map(({ file, line, column }) => `${file}:${line}:${column}`)).toEqual([`one.map.yaml:${position}`]);
    expect(findings[0]!.message).toContain(message);
    expect(findingsOf('case', files)).toEqual([]);
  });

  it.each([
    ['says that it is derived', '  note: [{ text: { get: "{{ need.note.upper() }}", put: derived } }]'],
    [
      'parts its items by a constant',
      '  note:\n    - { time: "2026", text: "{{ need.note }}" }\n    - { text: "{{ need.description }}" }',
    ],
    [
      'parts its items by their choice type',
      '  extension:\n    - { url: a, valueString: "{{ need.note }}" }\n    - { url: a, valueCode: "{{ need.code }}" }',
    ],
    [
      'carries the exact code too',
      `  code: { text: "{{ need.status.translate('status') }}", coding: [{ code: "{{ need.status }}" }] }`,
    ],
    ['lets presence say what the condition says', `  note: [{ if: need.severity = 'low', text: "{{ need.note }}" }]`],
  ])('is none when it %s', (_, lines) => {
    expect(findingsOf('case', { maps: `${HEAD}${lines}\n`, codes: CODES, twoWay: true })).toEqual([]);
  });

  it('two maps of one type that match alike are found', () => {
    const other =
      HEAD.replace('t/need', 't/other').replace('needs', 'goals') + '  note: [{ text: "{{ need.note }}" }]\n';
    const files = (system: string) => ({
      maps: { one: HEAD + SELF, two: other.replace('system: a', `system: ${system}`) },
      twoWay: true,
    });
    const [found] = findingsOf('case', files('a'));
    expect(`${found?.file}:${found?.line}:${found?.column} ${found?.message}`).toBe(
      'two.map.yaml:4:9 A Condition of this map cannot be told from one of t/need: match more.',
    );
    expect(findingsOf('case', files('b'))).toEqual([]);
  });

  it('a map whose key no leaf carries is found', () => {
    const map = HEAD.replace('value: "{{ need.id }}"', 'value: "{{ need.code }}"') + SELF;
    expect(findingsOf('case', { maps: map, twoWay: true }).map(({ message }) => message)).toEqual([
      'No leaf outside a list of its own carries the key: on the way back nothing says whose it is.',
    ]);
  });

  it('a joined row without its key is found', () => {
    const map = (leaf: string): string => `map: t/a
from:
  each: A
  as: a
  key: Id
  join: { b: { table: B, key: Id, on: { Key: a.Key } } }
to: Basic
match: [identifier]
fhir:
  identifier: [{ value: "{{ a.Id }}" }]
  code: { text: "{{ b.Text }}" }
${leaf}`;
    const labels = 'A: { Id: [housing], Key: [housing] }\nB: { Id: [housing], Key: [housing], Text: [notes] }\n';
    const found = findingsOf('hmis', { maps: map(''), labels, twoWay: true });
    expect(found.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
      '6:14 The row of B cannot be made on the way back: no leaf carries its key Id.',
    ]);
    const carried = '  subject: { display: "{{ b.Id }}" }\n';
    expect(findingsOf('hmis', { maps: map(carried), labels, twoWay: true })).toEqual([]);
  });
});
