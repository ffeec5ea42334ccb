import { criterionOf, isKnownType, isOfType, isSystemType, FUNCTIONS, hasValue, NONE, truthOf } from './functions.js';
import { distinct } from './equality.js';
import {
  AttributeNode,
  Decimal,
  NO_INDEX,
  Node,
  NotDecidable,
  Quantity,
  spend,
  type Item,
  type Scope,
} from './items.js';
import { childrenNamed, isResourceNamed } from './navigate.js';
import { BINARY, EAGER } from './operators.js';
import { parseExpression, type Expression } from './parse.js';
import { ExpressionError } from './syntax-error.js';
import { readTemporal } from './temporal.js';
import { isKindOf } from '../model.js';

/** One expression as a closure. `focus` is $this: the item (or the resource) that the expression is about. */
export type Evaluator = (focus: Item[], scope: Scope) => Item[];

export interface CompileOptions {
  /**
   * The expression is part of the FHIR standard: `trace` (here without effect) and regular expressions are admitted,
   * since their texts are known. Expressions of anybody else get neither.
   */
  readonly ofTheStandard?: boolean;
}

interface Compiling {
  readonly source: string;
  readonly ofTheStandard: boolean;
}

/** @throws ExpressionError when the text is no FHIRPath, or uses what this compiler leaves to a full evaluator */
export function compileToItems(source: string, options: CompileOptions = {}): Evaluator {
  return compile(parseExpression(source), { source, ofTheStandard: options.ofTheStandard === true });
}

function unsupported(c: Compiling, what: string, at: number): never {
  throw new ExpressionError('fhirpath.not-supported', `${what} is not offered here`, c.source, at);
}

const ENVIRONMENT: Readonly<Record<string, Item>> = {
  ucum: 'http://unitsofmeasure.org',
};

function compile(e: Expression, c: Compiling): Evaluator {
  switch (e.kind) {
    case 'string':
      return constant(e.text);
    case 'boolean':
      return constant(e.value);
    case 'number':
      if (e.text.endsWith('L')) return unsupported(c, 'An integer of 64 bits', e.at);
      return constant(e.text.includes('.') ? new Decimal(Number(e.text), e.text) : Number(e.text));
    case 'quantity':
      return constant(new Quantity(Number(e.text), e.unit, e.text));
    case 'temporal':
      return compileTemporal(e.text, c, e.at);
    case 'empty':
      return () => NONE;
    case 'this':
      return (focus) => focus;
    case 'index':
      return (_, scope) => (scope.index === NO_INDEX ? NONE : [scope.index]);
    case 'total':
      return unsupported(c, '$total', e.at);
    case 'env':
      return compileEnvironment(e.name, c, e.at);
    case 'member':
      return compileMember(e, c);
    case 'item':
      return compileItem(e, c);
    case 'call':
      return compileCall(e, c);
    case 'sign':
      return compileSign(e, c);
    case 'type': {
      if (!isKnownType(e.type)) return unsupported(c, `The type ${e.type}`, e.at);
      const operand = compile(e.operand, c);
      return e.operator === 'is' ? typeTest(operand, e.type, c) : typeFilter(operand, e.type, true, c);
    }
    case 'binary': {
      const operator = BINARY[e.operator];
      if (operator === undefined) return unsupported(c, `The operator ${e.operator}`, e.at);
      const [left, right] = [compile(e.left, c), compile(e.right, c)];
      // An error on the right is an error, also where the left decides; the standard's own rules have none.
      const eager = c.ofTheStandard ? undefined : EAGER[e.operator];
      return (eager ?? operator)(left, right);
    }
  }
}

function constant(value: Item): Evaluator {
  const items: Item[] = [value];
  return () => items;
}

function compileTemporal(text: string, c: Compiling, at: number): Evaluator {
  const kind = text.startsWith('@T') ? 'time' : text.includes('T') ? 'dateTime' : 'date';
  const value = readTemporal(kind, text.slice(kind === 'time' ? 2 : 1));
  return value === undefined ? unsupported(c, 'This date', at) : constant(value);
}

function compileEnvironment(name: string, c: Compiling, at: number): Evaluator {
  if (name === 'resource') return (_, scope) => [scope.resource];
  if (name === 'rootResource') return (_, scope) => [scope.rootResource];
  if (name === 'context') return (_, scope) => [scope.context];
  const value = Object.hasOwn(ENVIRONMENT, name) ? ENVIRONMENT[name] : undefined;
  return value === undefined ? unsupported(c, `The variable %${name}`, at) : constant(value);
}

function compileMember({ target, name }: Extract<Expression, { kind: 'member' }>, c: Compiling): Evaluator {
  if (target !== null) {
    const of = compile(target, c);
    return (focus, scope) => select(of(focus, scope), name, scope);
  }
  // A path may begin with the type of what it starts from: `Patient.name`.
  const mayBeType = /^[A-Z]/.test(name);
  return (focus, scope) => {
    const [first] = focus;
    if (mayBeType && focus.length === 1 && first instanceof Node && isKindOf(first.type, name)) {
      if (c.ofTheStandard) return focus;
      // Of types other than the resource's own, evaluators differ on where their names may stand.
      if (!isResourceNamed(first, name)) throw new NotDecidable('The name of the resource type only');
    }
    return select(focus, name, scope);
  };
}

function select(items: readonly Item[], name: string, scope: Scope): Item[] {
  const out: Item[] = [];
  for (const item of items) {
    if (item instanceof Node) childrenNamed(item, name, out, scope);
    else if (
      typeof item === 'object' ||
      typeof item === 'number' ||
      (typeof item === 'string' && name in String.prototype)
    )
      throw new NotDecidable('A value that was computed has no elements');
  }
  return out;
}

function compileItem({ target, position }: Extract<Expression, { kind: 'item' }>, c: Compiling): Evaluator {
  const [of, at] = [compile(target, c), compile(position, c)];
  return (focus, scope) => {
    const index = at(focus, scope);
    if (index.length !== 1 || typeof index[0] !== 'number') throw new NotDecidable('An Integer is needed');
    const item = of(focus, scope)[index[0]];
    return item === undefined ? NONE : [item];
  };
}

function compileSign({ operator, operand }: Extract<Expression, { kind: 'sign' }>, c: Compiling): Evaluator {
  const of = compile(operand, c);
  return (focus, scope) => {
    const items = of(focus, scope);
    const [item] = items;
    // Of nothing there is no sign either: an error in the reference evaluator, and so not decided here.
    if (items.length !== 1) throw new NotDecidable('One number is needed');
    const isNumber = typeof item === 'number' || item instanceof Decimal || item instanceof Quantity;
    if (operator === '+' && isNumber) return items;
    if (typeof item === 'number') return [-item];
    if (item instanceof Decimal) return [new Decimal(-item.value)];
    if (item instanceof Quantity) return [new Quantity(-item.value, item.unit)];
    throw new NotDecidable('A number is needed');
  };
}

function typeTest(operand: Evaluator, type: string, c: Compiling): Evaluator {
  return (focus, scope) => {
    const items = operand(focus, scope);
    if (items.length > 1) throw new NotDecidable('One item is needed');
    assertTyped(items, c);
    return items.length === 0 ? NONE : [isOfType(items[0]!, type)];
  };
}

/** Of some elements evaluators do not agree which type they have. */
function assertTyped(items: readonly Item[], { ofTheStandard }: Compiling): void {
  if (ofTheStandard) return;
  const isOpen = items.some(
    (item) => item instanceof AttributeNode || (item instanceof Node && item.type === 'Extension'),
  );
  if (isOpen) throw new NotDecidable('The type of this element');
}

/** `as` is for one item, `ofType` for any number. */
function typeFilter(operand: Evaluator, type: string, isSingle: boolean, c: Compiling): Evaluator {
  return (focus, scope) => {
    const items = operand(focus, scope);
    if (isSingle && items.length > 1) throw new NotDecidable('One item is needed');
    if (!isSingle && isSystemType(type) && items.some((item) => item instanceof Node))
      throw new NotDecidable('Elements as System values: evaluators differ');
    assertTyped(items, c);
    return items.filter((item) => isOfType(item, type));
  };
}

/** A type argument: a name, or a name with its namespace. */
function typeArgument(e: Expression | undefined, c: Compiling, at: number): string {
  if (e?.kind === 'member') {
    const namespace = e.target?.kind === 'member' && e.target.target === null ? `${e.target.name}.` : '';
    if (e.target === null || namespace !== '') {
      const type = namespace + e.name;
      return isKnownType(type) ? type : unsupported(c, `The type ${type}`, e.at);
    }
  }
  throw new ExpressionError('fhirpath.syntax', 'The name of a type is needed', c.source, e?.at ?? at);
}

function compileCall(e: Extract<Expression, { kind: 'call' }>, c: Compiling): Evaluator {
  const { name, args, at } = e;
  const input: Evaluator = e.target === null ? (focus) => focus : compile(e.target, c);
  const counts = (min: number, max: number) => {
    if (args.length >= min && args.length <= max) return;
    throw new ExpressionError('fhirpath.syntax', `${name}() takes another number of arguments`, c.source, at);
  };
  switch (name) {
    case 'where':
    case 'select':
    case 'all':
    case 'exists':
      counts(name === 'exists' ? 0 : 1, 1);
      return args.length === 0
        ? (focus, scope) => [input(focus, scope).length > 0]
        : overEach(name, input, compile(args[0]!, c), c);
    case 'repeat':
      counts(1, 1);
      // Along a path it ends where the resource ends; anything else may grow for ever.
      if (!c.ofTheStandard && !isPath(args[0]!)) return unsupported(c, 'repeat() of anything but a path', at);
      return repeat(input, compile(args[0]!, c));
    case 'ofType':
    case 'as':
      counts(1, 1);
      return typeFilter(input, typeArgument(args[0], c, at), name === 'as', c);
    case 'is':
      counts(1, 1);
      return typeTest(input, typeArgument(args[0], c, at), c);
    case 'iif': {
      counts(2, 3);
      const [criterion, then, otherwise] = args.map((argument) => compile(argument, c));
      return (focus, scope) => {
        const items = input(focus, scope);
        const result = criterion!(items, scope);
        const holds = c.ofTheStandard ? truthOf(result) === true : criterionOf(result, true);
        if (holds) return then!(items, scope);
        return otherwise === undefined ? NONE : otherwise(items, scope);
      };
    }
    case 'trace':
      if (!c.ofTheStandard) return unsupported(c, 'trace()', at);
      return input;
    case 'matches':
    case 'replaceMatches':
      return compilePattern(e, input, c);
  }
  const plain = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (plain === undefined) return unsupported(c, `The function ${name}()`, at);
  counts(plain.min, plain.max);
  const compiled = args.map((argument) => compile(argument, c));
  const { call } = plain;
  if (compiled.length === 0) return (focus, scope) => call(input(focus, scope), [], scope);
  return (focus, scope) => {
    const given = compiled.map((argument) => argument(focus, scope));
    return call(input(focus, scope), given, scope);
  };
}

function overEach(
  name: 'where' | 'select' | 'all' | 'exists',
  input: Evaluator,
  body: Evaluator,
  { ofTheStandard }: Compiling,
): Evaluator {
  const test = (result: Item[]): boolean =>
    ofTheStandard ? truthOf(result) === true : criterionOf(result, name === 'all');
  return (focus, scope) => {
    const items = input(focus, scope);
    const outer = scope.index;
    const out: Item[] = [];
    spend(scope, items.length);
    for (let index = 0; index < items.length; index += 1) {
      const item = items[index]!;
      scope.index = index;
      const result = body([item], scope);
      if (name === 'select') out.push(...result);
      else {
        const holds = test(result);
        if (name === 'where' && holds) out.push(item);
        if ((name === 'all' && !holds) || (name === 'exists' && holds)) {
          scope.index = outer;
          return [name === 'exists'];
        }
      }
    }
    scope.index = outer;
    return name === 'all' ? [true] : name === 'exists' ? [false] : out;
  };
}

function isPath(e: Expression): boolean {
  if (e.kind === 'binary') return e.operator === '|' && isPath(e.left) && isPath(e.right);
  return e.kind === 'this' || (e.kind === 'member' && (e.target === null || isPath(e.target)));
}

function repeat(input: Evaluator, body: Evaluator): Evaluator {
  return (focus, scope) => {
    let found: Item[] = [];
    let next = input(focus, scope);
    while (next.length > 0) {
      const below: Item[] = [];
      for (const item of next) below.push(...body([item], scope));
      const before = found.length;
      found = distinct([...found, ...below], scope);
      next = found.slice(before);
    }
    return found;
  };
}

/** Regular expressions only from the standard, where each was read: none can backtrack more than linearly. */
function compilePattern(e: Extract<Expression, { kind: 'call' }>, input: Evaluator, c: Compiling): Evaluator {
  const [pattern, substitution] = e.args;
  const isReplace = e.name === 'replaceMatches';
  if (!c.ofTheStandard || pattern?.kind !== 'string' || (isReplace && substitution?.kind !== 'string')) {
    return unsupported(c, `${e.name}()`, e.at);
  }
  const expression = new RegExp(pattern.text, isReplace ? 'g' : '');
  const replacement = substitution?.kind === 'string' ? substitution.text : '';
  return (focus, scope) => {
    const items = input(focus, scope);
    const [item] = items;
    if (items.length > 1) throw new NotDecidable('One text is needed');
    if (item === undefined) return NONE;
    const value = hasValue(items) && item instanceof Node ? item.value : item;
    if (typeof value !== 'string') return NONE;
    return [isReplace ? value.replace(expression, replacement) : expression.test(value)];
  };
}
