import { readFileSync } from 'node:fs';
import fhirpath, { type Model } from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4/index.js';
import { parse } from 'yaml';
import { afterEach, describe, expect, it, vi } from 'vitest';
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
    it('gets the answers of the fhirpath package for every expression that is compiled or handed to it', () => {
      vi.spyOn(console, 'warn').mockImplementation(() => undefined);
      vi.spyOn(console, 'log').mockImplementation(() => undefined);
      const counts = { fast: 0, fallback: 0, different: 0 };
      const refused: string[] = [];
      const different: string[] = [];
      for (const { expression, inputfile } of testsOf(parse(readFileSync(suite!, 'utf8')))) {
        const file = inputfile === undefined ? null : sharedData('fhir-test-cases', 'fhirpath-inputs', inputfile);
        const input: unknown = file === null ? {} : JSON.parse(readFileSync(file, 'utf8'));
        for (const source of [expression ?? []].flat()) {
          const fast = answer(source, input, false);
          const full = fast ?? answer(source, input, true);
          if (fast !== null) counts.fast += 1;
          else counts.fallback += 1;
          if (full === null) {
            refused.push(source);
            continue;
          }
          const variables = { resource: input, rootResource: input, context: input };
          const theirs = plain(fhirpath.evaluate(input, source, variables, r4 as Model));
          if (full !== theirs) different.push(`${source}: ${full}, ${theirs}`);
        }
      }
      counts.different = different.length;
      vi.restoreAllMocks();
      process.stdout.write(`${JSON.stringify({ ...counts, unanswered: refused.length })}\n`);
      expect(different).toEqual([]);
      expect(counts.fast / (counts.fast + counts.fallback)).toBeGreaterThanOrEqual(0.6);
    }, 120_000);
  },
);

/** The answer; null where there is none. */
function answer(source: string, input: unknown, fallback: boolean): string | null {
  try {
    return plain(compileExpression(source, { fallback }).evaluate(input));
  } catch (error) {
    if (error instanceof ExpressionError || error instanceof NotDecidable) return null;
    throw error;
  }
}

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
/** What is compiled, without the package. */
const ask = (source: string) => compileExpression(source, { fallback: false }).evaluate(patient);

describe('an expression that is not compiled', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each<[string, unknown[]]>([
    ['name.given.type().first().name', ['string']],
    ['birthDate + 1 day', ['1980-03-01']],
    ["1 'g' = 1000 'mg'", [true]],
    ['name.sort(family).last().family', ['A']],
    ['(2 | 1).sort($this desc)', [2, 1]],
    ['1.5.round(0)', [2]],
    ['1L + 1', ['2']],
    ['%`resource`.birthDate.lowBoundary()', ['1980-02-29']],
    ["'a'.encode('hex')", ['61']],
  ])('is answered by the package: %s', (source, expected) => {
    const resource = structuredClone(patient);
    expect(compileExpression(source).evaluate(resource)).toEqual(expected);
    expect(resource).toStrictEqual(patient);
  });

  it('leaves no mark on the resource, nor on what it gives', () => {
    const resource = structuredClone(patient);
    const [first] = compileExpression('name.sort(family desc)').evaluate(resource);
    expect(Object.getOwnPropertyNames(resource.name[0])).toEqual(['use', 'family', 'given']);
    expect(Object.getOwnPropertyNames(first)).toEqual(['use', 'family', 'given']);
  });

  it('says who answers', () => {
    expect(compileExpression('name.given').engine).toBe('compiled');
    expect(compileExpression('name.given.type()').engine).toBe('fhirpath');
    expect(() => compileExpression('name.given.type()', { fallback: false })).toThrow(ExpressionError);
  });

  it('prints nothing, not even where the package would', () => {
    const spies = (['log', 'warn', 'error', 'info'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => undefined),
    );
    for (const source of [
      'birthDate + 7.7 days',
      'birthDate + (7.7 days)',
      "birthDate - extension('a').value",
      'type(1)',
    ]) {
      try {
        compileExpression(source).evaluate(patient);
      } catch (error) {
        if (!(error instanceof NotDecidable) && !(error instanceof ExpressionError)) throw error;
      }
    }
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });

  it('tells nothing of what it met', () => {
    expect(messageOf(() => compileExpression('name.given.toDate() + name.family.toQuantity()').evaluate(patient))).toBe(
      'The expression has no answer on this resource',
    );
  });

  it.each<[string, string, number, number]>([
    ['name.given.type().matches("a")', 'fhirpath.syntax', 1, 27],
    ["name\n  .type().trace('x')", 'fhirpath.not-supported', 2, 11],
    ['name.type(1)', 'fhirpath.syntax', 1, 6],
    ['name.type() + %secret', 'fhirpath.not-supported', 1, 15],
    ['name.type().constructor', 'fhirpath.not-supported', 1, 13],
    [`type() & '${'a'.repeat(600)}'`, 'fhirpath.not-supported', 1, 1],
  ])('and may not be handed over is refused with its position: %s', (source, code, line, column) => {
    expect(refusal(source)).toMatchObject({ code, line, column });
  });
});

function messageOf(run: () => unknown): string {
  try {
    run();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('hostile input for the package', () => {
  const wide = {
    resourceType: 'Patient',
    name: Array.from({ length: 400 }, (_, index) => ({ family: `${index}`, given: ['a', 'b'] })),
  };

  it.each([
    'descendants().where(%resource.descendants().type().exists()).count()',
    'name.select(%resource.name.select(%resource.name.type()))',
    'descendants().sort(type().name).where(%resource.descendants().sort().exists())',
    `(1${' + 1'.repeat(200)}).type()`,
    "type().name.join('aaaaaaaaaaaaaaaaaaaa')",
    `'a'${".encode('hex')".repeat(6)}`,
    'name.family.toQuantity().combine(name.given)',
    '2.power(100000).lowBoundary(1000000)',
    '1.0.lowBoundary(100000000)',
    "('1' & 'x').toQuantity('m')",
  ])('%s ends soon', (source) => {
    const start = process.cpuUsage();
    try {
      compileExpression(source).evaluate(wide);
    } catch (error) {
      if (!(error instanceof TooCostly) && !(error instanceof NotDecidable) && !(error instanceof ExpressionError))
        throw error;
    }
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(1_000);
  });

  it('of more elements than are looked at is refused', () => {
    const huge = { resourceType: 'Patient', name: Array.from({ length: 30_000 }, () => ({ family: 'a' })) };
    expect(() => compileExpression('name.first().type()').evaluate(huge)).toThrow(TooCostly);
  });
});

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
    ['text.div', 1, 6],
    ['name.where(or)', 1, 12],
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
    "name.matchesFull('a')",
    "name.select(given.matches('a'))",
    'today()',
    'timeOfDay()',
    "memberOf('http://a.example')",
    "'a'.replace('a', 'b') & now()",
    "type().replace('', 'aaaaaaaa')",
    'name.aggregate($total & $this)',
    "defineVariable('a')",
    'repeat($this & $this)',
    "type().repeat('a')",
    '%terminologies',
    '%factory',
    'type().constructor',
    'type().__proto__',
    'type().toString',
    'type().`constructor`',
    "type().`tr\\u0061ce`('x')",
    '%resource.type().valueOf()',
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
