import { expect, it } from 'vitest';
import type { DataLabel } from '../../../src/domain/labels/labels.js';
import { itemPlace, memberPlace, memberPointer, rootPlace, withheldAt } from '../../../src/domain/labels/places.js';

const HOUSING: readonly DataLabel[] = ['housing'];
const ask = (root: ReturnType<typeof rootPlace>, index: number) => {
  const item = itemPlace(memberPlace(root, 3, 'needs'), index);
  return {
    item,
    pointer: memberPointer(item, 7, 'note'),
    withheld: withheldAt(item, 7, 'note', HOUSING, 'not-permitted'),
  };
};

it('a place and what is said of it are made once', () => {
  const root = rootPlace();
  const [first, again] = [ask(root, 2), ask(root, 2)];
  expect(first.pointer).toBe('/needs/2/note');
  expect(first.withheld).toEqual({ path: '/needs/2/note', labels: ['housing'], reason: 'not-permitted' });
  expect(again.item).toBe(first.item);
  expect(again.withheld).toBe(first.withheld);
  expect(Object.isFrozen(first.withheld)).toBe(true);
});

it('something else said of a place is not what was said before', () => {
  const { item, withheld } = ask(rootPlace(), 0);
  expect(withheldAt(item, 7, 'note', HOUSING, 'do-not-share').reason).toBe('do-not-share');
  expect(withheldAt(item, 7, 'note', ['income'], 'not-permitted').labels).toEqual(['income']);
  expect(withheldAt(item, 7, 'note', HOUSING, 'not-permitted')).toEqual(withheld);
});

it('a record with many places does not fill the memory: beyond the budget they are named anew, and rightly', () => {
  const root = rootPlace(10);
  for (let index = 0; index < 100; index += 1) {
    const { pointer, withheld } = ask(root, index);
    expect([pointer, withheld.path]).toEqual([`/needs/${index}/note`, `/needs/${index}/note`]);
  }
  expect(root.kept.left).toBe(0);
  expect(memberPlace(root, 3, 'needs').items.filter((place) => place !== undefined).length).toBeLessThan(10);
});
