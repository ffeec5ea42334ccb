export type ReadRecord =
  | { readonly outcome: 'record'; readonly record: Record<string, unknown> }
  | { readonly outcome: 'empty' | 'not-object' }
  /** Null: the place is not known, because the text ends too early. */
  | { readonly outcome: 'not-json'; readonly at: { readonly line: number; readonly column: number } | null };

/** What was pasted, as a JSON object, or where it is none. Pure; what was pasted is in no message. */
export function readRecord(text: string): ReadRecord {
  if (text.trim() === '') return { outcome: 'empty' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { outcome: 'not-json', at: placeOf(error instanceof Error ? error.message : '', text) };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { outcome: 'not-object' };
  return { outcome: 'record', record: value as Record<string, unknown> };
}

/** Browsers say a line and a column, or a position, or quote what they met. */
function placeOf(message: string, text: string): { line: number; column: number } | null {
  const said = /line (\d+) column (\d+)/.exec(message);
  if (said !== null) return { line: Number(said[1]), column: Number(said[2]) };
  const position = /position (\d+)/.exec(message);
  if (position === null) return null;
  const before = text.slice(0, Number(position[1])).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}
