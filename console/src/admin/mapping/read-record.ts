import { whereJsonBreaks } from './json-place.js';

export type ReadRecord =
  | { readonly outcome: 'record'; readonly record: Record<string, unknown> }
  | { readonly outcome: 'empty' | 'not-object' }
  /** Null: the text ends too early. */
  | { readonly outcome: 'not-json'; readonly at: { readonly line: number; readonly column: number } | null };

/** What was pasted, as a JSON object, or where it is none. Pure; what was pasted is in no message. */
export function readRecord(text: string): ReadRecord {
  if (text.trim() === '') return { outcome: 'empty' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const position = whereJsonBreaks(text);
    if (text.slice(position).trim() === '') return { outcome: 'not-json', at: null };
    const before = text.slice(0, position).split('\n');
    return { outcome: 'not-json', at: { line: before.length, column: before.at(-1)!.length + 1 } };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { outcome: 'not-object' };
  return { outcome: 'record', record: value as Record<string, unknown> };
}
