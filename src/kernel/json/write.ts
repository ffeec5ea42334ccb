import { JsonNumber, type JsonValue } from './value.js';

/**
 * Writes what `readJson` read: numbers kept as text come out as that text, members in their order, no white space.
 * Members whose value is undefined are left out.
 *
 * @throws TypeError for what JSON cannot carry (functions, symbols, bigint, NaN, Infinity, dates and other instances)
 */
export function writeJson(value: JsonValue): string {
  return isPlain(value) ? JSON.stringify(value) : write(value);
}

/** True when `JSON.stringify` writes every number as it came. */
function isPlain(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.every((item) => item !== undefined && isPlain(item));
  if (!isRecord(value)) return false;
  for (const name in value) {
    const member = value[name];
    if (member !== undefined && !isPlain(member)) return false;
  }
  return true;
}

function write(value: unknown): string {
  if (value instanceof JsonNumber) return value.text;
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return writeNumber(value);
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value !== 'object' || !isRecord(value)) throw new TypeError('Not a JSON value');
  const members: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) members.push(`${JSON.stringify(name)}:${write(member)}`);
  }
  return `{${members.join(',')}}`;
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError('Not a JSON number');
  return Object.is(value, -0) ? '-0' : String(value);
}

function isRecord(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
