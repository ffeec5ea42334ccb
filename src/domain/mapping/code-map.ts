import { nearest, type Place, type Report } from './finding.js';
import { entryOf, type MapTree, type Tree } from './template/yaml-tree.js';

/**
 * A table of codes (mappings/codes/*.yaml). A row may carry further columns next to `code` (`system`, `use`, `display`):
 * the tuple is solved together on the way back, and `display` never binds.
 */
export interface CodeMap {
  readonly name: string;
  readonly rows: ReadonlyMap<string, CodeRow>;
  readonly columns: ReadonlySet<string>;
  /** What becomes of a code that is not in the table. */
  readonly unmapped:
    { readonly policy: 'omit' } | { readonly policy: 'copy' } | { readonly policy: 'code'; readonly row: CodeRow };
  readonly place: Place;
}

export interface CodeRow {
  readonly columns: ReadonlyMap<string, string>;
  /** Of several source codes with one target: the one that the target comes back as. */
  readonly prefer: boolean;
  readonly place: Place;
}

export const CODE_MAP_KEYS = ['codes', 'about', 'source', 'unmapped', 'map'] as const;
const KEYS: readonly string[] = CODE_MAP_KEYS;
/** Columns that inform and never decide on the way back. */
const INFORMATIVE = new Set(['display']);

/** @returns null when the table cannot be used; the reasons are reported */
export function readCodeMap(tree: Tree, report: Report): CodeMap | null {
  if (tree.kind !== 'map') {
    report(tree.place, 'A code map is a mapping with the keys codes, unmapped and map.');
    return null;
  }
  for (const { key, keyPlace } of tree.entries) {
    if (!KEYS.includes(key)) report(keyPlace, `Unknown key ${key} in a code map.`, nearest(key, KEYS));
  }
  const name = scalarText(entryOf(tree, 'codes')?.value);
  const table = entryOf(tree, 'map')?.value;
  if (name === undefined || table?.kind !== 'map') {
    report(tree.place, 'A code map needs its name under codes and its rows under map.');
    return null;
  }
  const rows = new Map(table.entries.map(({ key, keyPlace, value }) => [key, readRow(value, keyPlace, report)]));
  const columns = new Set([...rows.values()].flatMap((row) => [...row.columns.keys()]));
  const map: CodeMap = { name, rows, columns, unmapped: readUnmapped(tree, report), place: tree.place };
  checkInverse(map, report);
  return map;
}

function readRow(tree: Tree, keyPlace: Place, report: Report): CodeRow {
  const plain = scalarText(tree);
  if (plain !== undefined) return { columns: new Map([['code', plain]]), prefer: false, place: keyPlace };
  const columns = new Map<string, string>();
  let prefer = false;
  if (tree.kind === 'map') {
    for (const { key, keyPlace: place, value } of tree.entries) {
      const text = scalarText(value);
      if (key === 'prefer' && value.kind === 'scalar' && value.value === true) prefer = true;
      else if (text === undefined || (value.kind === 'scalar' && typeof value.value === 'boolean'))
        report(place, 'A column of a code map is a text.', nearest(key, ['prefer', 'code']));
      else columns.set(key, text);
    }
  } else report(tree.place, 'A row of a code map is a code, or a mapping of columns.');
  return { columns, prefer, place: keyPlace };
}

function readUnmapped(tree: MapTree, report: Report): CodeMap['unmapped'] {
  const entry = entryOf(tree, 'unmapped');
  if (entry === undefined) {
    report(tree.place, 'A code map must say what becomes of unmapped codes: omit, copy, or a mapping with a code.');
    return { policy: 'omit' };
  }
  const text = scalarText(entry.value);
  if (text === 'omit' || text === 'copy') return { policy: text };
  if (entry.value.kind === 'map') return { policy: 'code', row: readRow(entry.value, entry.keyPlace, report) };
  report(entry.value.place, 'unmapped is omit, copy, or a mapping with a code.', nearest(text ?? '', ['omit', 'copy']));
  return { policy: 'omit' };
}

/** Rows with one target need one preferred inverse; the exact value is then carried by another leaf. */
function checkInverse(map: CodeMap, report: Report): void {
  const byTarget = new Map<string, CodeRow[]>();
  for (const row of map.rows.values()) {
    const target = JSON.stringify([...row.columns].filter(([column]) => !INFORMATIVE.has(column)).sort());
    byTarget.set(target, [...(byTarget.get(target) ?? []), row]);
  }
  for (const rows of byTarget.values()) {
    const preferred = rows.filter(({ prefer }) => prefer).length;
    if (rows.length > 1 && preferred !== 1) {
      report(rows[1]!.place, 'Several codes have this target: mark exactly one of them with prefer: true.');
    }
  }
}

function scalarText(tree: Tree | undefined): string | undefined {
  if (tree?.kind !== 'scalar' || tree.value === null) return undefined;
  return String(tree.value);
}
