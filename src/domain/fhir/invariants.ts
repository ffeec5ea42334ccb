import { R4_INVARIANTS } from './generated/r4-invariants.js';
import { typeInfo } from './model.js';
import { compileToItems, type Evaluator } from './fhirpath/compile.js';
import { fastTest, type FastTest } from './fhirpath/fast-test.js';
import { truthOf } from './fhirpath/functions.js';
import { NO_INDEX, Node, NotDecidable, type Scope } from './fhirpath/items.js';
import { ExpressionError } from './fhirpath/syntax-error.js';
import { parseExpression } from './fhirpath/parse.js';
import { readsOf } from './fhirpath/reads.js';
import { HOLDS_SURELY, NATIVE_READS, NATIVE_RULES } from './native-rules.js';

/** A rule of the standard, ready to be asked about an element. */
export interface Rule {
  readonly key: string;
  readonly severity: 'error' | 'warning';
  /** The standard's own words. */
  readonly words: string;
  /** True when the rule holds, or when it cannot be decided (dates of unequal precision, units to convert). */
  readonly holds: (value: unknown, sibling: unknown, scope: Scope) => boolean;
  /** True only when it holds, told without an evaluator and whatever stands around the element; false says nothing. */
  readonly holdsSurely: (value: unknown) => boolean;
  /** Elements that it looks at; null when it may look at anything. Where none is there, it says one thing always. */
  readonly reads: ReadonlySet<string> | null;
}

/** What the rule says of resources in the standard's published form. */
export interface RuleSource {
  readonly key: string;
  readonly severity: 'error' | 'warning';
  readonly expression: string;
  readonly words: string;
}

/** Rules that this validator does not decide, and why. Everything else in R4_INVARIANTS is checked. */
export const UNDECIDED_RULES: Readonly<Record<string, string>> = {
  'ctm-1': 'asks for the resource behind a reference (resolve())',
};

const HOLDS = 1;
const rules = new Map<string, Rule | null>();

export function ruleSource(name: string): RuleSource {
  const [severity, expression, words] = JSON.parse(R4_INVARIANTS[name]!) as ['error' | 'warning', string, string];
  return { key: name.slice(name.lastIndexOf('.') + 1), severity, expression, words };
}

/**
 * @param name a name in R4_INVARIANTS
 * @param type the type of the elements that will be asked about
 * @returns null for the rules of UNDECIDED_RULES
 */
export function ruleFor(name: string, type: string): Rule | null {
  const id = `${name}|${type}`;
  let rule = rules.get(id);
  if (rule === undefined) {
    rule = Object.hasOwn(UNDECIDED_RULES, name) ? null : buildRule(name, type);
    rules.set(id, rule);
  }
  return rule;
}

function buildRule(name: string, type: string): Rule {
  const { key, severity, expression, words } = ruleSource(name);
  const known = surelyOf(name);
  const surely = known ?? never;
  const native = Object.hasOwn(NATIVE_RULES, key) ? NATIVE_RULES[key] : undefined;
  if (native !== undefined) {
    return { key, severity, words, holds: native, holdsSurely: surely, reads: NATIVE_READS[key] ?? null };
  }
  const reads = readsOf(parseExpression(expression), type);
  const fast = typeInfo(type)?.kind === 'primitive' ? undefined : fastTest(expression, type);
  if (fast !== undefined) {
    const holds = holdsFast(fast);
    return { key, severity, words, holds, holdsSurely: known ?? holds, reads };
  }
  const general = holdsGenerally(compileToItems(expression, { ofTheStandard: true }), type);
  const holds: Rule['holds'] = (value, sibling, scope) => surely(value) || general(value, sibling, scope);
  return { key, severity, words, holds, holdsSurely: surely, reads };
}

/** By the rule's name, since several resources have an `inv-1` of their own; else by its key. */
export function surelyOf(name: string): ((value: unknown) => boolean) | undefined {
  const key = name.slice(name.lastIndexOf('.') + 1);
  if (Object.hasOwn(HOLDS_SURELY, name)) return HOLDS_SURELY[name];
  return Object.hasOwn(HOLDS_SURELY, key) ? HOLDS_SURELY[key] : undefined;
}

const never = (): boolean => false;

function holdsFast(test: FastTest): (value: unknown) => boolean {
  return (value) => test(value as Readonly<Record<string, unknown>>) === HOLDS;
}

/** A rule that gives nothing does not hold, unless the nothing comes from a comparison that was left open. */
function holdsGenerally(evaluate: Evaluator, type: string): Rule['holds'] {
  return (value, sibling, scope) => {
    const node = new Node(value, sibling, type);
    scope.context = node;
    scope.undecided = false;
    scope.index = NO_INDEX;
    try {
      return truthOf(evaluate([node], scope)) ?? scope.undecided;
    } catch (error) {
      if (error instanceof NotDecidable) return true;
      throw error;
    }
  };
}

/** For the tests and the documentation: which rules are decided how. */
export function ruleCoverage(): { total: number; decided: number; undecided: string[] } {
  const undecided = Object.keys(R4_INVARIANTS).filter((name) => {
    const { key, expression } = ruleSource(name);
    if (Object.hasOwn(NATIVE_RULES, key)) return false;
    if (Object.hasOwn(UNDECIDED_RULES, name)) return true;
    try {
      compileToItems(expression, { ofTheStandard: true });
      return false;
    } catch (error) {
      if (error instanceof ExpressionError) return true;
      throw error;
    }
  });
  const total = Object.keys(R4_INVARIANTS).length;
  return { total, decided: total - undecided.length, undecided };
}
