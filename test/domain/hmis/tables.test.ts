import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { HmisColumn } from '../../../src/domain/hmis/define-table.js';
import { hmisTable, hmisTables, hmisVersionOf } from '../../../src/domain/hmis/tables.js';
import { sharedData } from '../../support/shared-data.js';

const published = sharedData('hmis-csv-fy2026', 'hud-columns-fy2026.csv');

/** The published list knows four kinds. */
function kindOf({ type }: HmisColumn): string {
  if (type === 'string') return 'character';
  return type === 'date' || type === 'datetime' ? type : 'numeric';
}

describe('the table of HMIS CSV FY2026', () => {
  it.skipIf(published === null)(
    'has the files, columns, order, types and nullability that were published [skipped: shared data absent]',
    () => {
      const rows = readFileSync(published!, 'utf8')
        .trim()
        .split(/\r?\n/)
        .slice(1)
        .map((line) => line.split(','));
      // One name of the published list carries a trailing blank.
      expect(rows.filter((row) => row[2] !== row[2]!.trim()).length).toBeGreaterThan(0);
      const expected = rows.map(([file, , column, type, , nullable]) => [
        file,
        column!.trim(),
        column === 'DateDeleted' ? 'datetime' : type,
        nullable === '1',
      ]);
      const ours = hmisTables('FY2026').flatMap(({ file, columns }) =>
        columns.map((column) => [file, column.name, kindOf(column), !column.required]),
      );
      const sorted = (list: unknown[][]) =>
        [...new Set(list.map((row) => String(row[0])))].sort().map((file) => list.filter((row) => row[0] === file));
      expect(sorted(ours)).toEqual(sorted(expected));
    },
  );

  it('has a key first in every file, and knows which rows are about a person', () => {
    for (const table of hmisTables('FY2026')) expect(table.key).toBe(table.columns[0]!.name);
    expect(hmisTables('FY2026').filter(({ hasPerson }) => hasPerson)).toHaveLength(14);
    expect(hmisTable('CLIENT', 'FY2026')?.file).toBe('Client');
    expect(hmisTable('Nothing', 'FY2026')).toBeNull();
  });
});

describe('the table of HMIS CSV FY2024', () => {
  const names = (file: string) => hmisTable(file, 'FY2024')!.columns.map(({ name }) => name);

  it('has gender and no Sex, no MentalHealthConsultation, and a short SourceID', () => {
    expect(names('Client')).toContain('Woman');
    expect(names('Client')).not.toContain('Sex');
    expect(names('Enrollment')).not.toContain('MentalHealthConsultation');
    expect(names('Enrollment')).toContain('SexualOrientation');
    const length = (version: 'FY2024' | 'FY2026') => hmisTable('Export', version)!.columns[2]!.maxLength;
    expect([length('FY2024'), length('FY2026')]).toEqual([32, 350]);
  });

  it('is recognised by what the export says, else by its columns', () => {
    expect(hmisVersionOf('2024 v1.5', ['Sex'])).toBe('FY2024');
    expect(hmisVersionOf('2026 v1', ['GenderNone'])).toBe('FY2026');
    expect(hmisVersionOf(null, ['PersonalID', 'GenderNone'])).toBe('FY2024');
    expect(hmisVersionOf('', ['PersonalID'])).toBe('FY2026');
  });
});
