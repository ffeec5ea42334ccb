import { beforeAll, describe, expect, it } from 'vitest';
import { validateResource } from '../../src/domain/fhir/validate.js';
import type { HmisTable } from '../../src/domain/hmis/define-table.js';
import { hmisTables } from '../../src/domain/hmis/tables.js';
import { labelsOf, maskOf } from '../../src/domain/labels/labels.js';
import type { CompiledMapping } from '../../src/domain/mapping/mapping.js';
import type { HmisRecord, HmisRow } from '../../src/domain/mapping/models/hmis-model.js';
import { readJson, writeJson, type JsonValue } from '../../src/kernel/json.js';
import { sharedData } from '../support/shared-data.js';
import { cellsOf, columnOf, peopleOf, TABLES } from './hmis-people.js';
import { ALL_BUT_NEVER, context, loadPack } from './pack.js';
import { bundleOf, fromStranger } from './round-trip.js';

const folder = sharedData('hmis-csv-fy2026', 'subset');

describe.skipIf(folder === null)('the HMIS pack, there and back (skipped: shared data absent)', () => {
  let mapping: CompiledMapping<HmisRecord>;
  let people: HmisRecord[];
  beforeAll(async () => {
    mapping = await loadPack('hmis');
    people = peopleOf(folder!);
  }, 120_000);

  it('gives every cell of every person back in all fourteen tables, without residue or conflict', () => {
    expect(people).toHaveLength(271);
    let [came, cells] = [0, 0];
    const lost = new Map<string, number>();
    const invented: string[] = [];
    const seen = new Set<string>();
    for (const person of people) {
      const bundle = readJson(
        writeJson(bundleOf(mapping.toFhir(person, ALL_BUT_NEVER, context)) as unknown as JsonValue),
      );
      const { record, residue, conflicts, refused } = mapping.fromFhir(bundle, ALL_BUT_NEVER, context);
      expect({ residue, conflicts, refused }).toEqual({ residue: [], conflicts: [], refused: [] });
      const [before, after] = [cellsOf(person), cellsOf(record)];
      cells += before.size;
      for (const cell of before) {
        seen.add(cell.slice(0, cell.indexOf('/')));
        if (after.has(cell)) came += 1;
        else lost.set(columnOf(cell), (lost.get(columnOf(cell)) ?? 0) + 1);
      }
      invented.push(...[...after].filter((cell) => !before.has(cell)));
    }
    const share = { law: 'HMIS -> FHIR -> HMIS', people: people.length, cells, came, percent: (100 * came) / cells };
    process.stdout.write(`${JSON.stringify(share)}\n`);
    expect(invented).toEqual([]);
    expect(Object.fromEntries(lost)).toEqual({});
    expect(came).toBe(cells);
    expect(cells).toBeGreaterThan(70_000);
    expect(seen.size).toBe(TABLES.length);
  }, 300_000);

  it('takes the same people from a stranger, by their identifiers', () => {
    people.forEach((person, seed) => {
      const bundle = fromStranger(bundleOf(mapping.toFhir(person, ALL_BUT_NEVER, context)), seed);
      const { record, conflicts, residue } = mapping.fromFhir(bundle, ALL_BUT_NEVER, context);
      expect({ conflicts, residue }).toEqual({ conflicts: [], residue: [] });
      expect(cellsOf(record)).toEqual(cellsOf(person));
    });
  }, 300_000);
});

/** Columns that FY2026 has no more, beside some that it has. */
const FY2024: HmisRecord = {
  Client: [
    {
      PersonalID: 'p-1',
      FirstName: 'A',
      LastName: 'B',
      HispanicLatinaeo: '1',
      White: '0',
      Asian: '1',
      Woman: '1',
      Man: '0',
      NonBinary: '0',
      CulturallySpecific: '0',
      Transgender: '1',
      Questioning: '0',
      DifferentIdentity: '1',
      GenderNone: '99',
      DifferentIdentityText: 'words',
      VeteranStatus: '8',
    },
  ],
  Enrollment: [
    {
      EnrollmentID: 'e-1',
      PersonalID: 'p-1',
      ProjectID: 'j-1',
      EntryDate: '2024-02-03',
      HouseholdID: 'h-1',
      RelationshipToHoH: '1',
      SexualOrientation: '4',
      SexualOrientationOther: 'words',
      TranslationNeeded: '1',
      PreferredLanguage: '367',
      PreferredLanguageDifferent: 'words',
    },
  ],
};

describe('what only FY2024 has', () => {
  it('goes there and back', async () => {
    const mapping = await loadPack('hmis');
    const bundle = bundleOf(mapping.toFhir(FY2024, ALL_BUT_NEVER, context));
    const { record, residue, conflicts } = mapping.fromFhir(bundle, ALL_BUT_NEVER, context);
    expect({ residue, conflicts }).toEqual({ residue: [], conflicts: [] });
    expect(cellsOf(record)).toEqual(cellsOf(FY2024));
  }, 120_000);

  it('and is told to nobody who may not know of sexuality', async () => {
    const mapping = await loadPack('hmis');
    const permitted = maskOf(labelsOf(ALL_BUT_NEVER).filter((label) => label !== 'sexuality'));
    const text = JSON.stringify(mapping.toFhir(FY2024, permitted, context));
    for (const word of ['gender-chosen', 'gender-unanswered', 'genderIdentity', 'sexual-orientation'])
      expect(text).not.toContain(word);
  }, 120_000);
});

describe('rows whose cells are no values of their columns', () => {
  const rowOf = ({ columns }: HmisTable, junk: string): HmisRow =>
    Object.fromEntries(columns.map(({ name }) => [name, /ID$/.test(name) ? 'k-1' : junk]));

  it.each(['abc', '-1', '99', '2026-13-40', '  x ', '$12.00', 'a b', '<b>'])(
    'make valid R4, and nothing that was not there: %s',
    async (junk) => {
      const mapping = await loadPack('hmis');
      for (const version of ['FY2024', 'FY2026'] as const) {
        for (const table of hmisTables(version)) {
          const record = { [table.file]: [rowOf(table, junk)] };
          const mapped = mapping.toFhir(record, ALL_BUT_NEVER, context);
          const wrong = mapped.flatMap(({ resource }) =>
            validateResource(resource)
              .filter(({ severity }) => severity === 'error')
              .map(({ location, code }) => `${table.file} ${location} ${code}`),
          );
          expect(wrong).toEqual([]);
          const { record: again, conflicts } = mapping.fromFhir(bundleOf(mapped), ALL_BUT_NEVER, context);
          expect(conflicts).toEqual([]);
          const before = cellsOf(record);
          expect([...cellsOf(again)].filter((cell) => !before.has(cell))).toEqual([]);
        }
      }
    },
    120_000,
  );
});
