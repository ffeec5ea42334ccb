import { hmisTable, MAPPED_FILES } from '../../hmis/tables.js';
import type { LabelMask } from '../../labels/labels.js';
import type { MappingContext } from '../mapping.js';
import type { HmisRecord, HmisRow } from '../models/hmis-model.js';
import type { Runnable } from '../run/runnable.js';
import type { Cell } from './cell.js';
import { measureCells } from './measure.js';
import { classesOf, createSampling } from './sampling.js';
import { summarise, type Coverage } from './summarise.js';

/** One record of a population. */
export interface Member {
  readonly record: unknown;
  /** False for what another member counts: a project stands in the record of each who stayed there. */
  readonly counts: (cell: Cell) => boolean;
}

const everything = (record: unknown): Member => ({ record, counts: () => true });

export const membersOf = (records: readonly unknown[]): Member[] => records.map(everything);

const MAPPED: ReadonlySet<string> = new Set(MAPPED_FILES);

/** The rows of each person apart, with the projects and organizations that they name; last, what is about nobody. */
export function byPerson(record: HmisRecord): Member[] {
  const persons = new Map<string, Record<string, HmisRow[]>>();
  for (const [table, rows] of mappedTables(record)) {
    if (hmisTable(table, 'FY2026')?.hasPerson !== true) continue;
    for (const row of rows) {
      const { PersonalID: person = '' } = row;
      const tables = persons.get(person) ?? {};
      (tables[table] ??= []).push(row);
      persons.set(person, tables);
    }
  }
  const told = new Set<HmisRow>();
  const members = [...persons.values()].map((own) => withPlaces(own, record, told));
  const rest = mappedTables(record)
    .filter(([table]) => hmisTable(table, 'FY2026')?.hasPerson !== true)
    .map(([table, rows]) => [table, rows.filter((row) => !told.has(row))] as const)
    .filter(([, rows]) => rows.length > 0);
  return rest.length === 0 ? members : [...members, everything(Object.fromEntries(rest))];
}

const mappedTables = (record: HmisRecord) => Object.entries(record).filter(([table]) => MAPPED.has(table));

/** @param told rows that some member counts already; those of this one are added */
function withPlaces(own: HmisRecord, all: HmisRecord, told: Set<HmisRow>): Member {
  const named = (table: string, column: string, by: readonly HmisRow[]): readonly HmisRow[] => {
    const keys = new Set(by.map((row) => row[column]));
    return (all[table] ?? []).filter((row) => keys.has(row[column]));
  };
  const Project = named('Project', 'ProjectID', own['Enrollment'] ?? []);
  const Organization = named('Organization', 'OrganizationID', Project);
  const places = { ...(Project.length > 0 && { Project }), ...(Organization.length > 0 && { Organization }) };
  const isNew = new Set([...Project, ...Organization].filter((row) => !told.has(row)));
  for (const row of isNew) told.add(row);
  const record: HmisRecord = { ...own, ...places };
  const counts = ({ group, steps: [, row] }: Cell): boolean =>
    !(group in places) || (row !== undefined && 'index' in row && isNew.has(record[group]![row.index]!));
  return { record, counts };
}

/** How many cells stand in tables that no map reads: they are kept as they were imported. */
export function cellsOutside(record: HmisRecord): number {
  return Object.entries(record)
    .filter(([table]) => !MAPPED.has(table))
    .flatMap(([, rows]) => rows.flatMap((row) => Object.values(row)))
    .filter((value) => value !== '').length;
}

/** Beyond so many values of content, alike ones are not all changed. */
const CHANGED_ALL = 20_000;
const CHANGED_OF_A_CLASS = 3;

/** The coverage of a mapping over some records, each measured for itself. */
export function coverageOf(
  mapping: Runnable,
  members: readonly Member[],
  { permitted, context }: { readonly permitted: LabelMask; readonly context: MappingContext },
): Coverage {
  const rules = { identifierBase: context.identifierBase, columns: mapping.columns };
  const measured = { mapping: mapping.compiled, permitted, context, rules };
  const counted = members.map((member) => ({
    ...member,
    cells: mapping.cellsOf(member.record).filter((cell) => member.counts(cell)),
  }));
  const content = counted.flatMap(({ cells }) => cells).filter(({ kind }) => kind === 'content').length;
  let classOf: (cell: Cell) => string = () => '';
  const sampling = createSampling(content > CHANGED_ALL ? CHANGED_OF_A_CLASS : Infinity, (cell) => classOf(cell));
  // Small records first: what a class is like is cheaper to see there.
  counted.sort((a, b) => a.cells.length - b.cells.length);
  return summarise(
    counted.map(({ record, cells }) => {
      if (content > CHANGED_ALL) classOf = classesOf(mapping.traced.toFhir(record, permitted, context));
      return { cells, ...measureCells(measured, record, cells, sampling) };
    }),
  );
}
