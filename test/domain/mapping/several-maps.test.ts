import { describe, expect, it } from 'vitest';
import { bundle, codeOf, context, EVERYTHING, findingsOf, loadBoth } from './compile.js';

const LABELS = `
Money:
  MoneyID: [income]
  PersonalID: [identity]
  Wages: [income]
  WagesAmount: [income]
  Aid: [health]
  AidAmount: [income]
`;
/** One row, a resource for each source of income, all with the row's key. */
const MONEY = `for: c
in:
  - { column: Wages, kind: wages, labels: [] }
  - { column: Aid, kind: aid, labels: [hiv] }
map: hmis/money-$(c.kind)
from: { each: Money, as: m, key: MoneyID }
labels: $(c.labels)
to: Observation
match: ["code.coding[kind]"]
fhir:
  identifier: [{ slice: agency, system: "{{ %agency.system('money') }}", value: "money-{{ m.MoneyID }}-$(c.kind)" }]
  status: final
  code: { coding: [{ slice: kind, system: urn:kinds, code: $(c.kind) }] }
  valueCodeableConcept: { coding: [{ code: "{{ m.$(c.column) }}" }] }
  component:
    - { for: fact, in: [$(c.column)Amount], code: { coding: [{ code: $(fact) }] }, valueString: "{{ m.$(fact) }}" }
`;
const files = { maps: MONEY, labels: LABELS, twoWay: true };
const row = { MoneyID: 'm-1', Wages: '1', WagesAmount: '10', Aid: '0' };
interface Told {
  readonly identifier: { readonly system: string; readonly value: string }[];
  readonly code: unknown;
}

describe('a map file that says for is several maps', () => {
  it('of which each makes a resource of the row', async () => {
    const { toFhir } = await loadBoth('hmis', files);
    const out = toFhir({ Money: [row] }, EVERYTHING, context);
    expect(out.map(({ resource }) => (resource as unknown as Told).identifier[0]!.value)).toEqual([
      'money-m-1-wages',
      'money-m-1-aid',
    ]);
    expect(new Set(out.map(({ resource }) => resource.id)).size).toBe(2);
  });

  it('whose lists may differ: labels, and those of the template', async () => {
    const { toFhir } = await loadBoth('hmis', files);
    const [wages, aid] = toFhir({ Money: [row] }, EVERYTHING, context);
    expect(aid!.labels & ~wages!.labels).not.toBe(0);
    expect(wages!.resource).toMatchObject({ component: [{ code: { coding: [{ code: 'WagesAmount' }] } }] });
  });

  it('of which the rows with one key become one row again, whatever comes first', async () => {
    const { toFhir, fromFhir } = await loadBoth('hmis', files);
    const [wages, aid] = toFhir({ Money: [row] }, EVERYTHING, context).map(({ resource }) => resource);
    for (const order of [
      [wages, aid],
      [aid, wages],
    ]) {
      const { record, residue, conflicts } = fromFhir(bundle(...order), EVERYTHING, context);
      expect({ record, residue, conflicts }).toEqual({ record: { Money: [row] }, residue: [], conflicts: [] });
    }
  });

  it('and a key without the text around it is taken whole', async () => {
    const { fromFhir } = await loadBoth('hmis', files);
    const identifier = [{ system: `${context.identifierBase}/money`, value: 'res-7' }];
    const code = { coding: [{ system: 'urn:kinds', code: 'aid' }] };
    const foreign = { resourceType: 'Observation', status: 'final', identifier, code };
    const { record, residue } = fromFhir(
      bundle({ ...foreign, valueCodeableConcept: { coding: [{ code: '1' }] } }),
      EVERYTHING,
      context,
    );
    expect({ record, residue }).toEqual({ record: { Money: [{ MoneyID: 'res-7', Aid: '1' }] }, residue: [] });
  });

  it('is one map where it says none', () => {
    const one = MONEY.replace(/^for[\s\S]*?(?=map:)/, '')
      .replaceAll('$(c.labels)', '[hiv]')
      .replaceAll('$(c.kind)', 'aid')
      .replaceAll('$(c.column)', 'Aid');
    expect(codeOf('hmis', { ...files, maps: one })).toContain('hmis/money-aid');
  });
});

describe('toCode', () => {
  it('keeps what is no code out, and gives the code back', async () => {
    const { toFhir, fromFhir } = await loadBoth('hmis', {
      maps: MONEY.replace('code: "{{ m.$(c.column) }}"', 'code: "{{ m.$(c.column).toCode() }}"'),
      labels: LABELS,
      twoWay: true,
    });
    const Money = [{ MoneyID: 'm', Wages: '1', Aid: ' 0 ' }];
    const mapped = toFhir({ Money }, EVERYTHING, context);
    expect(JSON.stringify(mapped)).not.toContain(' 0 ');
    const { record } = fromFhir(bundle(...mapped.map(({ resource }) => resource)), EVERYTHING, context);
    expect(record).toEqual({ Money: [{ MoneyID: 'm', Wages: '1' }] });
  });
});

describe('conditions of several parts', () => {
  const TWO = `map: t/aid
from:
  each: Money
  as: m
  key: MoneyID
  where: m.Wages = '1' and m.Aid.exists()
to: Observation
match: ["identifier[agency]"]
fhir:
  identifier: [{ slice: agency, system: "{{ %agency.system('money') }}", value: "{{ m.MoneyID }}" }]
  status: final
  code: { coding: [{ code: wages }] }
  extension:
    - { if: m.Aid = '1', url: lasting, valueBoolean: true }
    - { if: m.Aid = '0', url: lasting, valueBoolean: false }
    - { url: exact, valueCode: "{{ m.Aid }}" }
`;
  const pack = () => loadBoth('hmis', { maps: TWO, labels: LABELS, twoWay: true });
  const observation = (...extension: object[]) => ({
    resourceType: 'Observation',
    status: 'final',
    identifier: [{ system: `${context.identifierBase}/money`, value: 'm' }],
    code: { coding: [{ code: 'wages' }] },
    extension,
  });

  it('say each what they say of one field', async () => {
    const { toFhir, fromFhir } = await pack();
    const Money = [{ MoneyID: 'm', Wages: '1', Aid: '7' }];
    const out = toFhir({ Money: [...Money, { MoneyID: 'n', Wages: '0', Aid: '7' }] }, EVERYTHING, context);
    expect(out).toHaveLength(1);
    expect(fromFhir(bundle(out[0]!.resource), EVERYTHING, context).record).toEqual({ Money });
  });

  it('presence says it where nothing exact does, and never against it', async () => {
    const { fromFhir } = await pack();
    const lasting = { url: 'lasting', valueBoolean: true };
    const exact = { url: 'exact', valueCode: '9' };
    for (const [extension, Aid] of [
      [[lasting], '1'],
      [[{ ...lasting, valueBoolean: false }], '0'],
      [[exact, lasting], '9'],
      [[lasting, exact], '9'],
    ] as const) {
      const { record } = fromFhir(bundle(observation(...extension)), EVERYTHING, context);
      expect(record).toEqual({ Money: [{ MoneyID: 'm', Wages: '1', Aid }] });
    }
  });

  it('cannot be undone where one part reads what nothing carries', () => {
    const lost = TWO.replace('m.Aid.exists()', 'm.AidAmount.exists()');
    expect(findingsOf('hmis', { maps: lost, labels: LABELS, twoWay: true })).toMatchObject([
      { message: expect.stringContaining('no leaf carries Money[].AidAmount') },
    ]);
  });
});

/** what is wrong, what is replaced, by what, line:column, a part of the message, the suggestion */
const MISTAKES: readonly [string, string, string, string, string, string?][] = [
  ['a misspelt name', 'm.$(c.column) }}', 'm.$(c.colum) }}', '14:50', 'No for … in gives $(c.colum)', 'c.column'],
  ['a misspelt column', 'column: Aid', 'column: Ad', '14:50', 'no path Money[].Ad', 'Aid'],
  ['a list within a text', 'code: $(c.kind) }', 'code: a$(c.labels) }', '13:61', 'gives $(c.labels)'],
  ['one name for all', 'hmis/money-$(c.kind)', 'hmis/money', '5:6', 'Another map is called hmis/money'],
  ['no list', 'in:\n', 'at:\n', '1:1', 'a list under in'],
  ['resources that cannot be told apart', 'code: $(c.kind) }', 'code: one }', '9:9', 'cannot be told from one of'],
];

describe('a mistake in a file of several maps', () => {
  it.each(MISTAKES)('%s is told at its place', (_, from, to, at, message, suggestion) => {
    const found = findingsOf('hmis', { ...files, maps: MONEY.replace(from, to) }).map(
      ({ line, column, message: text, suggestion: hint }) => [`${line}:${column}`, text, hint],
    );
    expect(found).toContainEqual([at, expect.stringContaining(message), suggestion]);
  });
});
