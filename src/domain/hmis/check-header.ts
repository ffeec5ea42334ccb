import type { HmisTable } from './define-table.js';
import type { Finding, HmisRule } from './rules.js';
import { valueCheck, type ValueCheck } from './check-value.js';

/** What a header means for the rows below it. */
export interface HeaderReading {
  /** For each cell of a row: the column's name as the format has it and its check; null for unknown or repeated columns. */
  readonly cells: readonly ({ readonly name: string; readonly check: ValueCheck } | null)[];
  /** Position of the key and of PersonalID; -1 when there is none. */
  readonly keyAt: number;
  readonly personAt: number;
  readonly findings: readonly Finding[];
}

/**
 * Finds each column by its name whatever its place; blanks around a name are forgiven and reported. The columns that are
 * out of place are the fewest whose removal leaves the rest in order.
 *
 * @param table null for a file that the format does not know: nothing is checked, the first column is the key
 */
export function readHeader(table: HmisTable | null, file: string, header: readonly string[]): HeaderReading {
  if (table === null) {
    const names = header.map((name) => name.trim());
    return { cells: header.map(() => null), keyAt: 0, personAt: names.indexOf('PersonalID'), findings: [] };
  }
  const findings: Finding[] = [];
  const report = (column: string, rule: HmisRule): void => void findings.push({ file, line: 1, column, rule });
  const places = new Map(table.columns.map((column, place) => [column.name.toLowerCase(), { column, place }]));
  const seen = new Map<string, number>();
  const order: number[] = [];
  const cells = header.map((written, at) => {
    const name = written.trim();
    const known = places.get(name.toLowerCase());
    if (known === undefined) {
      // Its name is the sender's own text: the position says which.
      report(`#${at + 1}`, 'hmis.unknown-column');
      return null;
    }
    const canonical = known.column.name;
    if (name !== written) report(canonical, 'hmis.column-blank');
    if (seen.has(canonical)) {
      report(canonical, 'hmis.duplicate-column');
      return null;
    }
    seen.set(canonical, at);
    order.push(known.place);
    return { name: canonical, check: valueCheck(known.column) };
  });
  for (const place of outOfOrder(order)) report(table.columns[place]!.name, 'hmis.column-order');
  for (const { name } of table.columns) if (!seen.has(name)) report(name, 'hmis.missing-column');
  return { cells, keyAt: seen.get(table.key) ?? -1, personAt: seen.get('PersonalID') ?? -1, findings };
}

/** The places that are not in a longest increasing subsequence. */
function outOfOrder(places: readonly number[]): readonly number[] {
  const length = places.map(() => 1);
  const previous = places.map(() => -1);
  let last = places.length === 0 ? -1 : 0;
  places.forEach((place, i) => {
    for (let j = 0; j < i; j++) {
      if (places[j]! < place && length[j]! + 1 > length[i]!) {
        length[i] = length[j]! + 1;
        previous[i] = j;
      }
    }
    if (length[i]! > length[last]!) last = i;
  });
  const kept = new Set<number>();
  for (let at = last; at >= 0; at = previous[at]!) kept.add(at);
  return places.filter((_, i) => !kept.has(i));
}
