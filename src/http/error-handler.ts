import { RelaisError } from '../kernel/errors.js';
import { errorText } from './error-texts.js';
import { presentOutcome, presentProblem, type Presentation } from './problem.js';
import type { Reply } from './route.js';
import { isLinkPath, linkErrorPage } from './site/links/error-page.js';

/**
 * The one place where an error becomes an answer: an OperationOutcome under /fhir, a page under /access,
 * a problem document elsewhere. What
 * is no RelaisError is a fault of ours: the caller learns only that.
 */
export function presentError(error: unknown, path: string, presentation: Presentation): Reply {
  const known = asRelaisError(error);
  if (isLinkPath(path)) return linkErrorPage(known, presentation.lang);
  const fhir = path === '/fhir' || path.startsWith('/fhir/');
  return fhir ? presentOutcome(known, presentation) : presentProblem(known, presentation);
}

/** The error itself, or the generic one: its message and stack may hold anything, so nothing of them is kept. */
export function asRelaisError(error: unknown): RelaisError {
  if (error instanceof RelaisError) return error;
  return new RelaisError('internal', 500, 'exception', errorText('internal').en, { cause: error });
}

/** What may be logged of an error that is none of ours: its class, and the code that a library gave it. */
export function causeOf(error: unknown): string {
  const cause = error instanceof RelaisError ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return typeof cause;
  const code = 'code' in cause && typeof cause.code === 'string' ? `:${cause.code}` : '';
  return `${cause.name}${code}`;
}
