import { resolveExpression, type Scope } from '../expression/resolve.js';
import { isConstant, type Resolved } from '../expression/resolved.js';
import type { Place, Report } from '../finding.js';
import type { ConstNode, LeafNode } from './intermediate.js';
import type { ScalarTree } from './yaml-tree.js';

/** A scalar after compile-time substitution, with the way back to its place in the file. */
export interface Text {
  readonly text: string;
  readonly placeAt: (offset: number) => Place;
}

const OPEN = '{{';
const CLOSE = '}}';

/** Splits `text {{ expression }} text`. Only the template's own text is looked at: values are never rescanned. */
export function readLeaf(
  { text, placeAt }: Text,
  scope: Scope,
  report: Report,
  options: { readonly derived: boolean; readonly reads: readonly Resolved[] },
): LeafNode | null {
  const parts: (string | Resolved)[] = [];
  let at = 0;
  for (;;) {
    const open = text.indexOf(OPEN, at);
    if (open < 0) break;
    if (open > at) parts.push(text.slice(at, open));
    const { close, quote } = endOf(text, open + OPEN.length);
    if (close < 0) {
      if (quote < 0) report(placeAt(open), 'This {{ is not closed with }}.');
      else report(placeAt(quote), `This ${text.charAt(quote)} is not closed, so neither is the {{ before it.`);
      return null;
    }
    const inner = text.slice(open + OPEN.length, close);
    const start = open + OPEN.length + (inner.length - inner.trimStart().length);
    const resolved = resolveExpression(inner.trim(), scope, (offset) => placeAt(start + offset), report);
    if (resolved === null) return null;
    parts.push(resolved);
    at = close + CLOSE.length;
  }
  if (at < text.length) parts.push(text.slice(at));
  const expressions = [...parts.filter((part) => typeof part !== 'string'), ...options.reads];
  const list = parts.length > 1 && parts.some((part) => typeof part !== 'string' && part.many);
  if (list) {
    report(placeAt(0), 'A list cannot stand within a text: use join(…).');
    return null;
  }
  return {
    kind: 'leaf',
    parts,
    mask: expressions.reduce((mask, expression) => mask | expression.mask, 0),
    constant: expressions.every(isConstant),
    derived: options.derived,
    image: imageOf(parts),
    place: placeAt(0),
  };
}

/** Where the expression ends (`}}` inside a quoted text does not end it), else the quote that was never closed. */
function endOf(text: string, from: number): { readonly close: number; readonly quote: number } {
  let quote = -1;
  for (let at = from; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote >= 0) {
      if (character === '\\') at += 1;
      else if (character === text.charAt(quote)) quote = -1;
    } else if (character === "'" || character === '`') quote = at;
    else if (text.startsWith(CLOSE, at)) return { close: at, quote: -1 };
  }
  return { close: -1, quote };
}

function imageOf(parts: readonly (string | Resolved)[]): ReadonlySet<string> | undefined {
  const only = parts.length === 1 ? parts[0] : undefined;
  if (only === undefined || typeof only === 'string') return undefined;
  return imageOfExpression(only);
}

/** Every code that an expression can give, where that is a closed list. */
export function imageOfExpression(expression: Resolved): ReadonlySet<string> | undefined {
  if (expression.op === 'literal') return new Set([String(expression.value)]);
  if (expression.op === 'iif') {
    const images = [expression.then, ...(expression.otherwise === null ? [] : [expression.otherwise])].map(
      imageOfExpression,
    );
    return images.every((image) => image !== undefined) ? new Set(images.flatMap((image) => [...image])) : undefined;
  }
  if (expression.op === 'member' && expression.node.kind === 'value' && expression.node.codes)
    return new Set(expression.node.codes);
  if (expression.op !== 'translate' || expression.table.unmapped.policy === 'copy') return undefined;
  const { table, column } = expression;
  const rows = [...table.rows.values(), ...(table.unmapped.policy === 'code' ? [table.unmapped.row] : [])];
  return new Set(rows.flatMap((row) => row.columns.get(column) ?? []));
}

export function constOf(scalar: ScalarTree, value: string | number | boolean): ConstNode {
  return { kind: 'const', value, place: scalar.place };
}
