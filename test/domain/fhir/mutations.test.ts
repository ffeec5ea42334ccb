import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMembers } from '../../../src/domain/fhir/members.js';
import { typeInfo, type TypeInfo } from '../../../src/domain/fhir/model.js';
import { validateResource } from '../../../src/domain/fhir/validate.js';
import { everyElement } from './every-element.js';

/** Valid resources with much in them, so that a mutation has many places to fall on. */
const SEEDS: Record<string, unknown>[] = [
  {
    resourceType: 'Patient',
    id: 'p',
    identifier: [{ use: 'official', system: 'http://a.example', value: '1', period: { start: '2020-01-01' } }],
    name: [{ use: 'official', family: 'A', given: ['B', 'C'] }],
    telecom: [{ system: 'phone', value: '1', rank: 1 }],
    gender: 'other',
    birthDate: '1970-01-01',
    deceasedBoolean: false,
    address: [{ line: ['1 rue X'], city: 'Y' }],
    contact: [{ name: { text: 'D' }, relationship: [{ text: 'r' }] }],
    communication: [{ language: { text: 'fr' }, preferred: true }],
    generalPractitioner: [{ reference: 'Practitioner/1' }],
    link: [{ other: { reference: 'Patient/2' }, type: 'seealso' }],
  },
  {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '1-8' }] },
    subject: { reference: 'Patient/p' },
    effectiveDateTime: '2026-01-01T00:00:00Z',
    valueQuantity: { value: 1.5, unit: 'kg' },
    component: [{ code: { text: 'c' }, valueString: 's' }],
    referenceRange: [{ low: { value: 1 }, high: { value: 2 } }],
    note: [{ text: 'n', authorString: 'a' }],
  },
  {
    resourceType: 'ServiceRequest',
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/p' },
    occurrencePeriod: { start: '2026-01-01', end: '2026-01-02' },
    asNeededBoolean: true,
    requester: { reference: 'Organization/o' },
  },
  {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    authoredOn: '2026-01-01',
    restriction: { repetitions: 1, recipient: [{ reference: 'Patient/p' }] },
    input: [{ type: { text: 't' }, valueBoolean: true }],
  },
];

type Mutation = (value: Record<string, unknown>, info: TypeInfo, pick: number) => boolean;

const at = <T>(list: readonly T[], pick: number): T | undefined => list[pick % Math.max(1, list.length)];

/** Each changes one element in place and tells whether it could. */
const MUTATIONS: Record<string, Mutation> = {
  'an unknown element': (value) => {
    value.notOfTheStandard = 'x';
    return true;
  },
  'another JSON kind': (value, info, pick) => {
    const key = at(
      Object.keys(value).filter((name) => info.byKey.has(name)),
      pick,
    );
    if (key === undefined) return false;
    const old = value[key];
    value[key] = Array.isArray(old) ? 'x' : isMembers(old) ? [old] : { a: 1 };
    return true;
  },
  'a required element removed': (value, info, pick) => {
    const required = info.elements.filter(
      ({ min, types }) => min > 0 && types.some(({ key }) => value[key] !== undefined),
    );
    const element = at(required, pick);
    for (const { key } of element?.types ?? []) delete value[key];
    return element !== undefined;
  },
  'a second type of a choice': (value, info, pick) => {
    const element = at(
      info.elements.filter(({ isChoice, types }) => isChoice && types.some(({ key }) => value[key] !== undefined)),
      pick,
    );
    const other = element?.types.find(
      ({ key, name }) =>
        value[key] === undefined &&
        (name === 'boolean' || name === 'dateTime' || name === 'string' || name === 'Period'),
    );
    if (other === undefined) return false;
    value[other.key] = other.name === 'boolean' ? true : other.name === 'Period' ? { start: '2026' } : '2026';
    return true;
  },
  'a code of nowhere': (value, info, pick) => {
    const bound = Object.keys(value).filter((key) => {
      const found = info.byKey.get(key);
      return found?.type.name === 'code' && found.element.binding !== undefined && typeof value[key] === 'string';
    });
    const key = at(bound, pick);
    if (key !== undefined) value[key] = 'of-nowhere';
    return key !== undefined;
  },
  null: (value, info, pick) => {
    const key = at(
      Object.keys(value).filter((name) => info.byKey.has(name)),
      pick,
    );
    if (key !== undefined) value[key] = null;
    return key !== undefined;
  },
};

describe('a valid resource', () => {
  it('is valid', () => {
    for (const seed of SEEDS) expect(validateResource(seed)).toEqual([]);
  });

  it.each(Object.entries(MUTATIONS))('is no more valid with %s, wherever that falls', (_, mutate) => {
    let applied = 0;
    fc.assert(
      fc.property(fc.constantFrom(...SEEDS), fc.nat(), fc.nat(), (seed, where, pick) => {
        const resource = structuredClone(seed);
        const elements = [...everyElement(resource)];
        const { value, type } = elements[where % elements.length]!;
        if (!mutate(value, typeInfo(type)!, pick)) return;
        applied += 1;
        const errors = validateResource(resource).filter(({ severity }) => severity === 'error');
        expect(errors.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
    expect(applied).toBeGreaterThan(20);
  });

  it('is never answered by an exception, whatever JSON stands in its place', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SEEDS), fc.nat(), fc.nat(), fc.jsonValue(), (seed, where, pick, json) => {
        const resource = structuredClone(seed);
        const elements = [...everyElement(resource)];
        const { value } = elements[where % elements.length]!;
        value[at(Object.keys(value), pick) ?? 'id'] = json;
        expect(Array.isArray(validateResource(resource))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
