import { describe, expect, it } from 'vitest';
import { readPackFiles } from '../../src/adapters/mapping/read-pack-files.js';
import { ruleCoverage } from '../../src/domain/fhir/invariants.js';
import { checkPack, PACKS, shippedModelOf } from '../../src/domain/mapping/compile-pack.js';
import { readPack } from '../../src/domain/mapping/read-pack.js';
import type { Node } from '../../src/domain/mapping/template/intermediate.js';
import { root } from './pack.js';

/** Expressions in the leaves of a template. */
function expressionsIn(node: Node): number {
  switch (node.kind) {
    case 'const':
      return 0;
    case 'leaf':
      return node.parts.filter((part) => typeof part !== 'string').length;
    case 'obj':
      return node.members.reduce((sum, member) => sum + expressionsIn(member.node), 0);
    case 'arr':
      return node.items.reduce((sum, item) => sum + expressionsIn(item), 0);
    case 'each':
      return expressionsIn(node.body);
    case 'if':
      return expressionsIn(node.then) + (node.otherwise === null ? 0 : expressionsIn(node.otherwise));
  }
}

describe('what is compiled', () => {
  it('is every leaf of the shipped mappings', async () => {
    const counts = { leaves: 0, refused: 0 };
    for (const name of PACKS) {
      const source = await readPackFiles(root, name);
      // A leaf that cannot be compiled is a finding, and a pack with a finding has no form.
      counts.refused += checkPack(source).length;
      const { form } = readPack(source, shippedModelOf(source).model);
      counts.leaves += form?.maps.reduce((sum, map) => sum + expressionsIn(map.template), 0) ?? 0;
    }
    process.stdout.write(`${JSON.stringify(counts)}\n`);
    expect(counts.refused).toBe(0);
    expect(counts.leaves).toBeGreaterThan(500);
  });

  it('is all but one of the invariants of R4', () => {
    const { total, decided, undecided } = ruleCoverage();
    process.stdout.write(`${JSON.stringify({ invariants: total, decided })}\n`);
    expect(undecided).toHaveLength(1);
    expect(decided / total).toBeGreaterThanOrEqual(0.95);
  });
});
