import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EMPTY_CHAIN,
  appendEntries,
  chainHash,
  createChainCheck,
  leafHash,
  type LogLink,
  type SaltedEntry,
} from '../../../src/domain/audit/chain.js';
import { AUDIT_ACTIONS } from '../../../src/domain/audit/entry.js';
import type { AuditEntryId, OrganizationId } from '../../../src/kernel/ids.js';

const entries = fc.array(
  fc.record({
    id: fc.uuid() as fc.Arbitrary<AuditEntryId>,
    at: fc.constant<string>('2026-02-09T10:15:00.000Z'),
    salt: fc.stringMatching(/^[0-9a-f]{32}$/),
    action: fc.constantFrom(...AUDIT_ACTIONS),
    outcome: fc.constantFrom('success' as const, 'refused' as const, 'failure' as const),
    actor: fc.constant({ type: 'system' as const, id: 'worker', organizationId: null }),
    organizations: fc.array(fc.uuid() as fc.Arbitrary<OrganizationId>, { minLength: 1, maxLength: 2 }),
    codes: fc.record({ count: fc.integer(), reasons: fc.array(fc.string(), { maxLength: 2 }) }),
  }),
  { minLength: 3, maxLength: 12 },
);

function verify(
  links: readonly LogLink[],
  found: ReadonlyMap<string, SaltedEntry>,
  head: { size: number; chainHash: Buffer },
): string | null {
  const check = createChainCheck();
  for (const link of links) {
    const bad = check.next(link, found.get(link.entryId) ?? null);
    if (bad !== null) return `${bad.kind}@${bad.seq}`;
  }
  const bad = check.end(head);
  return bad === null ? null : `${bad.kind}@${bad.seq}`;
}

describe('the audit chain', () => {
  it('hashes leaves as RFC 6962 does: a zero byte, then the canonical entry', () => {
    const entry = { b: 1, a: 'x' } as unknown as SaltedEntry;
    expect(leafHash(entry)).toEqual(createHash('sha256').update('\0{"a":"x","b":1}').digest());
  });

  it('binds each hash to the one before it, the number and the leaf', () => {
    const leaf = createHash('sha256').update('leaf').digest();
    const one = chainHash(EMPTY_CHAIN, 0, leaf);
    expect(chainHash(EMPTY_CHAIN, 1, leaf)).not.toEqual(one);
    expect(chainHash(one, 0, leaf)).not.toEqual(one);
    expect(chainHash(EMPTY_CHAIN, 0, one)).not.toEqual(one);
  });

  it('is the same whether entries come in one batch or in several', () => {
    fc.assert(
      fc.property(entries, fc.nat(), (list, cut) => {
        const at = cut % list.length;
        const whole = appendEntries(0, EMPTY_CHAIN, list);
        const first = appendEntries(0, EMPTY_CHAIN, list.slice(0, at));
        const second = appendEntries(first.size, first.chainHash, list.slice(at));
        expect([...first.links, ...second.links]).toEqual(whole.links);
        expect(second.chainHash).toEqual(whole.chainHash);
      }),
    );
  });

  it('names the first entry that was edited, taken out, put elsewhere, or cut off', () => {
    fc.assert(
      fc.property(entries, fc.nat(), (list, position) => {
        const unique = [...new Map(list.map((entry) => [entry.id, entry])).values()];
        fc.pre(unique.length >= 3);
        const { links, size, chainHash: end } = appendEntries(0, EMPTY_CHAIN, unique);
        const head = { size, chainHash: end };
        const found = new Map(unique.map((entry) => [entry.id as string, entry]));
        const at = position % (size - 1);
        const victim = links[at]!;
        expect(verify(links, found, head)).toBeNull();

        const edited = new Map(found).set(victim.entryId, {
          ...found.get(victim.entryId)!,
          at: '2027-01-01T00:00:00.000Z',
        });
        expect(verify(links, edited, head)).toBe(`entry-changed@${at}`);
        const gone = new Map([...found].filter(([id]) => id !== victim.entryId));
        expect(verify(links, gone, head)).toBe(`entry-missing@${at}`);
        expect(verify(links.toSpliced(at, 1), found, head)).toBe(`link-missing@${at}`);

        const next = links[at + 1]!;
        const swapped = links.toSpliced(at, 2, { ...next, seq: victim.seq }, { ...victim, seq: next.seq });
        expect(verify(swapped, found, head)).toBe(`chain-broken@${at}`);
        expect(verify(links.slice(0, -1), found, head)).toBe(`head-differs@${size - 1}`);

        // Somebody who can also recompute every hash is found by the head that is kept elsewhere.
        const forged = appendEntries(0, EMPTY_CHAIN, [...edited.values()]);
        expect(verify(forged.links, edited, head)).toBe(`head-differs@${size}`);
      }),
    );
  });
});
