import { describe, expect, it } from 'vitest';
import type { Case } from '../../../src/domain/case/schema.js';
import { maskOf } from '../../../src/domain/labels/labels.js';
import { withhold } from '../../../src/domain/labels/withhold.js';
import { rulesWith, shippedRules } from '../../support/label-rules.js';

const reachable = {
  schemaVersion: 1,
  person: { id: 'p', anonymous: true, domiciliation: { kind: 'association', city: 'Valmont' } },
  addresses: [{ id: 'a', lines: ['1 rue Basse'], city: 'Valmont' }],
  telecoms: [
    { id: 't', system: 'phone', value: '+33 6 39 98 00 01' },
    { id: 'safe', system: 'phone', value: '+33 6 39 98 00 02', safe: true },
  ],
} as const satisfies Case;

const contact = maskOf(['identity', 'contact']);
const left = (record: Case, permitted = contact) => {
  const { record: kept } = withhold(shippedRules, record, permitted);
  return {
    address: kept.addresses !== undefined,
    domiciliation: kept.person?.domiciliation !== undefined,
    telecoms: kept.telecoms?.map(({ id }) => id) ?? [],
  };
};

describe('violence (SDV)', () => {
  it.each<[string, Partial<Case>]>([
    ['a need', { needs: [{ id: 'n', category: 'violence', status: 'active' }] }],
    [
      'a risk',
      {
        safety: {
          risks: [
            {
              id: 'r',
              kind: 'stalking',
              status: 'open',
              fact: 'x',
              author: 'y',
              recordedOn: '2026-01-01',
              expiresOn: '2027-01-01',
              reviewOn: '2026-06-01',
            },
          ],
        },
      },
    ],
    ['where she lives', { housing: { situation: { kind: 'violence-shelter' } } }],
    ['a stay', { stays: [{ id: 's', kind: 'violence-shelter', status: 'finished' }] }],
    ['an answer', { screenings: [{ id: 'q', kind: 'violence', topic: 'violence-survivor', answer: 'yes' }] }],
    [
      'a mark by hand',
      {
        needs: [
          {
            id: 'n',
            category: 'food',
            status: 'active',
            about: { '*': { source: 'declared', sensitivities: ['violence'] } },
          },
        ],
      },
    ],
  ])('%s hides addresses and telecoms that she did not call safe', (_, said) => {
    expect(left({ ...reachable, ...said })).toEqual({ address: false, domiciliation: false, telecoms: ['safe'] });
  });

  it('hides nothing from a recipient that the rules name for protected addresses', () => {
    const named = contact | maskOf(['protected-address']);
    const record: Case = { ...reachable, needs: [{ id: 'n', category: 'violence', status: 'active' }] };
    expect(left(record, named)).toEqual({ address: true, domiciliation: true, telecoms: ['t', 'safe'] });
  });

  it('is not said by a question that was answered with no', () => {
    const record: Case = {
      ...reachable,
      screenings: [{ id: 'q', kind: 'violence', topic: 'violence-survivor', answer: 'no' }],
    };
    expect(left(record)).toEqual({ address: true, domiciliation: true, telecoms: ['t', 'safe'] });
  });
});

describe('contacting the person is prohibited', () => {
  it('hides every address and telecom, the safe one too', () => {
    expect(left({ ...reachable, communication: { contactProhibited: true } })).toEqual({
      address: false,
      domiciliation: false,
      telecoms: [],
    });
  });

  it('and nothing without it', () => {
    expect(left({ ...reachable, communication: { contactProhibited: false } }).telecoms).toEqual(['t', 'safe']);
  });
});

it('a whole category can carry a label more, by the rules of an installation', () => {
  const clinic = rulesWith('case.yaml', (text) =>
    text.replace('categories: {}', 'categories: { health: [addiction] }'),
  );
  const record: Case = {
    schemaVersion: 1,
    person: { id: 'p', anonymous: true },
    health: { mobility: { level: 'wheelchair' } },
  };
  const health = maskOf(['identity', 'health']);
  expect(withhold(shippedRules, record, health).record.health).toEqual(record.health);
  expect(withhold(clinic, record, health).record.health).toBeUndefined();
  expect(withhold(clinic, record, health | maskOf(['addiction'])).record.health).toEqual(record.health);
});
