import type { z } from 'zod';
import { JsonNumber } from '../../../kernel/json/value.js';
import type { HmisColumn } from '../../hmis/define-table.js';
import { CODE_LISTS } from '../../hmis/lists.js';

/** Valid IBANs of the registry's own examples (ISO 13616, SWIFT IBAN registry). */
const IBANS = ['FR1420041010050500013M02606', 'DE89370400440532013000'];

/**
 * Another valid value of a field's own type: another code of its list, another date of the same precision, another
 * number, another text. It is checked by the type itself, so a measure never depends on a value that could not be there.
 *
 * @returns undefined where the type allows no other
 */
export function otherCaseValue(type: z.ZodType, value: unknown): unknown {
  return candidatesOf(type, value).find((candidate) => candidate !== value && type.safeParse(candidate).success);
}

function candidatesOf(type: z.ZodType, value: unknown): readonly unknown[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number' || value instanceof JsonNumber) {
    const number = Number(value);
    return [number + 1, number - 1, Math.round(number * 200) / 100];
  }
  if (typeof value !== 'string') return [];
  if (type.def.type === 'enum') return nextOf((type as unknown as z.ZodEnum).options as readonly string[], value);
  const shifted = otherDate(value);
  const texts = ['en-GB', 'fr', 'FR', 'BE', 'USD', 'EUR', '08:15', '17:45', ...IBANS, 'QUJD', 'REVG'];
  const other = /^[0-9a-f]{64}$/.test(value) ? [`${value.slice(1)}${value.startsWith('0') ? '1' : '0'}`] : [];
  return [...(shifted === null ? [] : [shifted]), ...other, ...special(value, texts), `${value}x`, `${value.slice(1)}x`, ...texts];
}

/** Short codes of a form (languages, countries, currencies, times) change into others of that form, not into a text. */
const special = (value: string, texts: readonly string[]): readonly string[] =>
  /^([a-z]{2,3}(-\w+)?|[A-Z]{2,3}|\d\d:\d\d)$/.test(value) ? texts : [];

/** The code after this one, then all the others. */
function nextOf(codes: readonly string[], value: string): readonly string[] {
  const at = codes.indexOf(value);
  return [...codes.slice(at + 1), ...codes.slice(0, at + 1)];
}

/** Another date of the same precision; null for what is no date. */
function otherDate(value: string): string | null {
  const parts = /^(\d{4})(-\d{2})?(-\d{2})?(.*)$/.exec(value);
  if (parts === null || !/^(|[ T]\d{2}:\d{2}.*)$/.test(parts[4]!)) return null;
  const [, year, month, day, rest = ''] = parts;
  if (month === undefined) return rest === '' ? String(Number(year) + (Number(year) < 2100 ? 1 : -1)) : null;
  const other = `${year}-${month === '-05' ? '06' : '05'}`;
  return day === undefined ? other : `${other}${day === '-31' ? '-30' : day}${rest}`;
}

/** Another valid cell of a column by what HUD says of it (HMIS CSV Format Specifications FY2026). */
export function otherHmisValue(column: HmisColumn | undefined, value: string): string | undefined {
  switch (column?.type) {
    case 'code':
      return nextOf([...CODE_LISTS.get(column.list!)!], value).find((code) => code !== value);
    case 'date':
    case 'datetime':
      return otherDate(value) ?? (column.type === 'date' ? '2021-05-17' : '2021-05-17 10:30:00');
    case 'integer':
      return /^-?\d+$/.test(value) ? String(Number(value) + 1) : '7';
    case 'money':
      return /^-?\d+(\.\d+)?$/.test(value) ? `${Math.trunc(Number(value)) + 1}.50` : '7.50';
    case 'string':
    case undefined: {
      const end = value.endsWith('x') ? 'y' : 'x';
      return value.length < (column?.maxLength ?? Infinity) ? `${value}${end}` : `${value.slice(0, -1)}${end}`;
    }
  }
}
