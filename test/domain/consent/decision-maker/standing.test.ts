import { describe, expect, it } from 'vitest';
import type { Expressed } from '../../../../src/domain/consent/decision-maker/circumstances.js';
import { isTakenAlike, type DecisionTaken } from '../../../../src/domain/consent/decision-maker/standing.js';

type Whole<T> = { readonly [Name in keyof T]-?: T[Name] };
/** Every member that a decision can have: a new one does not compile until it stands here. */
const TAKEN: Whole<DecisionTaken> & { readonly expressed: Whole<Expressed> } = {
  jurisdiction: 'FR',
  capacity: 'able',
  ofAge: true,
  expressed: {
    personView: 'agrees',
    answers: [
      { by: { kind: 'person' }, answer: 'yes' },
      { by: { kind: 'measure', id: 'm1' }, answer: 'yes' },
    ],
  },
};
type Plain = Record<string, unknown>;
const copy = (): DecisionTaken => structuredClone(TAKEN);

/** Every copy in which one leaf or one item is another. */
function* changed(): Generator<[string, DecisionTaken]> {
  const walk = function* (path: readonly string[], value: unknown): Generator<[string, DecisionTaken]> {
    const whole = copy();
    let holder = whole as unknown as Plain;
    for (const name of path.slice(0, -1)) holder = holder[name] as Plain;
    const last = path.at(-1);
    if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) yield* walk([...path, name], member);
      if (!Array.isArray(value) || last === undefined) return;
      holder[last] = value.slice(1);
    } else if (last !== undefined) holder[last] = 'other';
    yield [path.join('.'), whole];
  };
  yield* walk([], TAKEN);
}

describe('decisions that were taken alike are judged once', () => {
  it('what was written apart and says the same is alike, and nobody known is not somebody', () => {
    expect(isTakenAlike(TAKEN, copy())).toBe(true);
    expect(isTakenAlike(undefined, undefined)).toBe(true);
    expect(isTakenAlike(TAKEN, undefined)).toBe(false);
    expect(isTakenAlike(undefined, TAKEN)).toBe(false);
  });

  it.each([...changed()])('another %s is another way', (_, other) => {
    expect(isTakenAlike(TAKEN, other)).toBe(false);
    expect(isTakenAlike(other, TAKEN)).toBe(false);
  });

  it('(every member was changed)', () => {
    expect([...changed()].map(([path]) => path)).toHaveLength(10);
  });
});
