import { compileToItems, type Evaluator } from './compile.js';
import { admit } from './fallback.js';
import { Ambiguous, newScope, Node, NotDecidable, resourceNode, toJson } from './items.js';
import { ExpressionError } from './syntax-error.js';

export { ExpressionError } from './syntax-error.js';
export { NotDecidable, TooCostly } from './items.js';

export interface CompiledExpression {
  /** `compiled`: a closure of ours. `fhirpath`: evaluated by the package of that name, slower by two orders of magnitude. */
  readonly engine: 'compiled' | 'fhirpath';
  /**
   * The collection as JSON values: FHIR elements as they are, dates as text, decimals as numbers. The resource is left as
   * it is.
   *
   * @param resource a FHIR R4 resource as parsed JSON; it is `%resource`, `%rootResource` and `%context`
   * @param maxSteps elements that may be visited; 1,000,000 where compiled, 20,000 by the package
   * @throws NotDecidable when the expression has no answer on this resource (FHIRPath: "signals an error"), or one that
   *   only a part of FHIRPath that is not offered could give
   * @throws TooCostly when more is visited, or the resource is too large for the package
   */
  evaluate(resource: unknown, maxSteps?: number): unknown[];
}

export interface ExpressionOptions {
  /** False: nothing is ever handed to the `fhirpath` package; what is not compiled is an ExpressionError or NotDecidable. */
  readonly fallback?: boolean;
}

const MAX_STEPS = 1_000_000;
const MAX_FALLBACK_STEPS = 20_000;

/**
 * FHIRPath (http://hl7.org/fhirpath/N1) over FHIR R4: a closure, built once, for what can be compiled; the `fhirpath`
 * package for the rest of what is on a list (see admitted.ts). No `eval`, no regular expressions of the caller, no
 * network, nothing printed, no access to anything but the resource. Where a compiled expression meets a value that it
 * cannot decide (units to convert), the package is asked for that value.
 *
 * @throws ExpressionError `fhirpath.syntax` or `fhirpath.not-supported`, with line and column
 */
export function compileExpression(source: string, { fallback = true }: ExpressionOptions = {}): CompiledExpression {
  const compiled = tryCompile(source);
  if (compiled instanceof ExpressionError) {
    if (!fallback || compiled.code === 'fhirpath.syntax') throw compiled;
    const evaluate = admit(source);
    return { engine: 'fhirpath', evaluate: (resource, maxSteps = MAX_FALLBACK_STEPS) => evaluate(resource, maxSteps) };
  }
  let admitted: ReturnType<typeof admit> | null | undefined;
  return {
    engine: 'compiled',
    evaluate(resource, maxSteps = MAX_STEPS) {
      try {
        const root = resourceNode(resource);
        const items = compiled([root], newScope(root, maxSteps));
        // An element that is only an id or extensions has no value to give.
        return items.filter((item) => !(item instanceof Node) || item.value != null).map(toJson);
      } catch (error) {
        if (!(error instanceof NotDecidable) || error instanceof Ambiguous || !fallback) throw error;
        admitted ??= tryAdmit(source);
        if (admitted === null) throw error;
        return admitted(resource, Math.min(maxSteps, MAX_FALLBACK_STEPS));
      }
    },
  };
}

function tryCompile(source: string): Evaluator | ExpressionError {
  try {
    return compileToItems(source);
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
}

function tryAdmit(source: string): ReturnType<typeof admit> | null {
  try {
    return admit(source);
  } catch (error) {
    if (error instanceof ExpressionError) return null;
    throw error;
  }
}
