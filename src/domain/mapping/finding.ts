import { say, type Lang, type Text } from '../../kernel/i18n.js';

/**
 * One mistake in a mapping file, at the character where it stands. Lines and columns count from 1. The message names
 * the place and the rule; map files hold no content of any case.
 */
export interface Finding {
  /** Path from the repository root, e.g. `mappings/case/need.map.yaml`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** The nearest right name, where there is one. */
  readonly suggestion?: string;
}

/** A place in a mapping file. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Collects findings; a pack with any is never compiled. */
export type Report = (place: Place, message: string, suggestion?: string) => void;

export function createReport(): { readonly report: Report; readonly findings: Finding[] } {
  const findings: Finding[] = [];
  const report: Report = ({ file, line, column }, message, suggestion) => {
    findings.push({ file, line, column, message, ...(suggestion !== undefined && { suggestion }) });
  };
  return { report, findings };
}

const HINT: Text = { en: 'Did you mean {name}?', fr: 'Vouliez-vous dire {name} ?' };

/**
 * `file:line:column: message (did you mean …?)`: the form that editors and terminals can click. Messages quote the
 * format's own words and are written for those who write maps, in English only; the hint is in both languages.
 */
export function formatFinding({ file, line, column, message, suggestion }: Finding, lang: Lang = 'en'): string {
  const hint = suggestion === undefined ? '' : ` ${say(HINT, lang, { name: suggestion })}`;
  return `${file}:${line}:${column}: ${message}${hint}`;
}

/** The name that takes the fewest edits to reach, when it is near enough to be what was meant. */
export function nearest(wrong: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  // Something of the wrong name must be left, or any short name would do.
  let bestDistance = Math.min(Math.max(2, Math.floor(wrong.length / 3)) + 1, wrong.length);
  for (const name of names) {
    const distance = editDistance(wrong.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** Damerau–Levenshtein distance, neighbouring letters swapped counting as one edit. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1);
      current.push(least);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length]!;
}
