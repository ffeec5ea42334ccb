import { compileToItems } from './compile.js';
import { newScope, resourceNode, toJson } from './items.js';

export { ExpressionError } from './syntax-error.js';
export { NotDecidable, TooCostly } from './items.js';

export interface CompiledExpression {
  /**
   * The collection as JSON values: FHIR elements as they are, dates as text, decimals as numbers.
   *
   * @param resource a FHIR R4 resource as parsed JSON; it is `%resource`, `%rootResource` and `%context`
   * @throws NotDecidable when a value needs what only a full evaluator offers (units to convert)
   * @throws TooCostly when more than `maxSteps` elements are visited
   */
  evaluate(resource: unknown, maxSteps?: number): unknown[];
}

const MAX_STEPS = 1_000_000;

/**
 * FHIRPath (http://hl7.org/fhirpath/N1) over FHIR R4 as a closure, built once: no `eval`, no regular expressions of the
 * caller, no access to anything but the resource. Left out, and refused here rather than answered wrongly: `resolve`,
 * `matches`, `replaceMatches`, `trace`, `now`, `today`, `aggregate`, `~`, date arithmetic, unit conversion.
 *
 * @throws ExpressionError `fhirpath.syntax` or `fhirpath.not-supported`, with line and column
 */
export function compileExpression(source: string): CompiledExpression {
  const evaluator = compileToItems(source);
  return {
    evaluate(resource, maxSteps = MAX_STEPS) {
      const root = resourceNode(resource);
      const scope = newScope(root, maxSteps);
      return evaluator([root], scope).map(toJson);
    },
  };
}
