import type { CaseDocument, CaseValue } from '../api/views.js';

/** What the record says about one of its own fields (member `about` of what holds it). */
export interface Marks {
  readonly doNotShare: boolean;
  readonly contested: boolean;
  readonly sensitivities: readonly string[];
  /** How it is known: declared, observed, from a document. */
  readonly source: string | null;
  readonly date: string | null;
}

const NONE: Marks = { doNotShare: false, contested: false, sensitivities: [], source: null, date: null };

/** @param name the field; `*` for the whole entry */
export function marksOf(entry: CaseDocument, name: string): Marks {
  const about = entry['about'];
  const marks = isDocument(about) ? about[name] : undefined;
  if (!isDocument(marks)) return NONE;
  const { doNotShare, contested, sensitivities, source, date } = marks;
  return {
    doNotShare: doNotShare === true,
    contested: contested === true,
    sensitivities: Array.isArray(sensitivities) ? (sensitivities as string[]) : [],
    source: typeof source === 'string' ? source : null,
    date: typeof date === 'string' ? date : null,
  };
}

export function isDocument(value: CaseValue | undefined): value is CaseDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: CaseValue | undefined): value is readonly CaseDocument[] {
  return Array.isArray(value) && value.every((item) => isDocument(item as CaseValue));
}
