import { describe, expect, it } from 'vitest';
import { findingsOf } from './compile.js';

const HEAD = `map: t/need
from: { each: needs, as: need, key: id }
to: Condition
match: [identifier]
fhir:
  identifier: [{ value: "{{ need.id }}" }]
`;
const SUBJECT = '  subject: { display: somebody }\n';
const CODES = `codes: status
unmapped: omit
map: { active: active, met: resolved }
`;
const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';

/** what is wrong, the lines that are added after line 7, line:column of the finding, a part of its message, its suggestion */
type Row = readonly [string, string, string, string, string?];

const CONSTANTS: readonly Row[] = [
  ['a day that the calendar does not have', '  recordedDate: 2026-02-30', '8:17', 'the calendar has no such day'],
  ['a month that there is not', '  recordedDate: 2026-13-01', '8:17', 'is a dateTime, and this is none: YYYY'],
  ['a time without a zone', '  recordedDate: "2026-01-01T10:00:00"', '8:17', 'seconds and zone'],
  [
    'a URI with a blank',
    '  code: { coding: [{ system: "a b", code: c }], text: "{{ need.note }}" }',
    '8:30',
    'is a uri',
  ],
  ['a code with blanks at its ends', '  language: " fr"', '8:13', 'is a code'],
  ['an id with an underscore', '  id: a_b', '8:7', 'is an id'],
  ['a fraction for a whole number', '  extension: [{ url: u, valueInteger: 1.5 }]', '8:39', 'is an integer'],
  ['0 for a number from 1', '  extension: [{ url: u, valuePositiveInt: 0 }]', '8:43', 'is a positiveInt'],
  ['an empty text', '  code: { text: "" }', '8:17', 'is empty'],
  ['an element without a value', '  recordedDate:', '8:16', 'without a value'],
  ['an empty list', '  note: []', '8:9', 'An empty list'],
];

const KINDS: readonly Row[] = [
  ['a number for a text', '  code: { text: 5 }', '8:17', 'is a string, and this is a number'],
  ['a truth for a text', '  code: { text: true }', '8:17', 'is a string, and this is a boolean'],
  [
    'a text for a number',
    '  extension: [{ url: u, valueDecimal: "{{ need.note }}" }]',
    '8:40',
    'is a decimal, and this is a string',
  ],
  ['any text for a date', '  recordedDate: "{{ need.note }}"', '8:18', 'is any text: use toDate()'],
  ['an entity for a text', '  code: { text: "{{ need }}" }', '8:18', 'is a string, and this is an entity'],
  [
    'decimals for a whole number',
    '  extension: [{ each: case.income.resources, as: r, url: u, valueInteger: "{{ r.amount }}" }]',
    '8:76',
    'may have decimals',
  ],
  [
    'a value where a narrative stands',
    '  text: { status: generated, div: "{{ need.note }}" }',
    '8:36',
    'no map builds one',
  ],
  [
    'a list within a list',
    '  extension: [{ url: u, valueHumanName: { given: ["{{ case.communication.languages }}"] } }]',
    '8:52',
    'no list of lists',
  ],
  [
    'a choice that always stands beside one with a condition',
    '  onsetDateTime: "{{ need.identifiedOn }}"\n  onsetString: { if: need.note.exists(), get: "{{ need.note }}" }',
    '9:3',
    'never both',
  ],
];

const REQUIRED: readonly Row[] = [
  [
    'a backbone element without what it requires',
    '  evidence: [{ code: [{ text: x }] }]\n  extension: [{ valueString: "{{ need.note }}" }]',
    '9:15',
    'Extension.url is required',
  ],
  ['a note without its text', '  note: [{ authorString: "{{ need.note }}" }]', '8:10', 'Annotation.text is required'],
  ['an extension without a value', '  extension: [{ url: u }]', '8:15', 'this has neither'],
  [
    'an extension with a value and extensions',
    '  extension: [{ url: u, valueString: x, extension: [{ url: v, valueString: y }] }]',
    '8:15',
    'not both',
  ],
  [
    'what is required left out at times by a condition',
    `  note: [{ authorString: "{{ need.code }}", text: { if: need.severity = 'low', get: "{{ need.note }}" } }]`,
    '8:45',
    'give the condition an else',
  ],
  [
    'what is required left out at times by a code map',
    `  note: [{ authorString: "{{ need.code }}", text: "{{ need.status.translate('status') }}" }]`,
    '8:45',
    'give the code map a code',
  ],
  [
    'a contained resource without what it requires',
    '  contained: [{ resourceType: Observation, status: final, valueString: "{{ need.note }}" }]',
    '8:15',
    'Observation.code is required',
  ],
];

const CODED: readonly Row[] = [
  [
    'a code of a code map outside a required value set',
    `  clinicalStatus: { coding: [{ system: ${CLINICAL}, code: "{{ need.status.translate('other') }}" }] }`,
    '8:105',
    'activ is not in the value set',
    'active',
  ],
  [
    'another code system than the required one',
    '  clinicalStatus: { coding: [{ system: http://terminology.hl7.org/CodeSystem/condition-clinicl, code: active }] }',
    '8:40',
    'none is of its code system',
    CLINICAL,
  ],
  [
    'a required coding without a system',
    '  clinicalStatus: { coding: [{ code: active }] }',
    '8:19',
    'requires a coding with the system',
    CLINICAL,
  ],
  [
    'a text where a code is required',
    '  clinicalStatus: { text: "{{ need.note }}" }',
    '8:19',
    'requires a coding with the system',
    CLINICAL,
  ],
  [
    'anything where a code of a required value set stands',
    '  text: { status: "{{ need.note }}", div: "<div>x</div>" }',
    '8:20',
    'this can be anything: use translate(…)',
  ],
];

const REFERENCES: readonly Row[] = [
  [
    'a reference to a map of a type that is not allowed',
    '  asserter: { reference: "{{ need.ref() }}" }',
    '8:27',
    'Condition.asserter refers to Practitioner',
  ],
  [
    'the same by the name of the map',
    `  asserter: { reference: "{{ need.id.ref('t/need') }}" }`,
    '8:27',
    'and this is a Condition',
  ],
  [
    'a constant reference to a type that is not allowed',
    '  asserter: { reference: Condition/1 }',
    '8:26',
    'and this is a Condition',
  ],
  [
    'a type that is not allowed beside the reference',
    '  asserter: { type: Condition, display: "{{ need.note }}" }',
    '8:21',
    'and this is a Condition',
  ],
  [
    'a reference to no resource of R4',
    '  asserter: { reference: Practitionr/1 }',
    '8:26',
    'R4 has no resource',
    'Practitioner',
  ],
];

const YAML: readonly Row[] = [
  ['a tab', '  note:\n\t- { text: x }', '9:1', 'A tab cannot indent'],
  ['a key that stands twice', '  code: { text: x, text: y }', '8:20', 'stands here twice'],
  ['an anchor', '  code: &c { text: x }', '8:12', 'Anchors and aliases'],
  ['a merge key', '  code:\n    <<: { text: x }', '9:5', 'Merge keys'],
  ['a tag', '  code: { text: !!str 5 }', '8:23', 'Tags are not used'],
  ['a bracket that is not closed', '  code: { text: x', '9:1', 'This is not YAML'],
];

const SYNTAX: readonly Row[] = [
  ['a text that is not closed', `  code: { text: "{{ need.note & 'x }}" }`, '8:33', "This ' is not closed"],
  ['two points, in single quotes', "  code: { text: 'it''s {{ need..note }}' }", '8:32', 'Expected a name'],
  ['two points, after escapes', '  code: { text: "\\u0041\\t\\\\ {{ need..note }}" }', '8:37', 'Expected a name'],
  [
    'two points, on the second line of a plain text',
    '  code:\n    text: one\n      x {{ need..note }}',
    '10:17',
    'Expected a name',
  ],
  [
    'two points, on the second line of a quoted text',
    '  code:\n    text: "one\n\n      {{ need..note }}"',
    '11:15',
    'Expected a name',
  ],
  [
    'two points, in a folded block',
    '  code:\n    text: >-\n      one\n      {{ need..note }}',
    '11:15',
    'Expected a name',
  ],
  [
    'two points, in a literal block',
    '  code:\n    text: |-\n      one\n\n        {{ need..note }}',
    '12:17',
    'Expected a name',
  ],
  [
    'two points, on the second line of the expression',
    '  code:\n    text: |-\n      {{ need\n           .note\n           ..upper() }}',
    '12:13',
    'Expected a name',
  ],
  [
    'a misspelt function on the third line of the expression',
    '  code:\n    text: >-\n      {{ need\n      .note\n      .uper() }}',
    '12:8',
    'no function uper()',
    'upper',
  ],
  ['an operator without its right side', '  code: { text: "{{ need.note & }}" }', '8:32', 'Expected a name'],
  ['a bracket that is not closed', '  code: { text: "{{ need.note.substring(1 }}" }', '8:42', 'Expected )'],
  ['two expressions in one', '  code: { text: "{{ need.note need.code }}" }', '8:31', 'Unexpected text'],
  ['a character of no language', '  code: { text: "{{ need.note # }}" }', '8:31', 'Unexpected character'],
];

describe.each([
  ['constants', CONSTANTS],
  ['kinds of values', KINDS],
  ['required elements', REQUIRED],
  ['codes', CODED],
  ['references', REFERENCES],
  ['YAML', YAML],
  ['expressions', SYNTAX],
])('a planted mistake in %s', (_, table) => {
  it.each(table)('%s is found at its line and column, and nothing else', (__, lines, position, message, suggestion) => {
    const other = CODES.replace('status', 'other').replace('active: active', 'active: activ');
    const findings = findingsOf('case', { maps: `${HEAD}${SUBJECT}${lines}\n`, codes: [CODES, other] });
    expect(findings.map((finding) => `${finding.file}:${finding.line}:${finding.column}`)).toEqual([
      `one.map.yaml:${position}`,
    ]);
    expect(findings[0]!.message).toContain(message);
    expect(findings[0]!.suggestion).toBe(suggestion);
  });
});

describe('a required element', () => {
  it('that a resource type demands and the template never makes is found where the template begins', () => {
    const maps = HEAD + '  code: { text: "{{ need.note }}" }\n';
    expect(findingsOf('case', { maps })).toEqual([
      {
        file: 'one.map.yaml',
        line: 6,
        column: 3,
        message: 'Condition.subject is required by R4, and this template never makes it.',
      },
    ]);
    const observation = maps.replace('Condition', 'Observation').replace('code: {', 'method: {');
    expect(findingsOf('case', { maps: observation }).map(({ message }) => message)).toEqual([
      'Observation.status is required by R4, and this template never makes it.',
      'Observation.code is required by R4, and this template never makes it.',
    ]);
  });

  it.each([
    ['a constant', '  note: [{ text: x, authorString: "{{ need.code }}" }]'],
    [
      'a value that may be absent in the data',
      '  note: [{ text: "{{ need.note }}", authorString: "{{ need.code }}" }]',
    ],
    [
      'a condition with an else',
      '  note: [{ text: { if: need.note.exists(), get: "{{ need.note }}", else: none }, authorString: "{{ need.code }}" }]',
    ],
    [
      'a condition without which nothing stands',
      '  note: [{ text: { if: need.note.exists(), get: "{{ need.note }}" } }]',
    ],
    [
      'an extension beside it',
      '  note: [{ _text: { extension: [{ url: u, valueCode: unknown }] }, authorString: "{{ need.code }}" }]',
    ],
  ])('is there by %s', (_, lines) => {
    expect(findingsOf('case', { maps: `${HEAD}${SUBJECT}${lines}\n` })).toEqual([]);
  });
});

describe('a mistake in a code map', () => {
  const maps = `${HEAD}${SUBJECT}`;
  it.each([
    [
      'a misspelt key',
      'codes: status\nunmaped: omit\nunmapped: omit\nmap: { active: a }\n',
      '2:1',
      'Unknown key unmaped',
      'unmapped',
    ],
    ['a misspelt policy', 'codes: status\nunmapped: omitt\nmap: { active: a }\n', '2:11', 'unmapped is omit', 'omit'],
    [
      'a misspelt preference',
      'codes: status\nunmapped: omit\nmap: { active: { code: a, prefr: true } }\n',
      '3:27',
      'A column of a code map is a text',
      'prefer',
    ],
    ['no policy', 'codes: status\nmap: { active: a }\n', '1:1', 'must say what becomes of unmapped codes'],
    ['two codes of one target', 'codes: status\nunmapped: omit\nmap: { active: a, met: a }\n', '3:19', 'prefer: true'],
    [
      'two preferences',
      'codes: status\nunmapped: omit\nmap:\n  active: { code: a, prefer: true }\n  met: { code: a, prefer: true }\n',
      '5:3',
      'exactly one',
    ],
    ['a code twice', 'codes: status\nunmapped: omit\nmap: { active: a, active: b }\n', '3:19', 'stands here twice'],
  ])('%s is found', (_, codes, position, message, suggestion?: string) => {
    const [first, ...others] = findingsOf('case', { maps, codes });
    expect(others).toEqual([]);
    expect(`${first?.file}:${first?.line}:${first?.column}`).toBe(`codes.yaml:${position}`);
    expect(first?.message).toContain(message);
    expect(first?.suggestion).toBe(suggestion);
  });

  it('a code that the source never says is found where it is used', () => {
    const used = maps + '  code: { text: "{{ need.status.translate(\'status\') }}" }\n';
    const codes = 'codes: status\nunmapped: omit\nmap: { activ: a }\n';
    expect(findingsOf('case', { maps: used, codes })).toMatchObject([
      { line: 8, column: 33, suggestion: 'active', message: expect.stringContaining('translates activ') as string },
    ]);
  });
});

describe('a mistake in a pack', () => {
  const labels = 'A: { Id: [housing], Key: [housing] }\nB: { Id: [housing], Text: [notes] }\n';
  const table = (join: string, leaf = '{{ b.Text }}'): string => `map: t/a
from:
  each: A
  as: a
  key: Id
  join: { b: ${join} }
to: Basic
match: [identifier]
fhir:
  identifier: [{ value: "{{ a.Id }}" }]
  code: { text: "${leaf}" }
`;
  it.each([
    ['a table that there is not', '{ table: C, key: Id, on: { Id: a.Key } }', '6:23', 'no table C', undefined],
    ['a key that is no column', '{ table: B, key: Idd, on: { Id: a.Key } }', '6:31', 'no column Idd', 'Id'],
    ['a join without a key', '{ table: B, on: { Id: a.Key } }', '6:14', 'with table, key and on', undefined],
    ['a column of on that there is not', '{ table: B, key: Id, on: { Txt: a.Key } }', '6:41', 'no column Txt', 'Text'],
    ['a column that on compares with', '{ table: B, key: Id, on: { Id: a.Kay } }', '6:47', 'no path A[].Kay', 'Key'],
    [
      'a misspelt key of a join',
      '{ table: B, key: Id, on: { Id: a.Key }, canbe: absent }',
      '6:54',
      'Unknown key canbe',
      'canBe',
    ],
  ])('%s is found', (_, join, position, message, suggestion) => {
    const [first] = findingsOf('hmis', { maps: table(join), labels });
    expect(`${first?.line}:${first?.column}`).toBe(position);
    expect(first?.message).toContain(message);
    expect(first?.suggestion).toBe(suggestion);
  });

  it('a column that there is not is found with the nearest one', () => {
    const maps = table('{ table: B, key: Id, on: { Id: a.Key } }', '{{ b.Txet }}');
    expect(findingsOf('hmis', { maps, labels })).toMatchObject([{ line: 11, column: 23, suggestion: 'Text' }]);
  });
});
