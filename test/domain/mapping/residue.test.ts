import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DATA_LABELS, maskOf } from '../../../src/domain/labels/labels.js';
import { apply } from '../../../src/domain/mapping/residue/apply.js';
import { compare, isSame } from '../../../src/domain/mapping/residue/compare.js';
import { pathText, type Difference, type KeptElement } from '../../../src/domain/mapping/residue/kept.js';
import { restoreRecord } from '../../../src/domain/mapping/residue/restore-record.js';
import { restoreResources } from '../../../src/domain/mapping/residue/restore-resources.js';
import { JsonNumber, readJson, writeJson, type JsonValue } from '../../../src/kernel/json.js';
import { ALL_BUT_NEVER } from '../../mappings/pack.js';

const json = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.array(fc.constantFrom<unknown>(1, 2, 'a', { id: 'x' }, { id: 'y', v: 1 }, { id: 'x', v: 2 }, { v: 3 }, []), {
    maxLength: 7,
  }),
);
const keyed = fc.uniqueArray(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), v: fc.nat(2) }), {
  selector: ({ id }) => id,
});
const stored = (differences: readonly Difference[]): Difference[] =>
  readJson(writeJson(differences as unknown as JsonValue)) as unknown as Difference[];

describe('the difference of two JSON values', () => {
  it('makes the one of the other, whatever they are', () => {
    fc.assert(
      fc.property(json, json, (made, given) => {
        expect(isSame(apply(made, compare(made, given)), given)).toBe(true);
        expect(compare(given, given)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('makes the one of the other where items have keys, and finds its place again in a changed list', () => {
    fc.assert(
      fc.property(keyed, keyed, (made, given) => {
        const differences = stored(compare({ list: made }, { list: given }, () => 'id'));
        expect(apply({ list: made }, differences)).toEqual({ list: given });
      }),
      { numRuns: 1000 },
    );
    const made = { list: [{ id: 'a' }, { id: 'b' }] };
    const differences = compare(made, { list: [{ id: 'a' }, { id: 'b', mark: 1 }] }, () => 'id');
    expect(apply({ list: [{ id: 'b', mine: true }] }, differences)).toEqual({
      list: [{ id: 'b', mine: true, mark: 1 }],
    });
    expect(apply({ list: [{ id: 'a' }] }, differences)).toEqual({ list: [{ id: 'a' }] });
  });

  it.each<[string, unknown, unknown, Difference[]]>([
    [
      'another order',
      [{ url: 'a' }, { url: 'b' }],
      [{ url: 'b' }, { url: 'a' }],
      [{ at: [], act: 'arrange', value: [1, 0] }],
    ],
    ['one more', ['a', 'c'], ['a', 'b', 'c'], [{ at: [1], act: 'insert', value: 'b' }]],
    ['one less', ['a', 'b'], ['b'], [{ at: [], act: 'arrange', value: [1] }]],
    ['an item changed', [{ url: 'u', v: 1 }], [{ url: 'u', v: 2 }], [{ at: [0, 'v'], act: 'replace', value: 2 }]],
    ['a member more', { a: 1 }, { a: 1, b: 2 }, [{ at: ['b'], act: 'add', value: 2 }]],
    ['a member less', { a: 1, b: 2 }, { a: 1 }, [{ at: ['b'], act: 'remove' }]],
    [
      'a number written otherwise',
      { a: 1 },
      { a: new JsonNumber('1.0') },
      [{ at: ['a'], act: 'replace', value: new JsonNumber('1.0') }],
    ],
  ])('is small: %s', (_, made, given, expected) => {
    expect(compare(made, given)).toEqual(expected);
  });

  it('is found in time for lists of ten thousand items in reverse order', () => {
    const made = Array.from({ length: 10_000 }, (_, index) => ({ url: `u${index}`, valueString: 'x' }));
    const start = performance.now();
    const differences = compare(made, [...made].reverse());
    expect(differences).toHaveLength(1);
    expect((apply(made, differences) as unknown[])[0]).toEqual(made.at(-1));
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('what is stored as residue and was never written by us', () => {
  const at = [
    ['__proto__'],
    ['resource', '__proto__'],
    ['__proto__', 'polluted'],
    ['constructor', 'prototype', 'polluted'],
    ['resource', '__proto__', 'polluted'],
    ['resource', 'constructor', 'prototype', 'polluted'],
    ['list', '__proto__', 'polluted'],
    ['list', 'constructor', 'prototype', 'polluted'],
    ['list', 'length'],
    ['list', -1],
    ['list', 1e9],
    ['list', 0.5],
    ['list', { name: '__proto__', is: 'x', index: -7 }],
    [{ name: 'a', is: 'b', index: 1 }],
    ['a', 'b', 'c'],
  ];
  const acts = ['add', 'replace', 'insert', 'remove', 'arrange'] as const;
  const hostile = at.flatMap((path) =>
    acts.map((act): KeptElement => ({
      at: path,
      act,
      value: { by: '__proto__', keys: [1], polluted: true },
      map: '',
      key: '',
      path: '',
      label: 'unclassified',
      reason: 'foreign',
    })),
  );

  it.each(hostile.map((element) => [element.act, JSON.stringify(element.at), element] as const))(
    '(%s at %s) reaches no prototype and throws nothing',
    (_act, _at, element) => {
      const record = { list: [{ a: 1 }], resource: {} };
      const restored = restoreRecord(record, [element], ALL_BUT_NEVER);
      restoreResources({ identify: () => () => null }, [], [element], ALL_BUT_NEVER, { identifierBase: '' });
      expect(record).toEqual({ list: [{ a: 1 }], resource: {} });
      for (const one of [Object.prototype, Array.prototype, Object]) {
        expect((one as { polluted?: unknown }).polluted).toBeUndefined();
        expect(Object.keys(one)).toEqual([]);
      }
      expect(Object.getPrototypeOf(restored)).toBe(Object.prototype);
      expect(Object.getPrototypeOf(restored['resource' as never])).toBe(Object.prototype);
    },
  );

  it('comes back to nobody who may not see all of it', () => {
    const one: KeptElement = { ...hostile[0]!, at: ['x'], act: 'add', value: 'content', label: maskOf(['health']) };
    const strange: KeptElement = { ...one, at: ['y'], label: 'unclassified' };
    for (const label of DATA_LABELS) {
      const restored = restoreRecord({}, [one, strange], maskOf([label]));
      expect(restored).toEqual(label === 'health' ? { x: 'content' } : {});
    }
    expect(restoreRecord({}, [one, strange], ALL_BUT_NEVER)).toEqual({ x: 'content', y: 'content' });
  });
});

describe('a path in words', () => {
  it.each([
    [['note', 0, 'text'], 'note[0].text'],
    [['a.b[0]', ''], '"a.b[0]".""'],
    [['needs', { name: 'id', is: 'secret', index: 2 }, 'about'], 'needs[2].about'],
  ])('%j', (at, text) => {
    expect(pathText(at)).toBe(text);
  });
});
