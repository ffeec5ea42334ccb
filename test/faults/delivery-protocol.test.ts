import { expect, test } from 'vitest';
import { MUTANTS } from '../../faults/mutant-list.mjs';
import { explore, type Guard, type Invariant } from './delivery-protocol.js';
import { isThorough } from '../support/thorough.js';

const EACH = {
  workerCrashes: 2,
  gatewayCrashes: 1,
  losses: 1,
  repeats: 1,
  expiries: 2,
  brokenAnswers: 1,
  withdrawals: 1,
  relabellings: 1,
};

/** Three at once are for the second pass of continuous integration. */
const AT_ONCE = isThorough ? 3 : 2;

test(`with one transfer, any ${AT_ONCE} faults in any order keep the four invariants`, () => {
  const { states, broken } = explore({ transfers: 1, budgets: { ...EACH, all: AT_ONCE } });
  expect([...broken]).toEqual([]);
  // A model that explores nothing keeps everything.
  expect(states).toBeGreaterThan(isThorough ? 20_000 : 5_000);
}, 180_000);

test('with two transfers that share the workers and the queue, any one as well', () => {
  const { states, broken } = explore({ transfers: 2, budgets: { ...EACH, all: 1 } });
  expect([...broken]).toEqual([]);
  expect(states).toBeGreaterThan(20_000);
}, 180_000);

const INVARIANT: Readonly<Record<(typeof MUTANTS)[number]['counter'], Invariant>> = {
  lost: 'L',
  duplicated: 'D',
  unconsented: 'U',
  unaudited: 'A',
};

test.each(MUTANTS.map(({ name, counter }) => ({ name, invariant: INVARIANT[counter] })))(
  'without its guard, $name breaks $invariant and nothing else',
  ({ name, invariant }) => {
    const { broken } = explore({ transfers: 1, budgets: { ...EACH, all: 2 }, without: name as Guard });
    expect([...broken]).toEqual([invariant]);
  },
  180_000,
);
