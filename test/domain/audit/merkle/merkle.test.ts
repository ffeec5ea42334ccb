import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkConsistency, checkInclusion } from '../../../../src/domain/audit/merkle/check-proof.js';
import { growTree } from '../../../../src/domain/audit/merkle/compact-range.js';
import { EMPTY_ROOT, type Hash } from '../../../../src/domain/audit/merkle/hash.js';
import { nodesOf, planConsistency, planInclusion } from '../../../../src/domain/audit/merkle/prove.js';
import { keepTree, someLeaves, treeHash } from './model.js';

/** The reference tree of the certificate-transparency project (merkletree tests): eight leaves, and what comes of them. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  (data) => hash('sha256', Buffer.concat([Buffer.of(0), Buffer.from(data, 'hex')]), 'buffer'),
);
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const A = '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7';
const B = '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e';
const C = '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4';
const D = 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b';
const E = 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0';
const F = '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a';

const hex = (hashes: readonly Hash[]): readonly string[] => hashes.map((value) => value.toString('hex'));
const include = (leaves: readonly Hash[], seq: number): readonly Hash[] =>
  keepTree(leaves).prove(planInclusion(seq, leaves.length));
const extend = (leaves: readonly Hash[], oldSize: number): readonly Hash[] =>
  keepTree(leaves).prove(planConsistency(oldSize, leaves.length));

describe('the Merkle tree', () => {
  it('has the roots of the reference tree', () => {
    expect(EMPTY_ROOT.toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(hex(LEAVES.map((_, index) => keepTree(LEAVES.slice(0, index + 1)).root()))).toEqual(ROOTS);
  });

  it.each([
    [0, 1, []],
    [0, 8, [A, B, C]],
    [5, 8, [D, E, ROOTS[3]]],
    [2, 3, [ROOTS[1]]],
    [1, 5, [ROOTS[0], B, D]],
  ])('proves leaf %i of %i as the reference does', (seq, size, expected) => {
    expect(hex(include(LEAVES.slice(0, size), seq))).toEqual(expected);
  });

  it.each([
    [1, 1, []],
    [1, 8, [A, B, C]],
    [6, 8, [F, E, ROOTS[3]]],
    [2, 5, [B, D]],
  ])('proves that %i leaves grew to %i as the reference does', (oldSize, size, expected) => {
    expect(hex(extend(LEAVES.slice(0, size), oldSize))).toEqual(expected);
  });

  it('is that of RFC 6962 for every size, grown in one go or in several', () => {
    const leaves = someLeaves(130);
    for (let size = 0; size <= leaves.length; size += 1) {
      const root = treeHash(leaves.slice(0, size));
      const cut = growTree();
      for (const leaf of leaves.slice(0, size >> 1)) cut.append(leaf);
      const rest = growTree(cut.range());
      for (const leaf of leaves.slice(size >> 1, size)) rest.append(leaf);
      expect(rest.size()).toBe(size);
      expect(rest.root()).toEqual(root);
    }
  });

  it('goes on beyond what the bit operators of the language count', () => {
    const size = 2 ** 40 - 1;
    const tree = growTree({ size, peaks: someLeaves(40) });
    tree.append(someLeaves(1)[0]!);
    expect(tree.range()).toMatchObject({ size: 2 ** 40, peaks: [expect.any(Buffer)] });
    expect(() => growTree({ size, peaks: someLeaves(39) })).toThrow(RangeError);
    expect(planInclusion(2 ** 45 + 1, 2 ** 46 + 3)).toHaveLength(47);
  });

  it('asks for two nodes a level at most', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (a, b) => {
        fc.pre(a !== b);
        const [seq, size] = [Math.min(a, b), Math.max(a, b)];
        const levels = Math.ceil(Math.log2(size)) + 1;
        expect(nodesOf(planInclusion(seq, size)).length).toBeLessThanOrEqual(2 * levels);
        if (seq > 0) expect(nodesOf(planConsistency(seq, size)).length).toBeLessThanOrEqual(2 * levels);
      }),
    );
  });

  it.each([
    () => planInclusion(3, 3),
    () => planInclusion(-1, 3),
    () => planInclusion(0.5, 3),
    () => planConsistency(0, 3),
    () => planConsistency(4, 3),
  ])('refuses to plan what cannot be proven (%#)', (plan) => {
    expect(plan).toThrow(RangeError);
  });
});

/** Size, place, and which bit of which hash is turned. */
const cases = fc
  .record({ size: fc.integer({ min: 1, max: 200 }), at: fc.nat(), step: fc.nat(), bit: fc.nat({ max: 255 }) })
  .map(({ size, at, ...rest }) => ({ size, seq: at % size, ...rest }));

function turned(value: Hash, bit: number): Hash {
  const copy = Buffer.from(value);
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}

describe('an inclusion proof', () => {
  it('holds for every leaf of every size', () => {
    const all = someLeaves(70);
    for (let size = 1; size <= all.length; size += 1) {
      const leaves = all.slice(0, size);
      const tree = keepTree(leaves);
      leaves.forEach((leaf, seq) => {
        const proof = tree.prove(planInclusion(seq, size));
        expect(checkInclusion({ leaf, seq, size, root: tree.root() }, proof)).toBe(true);
      });
    }
  });

  it('fails with any bit, number or size that is not the one it was made for', () => {
    fc.assert(
      fc.property(cases, ({ size, seq, step, bit }) => {
        const leaves = someLeaves(size);
        const proof = include(leaves, seq);
        const claim = { leaf: leaves[seq]!, seq, size, root: treeHash(leaves) };
        expect(checkInclusion(claim, proof)).toBe(true);
        expect(checkInclusion({ ...claim, leaf: turned(claim.leaf, bit) }, proof)).toBe(false);
        expect(checkInclusion({ ...claim, root: turned(claim.root, bit) }, proof)).toBe(false);
        for (let other = 0; other < size; other += 1)
          expect(checkInclusion({ ...claim, seq: other }, proof)).toBe(other === seq);
        expect(checkInclusion(claim, [...proof, claim.leaf])).toBe(false);
        if (proof.length === 0) return;
        const at = step % proof.length;
        expect(checkInclusion(claim, proof.toSpliced(at, 1, turned(proof[at]!, bit)))).toBe(false);
        expect(checkInclusion(claim, proof.toSpliced(at, 1))).toBe(false);
        expect(checkInclusion(claim, proof.toSpliced(at, 1, proof[at]!.subarray(1)))).toBe(false);
      }),
    );
  });

  it.each([NaN, -1, 0.5, Infinity, 2 ** 60])('is no proof for the number %d', (seq) => {
    const [leaf] = someLeaves(1);
    expect(checkInclusion({ leaf: leaf!, seq, size: 1, root: leaf! }, [])).toBe(false);
    expect(checkInclusion({ leaf: leaf!, seq: 0, size: seq, root: leaf! }, [])).toBe(false);
  });
});

describe('a consistency proof', () => {
  it('holds for every two sizes', () => {
    const all = someLeaves(50);
    for (let size = 1; size <= all.length; size += 1) {
      const tree = keepTree(all.slice(0, size));
      const newer = { size, root: tree.root() };
      for (let oldSize = 1; oldSize <= size; oldSize += 1) {
        const older = { size: oldSize, root: treeHash(all.slice(0, oldSize)) };
        expect(checkConsistency(older, newer, tree.prove(planConsistency(oldSize, size)))).toBe(true);
      }
      expect(checkConsistency({ size: 0, root: EMPTY_ROOT }, newer, [])).toBe(true);
    }
  });

  it('fails with any bit or size that is not the one it was made for', () => {
    fc.assert(
      fc.property(cases, ({ size, seq, step, bit }) => {
        fc.pre(seq > 0);
        const leaves = someLeaves(size);
        const proof = extend(leaves, seq);
        const older = { size: seq, root: treeHash(leaves.slice(0, seq)) };
        const newer = { size, root: treeHash(leaves) };
        expect(checkConsistency(older, newer, proof)).toBe(true);
        expect(checkConsistency({ ...older, root: turned(older.root, bit) }, newer, proof)).toBe(false);
        expect(checkConsistency(older, { ...newer, root: turned(newer.root, bit) }, proof)).toBe(false);
        for (let other = 1; other < size; other += 1)
          expect(checkConsistency({ ...older, size: other }, newer, proof)).toBe(other === seq);
        expect(checkConsistency(older, newer, [...proof, newer.root])).toBe(false);
        const at = step % proof.length;
        expect(checkConsistency(older, newer, proof.toSpliced(at, 1, turned(proof[at]!, bit)))).toBe(false);
        expect(checkConsistency(older, newer, proof.toSpliced(at, 1))).toBe(false);
      }),
    );
  });

  it('does not hold between a log and one that was rewritten before the older size', () => {
    fc.assert(
      fc.property(cases, ({ size, seq, bit }) => {
        fc.pre(seq > 0);
        const leaves = someLeaves(size);
        const forged = leaves.with(seq - 1, turned(leaves[seq - 1]!, bit));
        const older = { size: seq, root: treeHash(leaves.slice(0, seq)) };
        expect(checkConsistency(older, { size, root: treeHash(forged) }, extend(forged, seq))).toBe(false);
      }),
    );
  });

  it('does not hold for sizes that are none, or for a newer log that is shorter', () => {
    const [root] = someLeaves(1);
    expect(checkConsistency({ size: 2, root: root! }, { size: 1, root: root! }, [])).toBe(false);
    expect(checkConsistency({ size: 0.5, root: root! }, { size: 1, root: root! }, [])).toBe(false);
    expect(checkConsistency({ size: 1, root: root! }, { size: 1, root: turned(root!, 0) }, [])).toBe(false);
    expect(checkConsistency({ size: 1, root: root! }, { size: 2, root: root! }, [])).toBe(false);
  });
});
