import { describe, expect, it } from 'vitest';
import { shareFunctions } from '../../../src/domain/mapping/generate/share-functions.js';

/** Functions as the generator writes them, for columns of one table. */
const put = (number: number, column: string, local: number): string => `function put${number}(s, r, key) {
  const m${local} = r.${column};
  if (m${local}?.${column} === "${column}") return same${number}(m${local}, M${number});
  switch (m${local}) { case "${column}": return { ${column === 'Odd' ? '"odd-name"' : '"name"'}: ${number} }; }
  return undefined;
}`;
const module = (...puts: string[]): string =>
  [
    ...[1, 2, 3, 4].map((n) => `const M${n} = { n: ${n} };`),
    ...puts,
    ...[1, 2, 3, 4].map((n) => `function same${n}(a, m) { return "same${n} " + a.${'x'} + m.n; }`),
    '',
  ].join('\n');

type Put = (s: null, r: unknown, key: null) => unknown;
const load = async (code: string): Promise<Record<string, Put>> =>
  (await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(`${code}\nexport { ${[...code.matchAll(/^function (put\d+)/gm)].map((found) => found[1]).join(', ')} };`)}`
  )) as Record<string, Put>;

describe('functions of maps of one file', () => {
  const three = module(put(1, 'A', 10), put(2, 'B', 21), put(3, 'C', 33));

  it('become one that is given what differs', () => {
    const code = shareFunctions(three);
    expect(code.match(/switch/g)).toHaveLength(1);
    expect(code.match(/^function shared\d+/gm)).toHaveLength(1);
  });

  it('and do what they did', async () => {
    const [before, after] = [await load(three), await load(shareFunctions(three))];
    for (const [name, column] of [
      ['put1', 'A'],
      ['put2', 'B'],
      ['put3', 'C'],
    ] as const) {
      for (const r of [{}, { [column]: column }, { [column]: { [column]: column, x: 1 } }, { A: 'B' }])
        expect(after[name]!(null, r, null)).toEqual(before[name]!(null, r, null));
    }
  });

  it('stay apart where they differ in more than names and values', () => {
    expect(shareFunctions(module(put(1, 'A', 1), put(2, 'B', 2), put(3, 'Odd', 3)))).not.toContain('shared');
    expect(shareFunctions(module(put(1, 'A', 1), put(2, 'B', 2)))).not.toContain('shared');
  });

  it('may have a local name that is a function’s elsewhere', async () => {
    const own = (n: number): string => `function map${n}(s) {\n  const same1 = s.A${n};\n  return same1;\n}`;
    const code = shareFunctions(
      `${own(1)}\n${own(2)}\n${own(3)}\nfunction same1() { return "other"; }\nexport { map2 };\n`,
    );
    const { map2 } = await load(code);
    expect(map2!({ A2: 'own' } as never, null, null)).toBe('own');
  });

  it('keep the names of their parameters, whatever they are', async () => {
    const own = (n: number): string =>
      `function look${n}(s, c0, c1) {\n  const v${n}1 = s.A${n};\n  return v${n}1 + c1 + c0;\n}`;
    const code = shareFunctions(`${own(1)}\n${own(2)}\n${own(3)}\nexport { look1 as put1 };\n`);
    expect(code).toContain('shared1');
    const { put1 } = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`)) as Record<
      string,
      (...all: unknown[]) => unknown
    >;
    expect(put1!({ A1: 'a' }, 'b', 'c')).toBe('acb');
  });
});
