import { describe, expect, it } from 'vitest';
import { leafHash, type SaltedEntry } from '../../../src/domain/audit/chain.js';
import { planInclusion } from '../../../src/domain/audit/merkle/prove.js';
import { checkProvenEntry } from '../../../src/domain/audit/proven-entry.js';
import type { AuditEntryId, OrganizationId } from '../../../src/kernel/ids.js';
import { keepTree } from './merkle/model.js';

const entry = (index: number): SaltedEntry => ({
  id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}` as AuditEntryId,
  at: '2026-02-09T10:15:00.000Z',
  salt: String(index).padStart(32, '0'),
  action: 'disclosure.sent',
  outcome: 'success',
  actor: { type: 'system', id: 'worker', organizationId: null },
  organizations: ['8c0e4a52-6c1f-4a5e-9d3b-1f2a7c9e0b44' as OrganizationId],
  codes: { attempt: index },
});

describe('a proven entry', () => {
  const entries = Array.from({ length: 9 }, (_, index) => entry(index));
  const tree = keepTree(entries.map(leafHash));
  const checkpoint = { size: 9, root: tree.root() };
  const seq = 4;
  const proof = tree.prove(planInclusion(seq, 9)).map((step) => step.toString('base64'));

  it('is checked with nothing but the checkpoint', () => {
    expect(checkProvenEntry({ entry: entries[seq]!, seq, proof }, checkpoint)).toBe(true);
    // Members in another order say the same.
    const other = Object.fromEntries(Object.entries(entries[seq]!).reverse()) as unknown as SaltedEntry;
    expect(checkProvenEntry({ entry: other, seq, proof }, checkpoint)).toBe(true);
  });

  it.each<[string, Partial<SaltedEntry>]>([
    ['a later time', { at: '2026-02-09T10:15:00.001Z' }],
    ['another outcome', { outcome: 'refused' }],
    ['another salt', { salt: '0'.repeat(32) }],
    ['a code more', { codes: { attempt: seq, more: 1 } }],
  ])('does not hold with %s', (_what, change) => {
    expect(checkProvenEntry({ entry: { ...entries[seq]!, ...change }, seq, proof }, checkpoint)).toBe(false);
  });

  it('does not hold under another number, root or size', () => {
    const proven = { entry: entries[seq]!, seq, proof };
    expect(checkProvenEntry({ ...proven, seq: 5 }, checkpoint)).toBe(false);
    expect(checkProvenEntry(proven, { ...checkpoint, root: leafHash(entries[0]!) })).toBe(false);
    expect(checkProvenEntry(proven, { ...checkpoint, size: 17 })).toBe(false);
    expect(checkProvenEntry({ ...proven, proof: ['not base64 at all'] }, checkpoint)).toBe(false);
  });
});
