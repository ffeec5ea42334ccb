import { type Resolved } from '../expression/resolved.js';
import { freshName, quote, tableFunction, use, type Emitter } from './emitter.js';

const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

export function property(of: string, name: string, ofIsDefinite: boolean): string {
  if (IDENTIFIER.test(name)) return `${of}${ofIsDefinite ? '.' : '?.'}${name}`;
  return `${of}${ofIsDefinite ? '' : '?.'}[${quote(name)}]`;
}

/** The names of a source path; none for the record itself, which a map may take as its item. */
export const stepsOf = (path: string): string[] => (path === '' ? [] : path.split('.'));

/** JavaScript for the value of an expression: the value or list, or null or undefined where FHIRPath says empty. */
export function valueOf(emitter: Emitter, expression: Resolved): string {
  switch (expression.op) {
    case 'literal':
      return quote(expression.value);
    case 'alias':
      return expression.alias.variable;
    case 'member': {
      const path = property(valueOf(emitter, expression.of), expression.name, expression.of.definite);
      const isText = emitter.pack.model.emptyIsAbsent && expression.node.kind === 'value' && !expression.many;
      return isText && !expression.definite ? `(${path} || undefined)` : path;
    }
    case 'system':
      return `s.names.${namespaceOf(emitter, expression.name)}`;
    case 'iif': {
      const otherwise = expression.otherwise === null ? 'undefined' : valueOf(emitter, expression.otherwise);
      return `(${truthOf(emitter, expression.criteria)} ? ${valueOf(emitter, expression.then)} : ${otherwise})`;
    }
    case 'translate':
      return `${tableFunction(emitter, expression.table, expression.column)}(${valueOf(emitter, expression.of)})`;
    case 'ref':
      return reference(emitter, expression);
    case 'where':
      return filtered(emitter, expression);
    case 'call':
      return called(emitter, expression);
    case 'binary':
      return compared(emitter, expression);
  }
}

/** JavaScript for a condition: empty counts as false (FHIRPath: criteria). */
export function truthOf(emitter: Emitter, expression: Resolved): string {
  if (expression.op === 'binary') {
    const { operator, left, right } = expression;
    if (operator === 'and' || operator === 'or') {
      return `(${truthOf(emitter, left)} ${operator === 'and' ? '&&' : '||'} ${truthOf(emitter, right)})`;
    }
    const a = valueOf(emitter, left);
    const b = valueOf(emitter, right);
    if (operator === '=' && (left.op === 'literal' || right.op === 'literal')) return `(${a} === ${b})`;
    if (operator === '!=' && left.definite && right.definite) return `(${a} !== ${b})`;
    if (operator === '!=' && right.op === 'literal' && left.op === 'member') return `(${a} != null && ${a} !== ${b})`;
  }
  const value = valueOf(emitter, expression);
  return expression.type === 'boolean' ? `(${value} === true)` : `(${value} != null)`;
}

function reference(emitter: Emitter, { of, map, many }: Resolved & { op: 'ref' }): string {
  const target = emitter.mapByName.get(map)!;
  const start = `${quote(target.resourceType)}, ${quote(map)}, ${target.keyedWithinRecord}`;
  const key = valueOf(emitter, of);
  if (many) return `${use(emitter, 'refsOf')}(s, ${start}, ${key})`;
  const ids = emitter.idsOf.get(map);
  if (ids !== undefined) return `${use(emitter, 'keptRef')}(s, (s.${ids} ??= new Map()), ${start}, ${key})`;
  const text = `${use(emitter, 'refOf')}(s, ${start}, ${key})`;
  return OF_THE_RECORD.test(key) ? cachedReference(emitter, text) : text;
}

/** What the record has once, by its path. */
const OF_THE_RECORD = /^(?:one_\w+|record)(?:\??\.\w+)*$/;

/** Every resource refers to its person: the reference is put together once a run. */
function cachedReference(emitter: Emitter, text: string): string {
  let field = emitter.references.get(text);
  if (field === undefined) {
    field = freshName(emitter, 'ref');
    emitter.references.set(text, field);
    emitter.cached.push(field);
  }
  return `(s.${field} ??= ${text})`;
}

function namespaceOf({ namespaces }: Emitter, name: string): string {
  const field = namespaces.get(name) ?? `n${namespaces.size + 1}`;
  namespaces.set(name, field);
  return field;
}

function filtered(emitter: Emitter, { of, item, criteria }: Resolved & { op: 'where' }): string {
  const outer = [...variablesOf(criteria)].filter((variable) => variable !== item.variable);
  const name = freshName(emitter, 'where');
  const condition = truthOf(emitter, criteria);
  emitter.hoisted.push(
    `function ${name}(${['s', 'list', ...outer].join(', ')}) {
  if (list == null) return undefined;
  const found = [];
  for (let i = 0; i < list.length; i++) {
    const ${item.variable} = list[i];
    if (${condition}) found.push(${item.variable});
  }
  return found;
}`,
  );
  return `${name}(${['s', valueOf(emitter, of), ...outer].join(', ')})`;
}

/** Variables of aliases that an expression names. */
export function variablesOf(expression: Resolved): Set<string> {
  switch (expression.op) {
    case 'alias':
      return new Set([expression.alias.variable]);
    case 'literal':
    case 'system':
      return new Set();
    case 'member':
    case 'translate':
    case 'ref':
      return variablesOf(expression.of);
    case 'where': {
      const inside = variablesOf(expression.criteria);
      inside.delete(expression.item.variable);
      return new Set([...variablesOf(expression.of), ...inside]);
    }
    case 'iif':
      return union(
        expression.criteria,
        expression.then,
        ...(expression.otherwise === null ? [] : [expression.otherwise]),
      );
    case 'call':
      return union(expression.of, ...expression.args);
    case 'binary':
      return union(expression.left, expression.right);
  }
}

const union = (...parts: readonly Resolved[]): Set<string> => new Set(parts.flatMap((part) => [...variablesOf(part)]));

function called(emitter: Emitter, { fn, of, args }: Resolved & { op: 'call' }): string {
  const value = valueOf(emitter, of);
  const [first = 'undefined', second = 'undefined'] = args.map((arg) => valueOf(emitter, arg));
  const dot = of.definite ? '.' : '?.';
  switch (fn) {
    case 'exists':
      return of.many ? `((${value}?.length ?? 0) > 0)` : `(${value} != null)`;
    case 'empty':
      return of.many ? `((${value}?.length ?? 0) === 0)` : `(${value} == null)`;
    case 'not':
      return of.definite ? `(!${value})` : `${use(emitter, 'not')}(${value})`;
    case 'count':
      return `(${value}?.length ?? 0)`;
    case 'first':
      return `${value}?.[0]`;
    case 'last':
      return `${value}?.at(-1)`;
    case 'join':
      return `${use(emitter, 'joined')}(${value}, ${first})`;
    case 'upper':
      return `${value}${dot}toUpperCase()`;
    case 'lower':
      return `${value}${dot}toLowerCase()`;
    case 'trim':
      return `${value}${dot}trim()`;
    case 'startsWith':
    case 'endsWith':
      return `${value}${dot}${fn}(${first})`;
    case 'contains':
      return `${value}${dot}includes(${first})`;
    case 'substring':
      return `${use(emitter, 'part')}(${value}, ${first}, ${second})`;
    case 'toString':
      return `${use(emitter, 'asText')}(${value})`;
    case 'toInteger':
    case 'toDecimal':
    case 'toCode':
    case 'toDate':
      return `${use(emitter, fn)}(${value})`;
    case 'toDateTime':
      return `${use(emitter, fn)}(${value}, ${first})`;
  }
}

function compared(emitter: Emitter, { operator, left, right }: Resolved & { op: 'binary' }): string {
  const a = valueOf(emitter, left);
  const b = valueOf(emitter, right);
  switch (operator) {
    case 'and':
    case 'or':
      return `${use(emitter, operator)}(${a}, ${b})`;
    case '&':
      return `(${use(emitter, 'orNothing')}(${a}) + ${use(emitter, 'orNothing')}(${b}))`;
    case '+':
      return `${use(emitter, 'plus')}(${a}, ${b})`;
    case '=':
      if (left.type === 'decimal' || right.type === 'decimal') return zero(emitter, a, b, '===');
      return left.definite && right.definite ? `(${a} === ${b})` : `${use(emitter, 'equal')}(${a}, ${b})`;
    case '!=':
      if (left.type === 'decimal' || right.type === 'decimal') return zero(emitter, a, b, '!==');
      return `${use(emitter, 'not')}(${use(emitter, 'equal')}(${a}, ${b}))`;
    case '<':
    case '>':
    case '<=':
    case '>=':
      return zero(emitter, a, b, operator);
  }
}

const zero = (emitter: Emitter, a: string, b: string, operator: string): string =>
  `(${use(emitter, 'compare')}(${a}, ${b}) ${operator} 0)`;
