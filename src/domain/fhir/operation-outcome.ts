import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4.js';
import type { RelaisError } from '../../kernel/errors.js';
import { say, type Lang } from '../../kernel/i18n.js';
import type { FhirIssue } from './issue.js';

/** CodeSystem of Relais' stable error codes, in `details.coding` beside the readable text. */
export const ERROR_CODES = 'urn:relais:error-codes';

/**
 * FHIR R4 OperationOutcome (https://hl7.org/fhir/R4/operationoutcome.html) of a validation. An outcome needs at least
 * one issue: without any it says that all is well (severity `information`).
 */
export function operationOutcome(issues: readonly FhirIssue[], lang: Lang): OperationOutcome {
  if (issues.length === 0)
    return outcome([{ severity: 'information', code: 'informational', details: { text: say(ALL_WELL, lang) } }]);
  return outcome(
    issues.map(({ severity, code, issueType, location, message }) => ({
      severity,
      code: issueType,
      details: { coding: [{ system: ERROR_CODES, code }], text: message[lang] },
      expression: [location],
    })),
  );
}
const ALL_WELL = { en: 'No errors were found.', fr: 'Aucune erreur n’a été trouvée.' };

/**
 * An error as OperationOutcome: first the error itself, then each violation at its place.
 *
 * @param text the error in the reader's language, where the caller has it; the error's own English words otherwise
 */
export function fromRelaisError(error: RelaisError, lang: Lang, text?: string): OperationOutcome {
  const severity = error.status >= 500 && error.issueType === 'exception' ? 'fatal' : 'error';
  const coding = (code: string) => [{ system: ERROR_CODES, code }];
  const first: OperationOutcomeIssue = {
    severity,
    code: error.issueType,
    details: { coding: coding(error.code), text: text ?? FALLBACK[lang](error.message) },
  };
  const violations = error.violations.map(({ path, rule, message }): OperationOutcomeIssue => {
    // A JSON Pointer is no FHIRPath: it goes to diagnostics, a FHIRPath location to expression.
    const place =
      path === '' || path.startsWith('/') ? { diagnostics: path === '' ? '/' : path } : { expression: [path] };
    return { severity: 'error', code: error.issueType, details: { coding: coding(rule), text: message }, ...place };
  });
  return outcome([first, ...violations]);
}
/** Messages of errors are written in English; a French reader is told so rather than left to wonder. */
const FALLBACK = { en: (message: string) => message, fr: (message: string) => `(en anglais) ${message}` };

function outcome(issue: OperationOutcomeIssue[]): OperationOutcome {
  return { resourceType: 'OperationOutcome', issue };
}
