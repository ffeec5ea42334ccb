import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fix } from '../../../src/kernel/json/fixed.js';
import { JsonNumber } from '../../../src/kernel/json/value.js';
import { ruleFor, ruleSource, surelyOf } from '../../../src/domain/fhir/invariants.js';
import type { Members } from '../../../src/domain/fhir/members.js';
import { Node, newScope } from '../../../src/domain/fhir/fhirpath/items.js';
import { compileToItems } from '../../../src/domain/fhir/fhirpath/compile.js';

import { isSurelyValid } from '../../../src/domain/fhir/recognise.js';
import { typeInfo } from '../../../src/domain/fhir/model.js';
import { validateResource } from '../../../src/domain/fhir/validate.js';
import { sharedData } from '../../support/shared-data.js';
import { everyElement, resourcesIn } from './every-element.js';

const LIMITS = { maxDepth: 64, maxElements: 50_000, maxSteps: 200_000 };

/** The walk that reports, which recognised resources never reach: asking for warnings keeps the short way out. */
const errorsOf = (resource: unknown, limits = {}) =>
  validateResource(resource, { withWarnings: true, ...limits }).filter(({ severity }) => severity === 'error');

const isRecognised = (resource: Members, limits = LIMITS): boolean =>
  isSurelyValid(resource, String(resource.resourceType), limits);

const extension = { url: 'http://a.example/e', valueCode: 'x' };
const BUNDLE = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    {
      fullUrl: 'http://a.example/fhir/Patient/p',
      resource: {
        resourceType: 'Patient',
        id: 'p',
        meta: { profile: ['http://a.example/p'] },
        text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">A</div>' },
        extension: [extension, { url: 'http://a.example/n', extension: [{ url: 'k', valueBoolean: true }] }],
        identifier: [{ system: 'http://a.example', value: '1', period: { start: '2020', end: '2021-01' } }],
        name: [{ use: 'official', family: 'A', given: ['B', 'C'] }],
        gender: 'other',
        birthDate: '1970-01-01',
        _birthDate: { extension: [extension] },
        deceasedBoolean: false,
        maritalStatus: { coding: [{ system: 'http://a.example', code: 'M' }] },
        link: [{ other: { reference: 'Patient/2' }, type: 'seealso' }],
      },
    },
    {
      fullUrl: 'http://a.example/fhir/Observation/o',
      resource: {
        resourceType: 'Observation',
        status: 'final',
        code: { coding: [{ system: 'http://loinc.org', code: '1-8' }] },
        subject: { reference: 'Patient/p' },
        effectivePeriod: { start: '2026-01-01', end: '2026-01-02' },
        valueQuantity: { value: new JsonNumber('1.50'), unit: 'kg' },
        component: [{ code: { coding: [{ system: 'http://a.example', code: 'c' }] }, valueString: 's' }],
      },
    },
    {
      fullUrl: 'http://a.example/fhir/Condition/c',
      resource: {
        resourceType: 'Condition',
        clinicalStatus: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
        },
        subject: { reference: 'Patient/p' },
        note: [{ text: 'n', authorString: 'a' }],
      },
    },
    {
      fullUrl: 'http://a.example/fhir/Encounter/e',
      resource: {
        resourceType: 'Encounter',
        status: 'finished',
        class: { system: 'http://a.example', code: 'AMB' },
        length: { value: 30, unit: 'min', system: 'http://unitsofmeasure.org', code: 'min' },
        participant: [{ individual: { reference: '#r', display: 'A' } }],
        contained: [
          { resourceType: 'PractitionerRole', id: 'r', organization: { display: 'B' } },
          { resourceType: 'Task', id: 't', status: 'requested', intent: 'plan', encounter: { reference: '#' } },
        ],
      },
    },
  ],
};

/** What may stand where something else was meant. */
const JUNK: readonly unknown[] = [
  null,
  '',
  ' ',
  'x y',
  'nonsense',
  '2026-02-30',
  '2019-13',
  '#x',
  'Nothing/1',
  'urn:uuid:0',
  0,
  -1,
  1.5,
  true,
  new JsonNumber('1.0'),
  [],
  {},
  [null],
  ['a'],
  [{}],
  { id: 'x' },
  { extension: [extension] },
  { text: 'x' },
  { reference: '#p' },
  { reference: '#' },
  { reference: '#t' },
  [{ resourceType: 'Patient', id: 'r' }],
  { versionId: '1', security: [{ code: 'R' }] },
  { reference: 'Organization/1' },
  { start: '2030-01-01', end: '2020-01-01' },
];
const NAMES = [
  'meta',
  'extension',
  'id',
  '_id',
  'contained',
  'valueString',
  '_valueString',
  '_gender',
  'type',
  'code',
  'text',
  'unknown',
];

interface Change {
  readonly where: number;
  readonly which: number;
  readonly what: number;
  readonly how: 'replace' | 'remove' | 'add' | 'repeat';
}

/** Changes one member of one element, in place. */
function change(resource: Members, { where, which, what, how }: Change): void {
  const elements = [...everyElement(resource)];
  const { value } = elements[where % elements.length]!;
  const names = Object.keys(value).filter((name) => name !== 'resourceType');
  const name = names[which % Math.max(1, names.length)];
  const junk = structuredCloneOf(JUNK[what % JUNK.length]);
  if (how === 'add') value[NAMES[which % NAMES.length]!] = junk;
  else if (name === undefined) return;
  else if (how === 'replace') value[name] = junk;
  else if (how === 'remove') delete value[name];
  else value[name] = Array.isArray(value[name]) ? [...(value[name] as unknown[]), junk] : [value[name]];
}

/** Numbers kept as written are no plain objects. */
function structuredCloneOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null || value instanceof JsonNumber) return value;
  if (Array.isArray(value)) return value.map(structuredCloneOf) as T;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, structuredCloneOf(inner)])) as T;
}

const changes = fc.array(
  fc.record<Change>({
    where: fc.nat(60),
    which: fc.nat(20),
    what: fc.nat(JUNK.length - 1),
    how: fc.constantFrom('replace', 'remove', 'add', 'repeat'),
  }),
  { minLength: 1, maxLength: 3 },
);

describe('what is recognised as valid', () => {
  it('is a bundle of plain resources', () => {
    expect(errorsOf(BUNDLE)).toEqual([]);
    expect(isRecognised(BUNDLE)).toBe(true);
    for (const { resource } of BUNDLE.entry) expect(isRecognised(resource)).toBe(true);
  });

  it('is a transaction whose resources refer to one another by urn, each to what it may', () => {
    const [patient, observation] = BUNDLE.entry.map(({ resource }) => structuredCloneOf<Members>(resource));
    const request = { method: 'POST', url: 'x' };
    const transaction = (subject: string) => ({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        { fullUrl: 'urn:uuid:1', resource: patient, request },
        { fullUrl: 'urn:uuid:2', resource: { ...observation, subject: { reference: subject } }, request },
      ],
    });
    expect(isRecognised(transaction('urn:uuid:1'))).toBe(true);
    expect(errorsOf(transaction('urn:uuid:1'))).toEqual([]);
    expect(isRecognised(transaction('urn:uuid:2'))).toBe(false);
    expect(isRecognised({ ...transaction('urn:uuid:1'), type: 'collection' })).toBe(false);
  });

  it('has no error in the full walk, whatever is changed in it', () => {
    let recognised = 0;
    fc.assert(
      fc.property(fc.nat(BUNDLE.entry.length), changes, (index, list) => {
        const resource = structuredCloneOf<Members>(BUNDLE.entry[index]?.resource ?? BUNDLE);
        for (const one of list) change(resource, one);
        if (!isRecognised(resource)) return;
        recognised += 1;
        expect(errorsOf(resource)).toEqual([]);
      }),
      { numRuns: 5000 },
    );
    expect(recognised).toBeGreaterThan(200);
  });

  it.each<[string, object]>([
    ['two values of one choice', { extension: [{ ...extension, valueString: 'y' }] }],
    ['a contained resource that nothing refers to', { contained: [{ resourceType: 'Patient', id: 'x' }] }],
    ['a reference to a fragment that names nothing', { managingOrganization: { reference: '#x' } }],
    ['something beside a choice', { _deceasedBoolean: { extension: [extension] } }],
    ['an id alone beside a primitive', { _birthDate: { id: 'x' } }],
    ['a primitive where its extensions belong', { _birthDate: '1970-01-01' }],
    ['an element that R4 does not have', { unknown: 1 }],
  ])('is no Patient with %s', (_, members) => {
    expect(isRecognised({ resourceType: 'Patient', ...members })).toBe(false);
  });

  it('has no element more than the full walk admits', () => {
    for (let maxElements = 1; maxElements < 120; maxElements += 1) {
      const limits = { ...LIMITS, maxElements };
      expect(isRecognised(BUNDLE, limits)).toBe(errorsOf(BUNDLE, limits).length === 0);
    }
    for (let maxDepth = 1; maxDepth < 12; maxDepth += 1) {
      const limits = { ...LIMITS, maxDepth };
      expect(isRecognised(BUNDLE, limits)).toBe(errorsOf(BUNDLE, limits).length === 0);
    }
  });
});

const DATES = ['2020', '2020-01', '2020-01-01', '2019-12-31', '2021', '2020-02-30', '', 'x', 5, '2020-01-01T00:00:00Z'];

describe('what never changes', () => {
  const observation = (more: object): Members => ({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'c' },
    ...more,
  });

  it('is recognised again only as what it was recognised as', () => {
    const concept = { coding: [{ system: 'http://a.example', code: 'c' }] };
    fix(concept);
    for (let time = 0; time < 2; time += 1) {
      expect(isRecognised(observation({ category: [concept] }))).toBe(true);
      // A required binding: the same codes are no status of an allergy.
      expect(isRecognised({ resourceType: 'AllergyIntolerance', patient: {}, clinicalStatus: concept })).toBe(false);
      expect(isRecognised(observation({ valueQuantity: concept }))).toBe(false);
    }
  });

  it('is looked at each time where it refers to what is around it', () => {
    const extension = { url: 'http://a.example/e', valueReference: { reference: '#p' } };
    fix(extension);
    const holder = { contained: [{ resourceType: 'Patient', id: 'p' }], extension: [extension] };
    for (let time = 0; time < 2; time += 1) {
      expect(isRecognised(observation(holder))).toBe(true);
      expect(isRecognised(observation({ extension: [extension] }))).toBe(false);
    }
  });

  it('counts as many elements and levels as it has, every time', () => {
    const concept = { coding: [{ code: 'a' }, { code: 'b' }], text: 't' };
    fix(concept);
    const fresh = { coding: [{ code: 'a' }, { code: 'b' }], text: 't' };
    const withOne = (of: object): Members => observation({ category: [of, of, of] });
    const least = (of: object, name: 'maxElements' | 'maxDepth'): number =>
      Array.from({ length: 60 }, (_, index) => index).find((max) =>
        isRecognised(withOne(of), { ...LIMITS, [name]: max }),
      )!;
    expect(isRecognised(withOne(concept))).toBe(true);
    expect(least(concept, 'maxElements')).toBe(least(fresh, 'maxElements'));
    expect(least(fresh, 'maxElements')).toBeGreaterThan(10);
    expect(least(concept, 'maxDepth')).toBe(least(fresh, 'maxDepth'));
    const wide = { ...withOne(concept), extension: [{ url: 'http://a.example/e', valueString: 'x' }] };
    expect(isRecognised(wide, { ...LIMITS, maxElements: least(fresh, 'maxElements') })).toBe(false);
  });

  it('is not taken for valid because it was looked at before', () => {
    const wrong = { coding: [{ code: 'no code with  two blanks ' }] };
    fix(wrong);
    for (let time = 0; time < 2; time += 1) expect(isRecognised(observation({ category: [wrong] }))).toBe(false);
  });
});

describe('a rule that holds surely', () => {
  it('holds of periods by the evaluator too, whatever the precision of their dates', () => {
    const rule = ruleFor('per-1', 'Period')!;
    const { expression } = ruleSource('per-1');
    const evaluate = compileToItems(expression, { ofTheStandard: true });
    for (const start of DATES) {
      for (const end of DATES) {
        const value = { start, end };
        if (!rule.holdsSurely(value)) continue;
        const node = new Node(value, undefined, 'Period');
        expect(evaluate([node], newScope(node, 1000)), `${start} ${end}`).toEqual([true]);
      }
    }
    expect(rule.holdsSurely({ start: '2019-12-31', end: '2020' })).toBe(true);
    expect(rule.holdsSurely({ start: '2020', end: '2019-12-31' })).toBe(false);
  });
});

const folder = sharedData('fhir-test-cases', 'r4-examples');
const published = () => [folder!, sharedData('gravity-sdoh', 'examples')!].flatMap(resourcesIn);

describe.skipIf(folder === null)(`published examples${folder === null ? ' (skipped: shared data absent)' : ''}`, () => {
  it('are recognised only where the full walk finds no error, changed or not', () => {
    const examples = published();
    const random = fc.sample(changes, { numRuns: 3 * examples.length, seed: 7 });
    let recognised = 0;
    examples.forEach(({ resource }, index) => {
      for (const list of [[], ...random.slice(3 * index, 3 * index + 3)]) {
        const changed = structuredCloneOf(resource);
        for (const one of list) change(changed, one);
        if (!isRecognised(changed)) continue;
        recognised += 1;
        expect(errorsOf(changed)).toEqual([]);
      }
    });
    expect(recognised).toBeGreaterThan(examples.length / 2);
  });

  it('are recognised by the rule of their own resource: several have an inv-1', () => {
    const task = { resourceType: 'Task', status: 'requested', intent: 'order', authoredOn: '2026-01-02' };
    expect(isRecognised(task)).toBe(true);
    const early = { ...task, lastModified: '2026-01-01' };
    expect(isRecognised(early)).toBe(false);
    expect(errorsOf(early)).toHaveLength(1);
    expect(isRecognised({ resourceType: 'Parameters', parameter: [{ name: 'x' }] })).toBe(false);
    expect(errorsOf({ resourceType: 'Parameters', parameter: [{ name: 'x' }] })).toHaveLength(1);
  });

  it('have no rule that holds surely and not by the evaluator', () => {
    let asked = 0;
    for (const { resource } of published()) {
      for (const { value, type, resource: own, root } of everyElement(resource)) {
        for (const name of typeInfo(type)?.invariants ?? []) {
          const { key, expression } = ruleSource(name);
          if (surelyOf(name) === undefined) continue;
          const rule = ruleFor(name, type);
          if (rule === null || !rule.holdsSurely(value)) continue;
          asked += 1;
          const node = new Node(value, undefined, type);
          const scope = newScope(node, 1_000_000);
          scope.resource = new Node(own, undefined, String(own.resourceType));
          scope.rootResource = new Node(root, undefined, String(root.resourceType));
          const [holds] = compileToItems(expression, { ofTheStandard: true })([node], scope);
          expect(holds === true || scope.undecided, `${key} of ${type}`).toBe(true);
        }
      }
    }
    expect(asked).toBeGreaterThan(200);
  });
});
