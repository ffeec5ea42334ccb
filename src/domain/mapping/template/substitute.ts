import { nearest, type Report } from '../finding.js';
import type { Text } from './leaf.js';
import type { ScalarTree } from './yaml-tree.js';

/** Values of compile-time `for`: `column`, or `column.code` when the list holds mappings. */
export type Substitutions = ReadonlyMap<string, string>;

const MARK = /\$\(([^)]*)\)/g;

/**
 * Puts compile-time values in place of `$(name)` in a scalar of the template. Runs before anything is parsed.
 *
 * @param isLeft names that another `for` gives a value: their marks stay
 */
export function substitute(
  scalar: ScalarTree,
  values: Substitutions,
  report: Report,
  isLeft: (name: string) => boolean = () => false,
): Text {
  const source = String(scalar.value);
  if (!source.includes('$(')) return { text: source, placeAt: (offset) => scalar.placeAt(offset) };
  let text = '';
  let last = 0;
  const origins: { readonly from: number; readonly origin: number; readonly fixed: boolean }[] = [];
  const add = (piece: string, origin: number, fixed: boolean): void => {
    origins.push({ from: text.length, origin, fixed });
    text += piece;
  };
  for (const match of source.matchAll(MARK)) {
    const value = values.get(match[1]!);
    if (value === undefined && isLeft(match[1]!)) continue;
    if (value === undefined) {
      report(
        scalar.placeAt(match.index),
        `No for … in gives $(${match[1]}) a value.`,
        nearest(match[1]!, values.keys()),
      );
    }
    add(source.slice(last, match.index), last, false);
    // What has no value stays as it is written: one mistake is one finding.
    add(value ?? match[0], match.index, true);
    last = match.index + match[0].length;
  }
  add(source.slice(last), last, false);
  return {
    text,
    placeAt: (offset) => {
      const { from, origin, fixed } = origins.findLast((piece) => piece.from <= offset)!;
      return scalar.placeAt(fixed ? origin : origin + offset - from);
    },
  };
}
