import { beforeAll, describe, expect, it } from 'vitest';
import type { Case } from '../../src/domain/case/case.js';
import { syntheticCase } from '../../src/domain/case/synthetic.js';
import { validateResource } from '../../src/domain/fhir/validate.js';
import type { CompiledMapping } from '../../src/domain/mapping/mapping.js';
import { ALL_BUT_NEVER, context, loadPack } from './pack.js';

describe('what the case maps make', () => {
  let mapping: CompiledMapping<Case>;
  beforeAll(async () => {
    mapping = await loadPack('case');
  }, 60_000);

  it('is valid R4 for 150 synthetic cases', () => {
    const issues = new Set<string>();
    const types = new Set<string>();
    for (let seed = 0; seed < 150; seed += 1) {
      for (const { resource } of mapping.toFhir(syntheticCase(seed), ALL_BUT_NEVER, context)) {
        types.add(resource.resourceType);
        for (const issue of validateResource(resource)) {
          if (issue.severity === 'error') issues.add(`${resource.meta?.profile?.[0]} ${issue.location} ${issue.code}`);
        }
      }
    }
    expect([...issues]).toEqual([]);
    expect(types.size).toBeGreaterThanOrEqual(18);
  });

  it('names every resource once, by an id that is not the source key', () => {
    for (let seed = 0; seed < 30; seed += 1) {
      const ids = mapping
        .toFhir(syntheticCase(seed), ALL_BUT_NEVER, context)
        .map(({ resource }) => `${resource.resourceType}/${resource.id}`);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});
