import { hmisTable } from '../../hmis/tables.js';
import type { HmisRecord } from '../models/hmis-model.js';
import type { Runnable } from '../run/runnable.js';
import type { MappingContext } from '../mapping.js';
import type { LabelMask } from '../../labels/labels.js';
import { measureCells } from './measure.js';
import { summarise, type Coverage } from './summarise.js';

/** The rows of each person apart; tables that are about nobody are left out. */
export function byPerson(record: HmisRecord): HmisRecord[] {
  const persons = new Map<string, Record<string, Record<string, string>[]>>();
  for (const [table, rows] of Object.entries(record)) {
    if (hmisTable(table, 'FY2026')?.hasPerson !== true) continue;
    for (const row of rows) {
      const { PersonalID: person = '' } = row;
      const tables = persons.get(person) ?? {};
      (tables[table] ??= []).push(row);
      persons.set(person, tables);
    }
  }
  return [...persons.values()];
}

/** The coverage of a mapping over some records, each measured for itself. */
export function coverageOf(
  mapping: Runnable,
  records: readonly unknown[],
  { permitted, context }: { readonly permitted: LabelMask; readonly context: MappingContext },
): Coverage {
  const rules = { identifierBase: context.identifierBase, columns: mapping.columns };
  const measured = { mapping: mapping.compiled, permitted, context, rules };
  return summarise(
    records.map((record) => {
      const cells = mapping.cellsOf(record);
      return { cells, measured: measureCells(measured, record, cells) };
    }),
  );
}
