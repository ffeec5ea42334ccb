import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHeader } from '../../../src/domain/hmis/check-header.js';
import { checkValue } from '../../../src/domain/hmis/check-value.js';
import { HMIS_RULES } from '../../../src/domain/hmis/rules.js';
import { hmisTable } from '../../../src/domain/hmis/tables.js';

describe('a cell', () => {
  it.each([
    ['Client', 'DOB', '1991-02-28', null],
    ['Client', 'DOB', '2024-02-29', null],
    ['Client', 'DOB', '', null],
    ['Client', 'DOB', '2023-02-29', 'hmis.date'],
    ['Client', 'DOB', '1900-02-29', 'hmis.date'],
    ['Client', 'DOB', '1991-13-01', 'hmis.date'],
    ['Client', 'DOB', '1991-00-10', 'hmis.date'],
    ['Client', 'DOB', '1991-04-31', 'hmis.date'],
    ['Client', 'DOB', '91-04-30', 'hmis.date'],
    ['Client', 'DOB', ' 1991-04-30', 'hmis.date'],
    ['Client', 'DateUpdated', '2001-05-18 12:46:00', null],
    ['Client', 'DateUpdated', '13-06-19', 'hmis.datetime'],
    ['Client', 'DateUpdated', '2001-05-18', 'hmis.datetime'],
    ['Client', 'DateUpdated', '2001-05-18T12:46:00', 'hmis.datetime'],
    ['Client', 'DateUpdated', '2001-05-18 24:00:00', 'hmis.datetime'],
    ['Client', 'DateUpdated', '2001-02-30 12:00:00', 'hmis.datetime'],
    ['Client', 'DateUpdated', '', 'hmis.required'],
    ['Client', 'VeteranStatus', '7', 'hmis.code'],
    ['Client', 'VeteranStatus', '01', 'hmis.code'],
    ['Client', 'VeteranStatus', 'yes', 'hmis.integer'],
    ['Client', 'VeteranStatus', '99', null],
    ['Client', 'FirstName', 'é'.repeat(50), null],
    ['Client', 'FirstName', '😀'.repeat(50), null],
    ['Client', 'FirstName', 'e'.repeat(51), 'hmis.too-long'],
    ['IncomeBenefits', 'TotalMonthlyIncome', '1204.5', null],
    ['IncomeBenefits', 'TotalMonthlyIncome', '1,204.50', 'hmis.money'],
    ['IncomeBenefits', 'TotalMonthlyIncome', '$12', 'hmis.money'],
    ['IncomeBenefits', 'TotalMonthlyIncome', '1.005', 'hmis.money'],
    ['Inventory', 'BedInventory', '12', null],
    ['Inventory', 'BedInventory', '12.0', 'hmis.integer'],
    ['Client', 'NoSuchColumn', 'anything', null],
    ['NoSuchFile', 'DOB', 'anything', null],
  ])('%s.%s is judged', (file, column, text, rule) => {
    expect(checkValue(file, column, text)).toBe(rule);
  });

  it('that is a date of the calendar keeps the rule, whatever the day; and one with a blank never does', () => {
    const days = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(days, (day) => {
        const text = day.toISOString().slice(0, 10);
        expect(checkValue('Client', 'DOB', text)).toBeNull();
        expect(checkValue('Client', 'DOB', `${text} `)).toBe('hmis.date');
      }),
    );
  });

  it('follows the version: a SourceID of 33 characters is too long in FY2024 alone', () => {
    expect(checkValue('Export', 'SourceID', 'x'.repeat(33), 'FY2024')).toBe('hmis.too-long');
    expect(checkValue('Export', 'SourceID', 'x'.repeat(350), 'FY2026')).toBeNull();
    expect(checkValue('Export', 'SourceID', 'x'.repeat(351), 'FY2026')).toBe('hmis.too-long');
  });
});

describe('a header', () => {
  const table = hmisTable('Affiliation', 'FY2026')!;
  const names = table.columns.map(({ name }) => name);
  const rules = (header: readonly string[]) =>
    readHeader(table, 'Affiliation.csv', header).findings.map(({ column, rule }) => `${column} ${rule}`);

  it('as published is in order', () => {
    expect(rules(names)).toEqual([]);
    expect(rules(names.map((name) => name.toUpperCase()))).toEqual([]);
  });

  it('with blanks, missing, repeated, unknown and moved columns is told so, and each column is still found', () => {
    expect(rules(['AffiliationID ', ...names.slice(1)])).toEqual(['AffiliationID hmis.column-blank']);
    expect(rules(names.slice(0, -1))).toEqual(['ExportID hmis.missing-column']);
    expect(rules([...names, 'UserID'])).toEqual(['UserID hmis.duplicate-column']);
    const moved = [...names.slice(1), names[0]!];
    expect(rules(moved)).toEqual(['AffiliationID hmis.column-order']);
    expect(readHeader(table, 'Affiliation.csv', moved).keyAt).toBe(names.length - 1);
  });

  it('never repeats a name that the format does not know', () => {
    const reading = readHeader(table, 'Affiliation.csv', [...names, 'Grace Okafor']);
    expect(reading.findings).toEqual([{ file: 'Affiliation.csv', line: 1, column: '#9', rule: 'hmis.unknown-column' }]);
  });
});

it('each rule has its words in both languages', () => {
  for (const text of Object.values(HMIS_RULES)) {
    expect(text.en.length).toBeGreaterThan(5);
    expect(text.fr.length).toBeGreaterThan(5);
    expect(text.fr).not.toBe(text.en);
  }
});
