import type { CaseDocument, CaseValue, PreviewElement } from '../api/views.js';
import { resolve, tokensOf } from './resolve.js';

export interface Line {
  readonly path: string;
  /** Member that holds the field, and the field: what it is called depends on both. */
  readonly parent: string;
  readonly field: string;
  readonly value: CaseValue | undefined;
  /** What holds the value: amounts need its currency. */
  readonly entry: CaseDocument;
  readonly reason: PreviewElement['reason'];
  readonly labels: readonly string[];
}

/** One theme of the record (`housing`), in the order of the record. */
export interface Theme {
  readonly theme: string;
  readonly lines: readonly Line[];
}

const isIndex = (token: string): boolean => /^\d+$/.test(token);
/** Keys that join parts of a record are sent with what they join; to a reader they say nothing. */
const saysNothing = (field: string): boolean => field === 'id' || field === 'schemaVersion' || /Ids?$/.test(field);

/** The lines of a preview by theme. */
export function groupLines(document: CaseDocument, elements: readonly PreviewElement[]): readonly Theme[] {
  const themes = new Map<string, Line[]>();
  for (const { path, reason, labels } of elements) {
    const tokens = tokensOf(path);
    const names = tokens.filter((token) => !isIndex(token));
    const field = names.at(-1) ?? '';
    if (saysNothing(field)) continue;
    const holder = resolve(document, path.slice(0, path.lastIndexOf('/')));
    const line: Line = {
      path,
      parent: names.at(-2) ?? '',
      field,
      value: resolve(document, path),
      entry: typeof holder === 'object' && holder !== null && !Array.isArray(holder) ? (holder as CaseDocument) : {},
      reason,
      labels,
    };
    const theme = tokens[0] ?? '';
    const lines = themes.get(theme);
    if (lines === undefined) themes.set(theme, [line]);
    else lines.push(line);
  }
  return [...themes].map(([theme, lines]) => ({ theme, lines }));
}
