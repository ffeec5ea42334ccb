import type { HmisColumn, HmisVersion } from './define-table.js';
import { CODE_LISTS } from './lists.js';
import type { HmisRule } from './rules.js';
import { hmisTable } from './tables.js';

export type ValueCheck = (text: string) => HmisRule | null;

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;
const INTEGER = /^-?\d{1,18}$/;
const MONEY = /^-?\d{1,15}(\.\d{1,2})?$/;
const CODE = /^\d{1,3}$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The check for one column, made once and asked for every row. An empty cell is null (specification, "Null values"). */
export function valueCheck(column: HmisColumn): ValueCheck {
  const check = typeCheck(column);
  return column.required
    ? (text) => (text === '' ? 'hmis.required' : check(text))
    : (text) => (text === '' ? null : check(text));
}

/**
 * The rule that a cell breaks, or null. Columns that the format does not know are never wrong.
 *
 * @param file name without `.csv`
 */
export function checkValue(
  file: string,
  column: string,
  text: string,
  version: HmisVersion = 'FY2026',
): HmisRule | null {
  const known = hmisTable(file, version)?.columns.find(({ name }) => name === column);
  return known === undefined ? null : valueCheck(known)(text);
}

function typeCheck(column: HmisColumn): ValueCheck {
  switch (column.type) {
    case 'date':
      return (text) => (isDate(text) ? null : 'hmis.date');
    case 'datetime':
      return (text) =>
        text[10] === ' ' && isDate(text.slice(0, 10)) && TIME.test(text.slice(11)) ? null : 'hmis.datetime';
    case 'integer':
      return (text) => (INTEGER.test(text) ? null : 'hmis.integer');
    case 'money':
      return (text) => (MONEY.test(text) ? null : 'hmis.money');
    case 'code': {
      const codes = CODE_LISTS.get(column.list!)!;
      return (text) => (codes.has(text) ? null : CODE.test(text) ? 'hmis.code' : 'hmis.integer');
    }
    case 'string': {
      const most = column.maxLength!;
      // Characters, not UTF-16 units: counted only where the two could differ.
      return (text) => (text.length <= most || [...text].length <= most ? null : 'hmis.too-long');
    }
  }
}

function isDate(text: string): boolean {
  const parts = DATE.exec(text);
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (year === 0 || month < 1 || month > 12 || day < 1) return false;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= DAYS[month - 1]! + (leap ? 1 : 0);
}
