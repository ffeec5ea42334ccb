import type { HmisVersion } from '../../hmis/define-table.js';
import { hmisTable } from '../../hmis/tables.js';
import type { LabelMask } from '../../labels/labels.js';
import type { HmisRecord } from '../models/hmis-model.js';
import type { Cell, CellKind, Step } from './cell.js';
import { otherHmisValue } from './other-value.js';

/** Columns that tell when and how a row was collected and exported (HMIS CSV Format Specifications FY2026). */
const METADATA = new Set([
  'DateCreated',
  'DateUpdated',
  'DateDeleted',
  'UserID',
  'ExportID',
  'InformationDate',
  'DataCollectionStage',
]);

/** Every non-empty cell of the tables; an empty cell is absent (specification, "Null values"). */
export function hmisCells(
  record: HmisRecord,
  masks: ReadonlyMap<string, LabelMask>,
  version: HmisVersion = 'FY2026',
): Cell[] {
  return Object.entries(record).flatMap(([table, rows]) => {
    const format = hmisTable(table, version);
    const columns = new Map(format?.columns.map((column) => [column.name, column]));
    return rows.flatMap((row, index) =>
      Object.entries(row).flatMap(([name, value]): Cell[] => {
        if (value === '') return [];
        const pattern = `${table}[].${name}`;
        return [
          {
            steps: [{ name: table }, rowStep(row, index, format?.key), { name }],
            pattern,
            group: table,
            kind: kindOf(name),
            value,
            other: () => otherHmisValue(columns.get(name), value),
            mask: masks.get(pattern) ?? 0,
          },
        ];
      }),
    );
  });
}

function rowStep(row: Readonly<Record<string, string>>, index: number, key: string | undefined): Step {
  const value = key === undefined ? undefined : row[key];
  return key === undefined || value === undefined || value === '' ? { index } : { index, key: { name: key, value } };
}

function kindOf(column: string): CellKind {
  if (METADATA.has(column)) return 'metadata';
  return column.endsWith('ID') ? 'key' : 'content';
}
