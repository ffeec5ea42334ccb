import { isListName, type ListName } from './lists.js';

export type HmisVersion = 'FY2024' | 'FY2026';

/**
 * One column as HUD describes it. `string`: at most `maxLength` characters; `integer`; `money`: decimal without sign of
 * currency; `date`: YYYY-MM-DD; `datetime`: YYYY-MM-DD HH:MM:SS; `code`: an integer of the list.
 */
export interface HmisColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'money' | 'date' | 'datetime' | 'code';
  readonly maxLength?: number;
  readonly list?: ListName;
  readonly required: boolean;
}

export interface HmisTable {
  /** Name of the file without `.csv`. */
  readonly file: string;
  readonly columns: readonly HmisColumn[];
  /** The column that identifies a row. */
  readonly key: string;
  /** The row is about one person. */
  readonly hasPerson: boolean;
}

/** How a table is written down: `Name Type` cells parted by `|`; type S50, I, M, D, T or a list's number; `!`: required. */
export interface TableSource {
  readonly columns: string;
  /** Columns that close nearly every file. */
  readonly metadata?: 'none' | 'without-user';
  /** What FY2024 had instead: another type, `null` (no such column), a new name, or columns that followed. */
  readonly fy2024?: Readonly<Record<string, string | null>>;
}

const METADATA = 'DateCreated T! | DateUpdated T! | UserID S32! | DateDeleted T | ExportID S32!';
const METADATA_WITHOUT_USER = 'DateCreated T! | DateUpdated T! | DateDeleted T | ExportID S32!';
const SIMPLE = { I: 'integer', M: 'money', D: 'date', T: 'datetime' } as const;

/** @throws TypeError when the written table is wrong: at start, never because of input */
export function defineTable(file: string, source: TableSource, version: HmisVersion): HmisTable {
  let columns = cells(source.columns).map(column);
  if (version === 'FY2024') columns = asInFy2024(columns, source.fy2024 ?? {});
  if (source.metadata === 'without-user') columns.push(...cells(METADATA_WITHOUT_USER).map(column));
  else if (source.metadata === undefined) columns.push(...cells(METADATA).map(column));
  return {
    file,
    columns,
    key: columns[0]!.name,
    hasPerson: columns.some(({ name }) => name === 'PersonalID'),
  };
}

function asInFy2024(columns: readonly HmisColumn[], changes: Readonly<Record<string, string | null>>): HmisColumn[] {
  return columns.flatMap((current) => {
    const change = changes[current.name];
    if (change === undefined) return [current];
    if (change === null) return [];
    if (change.startsWith('rename ')) return [{ ...current, name: change.slice('rename '.length) }];
    const [type, following] = change.split(' then ') as [string, string?];
    return [column(`${current.name} ${type}`), ...(following === undefined ? [] : cells(following).map(column))];
  });
}

function cells(line: string): string[] {
  return line.split('|').map((cell) => cell.trim());
}

function column(cell: string): HmisColumn {
  const [name, written = ''] = cell.split(/\s+/) as [string, string?];
  const required = written.endsWith('!');
  const type = required ? written.slice(0, -1) : written;
  if (type in SIMPLE) return { name, type: SIMPLE[type as keyof typeof SIMPLE], required };
  const length = /^S(\d+)$/.exec(type)?.[1];
  if (length !== undefined) return { name, type: 'string', maxLength: Number(length), required };
  if (isListName(type)) return { name, type: 'code', list: type, required };
  throw new TypeError(`${name}: no such type`);
}
