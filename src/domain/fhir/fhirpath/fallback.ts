import fhirpath, { type Model } from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4/index.js';
import { JsonNumber } from '../../../kernel/json/value.js';
import {
  ADMITTED_ENVIRONMENT,
  ADMITTED_FUNCTIONS,
  ADMITTED_NODES,
  isElementName,
  LENGTHENING,
  MOST_LENGTHENING,
} from './admitted.js';
import { NotDecidable, TooCostly } from './items.js';
import { ExpressionError } from './syntax-error.js';

/** A node of the package's syntax tree; only what is looked at here. */
interface SyntaxNode {
  readonly type: string;
  readonly text?: string;
  readonly delimitedText?: string;
  readonly start?: { readonly line: number; readonly column: number };
  readonly children?: readonly SyntaxNode[];
}

/** Longer expressions take the package's parser longer than anything should take. */
const LONGEST = 600;
const MOST_ELEMENTS = 20_000;
const DEEPEST_INPUT = 64;
/** Work within one call of the package cannot be stopped; this keeps what it is given small. */
const LARGEST_COLLECTION = 1_000;
const LONGEST_TEXT = 100_000;

/**
 * An expression that is not compiled, evaluated by the `fhirpath` package, when everything in it is on the list of
 * admitted.ts.
 *
 * @param source parsed by our own parser already, so that it is short in depth and its syntax is right
 * @returns the evaluation: JSON values out, the resource untouched
 * @throws ExpressionError `fhirpath.not-supported` at the first thing that is not admitted
 */
export function admit(source: string): (resource: unknown, maxSteps: number) => unknown[] {
  if (source.length > LONGEST) throw refused(`An expression of more than ${LONGEST} characters`, source, undefined);
  const { hasSum } = checkTree(parse(source), source);
  let steps = 0;
  let limit = 0;
  const evaluate = fhirpath.compile(source, r4 as Model, {
    async: false,
    traceFn: () => undefined,
    debugger: (_context: unknown, _focus: unknown, result: unknown) => {
      const found: unknown[] = Array.isArray(result) ? result : [];
      steps += 1 + found.length;
      if (steps > limit || found.length > LARGEST_COLLECTION || isLongText(found))
        throw new TooCostly('The expression visits too many elements');
      // Added to a date it would be cut to a whole number, and the package prints both.
      if (hasSum && found.some(isPartOfDuration)) throw new NotDecidable('A part of a day or longer is not added');
    },
  });
  return (resource, maxSteps) => {
    const input = copyOf(resource);
    steps = 0;
    limit = maxSteps;
    try {
      const variables = { resource: input, rootResource: input, context: input };
      // Without `async` there is never a promise.
      return (evaluate(input, variables) as unknown[]).map(toPlain);
    } catch (error) {
      if (error instanceof TooCostly) throw error;
      // The package's messages may quote what it met.
      throw new NotDecidable('The expression has no answer on this resource');
    }
  };
}

const DURATION = /^'?(?:a|mo|wk|d|h|min|(?:year|month|week|day|hour|minute)s?)'?$/;

/** A quantity such as 7.7 days, as a value of the package or as an element. */
function isPartOfDuration(item: unknown): boolean {
  const outer = item as { data?: unknown } | null | undefined;
  const { value, unit, code } = (outer?.data ?? outer ?? {}) as { value?: unknown; unit?: unknown; code?: unknown };
  // A decimal of the package is an object that gives its text.
  const text = typeof value === 'number' ? value : (value as { toString(): string } | undefined)?.toString();
  if (text === undefined || Number.isInteger(Number(text))) return false;
  return DURATION.test(String(unit)) || DURATION.test(String(code));
}

const isLongText = ([first]: readonly unknown[]): boolean => typeof first === 'string' && first.length > LONGEST_TEXT;

function parse(source: string): SyntaxNode {
  try {
    return fhirpath.parse(source) as SyntaxNode;
  } catch {
    throw new ExpressionError('fhirpath.syntax', 'This is no FHIRPath expression', source, 0);
  }
}

/** @throws ExpressionError at the first thing that is not admitted */
function checkTree(tree: SyntaxNode, source: string): { readonly hasSum: boolean } {
  let lengthening = 0;
  let hasSum = false;
  const visit = (node: SyntaxNode, above: SyntaxNode | undefined): void => {
    const place = node.start === undefined ? above : node;
    if (!ADMITTED_NODES.has(node.type)) throw refused(nameOf(node), source, place);
    if (node.type === 'TypeSpecifier') return;
    if (node.type === 'AdditiveExpression') hasSum = true;
    if (node.type === 'MemberInvocation' && !isElementName(identifierOf(node)))
      throw refused('This name, which is no element of R4,', source, place);
    if (node.type === 'ExternalConstantTerm' && !ADMITTED_ENVIRONMENT.has(identifierOf(node.children?.[0])))
      throw refused('This variable', source, place);
    if (node.type === 'FunctionInvocation') {
      const name = checkCall(node, source, place);
      if (LENGTHENING.has(name) && (lengthening += 1) > MOST_LENGTHENING)
        throw refused('So many functions that lengthen a text', source, place);
      if (TAKES_TYPE.has(name)) return;
    }
    for (const child of node.children ?? []) visit(child, place);
  };
  visit(tree, undefined);
  return { hasSum };
}

/** What they are given is a name with or without its namespace, and is read as such. */
const TAKES_TYPE = new Set(['is', 'as', 'ofType']);

/** Calls are named by an identifier, or by a keyword (`sort`). */
function checkCall(node: SyntaxNode, source: string, place: SyntaxNode | undefined): string {
  const call = node.children?.[0];
  const name = identifierOf(call);
  const arity = ADMITTED_FUNCTIONS.get(name);
  if (arity === undefined) throw refused(`The function ${/^\w{1,40}$/.test(name) ? name : '…'}()`, source, place);
  const args = (call?.children ?? []).flatMap((child) =>
    child.type === 'ParamList' ? (child.children ?? []) : child.type === 'Identifier' ? [] : [child],
  );
  if (args.length < arity[0] || args.length > arity[1])
    throw new ExpressionError(
      'fhirpath.syntax',
      `${name}() takes another number of arguments`,
      source,
      offsetOf(source, place),
    );
  if (name === 'repeat' && !isPath(args[0])) throw refused('repeat() of anything but a path', source, place);
  if (TAKES_TYPE.has(name) && !isPath(args[0])) throw refused('A type that is no name', source, place);
  return name;
}

/** Only steps along elements: what `repeat` finds is then in the resource, and ends with it. */
function isPath(node: SyntaxNode | undefined): boolean {
  if (node === undefined) return false;
  const isStep = [
    'TermExpression',
    'InvocationTerm',
    'InvocationExpression',
    'ParenthesizedTerm',
    'UnionExpression',
    'MemberInvocation',
  ].includes(node.type);
  return node.type === 'Identifier' || (isStep && (node.children ?? []).every(isPath));
}

/** The name in a node, without the backticks that may stand around it. */
function identifierOf(node: SyntaxNode | undefined): string {
  const text =
    node?.type === 'Identifier'
      ? node.text
      : (node?.children?.find(({ type }) => type === 'Identifier')?.text ?? node?.text);
  return text?.replace(/^[`'](.*)[`']$/, '$1') ?? '';
}

const NAMES: Readonly<Record<string, string>> = {
  TotalInvocation: '$total',
  InstanceSelectorTerm: 'The construction of an object',
};
const nameOf = ({ type }: SyntaxNode): string => NAMES[type] ?? 'This';

function refused(what: string, source: string, place: SyntaxNode | undefined): ExpressionError {
  return new ExpressionError('fhirpath.not-supported', `${what} is not offered here`, source, offsetOf(source, place));
}

function offsetOf(source: string, place: SyntaxNode | undefined): number {
  if (place?.start === undefined) return 0;
  const lines = source.split('\n').slice(0, place.start.line - 1);
  return lines.reduce((sum, line) => sum + line.length + 1, 0) + place.start.column - 1;
}

/** The package writes on what it is given, and knows no numbers kept as text. */
function copyOf(resource: unknown): unknown {
  let elements = 0;
  const copy = (value: unknown, depth: number): unknown => {
    if ((elements += 1) > MOST_ELEMENTS || depth > DEEPEST_INPUT) throw new TooCostly('The resource is too large');
    if (value instanceof JsonNumber) return Number(value);
    if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copy(member, depth + 1)]));
  };
  return copy(resource, 0);
}

/** Dates and quantities of the package are objects that carry their text; on others it leaves hidden marks. */
function toPlain(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 'asStr' in value) return value.asStr;
  return typeof value === 'object' ? structuredClone(value) : value;
}
