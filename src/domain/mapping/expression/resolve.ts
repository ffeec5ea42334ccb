import { ExpressionError } from '../../fhir/fhirpath/syntax-error.js';
import { parseExpression, type Expression } from '../../fhir/fhirpath/parse.js';
import type { CodeMap } from '../code-map.js';
import { nearest, type Place, type Report } from '../finding.js';
import type { SourceModel, SourceNode, SourceValue } from '../source-model.js';
import {
  BINARY_OPERATORS,
  FUNCTION_NAMES,
  FUNCTIONS,
  type Alias,
  type BinaryOperator,
  type FunctionName,
  type Resolved,
} from './resolved.js';

/** What the names of an expression may stand for. */
export interface Scope {
  readonly model: SourceModel;
  readonly aliases: ReadonlyMap<string, Alias>;
  /** Inside `where(…)`: the item whose members are named without an alias. */
  readonly item: Alias | null;
  readonly tables: ReadonlyMap<string, CodeMap>;
  /** Maps that a reference may point to. */
  readonly targets: ReadonlyMap<string, RefTarget>;
  /** The record's own key; keys of items are unique within a record only. */
  readonly recordKey: Resolved | null;
  /** Gives every alias of a map a variable of its own. */
  readonly nextVariable: (name: string) => string;
}

/** What a reference to another map's resource needs to know of it. */
export interface RefTarget {
  readonly map: string;
  /** Source path pattern of the items that it maps. */
  readonly path: string;
  readonly single: boolean;
  /** Name of the key field within an item; null for the one of its kind that a record has. */
  readonly key: string | null;
}

class Refused extends Error {
  constructor(
    readonly at: number,
    message: string,
    readonly suggestion?: string,
  ) {
    super(message);
  }
}

/**
 * Parses an expression and binds its names.
 *
 * @param placeAt where a character of the expression stands in the file
 * @returns null when it is wrong; the reason is reported at the character
 */
export function resolveExpression(
  source: string,
  scope: Scope,
  placeAt: (offset: number) => Place,
  report: Report,
): Resolved | null {
  try {
    return resolve(parseExpression(source), scope);
  } catch (error) {
    if (error instanceof Refused) report(placeAt(error.at), error.message, error.suggestion);
    else if (error instanceof ExpressionError) {
      report(placeAt(error.offset), `This is not a FHIRPath expression: ${error.message}.`);
    } else throw error;
    return null;
  }
}

function resolve(expression: Expression, scope: Scope): Resolved {
  const { at } = expression;
  switch (expression.kind) {
    case 'string':
      return literal(expression.text, 'string');
    case 'number':
      if (expression.text.endsWith('L')) throw new Refused(at, 'Mapping files do not offer this part of FHIRPath.');
      return literal(Number(expression.text), expression.text.includes('.') ? 'decimal' : 'integer');
    case 'boolean':
      return literal(expression.value, 'boolean');
    case 'this':
      if (scope.item === null) throw new Refused(at, '$this stands inside where(…) only.');
      return aliasOf(scope.item, scope, at);
    case 'member':
      return expression.target === null
        ? named(expression.name, at, scope)
        : member(expression, expression.target, scope);
    case 'call':
      return call(expression, scope);
    case 'binary':
      return binary(expression, scope);
    case 'env':
      throw new Refused(at, 'Only %agency.system(…) is offered.');
    case 'empty':
    case 'index':
    case 'item':
    case 'quantity':
    case 'sign':
    case 'temporal':
    case 'total':
    case 'type':
      throw new Refused(at, 'Mapping files do not offer this part of FHIRPath.');
  }
}

function literal(value: string | number | boolean, type: SourceValue['type']): Resolved {
  return { op: 'literal', value, type, many: false, definite: true, mask: 0, reads: new Set() };
}

function named(name: string, at: number, scope: Scope): Resolved {
  if (scope.item?.node.kind === 'object' && scope.item.node.members.has(name)) {
    return step(aliasOf(scope.item, scope, at), name, at);
  }
  const alias = scope.aliases.get(name);
  if (alias !== undefined) return aliasOf(alias, scope, at);
  const members = scope.item?.node.kind === 'object' ? scope.item.node.members.keys() : [];
  throw new Refused(at, `Nothing is called ${name} here.`, nearest(name, [...members, ...scope.aliases.keys()]));
}

function aliasOf(alias: Alias, _scope: Scope, at: number): Resolved {
  const { node } = alias;
  const value = node.kind === 'value' ? node : null;
  if (value !== null) assertLabelled(value, alias.path, at);
  return {
    op: 'alias',
    alias,
    type: value?.type ?? 'object',
    many: false,
    definite: alias.definite,
    mask: alias.mask | (value?.mask ?? 0),
    // An item is read as soon as something is asked of it, its mere presence too.
    reads: new Set(value !== null || alias.path !== '' ? [alias.path] : []),
  };
}

function assertLabelled(node: SourceValue, path: string, at: number): asserts node is SourceValue & { mask: number } {
  if (node.unreadable !== undefined)
    throw new Refused(at, `The source path ${path} cannot be mapped: ${node.unreadable}.`);
  if (node.mask === undefined) throw new Refused(at, `The source path ${path} has no label, so it cannot be mapped.`);
  if (node.never === true) throw new Refused(at, `The source path ${path} can never leave, so it cannot be mapped.`);
}

function member(expression: Expression & { kind: 'member' }, target: Expression, scope: Scope): Resolved {
  return step(resolve(target, scope), expression.name, expression.at);
}

function step(of: Resolved, name: string, at: number): Resolved {
  const { node, path } = placeOf(of);
  if (node?.kind !== 'object') throw new Refused(at, `Nothing below it can be named: ${path || 'this'} is no entity.`);
  if (of.many) throw new Refused(at, `${path} is a list: choose one with first(), or go through it with each.`);
  const found = node.members.get(name);
  if (found === undefined) {
    throw new Refused(at, `The source has no path ${join(path, name)}.`, nearest(name, node.members.keys()));
  }
  const full = join(path, name) + (found.many ? '[]' : '');
  if (found.kind === 'value') assertLabelled(found, full, at);
  return {
    op: 'member',
    of,
    name,
    node: found,
    type: found.kind === 'value' ? found.type : 'object',
    many: found.many,
    definite: of.definite && found.required,
    mask: of.mask | (found.kind === 'value' ? (found.mask ?? 0) : 0),
    reads: new Set([...of.reads, full]),
  };
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** The source node that a plain path ends at. */
export function placeOf(expression: Resolved): { readonly node: SourceNode | null; readonly path: string } {
  switch (expression.op) {
    case 'alias':
      return { node: expression.alias.node, path: expression.alias.path };
    case 'member':
      return {
        node: expression.node,
        path: join(placeOf(expression.of).path, expression.name) + (expression.node.many ? '[]' : ''),
      };
    case 'where':
      return placeOf(expression.of);
    case 'call':
      return expression.fn === 'first' || expression.fn === 'last' ? placeOf(expression.of) : { node: null, path: '' };
    case 'binary':
    case 'iif':
    case 'literal':
    case 'ref':
    case 'system':
    case 'translate':
      return { node: null, path: '' };
  }
}

function call(expression: Expression & { kind: 'call' }, scope: Scope): Resolved {
  const { name, target, args, at } = expression;
  if (target?.kind === 'env') return system(expression, target);
  if (name === 'iif') return iif(expression, scope);
  if (target === null) throw new Refused(at, `${name}() needs something before it.`, nearest(name, ['iif']));
  const of = resolve(target, scope);
  if (name === 'translate') return translate(of, args, at, scope);
  if (name === 'ref') return reference(of, args, at, scope);
  if (name === 'where' || (name === 'exists' && args.length === 1)) return where(of, name, args, at, scope);
  if (!Object.hasOwn(FUNCTIONS, name)) {
    throw new Refused(at, `There is no function ${name}().`, nearest(name, FUNCTION_NAMES));
  }
  const fn = name as FunctionName;
  const signature = FUNCTIONS[fn];
  if (signature.on === 'one' && of.many) throw new Refused(at, `${name}() takes one value, and this is a list.`);
  if (signature.on === 'many' && !of.many) throw new Refused(at, `${name}() takes a list, and this is one value.`);
  const needed = signature.args.filter((type) => !type.endsWith('?')).length;
  if (args.length < needed || args.length > signature.args.length) {
    throw new Refused(
      at,
      `${name}() takes ${needed === signature.args.length ? needed : `${needed} or more`} arguments.`,
    );
  }
  const resolved = args.map((arg) => resolve(arg, scope));
  const type = signature.gives === 'same' ? of.type : signature.gives;
  const always = fn === 'exists' || fn === 'empty' || fn === 'count';
  const keeps = ['upper', 'lower', 'trim', 'toString', 'not'].includes(fn) && of.definite;
  return combine({ op: 'call', fn, of, args: resolved }, [of, ...resolved], type, false, always || keeps);
}

function system({ name, args, at }: Expression & { kind: 'call' }, target: Expression & { kind: 'env' }): Resolved {
  const argument = args[0];
  if (target.name !== 'agency') throw new Refused(at, `There is no %${target.name}.`, nearest(target.name, ['agency']));
  if (name !== 'system') throw new Refused(at, `%agency has no ${name}().`, nearest(name, ['system']));
  if (argument?.kind !== 'string' || args.length !== 1)
    throw new Refused(at, "system() takes one text, as in system('need').");
  return { op: 'system', name: argument.text, type: 'string', many: false, definite: true, mask: 0, reads: new Set() };
}

function iif({ args, at }: Expression & { kind: 'call' }, scope: Scope): Resolved {
  if (args.length < 2 || args.length > 3) throw new Refused(at, 'iif() takes a condition and one or two values.');
  const [criteria, then, otherwise = null] = args.map((arg) => resolve(arg, scope)) as [Resolved, Resolved, Resolved?];
  const parts = otherwise === null ? [criteria, then] : [criteria, then, otherwise];
  const definite = then.definite && otherwise !== null && otherwise.definite;
  return combine({ op: 'iif', criteria, then, otherwise }, parts, then.type, then.many, definite);
}

function translate(of: Resolved, args: readonly Expression[], at: number, scope: Scope): Resolved {
  const [tableArg, columnArg] = args;
  if (tableArg?.kind !== 'string' || (columnArg !== undefined && columnArg.kind !== 'string') || args.length > 2) {
    throw new Refused(at, "translate() takes the name of a code map, as in translate('need-status').");
  }
  if (of.many) throw new Refused(at, 'translate() takes one code, and this is a list.');
  const table = scope.tables.get(tableArg.text);
  if (table === undefined) {
    throw new Refused(
      tableArg.at,
      `There is no code map ${tableArg.text}.`,
      nearest(tableArg.text, scope.tables.keys()),
    );
  }
  const column = columnArg?.text ?? 'code';
  if (!table.columns.has(column)) {
    throw new Refused(
      columnArg?.at ?? at,
      `The code map ${table.name} has no column ${column}.`,
      nearest(column, table.columns),
    );
  }
  assertCodesKnown(of, table, at);
  const definite = of.definite && translatesAll(of, table, column);
  return combine({ op: 'translate', of, table, column }, [of], 'code', false, definite);
}

/** A code that the model does not have is a misspelling; one that the table lacks needs a policy that says so. */
function assertCodesKnown(of: Resolved, table: CodeMap, at: number): void {
  const codes = codesOf(of);
  if (codes === null) return;
  const unknown = [...table.rows.keys()].find((code) => !codes.includes(code));
  if (unknown !== undefined) {
    throw new Refused(
      at,
      `The code map ${table.name} translates ${unknown}, which the source never says.`,
      nearest(unknown, codes),
    );
  }
  const missing = codes.find((code) => !table.rows.has(code));
  if (missing !== undefined && table.unmapped.policy === 'copy') {
    throw new Refused(at, `The code map ${table.name} has no row for ${missing}.`);
  }
}

function codesOf(of: Resolved): readonly string[] | null {
  const { node } = placeOf(of);
  return node?.kind === 'value' && node.codes !== undefined ? node.codes : null;
}

function translatesAll(of: Resolved, table: CodeMap, column: string): boolean {
  if (table.unmapped.policy !== 'omit')
    return table.unmapped.policy === 'copy' || table.unmapped.row.columns.has(column);
  return codesOf(of)?.every((code) => table.rows.get(code)?.columns.has(column) === true) ?? false;
}

function reference(of: Resolved, args: readonly Expression[], at: number, scope: Scope): Resolved {
  const named = args[0];
  if (args.length > 1 || (named !== undefined && named.kind !== 'string')) {
    throw new Refused(at, "ref() takes nothing, or the name of a map, as in ref('case/need').");
  }
  const target = named === undefined ? targetOf(of, at, scope) : scope.targets.get(named.text);
  if (target === undefined) {
    const wrong = named?.text ?? '';
    throw new Refused(named?.at ?? at, `There is no map ${wrong}.`, nearest(wrong, scope.targets.keys()));
  }
  const key = keyOf(of, target, at, scope);
  return combine({ op: 'ref', of: key, map: target.map }, [key], 'string', key.many, key.definite && !key.many);
}

function keyOf(of: Resolved, target: RefTarget, at: number, scope: Scope): Resolved {
  if (of.type !== 'object') return of;
  if (of.many) throw new Refused(at, 'ref() takes one entity, or keys.');
  if (placeOf(of).path !== target.path) throw new Refused(at, `The map ${target.map} makes no resource of this.`);
  if (target.key !== null) return step(of, target.key, at);
  if (scope.recordKey === null) throw new Refused(at, `The map ${target.map} has no key.`);
  const { recordKey } = scope;
  return {
    ...recordKey,
    mask: recordKey.mask | of.mask,
    definite: recordKey.definite && of.definite,
    reads: new Set([...recordKey.reads, ...of.reads]),
  };
}

function targetOf(of: Resolved, at: number, scope: Scope): RefTarget {
  const { path } = placeOf(of);
  const candidates = of.type === 'object' ? [...scope.targets.values()].filter((target) => target.path === path) : [];
  if (candidates.length === 1) return candidates[0]!;
  if (candidates.length === 0)
    throw new Refused(at, `No map makes a resource of ${path || 'this'}; name one, as in ref('case/need').`);
  throw new Refused(at, `Several maps make resources of ${path}: name one, as in ref('${candidates[0]!.map}').`);
}

function where(of: Resolved, name: string, args: readonly Expression[], at: number, scope: Scope): Resolved {
  const criteria = args[0];
  if (!of.many) throw new Refused(at, `${name}(…) takes a list, and this is one value.`);
  if (criteria === undefined || args.length > 1) throw new Refused(at, `${name}(…) takes one condition.`);
  const { node, path } = placeOf(of);
  if (node === null) throw new Refused(at, `${name}(…) takes a list of the source.`);
  const single = { ...node, many: false } as SourceNode;
  const item: Alias = {
    name: '$this',
    variable: scope.nextVariable('item'),
    node: single,
    path,
    definite: true,
    mask: of.mask,
  };
  const resolved = resolve(criteria, { ...scope, item });
  const filtered = combine({ op: 'where', of, item, criteria: resolved }, [of, resolved], of.type, true, false);
  if (name === 'where') return filtered;
  return combine({ op: 'call', fn: 'exists', of: filtered, args: [] }, [filtered], 'boolean', false, true);
}

function binary(expression: Expression & { kind: 'binary' }, scope: Scope): Resolved {
  const { operator, at } = expression;
  if (!BINARY_OPERATORS.includes(operator))
    throw new Refused(at, `Mapping files do not offer the operator ${operator}.`);
  const left = resolve(expression.left, scope);
  const right = resolve(expression.right, scope);
  if (left.many || right.many) throw new Refused(at, `${operator} compares single values, and one of these is a list.`);
  const compared = left.op === 'literal' ? [right, left] : [left, right];
  const codes = codesOf(compared[0]!);
  const other = compared[1]!;
  const literalCode = other.op === 'literal' ? other.value : undefined;
  if (
    (operator === '=' || operator === '!=') &&
    codes !== null &&
    typeof literalCode === 'string' &&
    !codes.includes(literalCode)
  ) {
    throw new Refused(at, `The source never says ${literalCode} here.`, nearest(literalCode, codes));
  }
  const isText = operator === '&' || operator === '+';
  const type = !isText ? 'boolean' : operator === '&' ? 'string' : left.type === 'object' ? 'string' : left.type;
  const definite = operator === '&' || (left.definite && right.definite);
  return combine(
    { op: 'binary', operator: operator as BinaryOperator, left, right },
    [left, right],
    type,
    false,
    definite,
  );
}

type Shape = Resolved extends infer Each
  ? Each extends Resolved
    ? Omit<Each, 'type' | 'many' | 'definite' | 'mask' | 'reads'>
    : never
  : never;

function combine(
  shape: Shape,
  parts: readonly Resolved[],
  type: Resolved['type'],
  many: boolean,
  definite: boolean,
): Resolved {
  const mask = parts.reduce((sum, part) => sum | part.mask, 0);
  const reads = new Set(parts.flatMap((part) => [...part.reads]));
  return { ...shape, type, many, definite, mask, reads };
}
