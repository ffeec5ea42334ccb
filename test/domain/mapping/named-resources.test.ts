import { describe, expect, it } from 'vitest';
import { nameResource, resolveReference, type Named, type Names } from '../../../src/domain/mapping/named-resources.js';

const item = (map: string, key: string, resourceType: string, id?: string): Named => ({
  map,
  key,
  r: { resourceType, ...(id !== undefined && { id }) },
});
const named = (...entries: readonly (readonly [Named, string?])[]): Names => {
  const names: Names = { byId: new Map(), byName: undefined, conflicts: [] };
  for (const [one, fullUrl] of entries) nameResource(names, one, fullUrl);
  return names;
};

const a = item('need', 'a', 'Condition', '1');
const goal = item('goal', 'g', 'Goal', '1');
const loose = item('need', 'u', 'Condition');
const URN = 'urn:uuid:00000000-0000-4000-8000-00000000000b';
const URL = 'https://x.example/fhir/Condition/1';

describe('a reference', () => {
  it.each<[string, string, Named | undefined]>([
    ['Condition/1', 'by type and id', a],
    ['Goal/1', 'of another type with the same id', goal],
    [URL, 'by its fullUrl', a],
    ['https://y.example/Condition/1', 'at the end of any URL', a],
    ['https://x.example/fhir/Goal/1/_history/3', 'of a version, with an id that another has too', goal],
    ['Condition/1/_history/2', 'of a version', a],
    ['urn:example:7-Condition/1', 'after what is no letter', a],
    [URN, 'by a fullUrl that says no id', loose],
    ['Patient/1', 'of a type that none is', undefined],
    ['xCondition/1', 'of a longer type', undefined],
    ['1', 'of an id alone', undefined],
    ['/1', 'without a type', undefined],
    ['Condition/2', 'of an id that none has', undefined],
    ['__proto__/1', 'of a name of the language', undefined],
  ])('%s names a resource %s', (reference, _, found) => {
    expect(resolveReference(named([a, URL], [goal], [loose, URN]), reference)).toBe(found);
    expect(resolveReference(named([loose, URN], [goal], [a, URL]), reference)).toBe(found);
  });

  it.each([undefined, null, 7, {}])('that is no text names nothing: %j', (reference) => {
    expect(resolveReference(named([a, URL]), reference)).toBeUndefined();
  });

  it('of a million letters is read at once', () => {
    const names = named([a, URL]);
    const start = process.cpuUsage();
    for (const one of ['a'.repeat(1_000_000), '/a'.repeat(500_000), 'Condition/2/_history/'.repeat(50_000)])
      expect(resolveReference(names, `${one}!`)).toBeUndefined();
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(500);
  });
});

describe('a name of two items', () => {
  const b = item('need', 'b', 'Condition', '1');
  const odd = item('need', 'o', 'Condition', '2');
  const conflict = (key: string) => ({ map: 'need', key, path: 'id' });

  it('is reported, by type and id, and the first keeps it; the other has its own fullUrl', () => {
    const names = named([a, URL], [b, 'https://y.example/Condition/1']);
    expect(names.conflicts).toEqual([conflict('b')]);
    expect(resolveReference(names, 'Condition/1')).toBe(a);
    expect(resolveReference(names, 'https://y.example/Condition/1')).toBe(b);
  });

  it('is reported, by a fullUrl, whichever comes first', () => {
    expect(named([a, URL], [odd, URL]).conflicts).toEqual([conflict('o')]);
    expect(named([odd, URL], [a, URL]).conflicts).toEqual([conflict('a')]);
    expect(named([loose, URN], [odd, URN]).conflicts).toEqual([conflict('o')]);
    expect(resolveReference(named([a, URL], [odd, URL]), URL)).toBe(a);
  });

  it('is none where both are one item, or have one id and two types', () => {
    const twice = item('need', 'a', 'Condition', '1');
    expect(named([a, URL], [twice, URL], [goal, 'https://x.example/fhir/Goal/1']).conflicts).toEqual([]);
  });
});
