import { describe, expect, it } from 'vitest';
import { findingsOf } from './compile.js';

const HEAD = `map: t/need
from: { each: needs, as: need, key: id }
to: Condition
match: [identifier]
fhir:
  identifier: [{ value: "{{ need.id }}" }]
  subject: { display: somebody }
`;
const CODES = `codes: status
unmapped: omit
map: { active: active }
`;

/** what is wrong, the line that is added, line:column of the finding, a part of its message, its suggestion */
const TABLE: readonly [string, string, string, string, string?][] = [
  [
    'a misspelt source path',
    '  recordedDate: "{{ need.identifedOn }}"',
    '8:26',
    'no path needs[].identifedOn',
    'identifiedOn',
  ],
  ['a misspelt alias', '  recordedDate: "{{ ned.identifiedOn }}"', '8:21', 'Nothing is called ned', 'need'],
  [
    'a misspelt element',
    '  recordDate: "{{ need.identifiedOn }}"',
    '8:3',
    'Condition has no element recordDate',
    'recordedDate',
  ],
  [
    'a misspelt element of a datatype',
    '  code: { txt: "{{ need.note }}" }',
    '8:11',
    'CodeableConcept has no element txt',
    'text',
  ],
  [
    'a choice without its type',
    '  onset: "{{ need.identifiedOn }}"',
    '8:3',
    'Condition has no element onset',
    'onsetDateTime',
  ],
  [
    'two choices of one element',
    '  onsetDateTime: "{{ need.identifiedOn }}"\n  onsetString: "{{ need.note }}"',
    '9:3',
    'never both',
  ],
  ['a list where R4 has one', '  recordedDate: ["{{ need.identifiedOn }}"]', '8:17', 'does not repeat'],
  ['one where R4 has a list', '  note: { text: "{{ need.note }}" }', '8:9', 'repeats in R4'],
  ['a value where R4 has a datatype', '  code: "{{ need.note }}"', '8:10', 'is a CodeableConcept'],
  ['a datatype where R4 has a value', '  recordedDate: { text: "{{ need.note }}" }', '8:17', 'is a dateTime'],
  [
    'another kind of value',
    '  extension: [{ url: u, valueBoolean: "{{ need.note }}" }]',
    '8:40',
    'is a boolean, and this is a string',
  ],
  [
    'a code outside a required value set',
    '  clinicalStatus: { coding: [{ system: http://terminology.hl7.org/CodeSystem/condition-clinical, code: activ }] }',
    '8:104',
    'activ is not in the value set',
    'active',
  ],
  [
    'an unknown code map',
    '  note: [{ text: "{{ need.status.translate(\'statis\') }}" }]',
    '8:44',
    'no code map statis',
    'status',
  ],
  [
    'an unknown column of a code map',
    "  note: [{ text: \"{{ need.status.translate('status', 'sytem') }}\" }]",
    '8:54',
    'has no column sytem',
  ],
  [
    'a code that the source never says',
    '  note: [{ if: "need.severity = \'lo\'", text: x }]',
    '8:31',
    'never says lo',
    'low',
  ],
  [
    'a misspelt construct',
    '  note: [{ each: case.goals, as: g, wher: "g.status = \'active\'", text: "{{ g.note }}" }]',
    '8:37',
    'Annotation has no element wher',
    'where',
  ],
  [
    'a misspelt key of a leaf',
    '  recordedDate: { get: "{{ need.identifiedOn }}", puts: derived }',
    '8:51',
    'A leaf has no puts',
    'put',
  ],
  ['an unknown function', '  note: [{ text: "{{ need.note.uper() }}" }]', '8:32', 'no function uper()', 'upper'],
  [
    'a function that is not offered',
    "  note: [{ text: \"{{ need.note.replaceMatches('(a+)+$', '') }}\" }]",
    '8:32',
    'no function replaceMatches()',
  ],
  ['two points in a path', '  note: [{ text: "{{ need..note }}" }]', '8:27', 'not a FHIRPath expression'],
  ['a bracket that is not closed', '  note: [{ text: "{{ need.(note }}" }]', '8:27', 'not a FHIRPath expression'],
  ['a lone percent sign', '  note: [{ text: "{{ % }}" }]', '8:22', 'not a FHIRPath expression'],
  ['braces that are not closed', '  note: [{ text: "x {{ need.note" }]', '8:21', 'not closed'],
  [
    'braces around a bare expression',
    '  note: [{ if: "{{ need.note.exists() }}", text: x }]',
    '8:16',
    'without {{ and }}',
  ],
  ['a list taken for one value', '  note: [{ text: "{{ case.goals.note }}" }]', '8:33', 'is a list'],
  [
    'a field that can never leave',
    '  note: [{ each: case.workingNotes, as: w, text: "{{ w.text }}" }]',
    '8:56',
    'can never leave',
  ],
  [
    'a reference to no map',
    '  asserter: { reference: "{{ need.id.ref(\'t/nee\') }}" }',
    '8:42',
    'no map t/nee',
    't/need',
  ],
  ['a mark without a for', '  note: [{ text: "$(x)" }]', '8:19', 'gives $(x) a value'],
  ['a repeated key', '  recordedDate: "{{ need.identifiedOn }}"\n  recordedDate: x', '9:3', 'stands here twice'],
  ['an alias of YAML', '  note: [&a { text: "{{ need.note }}" }]', '8:13', 'Anchors and aliases'],
];

describe('a planted mistake', () => {
  it.each(TABLE)('%s is found at its line and column', (_, line, position, message, suggestion) => {
    const findings = findingsOf('case', { maps: `${HEAD}${line}\n`, codes: CODES });
    const found = findings.map((finding) => `${finding.file}:${finding.line}:${finding.column}`);
    expect(found).toEqual([`one.map.yaml:${position}`]);
    expect(findings[0]!.message).toContain(message);
    expect(findings[0]!.suggestion).toBe(suggestion);
  });

  it.each([
    ['a misspelt key of a map', HEAD.replace('match:', 'mach:'), '4:1', 'Unknown key mach', 'match'],
    ['a misspelt key of from', HEAD.replace('key: id', 'kez: id'), '2:32', 'Unknown key kez', 'key'],
    ['a misspelt resource type', HEAD.replace('Condition', 'Conditon'), '3:5', 'no resource Conditon', 'Condition'],
    ['a misspelt list', HEAD.replace('needs', 'nees'), '2:15', 'Nothing is called nees', 'needs'],
    ['a misspelt match', HEAD.replace('[identifier]', '[identifer]'), '4:9', 'match names identifer', 'identifier'],
    ['a list taken by one', HEAD.replace('each', 'one'), '2:9', 'is a list: use each'],
  ])('%s', (_, map, position, message, suggestion?: string) => {
    const findings = findingsOf('case', { maps: map, codes: CODES });
    const first = findings.find((finding) => finding.message.includes(message));
    expect(first && `${first.line}:${first.column}`).toBe(position);
    expect(first?.suggestion).toBe(suggestion);
  });

  it('a column without a label cannot be read', () => {
    const map = `map: t/a
from: { each: A, as: a, key: Id }
to: Basic
match: [identifier]
fhir:
  identifier: [{ value: "{{ a.Id }}" }]
  code: { text: "{{ a.Secret }}" }
`;
    const findings = findingsOf('hmis', { maps: map, labels: 'A: { Id: [housing], Secret: }\n' });
    expect(findings).toEqual([
      {
        file: 'one.map.yaml',
        line: 7,
        column: 23,
        message: 'The source path A[].Secret has no label, so it cannot be mapped.',
      },
    ]);
    expect(findingsOf('hmis', { maps: map, labels: 'A: { Id: [housing], Secret: [] }\n' })).toHaveLength(1);
    expect(findingsOf('hmis', { maps: map, labels: 'A: { Id: [housing], Secret: [helth] }\n' })[0]!.suggestion).toBe(
      'health',
    );
  });

  it('codes with one target need a preferred inverse', () => {
    const codes = 'codes: status\nunmapped: omit\nmap:\n  active: on\n  met: on\n';
    const findings = findingsOf('case', { maps: `${HEAD}  note: [{ text: "{{ need.note }}" }]\n`, codes });
    expect(findings.map(({ file, line, column }) => `${file}:${line}:${column}`)).toEqual(['codes.yaml:5:3']);
  });

  it('a map that the pack does not list is found', () => {
    const maps = { one: `${HEAD}  note: [{ text: "{{ need.note }}" }]\n` };
    expect(findingsOf('case', { maps })).toEqual([]);
    expect(findingsOf('case', { maps: { ...maps, two: maps.one } }).map(({ message }) => message)).toEqual([
      'Another map is called t/need already.',
    ]);
  });
});
