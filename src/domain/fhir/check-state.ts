import type { Text } from '../../kernel/i18n.js';
import { newScope, Node, type Scope } from './fhirpath/items.js';
import { makeIssue, ruleIssue, type FhirIssue, type IssueCode } from './issue.js';
import type { Rule } from './invariants.js';

/** Thrown to leave the walk: the resource is too large, too deep or has too many errors. Already reported. */
export class Stop extends Error {}

export interface Limits {
  /** Levels of elements within elements; the JSON reader admits no more either. */
  readonly maxDepth: number;
  /** Elements of one resource, those of a Bundle's entries included. */
  readonly maxElements: number;
  readonly maxIssues: number;
  /** Elements that the rules of the standard may visit, all together. */
  readonly maxSteps: number;
}

/** One walk over one resource: where it is, what it found, how much it may still do. */
export interface CheckState {
  readonly limits: Limits;
  readonly withWarnings: boolean;
  readonly issues: FhirIssue[];
  /** Names and indexes from the root to here. */
  readonly path: (string | number)[];
  readonly scope: Scope;
  /** Resource types by fullUrl of the innermost Bundle, made when a urn is first looked up. */
  bundle: Readonly<Record<string, unknown>> | null;
  fullUrls: Map<string, string> | null;
  elements: number;
  depth: number;
}

export function newState(resource: unknown, rootName: string, limits: Limits, withWarnings: boolean): CheckState {
  const node = new Node(resource, undefined, rootName);
  return {
    limits,
    withWarnings,
    issues: [],
    path: [rootName],
    scope: newScope(node, limits.maxSteps),
    bundle: null,
    fullUrls: null,
    elements: 0,
    depth: 0,
  };
}

export function locationOf(path: readonly (string | number)[]): string {
  let text = '';
  for (const part of path) text += typeof part === 'number' ? `[${part}]` : text === '' ? part : `.${part}`;
  return text;
}

/** @param below name of an element under the current place */
export function report(
  state: CheckState,
  code: IssueCode,
  parameters?: Readonly<Record<string, string | Text>>,
  below?: string,
): void {
  const location = locationOf(below === undefined ? state.path : [...state.path, below]);
  add(state, makeIssue(code, location, parameters));
}

export function reportRule(state: CheckState, rule: Rule): void {
  add(state, ruleIssue(rule.key, rule.severity, rule.words, locationOf(state.path)));
}

function add(state: CheckState, issue: FhirIssue): void {
  const { maxIssues } = state.limits;
  if (state.issues.length < maxIssues) {
    state.issues.push(issue);
    return;
  }
  state.issues.push(makeIssue('fhir.more', locationOf(state.path.slice(0, 1)), { max: String(maxIssues) }));
  throw new Stop();
}

/** Counts one element. @throws Stop when there are too many */
export function countElement(state: CheckState): void {
  state.elements += 1;
  if (state.elements <= state.limits.maxElements) return;
  report(state, 'fhir.too-large', { max: String(state.limits.maxElements) });
  throw new Stop();
}
