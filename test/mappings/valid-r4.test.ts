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

  it('shares between people only what nobody can change', () => {
    const seen = new Map<object, number>();
    let shared = 0;
    const look = (value: unknown, seed: number): void => {
      if (typeof value !== 'object' || value === null) return;
      if (seen.has(value) && seen.get(value) !== seed) {
        shared += 1;
        expect(Object.isFrozen(value)).toBe(true);
      }
      seen.set(value, seed);
      for (const member of Object.values(value)) look(member, seed);
    };
    for (let seed = 0; seed < 20; seed += 1) look(mapping.toFhir(syntheticCase(seed), ALL_BUT_NEVER, context), seed);
    expect(shared).toBeGreaterThan(1000);
    const [first] = mapping.toFhir(syntheticCase(1), ALL_BUT_NEVER, context);
    expect(() => (first!.resource.meta as { profile: string[] }).profile.push('x')).toThrow(TypeError);
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
