import { describe, expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';
import { checkMappings } from '../../src/adapters/mapping/check-mappings.js';
import { formatFinding } from '../../src/domain/mapping/finding.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the shipped mappings', () => {
  it('have no finding', async () => {
    expect((await checkMappings(root)).map((finding) => formatFinding(finding))).toEqual([]);
  });
});
