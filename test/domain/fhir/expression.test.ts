import { readFileSync } from 'node:fs';
import fhirpath, { type Model } from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4/index.js';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import {
  compileExpression,
  ExpressionError,
  NotDecidable,
  TooCostly,
} from '../../../src/domain/fhir/fhirpath/compile-expression.js';
import { sharedData } from '../../support/shared-data.js';

interface Test {
  readonly expression?: string | string[];
  readonly inputfile?: string;
}

/** The official suite groups its tests in members named `group: …`. */
function* testsOf(node: unknown): Generator<Test> {
  if (Array.isArray(node)) for (const item of node) yield* testsOf(item);
  else if (typeof node === 'object' && node !== null) {
    if ('expression' in node) yield node as Test;
    else for (const value of Object.values(node)) yield* testsOf(value);
  }
}

const suite = sharedData('fhir-test-cases', 'tests-fhir-r4.yaml');

describe.skipIf(suite === null)(
  `the official FHIRPath suite${suite === null ? ' (skipped: shared data absent)' : ''}`,
  () => {
    it('gets the answers of the fhirpath package for every expression that is compiled', () => {
      const counts = { fast: 0, fallback: 0, different: 0 };
      const different: string[] = [];
      for (const { expression, inputfile } of testsOf(parse(readFileSync(suite!, 'utf8')))) {
        const file = inputfile === undefined ? null : sharedData('fhir-test-cases', 'fhirpath-inputs', inputfile);
        const input: unknown = file === null ? {} : JSON.parse(readFileSync(file, 'utf8'));
        for (const source of [expression ?? []].flat()) {
          let mine: unknown[];
          try {
            mine = compileExpression(source).evaluate(input);
          } catch (error) {
            if (!(error instanceof ExpressionError) && !(error instanceof NotDecidable)) throw error;
            counts.fallback += 1;
            continue;
          }
          const variables = { resource: input, rootResource: input, context: input };
          const theirs = plain(fhirpath.evaluate(input, source, variables, r4 as Model));
          if (plain(mine) === theirs) counts.fast += 1;
          else different.push(`${source}: ${plain(mine)}, ${theirs}`);
        }
      }
      counts.different = different.length;
      process.stdout.write(`${JSON.stringify(counts)}\n`);
      expect(different).toEqual([]);
      expect(counts.fast / (counts.fast + counts.fallback)).toBeGreaterThanOrEqual(0.6);
    }, 120_000);
  },
);

/** Dates and quantities of the package carry their text. */
function plain(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && 'asStr' in member ? member.asStr : member,
  );
}

const patient = {
  resourceType: 'Patient',
  name: [
    { use: 'official', family: 'A', given: ['B', 'C'] },
    { use: 'usual', given: ['D'] },
  ],
  birthDate: '1980-02-29',
  _gender: { extension: [{ url: 'http://a.example', valueCode: 'masked' }] },
  deceasedBoolean: false,
};
const ask = (source: string) => compileExpression(source).evaluate(patient);

describe('an expression', () => {
  it.each<[string, unknown[]]>([
    ["Patient.name.where(use = 'official').given", ['B', 'C']],
    ['name.given.first()', ['B']],
    ['name[1].given', ['D']],
    ['deceased is boolean', [true]],
    ['deceased.ofType(boolean).not()', [true]],
    ['gender.exists() and gender.hasValue().not()', [true]],
    ["gender.extension('http://a.example').value", ['masked']],
    ['birthDate < @1981', [true]],
    ['birthDate = @1980-02', []],
    ['name.given.count() + 1', [4]],
    ["iif(name.exists(), 'yes', 'no')", ['yes']],
    ['%resource.name.family & `birthDate`.toString()', ['A1980-02-29']],
    ['name.select(given.first() & $index.toString())', ['B0', 'D1']],
    ['{}.empty()', [true]],
    ["'a' in name.given.select($this.lower())", [false]],
  ])('%s', (source, expected) => {
    expect(ask(source)).toEqual(expected);
  });

  it.each<[string, number, number]>([
    ['a..b', 1, 3],
    ['person.name.(first', 1, 13],
    ['%', 1, 1],
    ["name.where(use = 'x'", 1, 21],
    ["'open", 1, 1],
    ['name\n  .given)', 2, 9],
    ['name.first(1)', 1, 6],
    ['', 1, 1],
  ])('that is wrong (%j) is refused with its position', (source, line, column) => {
    const error = refusal(source);
    expect(error).toMatchObject({ code: 'fhirpath.syntax', line, column });
  });

  it.each([
    "name.matches('^(a+)+$')",
    "name.replaceMatches('a', 'b')",
    "name.trace('x')",
    'subject.resolve()',
    'now()',
    'name.constructor()',
    'name.__proto__()',
    '%constructor',
    "name ~ 'x'",
  ])('that could do more than read (%s) is refused', (source) => {
    expect(refusal(source)).toMatchObject({ code: 'fhirpath.not-supported' });
  });

  it('reads elements only: neither prototypes nor members that are no FHIR', () => {
    expect(ask('constructor')).toEqual([]);
    expect(ask('__proto__')).toEqual([]);
    expect(ask('name.toString')).toEqual([]);
    expect(() => ask('deceasedBoolean')).toThrow(NotDecidable);
  });

  it('is stopped when it visits too much', () => {
    const names = Array.from({ length: 10_000 }, (_, index) => ({ family: `${index}` }));
    const expression = compileExpression('name.all(family in %resource.name.family)');
    expect(() => expression.evaluate({ resourceType: 'Patient', name: names })).toThrow(TooCostly);
  });

  it('that is nested without end is refused', () => {
    expect(refusal('('.repeat(100_000))).toMatchObject({ code: 'fhirpath.syntax' });
    expect(refusal(`${'-'.repeat(100_000)}1`)).toMatchObject({ code: 'fhirpath.syntax' });
  });
});

function refusal(source: string): unknown {
  try {
    compileExpression(source);
    return undefined;
  } catch (error) {
    return error;
  }
}
