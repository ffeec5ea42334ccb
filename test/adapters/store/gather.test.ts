import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { byItself, gathering, oneAtATime } from '../../../src/adapters/store/connection/gather.js';

/** Remembers what was asked, and answers each item with its double. */
function doubling() {
  const asked: (readonly number[])[] = [];
  const run = (items: readonly number[]): Promise<readonly number[]> => {
    asked.push(items);
    return Promise.resolve(items.map((item) => item * 2));
  };
  return { asked, run };
}

describe('what several works of a transaction ask for', () => {
  it('is asked with one statement for each name, in the order in which names were first asked for', async () => {
    const { gather } = gathering();
    const order: string[] = [];
    const named =
      (name: string) =>
      (items: readonly number[]): Promise<readonly string[]> => {
        order.push(`${name} ${items.join(' ')}`);
        return Promise.resolve(items.map((item) => `${name}${item}`));
      };
    const answers = await Promise.all([
      gather('a', 1, named('a')),
      gather('b', 2, named('b')),
      gather('a', 3, named('a')),
    ]);
    expect(answers).toEqual(['a1', 'b2', 'a3']);
    expect(order).toEqual(['a 1 3', 'b 2']);
  });

  it('leaves before a statement that is sent by itself', async () => {
    const { gather, flush } = gathering();
    const { asked, run } = doubling();
    const first = gather('a', 1, run);
    flush();
    expect(asked).toEqual([[1]]);
    const second = gather('a', 2, run);
    expect(await Promise.all([first, second])).toEqual([2, 4]);
    expect(asked).toEqual([[1], [2]]);
  });

  it('fails together, and nothing else with it', async () => {
    const { gather } = gathering();
    const { run } = doubling();
    const refuse = () => Promise.reject(new Error('refused'));
    const results = await Promise.allSettled([gather('a', 1, refuse), gather('b', 2, run), gather('a', 3, refuse)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
  });

  it('is asked at once where a transaction does one work', async () => {
    const { asked, run } = doubling();
    const answers = [byItself('a', 1, run), byItself('a', 2, run)];
    expect(asked).toEqual([[1], [2]]);
    expect(await Promise.all(answers)).toEqual([2, 4]);
  });
});

describe('questions that are asked one at a time', () => {
  it('gather what comes meanwhile, at most so many, and answer each at its place', async () => {
    const asked: (readonly number[])[] = [];
    const ask = oneAtATime(async (items: readonly number[]) => {
      asked.push(items);
      await sleep(20);
      return items.map((item) => item * 2);
    }, 3);
    const first = ask(1);
    await sleep(5);
    const rest = [2, 3, 4, 5].map((item) => ask(item));
    expect(await Promise.all([first, ...rest])).toEqual([2, 4, 6, 8, 10]);
    expect(asked).toEqual([[1], [2, 3, 4], [5]]);
    expect(await ask(6)).toBe(12);
  });

  it('are not about what was asked before they came', async () => {
    let state = 'old';
    const ask = oneAtATime(async (items: readonly string[]) => {
      const seen = state;
      await sleep(20);
      return items.map(() => seen);
    });
    const before = ask('a');
    await sleep(5);
    state = 'new';
    expect([await before, await ask('b')]).toEqual(['old', 'new']);
  });

  it('fail for those who asked together, and go on', async () => {
    let turn = 0;
    const ask = oneAtATime((items: readonly number[]) => {
      turn += 1;
      return turn === 1 ? Promise.reject(new Error('gone')) : Promise.resolve(items);
    });
    const results = await Promise.allSettled([ask(1), ask(2)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await ask(3)).toBe(3);
  });
});
