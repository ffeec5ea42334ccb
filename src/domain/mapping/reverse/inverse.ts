import type { CodeMap } from '../code-map.js';
import type { Resolved } from '../expression/resolved.js';
import type { LeafNode } from '../template/intermediate.js';
import { targetOf, type Target } from './target.js';

/** How the value of a leaf goes back; text around the expression is stripped first. */
export interface Inverse {
  readonly prefix: string;
  readonly suffix: string;
  readonly way:
    | { readonly kind: 'store'; readonly target: Target; readonly codec: Codec }
    | { readonly kind: 'code'; readonly target: Target; readonly table: CodeMap; readonly column: string }
    | { readonly kind: 'ref'; readonly target: Target; readonly map: string }
    /** A column that informs and never decides, such as `display`. */
    | { readonly kind: 'nothing' };
}

/** What stands between the source's value and FHIR's: nothing, a number for a text, a text for a number, a zone. */
export type Codec =
  | { readonly kind: 'same' }
  | { readonly kind: 'text-of-number' }
  | { readonly kind: 'number-of-text' }
  | { readonly kind: 'boolean-of-text' }
  | { readonly kind: 'local-time'; readonly zone: string };

const INFORMATIVE = new Set(['display']);

/** A leaf is asked for its inverse by every check and by the generation: found once. */
const found = new WeakMap<LeafNode, Inverse | null>();

/** @returns null when no inverse can be derived: the leaf must be `put: derived` */
export function inverseOf(leaf: LeafNode): Inverse | null {
  const known = found.get(leaf);
  if (known !== undefined) return known;
  const inverse = derive(leaf);
  found.set(leaf, inverse);
  return inverse;
}

function derive(leaf: LeafNode): Inverse | null {
  const dynamic = leaf.parts.filter((part) => typeof part !== 'string');
  const only = dynamic[0];
  // Where one field ends and the next begins cannot be known again.
  if (only === undefined || dynamic.length > 1) return null;
  const at = leaf.parts.indexOf(only);
  const texts = leaf.parts.map((part) => (typeof part === 'string' ? part : ''));
  const [prefix, suffix] = [texts.slice(0, at).join(''), texts.slice(at + 1).join('')];
  const way = wayOf(only, leaf.parts.length > 1);
  return way === null ? null : { prefix, suffix, way };
}

function wayOf(expression: Resolved, within: boolean): Inverse['way'] | null {
  const target = targetOf(expression);
  if (target !== null) {
    if (target.node.kind !== 'value' || (within && target.node.many)) return null;
    return { kind: 'store', target, codec: within ? fromText(target) : { kind: 'same' } };
  }
  switch (expression.op) {
    case 'translate': {
      const of = targetOf(expression.of);
      if (INFORMATIVE.has(expression.column)) return { kind: 'nothing' };
      return of === null ? null : { kind: 'code', target: of, table: expression.table, column: expression.column };
    }
    case 'ref': {
      const of = targetOf(expression.of);
      return of === null || expression.many ? null : { kind: 'ref', target: of, map: expression.map };
    }
    case 'call':
      return calledWay(expression);
    case 'alias':
    case 'member':
    case 'literal':
    case 'system':
    case 'where':
    case 'iif':
    case 'binary':
      return null;
  }
}

function calledWay({ fn, of, args }: Resolved & { op: 'call' }): Inverse['way'] | null {
  const target = targetOf(of);
  if (target === null || target.node.kind !== 'value') return null;
  const isText = target.node.type === 'string' || target.node.type === 'code' || target.node.type === 'date';
  // Every other function loses something.
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check
  switch (fn) {
    case 'toDate':
    case 'toCode':
      return { kind: 'store', target, codec: { kind: 'same' } };
    case 'toDateTime': {
      const zone = args[0]?.op === 'literal' ? String(args[0].value) : '';
      return { kind: 'store', target, codec: { kind: 'local-time', zone } };
    }
    case 'toDecimal':
    case 'toInteger':
      return { kind: 'store', target, codec: isText ? { kind: 'text-of-number' } : { kind: 'same' } };
    case 'toString':
      return { kind: 'store', target, codec: fromText(target) };
    default:
      return null;
  }
}

function fromText({ node }: Target): Codec {
  if (node.kind !== 'value') return { kind: 'same' };
  if (node.type === 'integer' || node.type === 'decimal') return { kind: 'number-of-text' };
  return node.type === 'boolean' ? { kind: 'boolean-of-text' } : { kind: 'same' };
}
