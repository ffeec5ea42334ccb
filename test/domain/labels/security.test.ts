import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resource } from 'fhir/r4.js';
import { labelResources, marksByKey } from '../../../src/domain/labels/fhir/label-resources.js';
import { redactByLabel } from '../../../src/domain/labels/fhir/redact-by-label.js';
import { DATA_LABELS, labelsOf, maskOf, NEVER, type DataLabel } from '../../../src/domain/labels/labels.js';
import {
  confidentialityOf,
  DATA_LABEL_SYSTEM,
  labelsOfSecurity,
  securityOf,
  V3_ACT_CODE,
  V3_CONFIDENTIALITY,
} from '../../../src/domain/labels/security-labels.js';
import { shippedRules } from '../../support/label-rules.js';

const everything = maskOf(DATA_LABELS.filter((label) => label !== NEVER));
const codes = (labels: readonly string[], permitted: readonly string[] = labels): string =>
  securityOf(maskOf(labels), maskOf(permitted))
    .map(({ code }) => code)
    .join(' ');

describe('meta.security', () => {
  it.each<[readonly DataLabel[], readonly DataLabel[], string]>([
    [['identity'], ['identity'], 'N'],
    [['housing'], ['housing'], 'N LIVARG'],
    [['health'], ['health'], 'R NORDSCLCD'],
    [['health', 'addiction'], ['health', 'addiction'], 'R SUD NORDSCLCD'],
    [['health', 'psychiatry'], ['health', 'psychiatry'], 'R MH NORDSCLCD'],
    [['health', 'hiv'], ['health', 'hiv'], 'V HIV NORDSCLCD'],
    [['violence'], ['violence', 'identity'], 'V VIO NORDSCLCD'],
    [['contact', 'protected-address'], ['contact', 'protected-address'], 'V LOCIS NORDSCLCD'],
    [['sexuality'], ['sexuality'], 'R GENDER NORDSCLCD'],
    [['sexuality'], ['sexuality', 'reproductive-health'], 'R SEX NORDSCLCD'],
    // SEX speaks of sexuality too, which this permit does not hold.
    [['reproductive-health'], ['reproductive-health'], 'R reproductive-health NORDSCLCD'],
    [['religion'], ['religion'], 'R REL NORDSCLCD'],
    [['ethnicity'], ['ethnicity'], 'R RACE NORDSCLCD'],
    [['needs', 'free-text', 'third-party'], ['needs', 'free-text', 'third-party'], 'R third-party free-text NORDSCLCD'],
    [['needs', 'addiction'], ['needs'], 'N'],
  ])('%j under a permit of %j is %s', (labels, permitted, expected) => {
    expect(codes(labels, permitted)).toBe(expected);
  });

  it('names no topic that the permit does not hold, and every one that is carried', () => {
    const mask = fc.nat(2 ** 30 - 1).map((bits) => bits & everything);
    fc.assert(
      fc.property(mask, mask, (labels, permitted) => {
        const named = labelsOfSecurity(securityOf(labels, permitted));
        expect(named).not.toBeNull();
        expect(named! & ~permitted).toBe(0);
        const sensitive = labels & permitted & ~maskOf(DATA_LABELS.slice(0, 11));
        expect(sensitive & ~named!).toBe(0);
      }),
      { numRuns: Number(process.env['RELAIS_PROPERTY_RUNS'] ?? 500) },
    );
  });

  it.each([
    ['SDV', ['violence', 'protected-address']],
    ['ETHUD', ['addiction']],
    ['OPIOIDUD', ['addiction']],
    ['BH', ['psychiatry', 'addiction']],
    ['REL', ['religion']],
    ['PREGNANT', ['reproductive-health']],
    ['ADOL', []],
    ['NORDSCLCD', []],
  ])('%s is understood', (code, labels) => {
    expect(labelsOfSecurity([{ system: V3_ACT_CODE, code }])).toBe(maskOf(labels));
  });

  it('that is not understood is no label that could be permitted', () => {
    for (const security of [
      [{ system: V3_ACT_CODE, code: 'TBOO' }],
      [{}],
      [null],
      'R',
      [{ system: 'urn:x', code: 'y' }],
    ])
      expect(labelsOfSecurity(security)).toBeNull();
    expect(labelsOfSecurity([{ system: V3_CONFIDENTIALITY, code: 'V' }])).toBe(0);
    expect(labelsOfSecurity([{ system: DATA_LABEL_SYSTEM, code: NEVER }])).toBeNull();
  });

  it('says how confidential', () => {
    expect(confidentialityOf(maskOf(['identity', 'income', 'plan']))).toBe('N');
    expect(confidentialityOf(maskOf(['identity', 'health']))).toBe('R');
    expect(confidentialityOf(maskOf(['needs', 'third-party']))).toBe('R');
    expect(confidentialityOf(maskOf(['safeguarding']))).toBe('V');
  });
});

describe('a resource that a partner sent', () => {
  const left = (resource: object, permitted: number): number =>
    redactByLabel(shippedRules, permitted, [resource as Resource]).length;
  const condition = { resourceType: 'Condition', id: 'c', subject: { reference: 'Patient/p' }, code: { text: 'x' } };
  const health = maskOf(['identity', 'health']);

  it.each<[string, object, readonly DataLabel[]]>([
    [
      'a code of SNOMED CT',
      { code: { coding: [{ system: 'http://snomed.info/sct', code: '66214007' }] } },
      ['addiction'],
    ],
    [
      'a code of ICD-10',
      { code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'F32.1' }] } },
      ['psychiatry'],
    ],
    ['a security label', { meta: { security: [{ system: V3_ACT_CODE, code: 'HIV' }] } }, ['hiv']],
  ])('is labelled by %s', (_, members, labels) => {
    const resource = { ...condition, ...members };
    expect(left(resource, health)).toBe(0);
    expect(left(resource, health | maskOf(labels))).toBe(1);
    expect(labelsOf(redactByLabel(shippedRules, everything, [resource as Resource])[0]!.labels)).toEqual(
      expect.arrayContaining([...labels]),
    );
  });

  it('stays where its security label or its kind is not understood', () => {
    expect(left(condition, everything)).toBe(1);
    expect(left({ ...condition, meta: { security: [{ system: V3_ACT_CODE, code: 'TBOO' }] } }, everything)).toBe(0);
    expect(left({ ...condition, resourceType: 'MolecularSequence' }, everything)).toBe(0);
    expect(
      left(
        { ...condition, meta: { profile: ['https://relais.example/fhir/StructureDefinition/nothing'] } },
        everything,
      ),
    ).toBe(0);
  });

  it('comes back itself where all of it is kept, and as a copy where anything was taken', () => {
    const name = [{ family: 'A', given: ['B', 'C'], _given: [null, { extension: [{ url: 'u', valueCode: 'x' }] }] }];
    const patient = { resourceType: 'Patient', id: 'p', name };
    const addiction = { coding: [{ system: 'http://snomed.info/sct', code: '66214007' }] };
    const both = {
      ...condition,
      code: { ...addiction, text: 'x' },
      bodySite: [{ text: 'y' }],
      text: { status: 'generated' },
    };
    const before = JSON.stringify(both);
    const one = (resource: object): Resource | undefined =>
      redactByLabel(shippedRules, everything, [resource as Resource])[0]?.resource;
    expect(one(patient)).toBe(patient);
    const { text: _narrative, ...withoutNarrative } = both;
    expect(one(both)).toEqual(withoutNarrative);
    expect(JSON.stringify(both)).toBe(before);
  });

  it('goes when only its key is left of it, and stays where nothing was taken', () => {
    const key = { resourceType: 'RelatedPerson', id: 'r', identifier: [{ system: 'https://a.example', value: '1' }] };
    const meta = { profile: ['https://relais.example/fhir/StructureDefinition/household-member'] };
    const permitted = maskOf(['identity', 'household']);
    expect(left({ ...key, meta }, permitted)).toBe(1);
    expect(left({ ...key, meta, gender: 'female' }, permitted)).toBe(0);
  });

  it('loses its narrative and what it contains, which have no labels of their own', () => {
    const [one] = redactByLabel(shippedRules, everything, [
      {
        ...condition,
        text: { status: 'generated', div: '<div>x</div>' },
        contained: [condition],
      } as unknown as Resource,
    ]);
    expect(Object.keys(one!.resource)).toEqual(['resourceType', 'id', 'subject', 'code']);
  });
});

describe('labels of what leaves', () => {
  const patient = (birthDate: string) =>
    ({ resource: { resourceType: 'Patient', id: 'p', birthDate } as Resource, labels: maskOf(['identity']) }) as const;
  const isMarked = (birthDate: string, day: string): boolean =>
    labelResources(shippedRules, everything, [patient(birthDate)], new Map(), day)[0]!.meta!.security!.some(
      ({ code }) => code === 'ADOL',
    );

  it.each([
    ['2014-03-02', '2026-03-01T10:00:00Z', false],
    ['2014-03-02', '2026-03-02T10:00:00Z', true],
    ['2008-03-03', '2026-03-02T10:00:00Z', true],
    ['2008-03-02', '2026-03-02T10:00:00Z', false],
    ['2010', '2026-03-02T10:00:00Z', true],
    ['not a date', '2026-03-02T10:00:00Z', false],
  ])('a person born on %s is an adolescent on %s: %s', (birthDate, day, expected) => {
    expect(isMarked(birthDate, day)).toBe(expected);
  });

  it('hold what somebody marked by hand, which stands nowhere in FHIR', () => {
    const marks = marksByKey([
      { path: '/needs/0/id', labels: maskOf(['needs', 'violence']), value: 'n1' },
      { path: '/needs/0/category', labels: maskOf(['needs', 'violence']), value: 'food' },
      { path: '/person/id', labels: maskOf(['identity']), value: 'p' },
    ]);
    const need = { resourceType: 'Condition', id: 'x', identifier: [{ value: 'n1' }] } as unknown as Resource;
    const [labelled] = labelResources(shippedRules, everything, [{ resource: need, labels: 0 }], marks, '2026-01-01');
    expect(labelled!.meta!.security).toContainEqual({ system: V3_ACT_CODE, code: 'VIO' });
    const narrow = labelResources(
      shippedRules,
      maskOf(['needs']),
      [{ resource: need, labels: 0 }],
      marks,
      '2026-01-01',
    );
    expect(JSON.stringify(narrow)).not.toContain('VIO');
  });
});
