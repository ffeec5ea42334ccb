import { describe, expect, it } from 'vitest';
import type { Case } from '../../../src/domain/case/schema.js';
import { labelIncoming } from '../../../src/domain/labels/fhir/label-incoming.js';
import { maskOf } from '../../../src/domain/labels/labels.js';
import { V3_ACT_CODE } from '../../../src/domain/labels/security-labels.js';
import { withhold } from '../../../src/domain/labels/withhold.js';
import { shippedRules } from '../../support/label-rules.js';

const record = {
  schemaVersion: 1,
  person: { id: 'p', anonymous: true },
  addresses: [{ id: 'a', city: 'Valmont' }],
  plan: { status: 'active' },
  needs: [
    { id: 'n1', category: 'food', status: 'active' },
    { id: 'n2', category: 'addiction', status: 'active' },
  ],
} as const satisfies Case;

const labelled = (key: string, resource: object, map = 'case/need'): Case =>
  labelIncoming(shippedRules, record, [{ map, key, resource: resource as Record<string, unknown> }]) as unknown as Case;
const security = (...codes: string[]) => ({ meta: { security: codes.map((code) => ({ system: V3_ACT_CODE, code })) } });
const needs = maskOf(['identity', 'needs', 'contact']);

describe('what came in with a label', () => {
  it('keeps it: a security label becomes a mark of the item, which then stays', () => {
    const came = labelled('n1', { resourceType: 'Condition', ...security('PSY') });
    expect(came.needs?.[0]?.about?.['*']?.sensitivities).toEqual(['psychiatry']);
    expect(withhold(shippedRules, came, needs).record.needs).toBeUndefined();
    expect(withhold(shippedRules, came, needs | maskOf(['psychiatry'])).record.needs).toHaveLength(1);
  });

  it('a code that the case does not keep counts too', () => {
    const code = { coding: [{ system: 'http://snomed.info/sct', code: '86406008' }] };
    expect(labelled('n1', { resourceType: 'Condition', code }).needs?.[0]?.about?.['*']?.sensitivities).toEqual([
      'hiv',
    ]);
  });

  it('a label that is not understood keeps the item here', () => {
    const came = labelled('n1', { resourceType: 'Condition', ...security('TBOO') });
    expect(came.needs?.[0]?.about?.['*']?.doNotShare).toBe(true);
  });

  it('SDV on the person protects where the person lives, and not who it is', () => {
    const came = labelled('p', { resourceType: 'Patient', ...security('SDV') });
    expect(came.addresses?.[0]?.about?.['*']?.sensitivities).toEqual(['violence', 'protected-address']);
    expect(came.person.about).toBeUndefined();
    expect(withhold(shippedRules, came, needs).record.addresses).toBeUndefined();
  });

  it('what a record holds once is labelled by its own resource, and the person is not', () => {
    const came = labelled('p', { resourceType: 'CarePlan', ...security('HIV') }, 'case/plan');
    expect(came.plan?.about?.['*']?.sensitivities).toEqual(['hiv']);
    expect(came.person.about).toBeUndefined();
  });

  it.each([
    ['nothing', 'n1', {}],
    [
      'confidentiality alone',
      'n1',
      { meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }] } },
    ],
    ['what the item says by its own code', 'n2', security('SUD')],
  ])('%s adds nothing', (_, key, members) => {
    expect(labelled(key, { resourceType: 'Condition', ...members })).toEqual(record);
  });
});
