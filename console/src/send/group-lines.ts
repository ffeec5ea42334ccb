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

/** One theme of the record (`housing`), in it its entries (`/housing/arrears/0`), in each its lines. */
export interface Theme {
  readonly theme: string;
  readonly entries: readonly { readonly pointer: string; readonly name: string; readonly lines: readonly Line[] }[];
  readonly count: number;
}

const isIndex = (token: string): boolean => /^\d+$/.test(token);
/** Keys that join parts of a record are sent with what they join; to a reader they say nothing. */
const saysNothing = (field: string): boolean => field === 'id' || field === 'schemaVersion' || /Ids?$/.test(field);

/** The lines of a preview in the order of the record, by theme and entry. */
export function groupLines(document: CaseDocument, elements: readonly PreviewElement[]): readonly Theme[] {
  const themes = new Map<string, Map<string, { name: string; lines: Line[] }>>();
  for (const { path, reason, labels } of elements) {
    const tokens = tokensOf(path);
    const field = [...tokens].reverse().find((token) => !isIndex(token)) ?? '';
    if (saysNothing(field)) continue;
    const theme = tokens[0] ?? '';
    const lastIndex = tokens.findLastIndex((token, at) => isIndex(token) && at < tokens.length - 1);
    const entryTokens = lastIndex === -1 ? tokens.slice(0, -1) : tokens.slice(0, lastIndex + 1);
    const pointer = `/${entryTokens.map(escape).join('/')}`;
    const name = [...entryTokens].reverse().find((token) => !isIndex(token)) ?? theme;
    const parent = [...tokens.slice(0, -1)].reverse().find((token) => !isIndex(token)) ?? '';
    const entries = themes.get(theme) ?? new Map<string, { name: string; lines: Line[] }>();
    themes.set(theme, entries);
    const entry = entries.get(pointer) ?? { name, lines: [] };
    entries.set(pointer, entry);
    const holder = resolve(document, `/${tokens.slice(0, -1).map(escape).join('/')}`);
    entry.lines.push({
      path,
      parent,
      field,
      value: resolve(document, path),
      entry: typeof holder === 'object' && holder !== null && !Array.isArray(holder) ? (holder as CaseDocument) : {},
      reason,
      labels,
    });
  }
  return [...themes].map(([theme, entries]) => {
    const listed = [...entries].map(([pointer, { name, lines }]) => ({ pointer, name, lines }));
    return { theme, entries: listed, count: listed.reduce((sum, { lines }) => sum + lines.length, 0) };
  });
}

const escape = (token: string): string => token.replaceAll('~', '~0').replaceAll('/', '~1');
