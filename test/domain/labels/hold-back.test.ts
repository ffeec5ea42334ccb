import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCase } from '../../../src/domain/case/parse-case.js';
import type { Case } from '../../../src/domain/case/schema.js';
import { holdBack } from '../../../src/domain/labels/hold-back.js';
import { DATA_LABELS, maskOf } from '../../../src/domain/labels/labels.js';
import { withhold } from '../../../src/domain/labels/withhold.js';
import { readJson, writeJson, type JsonValue } from '../../../src/kernel/json.js';
import { arbitraryCase } from '../../support/arbitrary-case.js';
import { shippedRules } from '../../support/label-rules.js';

const MASK = maskOf(DATA_LABELS);
const text = (value: unknown): string => writeJson(value as JsonValue);
const grace = parseCase(
  readJson(readFileSync(new URL('../../../config/demo/cases/grace-okafor.json', import.meta.url))),
);
const leave = (record: Case, pointers: readonly string[]) => {
  const held = holdBack(record, pointers);
  expect(held.unknown).toEqual([]);
  return withhold(shippedRules, held.record, MASK);
};

describe('what its author keeps back', () => {
  it('stays, with a reason of its own, and the record is as it was', () => {
    const before = text(grace);
    const { kept, withheld } = leave(grace, ['/person/birthDate']);
    expect(kept.map(({ path }) => path)).not.toContain('/person/birthDate');
    expect(withheld.filter(({ reason }) => reason === 'by-author')).toEqual([
      { path: '/person/birthDate', labels: [], reason: 'by-author' },
    ]);
    expect(text(grace)).toBe(before);
  });

  it('bears nothing any more: a number that violence hides unless it is safe is hidden when its safety is kept back', () => {
    // Everything but what violence hides may leave.
    const mask = maskOf(DATA_LABELS.filter((label) => label !== 'protected-address' && label !== 'violence'));
    const numbers = (pointers: readonly string[]): string[] =>
      withhold(shippedRules, holdBack(grace, pointers).record, mask)
        .kept.map(({ path }) => path)
        .filter((path) => path.startsWith('/telecoms/'));
    expect(numbers([])).toContain('/telecoms/0/value');
    expect(numbers(['/telecoms/0/safe'])).toEqual([]);
  });

  it.each([
    ['a field', '/needs/0/category', /^\/needs\/0\/category$/],
    ['the inside of a field', '/person/names/0/given/0', /^\/person\/names\/0\/given(\/\d+)?$/],
    ['an item', '/needs/0', /^\/needs\/0\//],
    ['a list', '/needs', /^\/needs\//],
    ['an entity', '/person', /^\/person\//],
  ])('is %s', (_what, pointer, places) => {
    const { kept, withheld } = leave(grace, [pointer]);
    const held = withheld.filter(({ reason }) => reason === 'by-author');
    expect(held.length).toBeGreaterThan(0);
    expect(held.filter(({ path }) => !places.test(path))).toEqual([]);
    expect(kept.filter(({ path }) => places.test(path))).toEqual([]);
  });

  it('is named by where it stands, or nothing is done with it', () => {
    const pointers = [
      '/person/birthDate',
      '/person/nothing',
      '/needs/99',
      '/needs/00',
      '/needs/-1',
      '/needs/length',
      '/person/about',
      '/person/about/birthDate',
      '/__proto__/x',
      '/constructor',
      '/person/birthDate/0',
      '/schemaVersion/x',
      '/person/names/0/given/9',
      'person/birthDate',
      '',
      '/',
    ];
    expect(holdBack(grace, pointers).unknown).toEqual(pointers.slice(1).map((_pointer, index) => index + 1));
  });

  it('does not hide why something would have stayed anyway', () => {
    const marked = {
      ...grace,
      person: { ...grace.person, about: { birthDate: { source: 'declared', doNotShare: true } } },
    } as Case;
    const reasonOf = (record: Case, mask: number): string | undefined =>
      withhold(shippedRules, holdBack(record, ['/person/birthDate']).record, mask).withheld.find(
        ({ path }) => path === '/person/birthDate',
      )?.reason;
    expect(reasonOf(marked, MASK)).toBe('do-not-share');
    expect(reasonOf(grace, maskOf(['housing']))).toBe('not-permitted');
    expect(reasonOf(grace, MASK)).toBe('by-author');
  });

  it('keeping back more never lets more leave', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(
        arbitraryCase(),
        fc.subarray([...DATA_LABELS]),
        fc.infiniteStream(fc.nat(3)),
        (record, some, pick) => {
          const mask = maskOf(some);
          const all = withhold(shippedRules, record, mask);
          const choices = all.kept.map(({ path }) => path).filter(() => pick.next().value === 0);
          const fewer = choices.filter((_path, index) => index % 2 === 0);
          const left = (pointers: readonly string[]): ReadonlyMap<string, string> => {
            const held = holdBack(record, pointers);
            expect(held.unknown).toEqual([]);
            const { kept } = withhold(shippedRules, held.record, mask);
            return new Map(kept.map(({ path, value }) => [path, text(value)]));
          };
          const [none, some_, more] = [left([]), left(fewer), left(choices)];
          // A list of ids may lose those of what is gone; nothing else changes.
          for (const [path, value] of some_) expect(contains(none.get(path), value), path).toBe(true);
          for (const [path, value] of more) expect(contains(some_.get(path), value), path).toBe(true);
          for (const path of choices) expect(more.has(path)).toBe(false);
        },
      ),
      { numRuns: Math.max(60, Number(process.env['RELAIS_PROPERTY_RUNS'] ?? 0)) },
    );
  });
});

function contains(whole: string | undefined, part: string): boolean {
  if (whole === undefined || whole === part) return whole === part;
  const [all, some] = [JSON.parse(whole), JSON.parse(part)] as [unknown, unknown];
  return Array.isArray(all) && Array.isArray(some) && some.every((one) => all.includes(one));
}
