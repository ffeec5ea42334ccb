import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Case } from '../../src/domain/case/case.js';
import type { CompiledMapping } from '../../src/domain/mapping/mapping.js';
import type { HmisRecord, HmisRow } from '../../src/domain/mapping/models/hmis-model.js';
import { isSame } from '../../src/domain/mapping/residue/compare.js';
import { keepRecord } from '../../src/domain/mapping/residue/keep-record.js';
import { keepResources } from '../../src/domain/mapping/residue/keep-resources.js';
import type { KeptElement } from '../../src/domain/mapping/residue/kept.js';
import { restoreRecord } from '../../src/domain/mapping/residue/restore-record.js';
import { restoreResources } from '../../src/domain/mapping/residue/restore-resources.js';
import { readJson, writeJson, type JsonValue } from '../../src/kernel/json.js';
import { syntheticCase } from '../../src/domain/case/synthetic.js';
import { sharedData } from '../support/shared-data.js';
import { arbitraryCase } from '../support/arbitrary-case.js';
import { mutate, MUTATION_NAMES } from './mutate-bundle.js';
import { ALL_BUT_NEVER, context, loadPack, root } from './pack.js';
import { bundleOf, fromStranger, RUNS, type Plain } from './round-trip.js';

const wire = (value: unknown): JsonValue => readJson(writeJson(value as JsonValue));
/** As it is stored: written, and read again. */
const stored = (kept: readonly KeptElement[]): KeptElement[] => wire(kept) as unknown as KeptElement[];

describe('a bundle that is taken and given back', () => {
  let mapping: CompiledMapping<Case>;
  beforeAll(async () => {
    mapping = await loadPack('case');
  }, 60_000);

  const there = (record: Case) => wire(bundleOf(mapping.toFhir(record, ALL_BUT_NEVER, context)));
  const taken = (bundle: unknown, permitted = ALL_BUT_NEVER) => {
    const { record, residue } = mapping.fromFhir(bundle, permitted, context);
    return { record, ...keepResources(mapping, bundle, record as Case, residue, permitted, context) };
  };
  const again = (bundle: unknown): unknown => {
    const { record, kept } = taken(bundle);
    const resources = mapping.toFhir(wire(record) as unknown as Case, ALL_BUT_NEVER, context);
    return restoreResources(mapping, resources, stored(kept), ALL_BUT_NEVER, context);
  };
  const expectSame = (bundle: unknown): void => {
    const restored = again(bundle);
    if (!isSame(restored, bundle)) expect(restored).toEqual(bundle);
  };

  /** False where the bundle is not taken at all: it is about several persons. */
  const expectSameOrRefused = (bundle: unknown): boolean => {
    try {
      mapping.fromFhir(bundle, ALL_BUT_NEVER, context);
    } catch (error) {
      expect(error).toMatchObject({ code: 'mapping.several-persons', status: 422 });
      return false;
    }
    expectSame(bundle);
    return true;
  };

  it('is the same when it is of our own maps', () => {
    fc.assert(
      fc.property(arbitraryCase(), (record) => expectSame(there(record))),
      { numRuns: RUNS },
    );
  }, 600_000);

  it('is the same when a stranger sent it: other ids, urn:uuid, another order', () => {
    fc.assert(
      fc.property(arbitraryCase(), fc.nat(50), (record, seed) =>
        expectSame(wire(fromStranger(bundleOf(mapping.toFhir(record, ALL_BUT_NEVER, context)), seed))),
      ),
      { numRuns: RUNS },
    );
  }, 600_000);

  const published = (...path: string[]): JsonValue[] => {
    const folder = sharedData(...path);
    const files = folder === null ? [] : readdirSync(folder).filter((file) => file.endsWith('.json'));
    return files.map((file) => readJson(readFileSync(join(folder!, file)), { maxDepth: 200 }));
  };

  it.skipIf(sharedData('ips-examples') === null)(
    'is the same when it is a published one, of which our maps know nothing (skipped: shared data absent)',
    () => {
      const bundles = [...published('ips-examples'), ...published('fhir-test-cases', 'r4-examples')].filter(
        (one) => (one as Plain)['resourceType'] === 'Bundle',
      );
      expect(bundles.length).toBeGreaterThan(1);
      expect(bundles.filter((one) => expectSameOrRefused(one)).length).toBe(bundles.length);
    },
    120_000,
  );

  it.skipIf(sharedData('fhir-test-cases', 'r4-examples') === null)(
    'is the same with every published example of R4 in it (skipped: shared data absent)',
    () => {
      // A Patient would be a second person, which is refused.
      const examples = published('fhir-test-cases', 'r4-examples').filter(
        (one) => !['Patient', 'Bundle'].includes(String((one as Plain)['resourceType'])),
      );
      expect(examples.length).toBeGreaterThan(20);
      let taken = 0;
      examples.forEach((resource, index) => {
        const bundle = there(syntheticCase(index)) as Plain;
        const entries = bundle['entry'] as object[];
        entries.splice(index % entries.length, 0, { fullUrl: `urn:example:${index}`, resource });
        if (expectSameOrRefused(bundle)) taken += 1;
      });
      expect(taken).toBeGreaterThan(examples.length / 2);
    },
    300_000,
  );

  it.each(MUTATION_NAMES)(
    'is the same with %s',
    (name) => {
      fc.assert(
        fc.property(fc.nat(1000), fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), (seed, seeds) => {
          const steps = seeds.map((one) => one * MUTATION_NAMES.length + MUTATION_NAMES.indexOf(name));
          expectSameOrRefused(mutate(there(syntheticCase(seed)) as Plain, steps));
        }),
        { numRuns: Math.ceil(RUNS / 8) },
      );
    },
    600_000,
  );

  it('is the same whatever was changed in it', () => {
    let refused = 0;
    fc.assert(
      fc.property(arbitraryCase(), fc.array(fc.nat(), { minLength: 1, maxLength: 12 }), (record, seeds) => {
        if (!expectSameOrRefused(mutate(there(record) as Plain, seeds))) refused += 1;
      }),
      { numRuns: RUNS },
    );
    expect(refused / RUNS).toBeLessThan(0.5);
  }, 600_000);
});

describe('a case that goes to FHIR and comes back', () => {
  let mapping: CompiledMapping<Case>;
  beforeAll(async () => {
    mapping = await loadPack('case');
  }, 60_000);

  it('is the same, with its marks, its version and its empty lists, and without its working notes', () => {
    fc.assert(
      fc.property(arbitraryCase(), (record) => {
        const { workingNotes: _, ...rest } = record as unknown as Plain;
        const { kept } = keepRecord(mapping, record, ALL_BUT_NEVER, context);
        const back = mapping.fromFhir(
          wire(bundleOf(mapping.toFhir(record, ALL_BUT_NEVER, context))),
          ALL_BUT_NEVER,
          context,
        );
        const restored = restoreRecord(back.record, stored(kept), ALL_BUT_NEVER);
        if (!isSame(restored, rest)) expect(restored).toEqual(rest);
      }),
      { numRuns: RUNS },
    );
  }, 600_000);
});

describe('an HMIS record that goes to FHIR and comes back', () => {
  it('is the same, with its columns without a rule', async () => {
    const mapping = await loadPack('hmis');
    const folder = join(root, 'config/demo/hmis');
    const rowsOf = (table: string): HmisRow[] =>
      parse(readFileSync(join(folder, `${table}.csv`)), { columns: true, bom: true });
    const tables = ['Client', 'Enrollment', 'Exit', 'Services'] as const;
    for (const { PersonalID } of rowsOf('Client')) {
      const whole = Object.fromEntries(
        tables.map((table) => [
          table,
          rowsOf(table)
            .filter((row) => row['PersonalID'] === PersonalID)
            .map((row, index) => ({ ...row, VendorColumn: `own ${index}`, Column2: '' })),
        ]),
      );
      const record: HmisRecord = { ...whole, Vendor: [{ A: '1' }, { A: '2' }] };
      const { kept } = keepRecord(mapping, record, ALL_BUT_NEVER, context);
      const own = kept.find(({ path }) => path === 'Client[0].VendorColumn');
      expect(own).toMatchObject({ reason: 'unread', label: 'unclassified', value: 'own 0' });
      const back = mapping.fromFhir(
        wire(bundleOf(mapping.toFhir(record, ALL_BUT_NEVER, context))),
        ALL_BUT_NEVER,
        context,
      );
      expect(filled(restoreRecord(back.record, stored(kept), ALL_BUT_NEVER))).toEqual(filled(record));
    }
  }, 60_000);
});

/** In CSV an empty cell and an absent one are the same. */
const filled = (record: object): Plain =>
  Object.fromEntries(
    Object.entries(record as Record<string, readonly object[]>)
      .filter(([, rows]) => rows.length > 0)
      .map(([table, rows]) => [
        table,
        rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== ''))),
      ]),
  );
