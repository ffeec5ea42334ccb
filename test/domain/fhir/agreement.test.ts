import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import fhirpath, { type Model } from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4/index.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  compileExpression,
  ExpressionError,
  NotDecidable,
  TooCostly,
} from '../../../src/domain/fhir/fhirpath/compile-expression.js';
import { sharedData } from '../../support/shared-data.js';
import { arbitraryExpression } from './arbitrary-expression.js';

const UCUM = 'http://unitsofmeasure.org';
const PATIENT = {
  resourceType: 'Patient',
  id: 'p',
  active: true,
  meta: { lastUpdated: '2020-01-02T03:04:05.678Z', tag: [{ system: 's', code: 'c' }] },
  extension: [
    { url: 'http://e', valueDecimal: 1.5 },
    { url: 'http://f', valueCodeableConcept: { text: 'x' } },
  ],
  name: [
    { use: 'official', family: "O'Neil é", given: ['Ana', 'Bob', ''], period: { start: '2001', end: '2001-02-03' } },
    { use: 'usual', given: ['Ana'], _given: [{ extension: [{ url: 'u', valueString: 'v' }] }] },
  ],
  birthDate: '1980-02-29',
  _birthDate: { extension: [{ url: 'http://t', valueDateTime: '1980-02-29T10:00:00+02:00' }] },
  _gender: { id: 'g' },
  deceasedBoolean: false,
  multipleBirthInteger: 2,
  telecom: [
    { rank: 1, system: 'phone', value: '12' },
    { rank: 2, value: ' 1.5 ' },
  ],
  contained: [{ resourceType: 'Organization', id: 'o', name: 'Org' }],
  address: [{ line: ['1', '2'], city: 'X', postalCode: '007' }],
  photo: [{ size: 0, hash: 'AAAA' }],
  communication: [
    { language: { coding: [{ system: 's', code: 'fr', userSelected: true }] }, preferred: true },
    { language: { text: 'de' }, preferred: false },
  ],
};
const OBSERVATION = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '1-8', display: 'D' }], text: 'T' },
  valueQuantity: { value: 185, unit: 'lbs', system: UCUM, code: '[lb_av]' },
  effectiveDateTime: '2020-01-02T03:04:05+01:00',
  issued: '2020-01-02T02:04:05.000Z',
  component: [
    { code: { text: 'a' }, valueInteger: 3 },
    { code: { text: 'b' }, valueQuantity: { value: 2, unit: 'd', system: UCUM, code: 'd' } },
    { code: { text: 'c' }, valueString: 's' },
    { code: { text: 'd' }, valueTime: '10:11:12' },
    { code: { text: 'p' }, valuePeriod: { start: '2020-01-01' } },
    { code: { text: 'e' }, valueDateTime: '2020' },
    { code: { text: 'r' }, valueRange: { low: { value: 1.0 } } },
  ],
  referenceRange: [{ low: { value: 1.1, system: UCUM, code: 'mg' }, high: { value: 10 } }],
  subject: { reference: 'Patient/p' },
};
const RESOURCES = [
  ['a Patient', PATIENT],
  ['an Observation', OBSERVATION],
] as const;

const folder = sharedData('fhir-test-cases', 'r4-examples');
/** Some of the standard's own examples: the small ones of every third. */
const EXAMPLES = (folder === null ? [] : readdirSync(folder).sort())
  .filter((file, index) => file.endsWith('.json') && index % 3 === 0)
  .map((file) => [file, readFileSync(join(folder!, file), 'utf8')] as const)
  .filter(([, text]) => text.length < 30_000)
  .map(([file, text]) => [file, JSON.parse(text) as { readonly resourceType: string }] as const);

/** Dates and quantities of the package carry their text. */
const plain = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) => {
    if (typeof member === 'bigint') return String(member);
    return typeof member === 'object' && member !== null && 'asStr' in member ? member.asStr : member;
  });

/** The answer of the package; `error` where it signals one. */
function theirs(source: string, resource: unknown): string {
  const input = structuredClone(resource);
  try {
    const variables = { resource: input, rootResource: input, context: input };
    return plain(fhirpath.evaluate(input, source, variables, r4 as Model));
  } catch {
    return 'error';
  }
}

/** Ours; null where nothing is claimed. */
function ours(source: string, resource: unknown, fallback: boolean): string | null {
  try {
    return plain(compileExpression(source, { fallback }).evaluate(resource));
  } catch (error) {
    if (error instanceof ExpressionError || error instanceof NotDecidable || error instanceof TooCostly) return null;
    throw error;
  }
}

/** The same expressions in every run; with RELAIS_EXPRESSION_RUNS others, and as many. */
const GIVEN = process.env['RELAIS_EXPRESSION_RUNS'];
const RUNS = Number(GIVEN ?? 500);
const SEED = GIVEN === undefined ? { seed: 4 } : {};

describe('every answer is the answer of the fhirpath package', () => {
  // The package prints warnings of its own.
  beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => undefined));
  afterEach(() => vi.restoreAllMocks());

  it.each(RESOURCES)(
    'to any expression over %s',
    (_, resource) => {
      const counts = { fast: 0, fallback: 0, none: 0 };
      fc.assert(
        fc.property(arbitraryExpression(resource), (source) => {
          const fast = ours(source, resource, false);
          const full = fast ?? ours(source, resource, true);
          if (fast !== null) counts.fast += 1;
          else if (full !== null) counts.fallback += 1;
          else counts.none += 1;
          if (full !== null) expect(full, source).toBe(theirs(source, resource));
        }),
        { numRuns: RUNS, ...SEED },
      );
      process.stdout.write(`${JSON.stringify(counts)}\n`);
      expect(counts.fast).toBeGreaterThan(RUNS / 10);
    },
    300_000,
  );

  it.each(
    [
      ['(-{})', '-name', "+'a'", '$index', "1.10 'mg'", "1.10 'mg'.toString()", "'a' & @2020", 'contact.name.join()'],
      ["{} div 'a'", "1 'mg'.ofType(Quantity)", '@T10:11.toChars()', "contact.iif(7 days, 'a')", '@2020-02-30'],
      [
        'gender',
        'contact.where(1)',
        "name.all('x')",
        'contained.Organization.name',
        '%context.select(DomainResource is string)',
        'name.select(HumanName.use)',
      ],
      ['name.extension(1)', "contact.name.family.substring({}, 'a')", 'Patient.truncate()', 'descendants()'],
      ["'ab'.split({})", "active or (1 + 'a')", 'active.ofType(Boolean)', 'name.given.ofType(System.String)'],
      [
        '1.1 + 2.2',
        '5.5 mod 0.7',
        '0.1 * 3 = 0.3',
        '0.1 + 0.2 > 0.3',
        "1 = 1 '1'",
        '(1 | 1.0).value',
        '@T25:00',
        '0.1 = @2020',
      ],
      ["'abc'.substring(1.0)", "name['0']", 'name[{}]', 'name[-1]', "'😀x'.length()", "'😀x'.substring(1)", '-1.abs()'],
      ["''.replace('', 'x')", "'abc'.replace('b', '$&')", 'name.family.length', 'name.given = name.given', '1 in {}'],
      ['id is string', 'extension.url is uri', 'extension.ofType(Extension)', 'name.given.distinct()', "'a' ~ 'A '"],
      ["'1.0'.toDecimal()", "'yes'.toBoolean()", '2.toBoolean()', '1.0 ~ 1', '1.01 ~ 1', '{} ~ {}', "'a b' ~ 'A\\tB'"],
    ].flat(),
  )('to %s, on which it is easy to be wrong', (source) => {
    for (const [, resource] of RESOURCES) {
      const answer = ours(source, resource, true);
      if (answer !== null) expect(answer).toBe(theirs(source, resource));
      else expect(ours(source, resource, false)).toBeNull();
    }
  });

  it.skipIf(folder === null)(
    `to expressions over the standard’s examples${folder === null ? ' (skipped: shared data absent)' : ''}`,
    () => {
      expect(EXAMPLES.length).toBeGreaterThan(5);
      for (const [file, resource] of EXAMPLES) {
        fc.assert(
          fc.property(arbitraryExpression(resource), (source) => {
            const answer = ours(source, resource, true);
            if (answer !== null) expect(answer, `${file}: ${source}`).toBe(theirs(source, resource));
          }),
          { numRuns: Math.ceil(RUNS / 10), ...SEED },
        );
      }
    },
    300_000,
  );

  it.each([
    ['communication.where(preferred)', 'an element as a condition'],
    ['name.take(-1)', 'less than no items'],
    ['name.skip(-1)', 'less than no items'],
  ])('%s has none: evaluators differ (%s), and nobody is asked', (source) => {
    expect(() => compileExpression(source).evaluate(PATIENT)).toThrow(NotDecidable);
  });
});
