import type { Alias } from '../expression/resolved.js';
import type { CodeMap } from '../code-map.js';
import { idOfTarget, pathOfTarget, type Target } from '../reverse/target.js';
import type { MapForm } from '../template/intermediate.js';
import { quote, write, type Block } from './emitter.js';
import { property, stepsOf } from './expression.js';
import type { ReverseEmitter } from './reverse-emitter.js';

/** A coarse code that came back, solved when everything exact has been put. */
export interface Late {
  readonly table: CodeMap;
  readonly column: string;
  readonly variable: string;
  readonly label: number;
}

/** The statements of one item: what it declares, and what waits for its end. */
export interface Scope {
  readonly parent: Scope | null;
  /** Variables of the aliases that live here. */
  readonly owned: ReadonlySet<string>;
  readonly declared: string[];
  readonly late: Map<string, { readonly target: Target; readonly codes: Late[] }>;
}

/** What is known while the put function of one map is generated. */
export interface Putting {
  readonly reverse: ReverseEmitter;
  readonly map: MapForm;
  /** Name of the constant that describes the map. */
  readonly meta: string;
  /** How many leaves carry a field exactly, by the id of the field. */
  readonly writers: ReadonlyMap<string, number>;
  /** Ids of the fields that some leaf carries, exactly or as a code. */
  readonly carried: ReadonlySet<string>;
  /** Path of the record's own key: it is compared, never stored by a leaf. */
  readonly recordKeyPath: string | null;
  readonly rootVariable: string;
  readonly joins: ReadonlyMap<string, string>;
}

export function createScope(parent: Scope | null, owned: Iterable<string>): Scope {
  return { parent, owned: new Set(owned), declared: [], late: new Map() };
}

/** The scope in which an alias lives; the outermost one for the record and its entities. */
export function scopeOf(scope: Scope, alias: Alias): Scope {
  let at = scope;
  while (!at.owned.has(alias.variable) && at.parent !== null) at = at.parent;
  return at;
}

/** JavaScript for the object that an alias stands for, made when first written to. */
function ownerOf(putting: Putting, alias: Alias): string {
  if (alias.variable === putting.rootVariable) return 'g';
  const row = putting.joins.get(alias.variable);
  if (row !== undefined) return `(${row} ??= {})`;
  if (!alias.variable.startsWith('one_')) return alias.variable;
  return stepsOf(alias.path).reduce((of, name) => `(${property(of, name, true)} ??= {})`, 'g');
}

/** JavaScript that can be assigned to. */
export function placeText(putting: Putting, { alias, names }: Target): string {
  if (names.length === 0) return alias.variable;
  const owner = names
    .slice(0, -1)
    .reduce((of, name) => `(${property(of, name, true)} ??= {})`, ownerOf(putting, alias));
  return property(owner, names.at(-1)!, true);
}

/** JavaScript that reads a place without making anything. */
export function readText(putting: Putting, target: Target): string {
  let text = placeText(putting, target);
  for (let next = ''; next !== text;) {
    next = text;
    text = next.replace(/\(([^()]*) \?\?= \{\}\)/g, '$1?');
  }
  return text;
}

/** A plain store where one leaf writes, a comparison where several do. */
export function store(putting: Putting, block: Block, target: Target, value: string): void {
  const place = placeText(putting, target);
  if ((putting.writers.get(idOfTarget(target)) ?? 1) < 2) {
    write(block, `${place} = ${value};`);
    return;
  }
  const disagree = conflictText(putting, target);
  write(
    block,
    `if (${place} === undefined) ${place} = ${value}; else if (${place} !== ${value} && !R.same(${place}, ${value})) ${disagree}`,
  );
}

export const conflictText = ({ map }: Putting, target: Target): string =>
  `conflict(s, ${quote(map.name)}, key, ${quote(pathOfTarget(target))});`;

/** The coarse codes of a field together: they must fit the exact value, or else give one. */
export function writeLate(
  putting: Putting,
  block: Block,
  scope: Scope,
  solve: (codes: readonly Late[]) => string,
): void {
  const tables = (code: Late): string => putting.reverse.emitter.tables.get(`${code.table.name}\n${code.column}`)!;
  for (const { target, codes } of scope.late.values()) {
    const solved = solve(codes);
    const place = placeText(putting, target);
    const read = readText(putting, target);
    const given = codes.map(({ variable }) => `${variable} !== undefined`).join(' || ');
    const wrong = codes.map(
      (code) => `(${code.variable} !== undefined && ${tables(code)}(${read}) !== ${code.variable})`,
    );
    const label = codes.reduce((mask, code) => mask | code.label, 0);
    const values = codes.map(({ variable }) => variable).join(' ?? ');
    const path = quote(pathOfTarget(target));
    write(block, `if (${given}) {`);
    write(block, `  if (${read} !== undefined) { if (${wrong.join(' || ')}) ${conflictText(putting, target)} }`);
    write(
      block,
      `  else { const c = ${solved}; if (c !== undefined) ${place} = c; else keep(s, ${putting.meta}, ${label}, key, ${path}, ${values}, "n:1"); }`,
    );
    write(block, '}');
  }
}
