import { describe, expect, it } from 'vitest';
import { consentResource } from '../../console/src/send/consent-resource.js';
import { asksWhoDecides, NO_DECIDER, recordedDecider, type TypedDecider } from '../../console/src/send/decider.js';
import { readConsent } from '../../src/domain/consent/read-consent.js';
import { readDecision } from '../../src/domain/consent/read-decision.js';

const PERSON = '11111111-0000-4000-8000-000000000001';
const TODAY = '2026-02-09';

function resourceOf(decider: TypedDecider | null, type: 'permit' | 'deny' = 'permit'): Record<string, unknown> {
  return consentResource({
    type,
    personId: PERSON,
    recipientId: '22222222-0000-4000-8000-000000000002',
    purpose: { system: 'https://relais.example/fhir/CodeSystem/purpose-of-use', code: 'HOUSING' },
    labels: ['identity'],
    until: null,
    supersedes: [],
    at: '2026-02-09T10:00:00.000Z',
    ...(decider !== null && { decider: recordedDecider(decider, type, PERSON) }),
  });
}
const decisionIn = (resource: Record<string, unknown>) => readDecision(resource, `Patient/${PERSON}`);

describe('who decided, as the console records it', () => {
  it('is the person, when it was not to be asked', () => {
    expect(resourceOf(null)['extension']).toBeUndefined();
    expect(decisionIn(resourceOf(null)).expressed).toEqual({
      personView: 'agrees',
      answers: [{ by: { kind: 'person' }, answer: 'yes' }],
    });
  });

  it('is read by the gateway as it was said', () => {
    const decider: TypedDecider = {
      jurisdiction: 'FR',
      capacity: 'unable',
      by: ['measure/m/1', 'holder/h1'],
      view: 'cannot-say',
      ofAge: true,
    };
    expect(decisionIn(resourceOf(decider))).toEqual({
      jurisdiction: 'FR',
      capacity: 'unable',
      ofAge: true,
      expressed: {
        personView: 'cannot-say',
        answers: [
          { by: { kind: 'measure', id: 'm/1' }, answer: 'yes' },
          { by: { kind: 'holder', id: 'h1' }, answer: 'yes' },
        ],
      },
    });
    expect(readConsent(resourceOf(decider), PERSON as never).status).toBe('active');
  });

  it('hears the person’s own word before anybody’s view of it', () => {
    const decider: TypedDecider = { ...NO_DECIDER, capacity: 'able', by: ['person'], view: 'objects' };
    expect(decisionIn(resourceOf(decider)).expressed.personView).toBe('agrees');
  });

  it('names who said no, without a yes among the answers', () => {
    const resource = resourceOf({ ...NO_DECIDER, jurisdiction: 'FR', by: ['measure/m1'], view: 'agrees' }, 'deny');
    expect(JSON.stringify(resource)).not.toContain('"yes"');
    expect(resource['performer']).toEqual([
      { identifier: { system: 'https://relais.example/fhir/representation-measure', value: 'm1' } },
    ]);
  });
});

describe('who decides is asked', () => {
  const adult = { person: { birthDate: '1991-08-23' } };
  it.each([
    ['of an adult without a measure: no', adult, false],
    ['of a minor', { person: { birthDate: '2011-08-23' } }, true],
    ['of somebody who may be a minor somewhere', { person: { birthDate: '2005-06-01' } }, true],
    ['without a birth date', { person: {} }, true],
    ['with one that was guessed', { person: { birthDate: '1991', birthDatePrecision: 'estimated' } }, true],
    ['with a measure', { ...adult, representation: { measures: [{ id: 'm' }] } }, true],
    ['with parental authority', { ...adult, representation: { parentalAuthority: { holders: [{ id: 'h' }] } } }, true],
  ] as const)('%s', (_name, document, asked) => {
    expect(asksWhoDecides(document as never, TODAY)).toBe(asked);
  });
});
