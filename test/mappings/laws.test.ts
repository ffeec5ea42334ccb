import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Case } from '../../src/domain/case/case.js';
import { syntheticCase } from '../../src/domain/case/synthetic.js';
import { DATA_LABELS, maskOf } from '../../src/domain/labels/labels.js';
import type { CompiledMapping } from '../../src/domain/mapping/mapping.js';
import { RelaisError } from '../../src/kernel/errors.js';
import { readJson } from '../../src/kernel/json.js';
import { arbitraryCase } from '../support/arbitrary-case.js';
import { sharedData } from '../support/shared-data.js';
import { LAWS, type Trial } from './laws.js';
import { ALL_BUT_NEVER, context, loadPack } from './pack.js';
import { bundleOf, RUNS, type Plain } from './round-trip.js';

const trial: fc.Arbitrary<Trial> = fc
  .record({
    record: arbitraryCase(),
    other: fc.nat(100_000),
    seed: fc.nat(50),
    permitted: fc.subarray([...DATA_LABELS]).map((labels) => maskOf(labels)),
  })
  .map(({ record, other, ...rest }) => ({ ...rest, record, other: somebodyElse(record, other) }));

function somebodyElse(record: Case, seed: number): Case {
  const other = syntheticCase(seed);
  return other.person.id === record.person.id ? { ...other, person: { ...other.person, id: 'other' } } : other;
}

describe('the case pack, there and back', () => {
  let mapping: CompiledMapping<Case>;
  beforeAll(async () => {
    mapping = await loadPack('case');
  }, 120_000);

  it.each(Object.entries(LAWS))(
    '%s',
    (_, holds) => {
      fc.assert(
        fc.property(trial, (one) => holds(mapping, one)),
        { numRuns: RUNS },
      );
    },
    900_000,
  );
});

const FOLDERS = [
  ['fhir-test-cases', 'r4-examples'],
  ['ips-examples'],
  ['gravity-sdoh', 'examples'],
  ['pcf-consent', 'consents'],
  ['balp-audit', 'examples'],
  ['tddui-fr'],
] as const;
const present = FOLDERS.map((folder) => sharedData(...folder)).filter((folder) => folder !== null);

/** Every resource of every file, those of Bundles one by one. */
function foreignResources(): [string, Plain][] {
  return present.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name): [string, Plain][] => {
        const resource = readJson(readFileSync(join(folder, name))) as Plain;
        if (typeof resource['resourceType'] !== 'string') return [];
        const entries = resource['resourceType'] === 'Bundle' ? ((resource['entry'] ?? []) as Plain[]) : [];
        const inner = entries.map((entry) => entry['resource'] as Plain | undefined);
        return [resource, ...inner].flatMap((one) => (one === undefined ? [] : [[name, one] as [string, Plain]]));
      }),
  );
}

describe.skipIf(present.length === 0)('foreign resources in a bundle of ours (skipped: shared data absent)', () => {
  it('never become ours: the record is the same, or they are about somebody else and the bundle is refused', async () => {
    const mapping = await loadPack('case');
    const ours = bundleOf(mapping.toFhir(syntheticCase(7), ALL_BUT_NEVER, context));
    const alone = mapping.fromFhir(ours, ALL_BUT_NEVER, context).record;
    const foreign = foreignResources();
    const refused: string[] = [];
    const all: Plain[] = [];
    for (const [name, resource] of foreign) {
      try {
        const { record, residue } = mapping.fromFhir(
          { ...ours, entry: [...ours.entry, { resource }] },
          ALL_BUT_NEVER,
          context,
        );
        expect(record, name).toEqual(alone);
        expect(residue.map(({ value }) => value)).toEqual([resource]);
        all.push(resource);
      } catch (error) {
        if (!(error instanceof RelaisError) || error.code !== 'mapping.several-persons') throw error;
        expect(isAboutSomebodyElse(resource), name).toBe(true);
        refused.push(name);
      }
    }
    expect(foreign.length).toBeGreaterThan(100);
    expect(all.length).toBeGreaterThan(refused.length);
    const together = { ...ours, entry: [...all.map((resource) => ({ resource })), ...ours.entry] };
    expect(mapping.fromFhir(together, ALL_BUT_NEVER, context).record).toEqual(alone);
  }, 120_000);
});

/** A Patient, or what points to one that is not ours. */
const isAboutSomebodyElse = ({ resourceType, subject, patient }: Plain): boolean =>
  resourceType === 'Patient' || /Patient|urn:uuid/.test(JSON.stringify(subject ?? patient ?? ''));
