import type { Alias, Resolved } from '../expression/resolved.js';
import type { SourceNode } from '../source-model.js';

/** A place of the source that can be assigned: a name of the map and the fields below it. */
export interface Target {
  readonly alias: Alias;
  readonly names: readonly string[];
  readonly node: SourceNode;
}

/** The place that a plain path names; null for everything that is computed. */
export function targetOf(expression: Resolved): Target | null {
  if (expression.op === 'alias') return { alias: expression.alias, names: [], node: expression.alias.node };
  if (expression.op !== 'member') return null;
  const of = targetOf(expression.of);
  return of === null ? null : { alias: of.alias, names: [...of.names, expression.name], node: expression.node };
}

/** Tells places of one map apart: the same field of two items of the same list has two ids. */
export const idOfTarget = ({ alias, names }: Target): string => [alias.variable, ...names].join('.');

/** Where it is in the record, e.g. `needs[].note`; never holds content. */
export const pathOfTarget = ({ alias, names }: Target): string => [alias.path, ...names].filter(Boolean).join('.');

/** Every plain path that a condition reads. */
export function targetsIn(expression: Resolved): Target[] {
  const own = targetOf(expression);
  if (own !== null) return [own];
  switch (expression.op) {
    case 'call':
      return [expression.of, ...expression.args].flatMap(targetsIn);
    case 'binary':
      return [expression.left, expression.right].flatMap(targetsIn);
    case 'iif':
      return [
        expression.criteria,
        expression.then,
        ...(expression.otherwise === null ? [] : [expression.otherwise]),
      ].flatMap(targetsIn);
    case 'where':
    case 'translate':
    case 'ref':
    case 'member':
      return targetsIn(expression.of);
    case 'alias':
    case 'literal':
    case 'system':
      return [];
  }
}

/** `x = 'c'`: what a condition says of one field, so that presence can set it. */
export interface Setting {
  readonly target: Target;
  readonly value: string | number | boolean;
}

function settingOf(criteria: Resolved): Setting | null {
  if (criteria.op !== 'binary' || criteria.operator !== '=') return null;
  const [path, literal] =
    criteria.left.op === 'literal' ? [criteria.right, criteria.left] : [criteria.left, criteria.right];
  const target = targetOf(path);
  return target === null || literal.op !== 'literal' ? null : { target, value: literal.value };
}

/** What a condition says of single fields: `x = 'c'`, and each such part of an `and`. */
export function settingsOf(criteria: Resolved): Setting[] {
  if (criteria.op === 'binary' && criteria.operator === 'and')
    return [...settingsOf(criteria.left), ...settingsOf(criteria.right)];
  const setting = settingOf(criteria);
  return setting === null ? [] : [setting];
}

/** Codes of one field that a condition lets through, or that it keeps out. */
export interface Narrowed {
  readonly codes: ReadonlySet<string>;
  readonly outside: boolean;
}

/** What a `where` says of single fields, by the id of the field; fields of which nothing certain is said are not in it. */
export function narrowedBy(where: Resolved | null): ReadonlyMap<string, Narrowed> {
  if (where === null) return new Map();
  const said = narrow(where);
  if (said !== null) return new Map([[said.id, said]]);
  if (where.op !== 'binary' || where.operator !== 'and') return new Map();
  // What one part says holds whatever the other says; of a field that both narrow, the first is enough.
  return new Map([...narrowedBy(where.right), ...narrowedBy(where.left)]);
}

function narrow(where: Resolved): (Narrowed & { readonly id: string }) | null {
  if (where.op === 'call' && where.fn === 'not') {
    const said = narrow(where.of);
    return said === null ? null : { ...said, outside: !said.outside };
  }
  if (where.op !== 'binary') return null;
  const { operator, left, right } = where;
  if (operator === '=' || operator === '!=') {
    const [path, literal] = left.op === 'literal' ? [right, left] : [left, right];
    const target = targetOf(path);
    if (target === null || literal.op !== 'literal') return null;
    return { id: idOfTarget(target), codes: new Set([String(literal.value)]), outside: operator === '!=' };
  }
  const [a, b] = [narrow(left), narrow(right)];
  if (a === null || b === null || a.id !== b.id || a.outside !== b.outside) return null;
  // a = x or a = y; a != x and a != y
  if ((operator === 'or') === a.outside || (operator !== 'or' && operator !== 'and')) return null;
  return { ...a, codes: new Set([...a.codes, ...b.codes]) };
}
