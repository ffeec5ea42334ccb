import { describe, expect, it } from 'vitest';
import { caseCells } from '../../../src/domain/mapping/coverage/case-cells.js';
import { pathOfCell, type Cell } from '../../../src/domain/mapping/coverage/cell.js';
import { hmisCells } from '../../../src/domain/mapping/coverage/hmis-cells.js';
import { measureCells } from '../../../src/domain/mapping/coverage/measure.js';
import { classesOf, createSampling } from '../../../src/domain/mapping/coverage/sampling.js';
import { otherCaseValue, otherHmisValue } from '../../../src/domain/mapping/coverage/other-value.js';
import { tierOf } from '../../../src/domain/mapping/coverage/tier.js';
import { checkValue } from '../../../src/domain/hmis/check-value.js';
import { hmisTables } from '../../../src/domain/hmis/tables.js';
import { syntheticCase } from '../../../src/domain/case/synthetic.js';
import { caseModel } from '../../../src/domain/case/schema.js';
import { context, EVERYTHING, loadBoth } from './compile.js';

const COLUMNS = new Set(hmisTables('FY2026').flatMap(({ columns }) => columns.map(({ name }) => name)));
const rules = { identifierBase: context.identifierBase, columns: COLUMNS };

const OWN = 'https://relais.example/fhir';
const need = (body: string): string => `
map: case/need
from: { each: needs, as: need, key: id }
to: Condition
match: ["identifier[agency]"]
fhir:
  identifier: [{ slice: agency, system: "{{ %agency.system('need') }}", value: "{{ need.id }}" }]
  subject: { reference: "{{ person.ref() }}" }
${body}
`;
const person = `
map: case/person
from: { one: person, as: person, key: id }
to: Patient
match: ["identifier[agency]"]
fhir:
  identifier: [{ slice: agency, system: "{{ %agency.system('person') }}", value: "{{ person.id }}" }]
`;
const record = {
  person: { id: 'p' },
  needs: [
    { id: 'n-1', category: 'housing', status: 'active', note: 'a' },
    { id: 'n-2', category: 'food', status: 'met', note: 'b' },
  ],
};

async function tiersOf(body: string, codes: readonly string[] = [], about: unknown = record) {
  const mapping = await loadBoth('case', { maps: { person, need: need(body) }, codes, twoWay: true });
  const { measured } = measureCells({ mapping, permitted: EVERYTHING, context, rules }, about, caseCells(about));
  return Object.fromEntries(measured.map((cell) => [pathOfCell(cell), cell.tier]));
}

describe('the coverage of a map is measured by changing values', () => {
  it('a field without a rule is lost', async () => {
    const tiers = await tiersOf('  note: [{ text: "{{ need.note }}" }]');
    expect(tiers).toMatchObject({ 'needs[0].note': 'standard-element', 'needs[0].category': 'lost' });
    const dropped = await tiersOf('  severity: { text: "{{ need.severity }}" }');
    expect(dropped['needs[0].note']).toBe('lost');
  });

  it.each([
    ['a standard element', '  onsetString: "{{ need.note }}"', 'standard-element'],
    [
      'a standard extension',
      '  extension: [{ url: http://hl7.org/fhir/StructureDefinition/patient-religion, valueString: "{{ need.note }}" }]',
      'standard-extension',
    ],
    [
      'an own extension',
      `  extension: [{ url: ${OWN}/StructureDefinition/note, valueString: "{{ need.note }}" }]`,
      'own-extension',
    ],
    [
      'an address below hl7.org that no guide defines',
      '  extension: [{ url: http://hl7.org/fhir/StructureDefinition/need-note, valueString: "{{ need.note }}" }]',
      'own-extension',
    ],
    [
      'an identifier of a system of our own',
      `  stage: [{ type: { text: x }, assessment: [{ identifier: { system: "${OWN}/x", value: "{{ need.note }}" } }] }]`,
      'generic',
    ],
    [
      'an own extension that names a column',
      `  extension: [{ url: ${OWN}/StructureDefinition/hmis-fact, extension: [{ url: fact, valueCode: DisablingCondition }, { url: value, valueString: "{{ need.note }}" }] }]`,
      'generic',
    ],
  ])('%s is told for what it is', async (_, body, tier) => {
    expect((await tiersOf(body))['needs[1].note']).toBe(tier);
  });

  it('an element that says the same whatever the value is carries nothing', async () => {
    const constant = "  note: [{ text: \"{{ iif(need.note.exists(), 'a', 'a') }}\" }]".replace(
      /"(\{\{.*\}\})"/,
      '{ get: "$1", put: derived }',
    );
    expect(await tiersOf(constant)).toMatchObject({ 'needs[0].note': 'lost', 'needs[1].note': 'lost' });
  });

  it('what leaves and does not come back is lost, however standard its element is', async () => {
    const oneWay = '  note: [{ text: { get: "{{ need.note.upper() }}", put: derived } }]';
    expect((await tiersOf(oneWay))['needs[0].note']).toBe('lost');
  });

  it('a coarse code does not carry what only the exact one beside it tells', async () => {
    const codes = `
codes: coarse
unmapped: omit
map:
  identified: active
  active: { code: active, prefer: true }
  met: resolved
`;
    const body = `
  extension: [{ url: ${OWN}/StructureDefinition/need-status, valueCode: "{{ need.status }}" }]
  clinicalStatus: { coding: [{ system: http://terminology.hl7.org/CodeSystem/condition-clinical, code: "{{ need.status.translate('coarse') }}" }] }`;
    const about = {
      ...record,
      needs: [
        { id: 'n-1', status: 'identified' },
        { id: 'n-2', status: 'met' },
      ],
    };
    const tiers = await tiersOf(body, [codes], about);
    expect(tiers['needs[0].status']).toBe('own-extension');
  });

  it('keys, references and metadata are no content', () => {
    const cells = caseCells(syntheticCase(3));
    const kindOf = (pattern: string): Cell['kind'] | undefined => cells.find((cell) => cell.pattern === pattern)?.kind;
    expect(kindOf('needs[].id')).toBe('key');
    expect(kindOf('goals[].needIds[]')).toBe('key');
    expect(kindOf('schemaVersion')).toBe('metadata');
    expect(kindOf('person.about.sex.source')).toBe('metadata');
    expect(kindOf('workingNotes[].text')).toBe('never');
    expect(kindOf('needs[].category')).toBe('content');
    const row = { EnrollmentID: '1', EntryDate: '2026-01-02', InformationDate: '2026-01-02', Disabled: '' };
    expect(hmisCells({ Enrollment: [row] }, new Map()).map(({ kind }) => kind)).toEqual(['key', 'content', 'metadata']);
  });
});

describe('a component', () => {
  const observation = (component: object) =>
    ({ resourceType: 'Observation', id: '1', component: [{ ...component, valueString: 'x' }] }) as never;
  const way = ['component', 0, 'valueString'];
  it('of an own code is a generic carrier; of a published code it is an element', () => {
    const own = { code: { coding: [{ system: `${OWN}/CodeSystem/component`, code: 'since' }] } };
    const loinc = { code: { coding: [{ system: 'http://loinc.org', code: '63512-8' }] } };
    expect(tierOf(observation(own), way, rules)).toBe('generic');
    expect(tierOf(observation(loinc), way, rules)).toBe('standard-element');
  });

  it('and so is an Observation whose only code is the name of a column', () => {
    const of = (code: string) =>
      ({ resourceType: 'Observation', id: '1', code: { coding: [{ system: `${OWN}/CodeSystem/x`, code }] } }) as never;
    expect(tierOf(of('DisablingCondition'), ['valueString'], rules)).toBe('generic');
    expect(tierOf(of('arrears'), ['valueString'], rules)).toBe('standard-element');
  });
});

describe('the other value of a cell', () => {
  it('is valid and another one, for every value of a case', () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      for (const cell of caseCells(syntheticCase(seed)).filter(({ kind }) => kind === 'content')) {
        expect(cell.other(), cell.pattern).toBeDefined();
        expect(cell.other(), cell.pattern).not.toEqual(cell.value);
      }
    }
    const { type } = caseModel.fields.person.fields.birthDate;
    expect(otherCaseValue(type, '1990-05')).toBe('1990-06');
  });

  it('is valid and another one, for every column of HMIS', () => {
    for (const { file, columns } of hmisTables('FY2026')) {
      for (const column of columns) {
        const first = otherHmisValue(column, '1')!;
        const second = otherHmisValue(column, first)!;
        expect(second, `${file}.${column.name}`).not.toBe(first);
        expect(checkValue(file, column.name, second), `${file}.${column.name}`).toBeNull();
      }
    }
  });
});

describe('alike cells', () => {
  const cell = (pattern: string) => ({ pattern }) as Cell;
  const standing = (tier: 'standard-element' | 'own-extension') => ({ tier, isOfOwnCode: false });

  it('are counted like those that were changed, once three agree', () => {
    const sampling = createSampling(3, ({ pattern }) => pattern);
    for (let n = 0; n < 2; n += 1) sampling.add(cell('a'), standing('own-extension'));
    expect(sampling.known(cell('a'))).toBeNull();
    sampling.add(cell('a'), standing('own-extension'));
    expect(sampling.known(cell('a'))).toEqual(standing('own-extension'));
    expect(sampling.known(cell('b'))).toBeNull();
  });

  it('are all changed where some do not agree', () => {
    const sampling = createSampling(3, ({ pattern }) => pattern);
    sampling.add(cell('a'), standing('standard-element'));
    for (let n = 0; n < 9; n += 1) sampling.add(cell('a'), standing('own-extension'));
    expect(sampling.known(cell('a'))).toBeNull();
  });

  it('are those of one field and code that become the same elements', () => {
    const made = [
      {
        map: 'case/need',
        elements: [
          { path: 'Condition.note[0].text', sources: ['needs[0].note'] },
          { path: 'Condition.note[1].text', sources: ['needs[1].note'] },
          { path: 'Condition.onsetString', sources: ['needs[2].note'] },
        ],
      },
    ] as never;
    const classOf = classesOf(made);
    const note = (index: number, form = '') =>
      ({ pattern: 'needs[].note', form, steps: [{ name: 'needs' }, { index }, { name: 'note' }] }) as unknown as Cell;
    expect(classOf(note(0))).toBe(classOf(note(1)));
    expect(classOf(note(0))).not.toBe(classOf(note(2)));
    expect(classesOf(made)(note(0, 'a'))).not.toBe(classesOf(made)(note(0, 'b')));
  });
});
