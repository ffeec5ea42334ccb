import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAUSES } from '../../console/src/admin/deliveries/causes.js';
import { queueAges, roundUp, sayDuration, slotsOf } from '../../console/src/admin/figures/shape.js';
import { whereJsonBreaks } from '../../console/src/admin/mapping/json-place.js';
import { readRecord } from '../../console/src/admin/mapping/read-record.js';
import { coverageOf } from '../../console/src/admin/mapping/run.js';
import { DELIVERY_CAUSES } from '../../src/adapters/delivery/delivery-causes.js';
import { TRANSFER_STATUSES } from '../../src/transfer/status.js';
import { wordsIn } from './say-in.js';

describe('counts over time', () => {
  it('have a slot for every day, the empty ones too, and lose nothing', () => {
    const transfers = TRANSFER_STATUSES.map((status, index) => ({ on: '2026-02-27', status, count: index + 1 }));
    const slots = slotsOf([...transfers, { on: '2026-03-01', status: 'delivered', count: 7 }], 3, '2026-03-01');
    expect(slots.map(({ from, total }) => [from, total])).toEqual([
      ['2026-02-26', 0],
      ['2026-02-27', 45],
      ['2026-02-28', 0],
      ['2026-03-01', 7],
    ]);
  });

  it('become weeks when the days are many', () => {
    const slots = slotsOf(
      [
        { on: '2026-03-01', status: 'delivered', count: 1 },
        { on: '2026-02-23', status: 'failed', count: 2 },
        { on: '2026-02-22', status: 'refused', count: 4 },
        { on: '2025-12-01', status: 'delivered', count: 8 },
      ],
      90,
      '2026-03-01',
    );
    expect(slots.slice(-2)).toEqual([
      expect.objectContaining({ from: '2026-02-16', total: 4 }),
      expect.objectContaining({ from: '2026-02-23', total: 3 }),
    ]);
    expect(slots.reduce((sum, { total }) => sum + total, 0)).toBe(15);
  });

  it.each([
    [0, 5],
    [5, 5],
    [6, 10],
    [11, 20],
    [45, 50],
    [101, 200],
    [1000, 1000],
  ])('end their axis above %i at %i', (value, end) => expect(roundUp(value)).toBe(end));
});

describe('durations', () => {
  it.each([
    [20, 'under a minute', 'moins d’une minute'],
    [60, '1 minute', '1 minute'],
    [3600 * 5, '5 hours', '5 heures'],
    [86_400 * 3, '3 days', '3 jours'],
  ])('of %i seconds are said', (seconds, en, fr) => {
    expect(sayDuration(seconds, wordsIn('en').say)).toBe(en);
    expect(sayDuration(seconds, wordsIn('fr').say)).toBe(fr);
  });
});

describe('the age of a queue', () => {
  it('counts what is due, the oldest first', () => {
    const partner = (name: string, oldestDueAt: string | null) => ({ name, oldestDueAt }) as never;
    const ages = queueAges(
      [
        partner('young', '2026-03-01T11:59:00Z'),
        partner('none', null),
        partner('old', '2026-03-01T10:00:00Z'),
        partner('later', '2026-03-01T13:00:00Z'),
      ],
      Date.parse('2026-03-01T12:00:00Z'),
    );
    expect(ages.map(({ partner: { name }, seconds }) => [name, seconds])).toEqual([
      ['old', 7200],
      ['young', 60],
    ]);
  });
});

it('every cause by which the console filters is one of the gateway', () => {
  for (const cause of CAUSES) expect(DELIVERY_CAUSES).toContain(cause);
});

describe('what was pasted', () => {
  it('is a record, or said where it is none', () => {
    expect(readRecord('{"a":1}')).toEqual({ outcome: 'record', record: { a: 1 } });
    expect(readRecord('  ')).toEqual({ outcome: 'empty' });
    expect(readRecord('[1]')).toEqual({ outcome: 'not-object' });
    expect(readRecord('{\n  "a": oops\n}')).toEqual({ outcome: 'not-json', at: { line: 2, column: 8 } });
    expect(readRecord('{"a":1,}')).toEqual({ outcome: 'not-json', at: { line: 1, column: 8 } });
    expect(readRecord('{"a":1} x')).toEqual({ outcome: 'not-json', at: { line: 1, column: 9 } });
    expect(readRecord(`{"a":[1,\n{"b" 2}]}`)).toEqual({ outcome: 'not-json', at: { line: 2, column: 6 } });
    expect(readRecord('['.repeat(100_000))).toEqual({ outcome: 'not-json', at: null });
    expect(readRecord('{"a":')).toEqual({ outcome: 'not-json', at: null });
  });

  it('breaks nowhere before its end when it is JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom('', ' ', '\n'), (json, space) => {
        expect(whereJsonBreaks(`${space}${json}${space}`)).toBe(`${space}${json}${space}`.length);
      }),
    );
  });

  it('breaks at or before what does not belong', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), fc.nat(), (json, n) => {
        const at = n % (json.length + 1);
        const broken = `${json.slice(0, at)}\u0001${json.slice(at)}`;
        expect(whereJsonBreaks(broken)).toBeLessThanOrEqual(at);
      }),
    );
  });

  it('is covered so far', () => {
    const element = { path: 'x', sources: [], kind: 'value', file: 'f', line: 1 } as const;
    const loss = (['content', 'content', 'never'] as const).map((kind) => ({ path: 'x', kind, reason: 'no-rule' }));
    expect(
      coverageOf({
        version: '1',
        bundle: {},
        trace: [{ entry: 0, map: 'm', resourceType: 'Patient', elements: [element, element] }],
        loss: loss as never,
      }),
    ).toEqual({ kept: 2, content: 2, key: 0, metadata: 0, never: 1 });
  });
});
