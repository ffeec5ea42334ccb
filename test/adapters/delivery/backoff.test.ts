import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBackoff } from '../../../src/adapters/delivery/backoff.js';
import { readRetryAfter } from '../../../src/adapters/delivery/retry-after.js';

const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const wait = fc.integer({ min: 0, max: 10_000_000 });

describe('the wait before the next attempt', () => {
  it('is a whole number between nothing and the doubled base, and never over the cap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        unit,
        fc.integer({ min: 1, max: 60_000 }),
        wait,
        (attempt, random, baseMs, capMs) => {
          const delayMs = createBackoff({ baseMs, capMs, random: () => random })(attempt);
          expect(Number.isInteger(delayMs)).toBe(true);
          expect(delayMs).toBeGreaterThanOrEqual(0);
          expect(delayMs).toBeLessThanOrEqual(Math.min(capMs, baseMs * 2 ** (attempt - 1)));
        },
      ),
    );
  });

  it('reaches nearly the whole range (full jitter)', () => {
    const at = (random: number): number => createBackoff({ baseMs: 1_000, random: () => random })(4);
    expect(at(0)).toBe(0);
    expect(at(0.5)).toBe(4_000);
    expect(at(0.9999)).toBe(7_999);
  });

  it('is never shorter than what the partner asks, and hardly longer, up to the cap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), unit, wait, (attempt, random, retryAfterMs) => {
        const capMs = 3_600_000;
        const delayMs = createBackoff({ baseMs: 1_000, capMs, random: () => random })(attempt, retryAfterMs);
        expect(delayMs).toBeGreaterThanOrEqual(Math.min(retryAfterMs, capMs));
        expect(delayMs).toBeLessThanOrEqual(Math.min(retryAfterMs + 1_000, capMs));
      }),
    );
  });
});

describe('Retry-After', () => {
  const read = (retryAfter: string | undefined, date?: string): number | undefined =>
    readRetryAfter({ retryAfter, date }, Date.parse('2026-02-09T10:00:00Z'), 3_600_000);

  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 5 ', 5_000],
    ['99999999999', 3_600_000],
    ['Mon, 09 Feb 2026 10:00:10 GMT', 10_000],
    ['Mon, 09 Feb 2026 09:00:00 GMT', 0],
    ['Tue, 09 Feb 2027 10:00:00 GMT', 3_600_000],
  ])('%s is read', (value, expected) => expect(read(value)).toBe(expected));

  it.each([undefined, '', '-1', '1.5', '1e3', 'tomorrow', '2026-02-09', 'Mon, 99 Feb 2026 99:99:99 GMT'])(
    '%s is ignored',
    (value) => expect(read(value)).toBeUndefined(),
  );

  it('never yields a negative, an infinite or an over-long wait', () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (value, date) => {
        const waitMs = read(value, date);
        if (waitMs !== undefined) expect(waitMs).toSatisfy((ms: number) => ms >= 0 && ms <= 3_600_000);
      }),
    );
  });
});
