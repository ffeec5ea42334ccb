import { locationOf, newState, Stop, type Limits } from './check-state.js';
import { checkResource } from './check-type.js';
import { TooCostly } from './fhirpath/items.js';
import { makeIssue, type FhirIssue } from './issue.js';
import { isMembers } from './members.js';
import { isResourceType } from './model.js';
import { isSurelyValid } from './recognise.js';

export type { FhirIssue } from './issue.js';

export interface ValidateOptions extends Partial<Limits> {
  /** Also report the standard's recommendations (`warning` rules such as dom-6, "should have narrative"). */
  readonly withWarnings?: boolean;
}

const DEFAULT_LIMITS: Limits = { maxDepth: 64, maxElements: 50_000, maxIssues: 100, maxSteps: 200_000 };

/**
 * Checks a resource against base FHIR R4 (https://hl7.org/fhir/R4/validation.html): structure, cardinality, JSON
 * kinds, formats, choices, required value sets, reference targets and the rules (invariants) of the standard, in
 * Bundles, contained resources and Parameters too. Pure; nothing is fetched; profiles are not looked at.
 *
 * Open value sets (media types, UCUM units) and rule ctm-1 are not decided. Work is bounded: past the limits the walk
 * ends with an error (`fhir.too-large`, `fhir.too-deep`, `fhir.too-costly`), never with silence.
 *
 * @param resource parsed JSON; decimals as numbers or as JsonNumber; members that are `undefined` count as absent
 * @returns all issues in document order; empty when valid. They repeat nothing of the input.
 */
export function validateResource(resource: unknown, options: ValidateOptions = {}): FhirIssue[] {
  if (!isMembers(resource)) return [makeIssue('fhir.not-an-object', 'Resource')];
  const { resourceType } = resource;
  if (typeof resourceType !== 'string' || !isResourceType(resourceType)) {
    return [makeIssue('fhir.unknown-resource', 'Resource')];
  }
  const limits = {
    maxDepth: options.maxDepth ?? DEFAULT_LIMITS.maxDepth,
    maxElements: options.maxElements ?? DEFAULT_LIMITS.maxElements,
    maxIssues: options.maxIssues ?? DEFAULT_LIMITS.maxIssues,
    maxSteps: options.maxSteps ?? DEFAULT_LIMITS.maxSteps,
  };
  if (options.withWarnings !== true && isSurelyValid(resource, resourceType, limits)) return [];
  const state = newState(resource, resourceType, limits, options.withWarnings === true);
  try {
    checkResource(resource, resourceType, state);
  } catch (error) {
    if (error instanceof TooCostly) state.issues.push(makeIssue('fhir.too-costly', locationOf(state.path)));
    else if (!(error instanceof Stop)) throw error;
  }
  return state.issues;
}
