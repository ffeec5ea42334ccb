import { defineTable, type HmisTable, type HmisVersion } from './define-table.js';
import { CLIENT_TABLES } from './tables-client.js';
import { PROJECT_TABLES } from './tables-project.js';
import { STAY_TABLES } from './tables-stay.js';

const SOURCES = { ...PROJECT_TABLES, ...CLIENT_TABLES, ...STAY_TABLES };

const build = (version: HmisVersion): ReadonlyMap<string, HmisTable> =>
  new Map(Object.entries(SOURCES).map(([file, source]) => [file.toLowerCase(), defineTable(file, source, version)]));

const TABLES: Readonly<Record<HmisVersion, ReadonlyMap<string, HmisTable>>> = {
  FY2024: build('FY2024'),
  FY2026: build('FY2026'),
};

/** The files that the case mappings read; the others are kept as they came (docs: "kept, not yet mapped"). */
export const MAPPED_FILES: ReadonlySet<string> = new Set([
  'Client',
  'Enrollment',
  'Exit',
  'Services',
  'CurrentLivingSituation',
  'IncomeBenefits',
  'HealthAndDV',
  'Disabilities',
  'Event',
  'Assessment',
  'Project',
  'Organization',
  'User',
  'Export',
]);

/** All files of the format, in the order in which they are imported: who and where before what happened. */
export function hmisTables(version: HmisVersion): readonly HmisTable[] {
  return [...TABLES[version].values()];
}

/** @param file name without `.csv`, upper or lower case */
export function hmisTable(file: string, version: HmisVersion): HmisTable | null {
  return TABLES[version].get(file.toLowerCase()) ?? null;
}

/**
 * The version that an export says it has (Export.CSVVersion, "2026 v1"), else the one that its Client columns show:
 * FY2026 has `Sex`, FY2024 has `GenderNone`.
 */
export function hmisVersionOf(csvVersion: string | null, clientColumns: readonly string[]): HmisVersion {
  const year = /20\d\d/.exec(csvVersion ?? '')?.[0];
  if (year === '2024') return 'FY2024';
  if (year === '2026') return 'FY2026';
  return clientColumns.includes('GenderNone') && !clientColumns.includes('Sex') ? 'FY2024' : 'FY2026';
}
