import { beforeAll, describe, expect, it } from 'vitest';
import type { Case } from '../../src/domain/case/case.js';
import { syntheticCase } from '../../src/domain/case/synthetic.js';
import type { CompiledMapping } from '../../src/domain/mapping/mapping.js';
import { ALL_BUT_NEVER, context, loadPack } from './pack.js';
import type { Plain } from './round-trip.js';

describe('a resource with one identifier, of a system of ours', () => {
  let mapping: CompiledMapping<Case>;
  let observations: Plain[];
  beforeAll(async () => {
    mapping = await loadPack('case');
    observations = [1, 2, 3, 4, 5].flatMap((seed) =>
      mapping
        .toFhir(syntheticCase(seed), ALL_BUT_NEVER, context)
        .map(({ resource }) => resource as unknown as Plain)
        .filter(({ resourceType }) => resourceType === 'Observation'),
    );
  }, 60_000);
  /** Whether the way back takes it for something of the record. */
  const isOurs = (resource: Plain): boolean => {
    const bundle = { resourceType: 'Bundle', entry: [{ resource: { ...resource, subject: undefined } }] };
    const { residue } = mapping.fromFhir(bundle, ALL_BUT_NEVER, context);
    return residue.every(({ path, map }) => map !== '' || path !== 'entry[0]');
  };

  it('is ours', () => {
    expect(observations.length).toBeGreaterThan(20);
    expect(observations.filter((one) => !isOurs(one))).toEqual([]);
  });

  it('is nobody’s where the identifier has no value', () => {
    const without = observations.map((one) => {
      const [{ system }] = one['identifier'] as [{ system: string }];
      return { ...one, identifier: [{ system }] };
    });
    expect(without.filter(isOurs)).toEqual([]);
  });

  it('is nobody’s where its code says something else', () => {
    const other = observations.map((one) => ({ ...one, code: { coding: [{ system: 'urn:other', code: 'x' }] } }));
    expect(other.filter(isOurs)).toEqual([]);
  });
});
