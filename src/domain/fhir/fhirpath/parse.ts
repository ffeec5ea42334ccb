import { ExpressionError } from './syntax-error.js';
import { tokenize, type Token } from './tokens.js';

/** The syntax tree of an expression. `at` is the offset in the source. */
export type Expression =
  | { readonly kind: 'string' | 'number' | 'temporal'; readonly text: string; readonly at: number }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly at: number }
  | { readonly kind: 'quantity'; readonly text: string; readonly unit: string; readonly at: number }
  | { readonly kind: 'empty' | 'this' | 'index' | 'total'; readonly at: number }
  | { readonly kind: 'env'; readonly name: string; readonly at: number }
  | { readonly kind: 'member'; readonly target: Expression | null; readonly name: string; readonly at: number }
  | {
      readonly kind: 'call';
      readonly target: Expression | null;
      readonly name: string;
      readonly args: readonly Expression[];
      readonly at: number;
    }
  | { readonly kind: 'item'; readonly target: Expression; readonly position: Expression; readonly at: number }
  | { readonly kind: 'sign'; readonly operator: '+' | '-'; readonly operand: Expression; readonly at: number }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: number;
    }
  | {
      readonly kind: 'type';
      readonly operator: 'is' | 'as';
      readonly operand: Expression;
      readonly type: string;
      readonly at: number;
    };

/** Lowest first (FHIRPath 2.0.0 section 6.9); `is` and `as` sit between `|` and `+`. */
const LEVELS: readonly (readonly string[])[] = [
  ['implies'],
  ['or', 'xor'],
  ['and'],
  ['in', 'contains'],
  ['=', '~', '!=', '!~'],
  ['<', '>', '<=', '>='],
  ['|'],
  ['is', 'as'],
  ['+', '-', '&'],
  ['*', '/', 'div', 'mod'],
];
const UNITS = new Set(
  ['year', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'].flatMap((unit) => [unit, `${unit}s`]),
);
const WORD_OPERATORS = new Set(['implies', 'or', 'xor', 'and', 'in', 'contains', 'is', 'as', 'div', 'mod']);
/** Words that are names in backticks only (FHIRPath 2.0.0 section 7); `as`, `contains`, `in` and `is` may be names. */
const RESERVED = new Set(['and', 'div', 'false', 'implies', 'mod', 'or', 'true', 'xor']);
/** Brackets within brackets; more is nobody's expression and would only exhaust the stack. */
const DEEPEST = 100;

/** @throws ExpressionError `fhirpath.syntax` with line and column */
export function parseExpression(source: string): Expression {
  const tokens = tokenize(source);
  let next = 0;
  let depth = 0;
  const peek = (): Token => tokens[next]!;
  const isSymbol = (text: string): boolean => peek().kind === 'symbol' && peek().text === text;
  const fail = (message: string, at = peek().at): never => {
    throw new ExpressionError('fhirpath.syntax', message, source, at);
  };
  const expect = (text: string): void => {
    if (!isSymbol(text)) fail(`Expected ${text}`);
    next += 1;
  };

  function operatorAt(level: number): string | undefined {
    const { kind, text } = peek();
    const isOperator = kind === 'symbol' || (kind === 'name' && WORD_OPERATORS.has(text));
    return isOperator && LEVELS[level]!.includes(text) ? text : undefined;
  }

  function binary(level: number): Expression {
    if (level === LEVELS.length) return signed();
    let left = binary(level + 1);
    for (let operator = operatorAt(level); operator !== undefined; operator = operatorAt(level)) {
      const { at } = peek();
      next += 1;
      if (operator === 'is' || operator === 'as')
        left = { kind: 'type', operator, operand: left, type: typeName(), at };
      else left = { kind: 'binary', operator, left, right: binary(level + 1), at };
    }
    return left;
  }

  function typeName(): string {
    const first = name();
    if (!isSymbol('.')) return first;
    next += 1;
    return `${first}.${name()}`;
  }

  function name(): string {
    const { kind, text } = peek();
    if ((kind !== 'name' && kind !== 'quoted') || (kind === 'name' && RESERVED.has(text)))
      return fail('Expected a name');
    next += 1;
    return text;
  }

  function signed(): Expression {
    const { at, text } = peek();
    if (!isSymbol('+') && !isSymbol('-')) return postfix();
    next += 1;
    if ((depth += 1) > DEEPEST) fail('Nested too deeply');
    const operand = signed();
    depth -= 1;
    return { kind: 'sign', operator: text as '+' | '-', operand, at };
  }

  function postfix(): Expression {
    let target = primary();
    for (;;) {
      const { at } = peek();
      if (isSymbol('.')) {
        next += 1;
        target = invocation(target);
      } else if (isSymbol('[')) {
        next += 1;
        const position = nested();
        expect(']');
        target = { kind: 'item', target, position, at };
      } else return target;
    }
  }

  function nested(): Expression {
    if ((depth += 1) > DEEPEST) fail('Nested too deeply');
    const inner = binary(0);
    depth -= 1;
    return inner;
  }

  function invocation(target: Expression | null): Expression {
    const { at, kind, text } = peek();
    if (kind === 'special') {
      next += 1;
      return { kind: text.slice(1) as 'this' | 'index' | 'total', at };
    }
    const called = name();
    if (!isSymbol('(')) return { kind: 'member', target, name: called, at };
    next += 1;
    const args: Expression[] = [];
    const argument = (): void => {
      args.push(nested());
      // `sort(a desc)`: the direction is left to whoever offers sort.
      if (called === 'sort' && peek().kind === 'name' && /^(?:a|de)sc$/.test(peek().text)) next += 1;
    };
    if (!isSymbol(')')) {
      argument();
      while (isSymbol(',')) {
        next += 1;
        argument();
      }
    }
    expect(')');
    return { kind: 'call', target, name: called, args, at };
  }

  function primary(): Expression {
    const { kind, text, at } = peek();
    if (kind === 'string' || kind === 'temporal') {
      next += 1;
      return { kind, text, at };
    }
    if (kind === 'number') {
      next += 1;
      const unit = peek();
      if (unit.kind !== 'string' && !(unit.kind === 'name' && UNITS.has(unit.text))) return { kind, text, at };
      next += 1;
      return { kind: 'quantity', text, unit: unit.kind === 'string' ? `'${unit.text}'` : unit.text, at };
    }
    if (kind === 'env') {
      next += 1;
      return { kind, name: text, at };
    }
    if (kind === 'name' && (text === 'true' || text === 'false')) {
      next += 1;
      return { kind: 'boolean', value: text === 'true', at };
    }
    if (isSymbol('(')) {
      next += 1;
      const inner = nested();
      expect(')');
      return inner;
    }
    if (isSymbol('{')) {
      next += 1;
      expect('}');
      return { kind: 'empty', at };
    }
    return invocation(null);
  }

  const expression = nested();
  if (peek().kind !== 'end') fail('Unexpected text after the expression');
  return expression;
}
