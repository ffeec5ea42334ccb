import { describe, expect, it } from 'vitest';
import { groundOf, spansOf, untyped, type TypedGround } from '../../console/src/send/stated-ground.js';
import { previewInput } from '../../src/http/schemas/transfer.js';

const NOW = Date.parse('2026-03-02T09:00:00Z');
const typed = {
  justification: ' She does not answer since yesterday. ',
  citation: 'CASF L226-2-2',
  informed: 'nobody',
  on: '',
  why: 'Nobody can be reached.',
  categories: ['identity', 'contact'],
  hours: '4',
} as const;
const ground = (kind: string, change: Partial<TypedGround> = {}) => groundOf({ kind, ...typed, ...change }, NOW);

describe('a ground that is not consent', () => {
  it.each<[string, string, Partial<TypedGround>]>([
    ['a reason', 'break-glass', { justification: ' ' }],
    ['what is needed', 'break-glass', { categories: [] }],
    ['an end', 'break-glass', { hours: '' }],
    ['why nobody was told', 'break-glass', { why: '' }],
    ['who was told', 'break-glass', { informed: '' }],
    ['when they were told', 'break-glass', { informed: 'person' }],
    ['the article', 'statute', { citation: ' ' }],
    ['a reason', 'safeguarding', { justification: '' }],
    ['the day', 'care-team', {}],
  ])('is none without %s (%s)', (_, kind, change) => {
    expect(ground(kind, change)).toBeNull();
  });

  it.each([['break-glass'], ['statute'], ['safeguarding'], ['vital-interest']])(
    'is taken by the gateway: %s',
    (kind) => {
      const body = {
        caseId: 'c',
        recipientOrganizationId: '0191d2a0-0000-4000-8000-000000000001',
        purpose: 'HOUSING',
        ground: ground(kind),
        ...(kind === 'break-glass' && { categories: typed.categories }),
      };
      expect(previewInput.safeParse(body).error).toBeUndefined();
    },
  );

  it('of an emergency ends after the hours that were chosen', () => {
    expect(ground('break-glass')).toMatchObject({ expiresAt: '2026-03-02T13:00:00.000Z' });
  });
});

it('nothing is chosen or written before somebody does', () => {
  const { kind, ...rest } = untyped('break-glass');
  expect(kind).toBe('break-glass');
  expect(Object.values(rest).flat().join('')).toBe('');
});

describe('how long an emergency may last', () => {
  it.each([
    [1, [1]],
    [3, [1, 3]],
    [24, [1, 4, 12, 24]],
    [48, [1, 4, 12, 24, 48]],
  ])('is at most the %i hours of the clause', (maxHours, spans) => {
    expect(spansOf(maxHours)).toEqual(spans);
  });
});
