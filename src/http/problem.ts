import type { RelaisError, Violation } from '../kernel/errors.js';
import { say, type Lang } from '../kernel/i18n.js';
import { errorText } from './error-texts.js';
import type { Reply } from './route.js';
import { ruleText } from './rule-texts.js';

export interface Presentation {
  readonly lang: Lang;
  readonly requestId: string;
  readonly publicUrl: string;
}

/** Members that the problem document gives a meaning of its own; details never overwrite them. */
const OWN = new Set(['type', 'title', 'status', 'detail', 'code', 'violations', 'requestId']);

/**
 * RFC 9457. `type` leads to the sentence about this code in the documentation; `title` is that sentence; `detail` says
 * it with this request's place. Nothing of the input is in it.
 */
export function presentProblem(error: RelaisError, { lang, requestId, publicUrl }: Presentation): Reply {
  // Details of a fault of ours (a database's code) are for the log.
  const extensions = error.status >= 500 ? [] : Object.entries(error.details).filter(([name]) => !OWN.has(name));
  return {
    status: error.status,
    contentType: 'application/problem+json',
    headers: headersOf(error, lang),
    body: {
      type: `${publicUrl}/docs/errors#${error.code}`,
      title: titleOf(error, lang),
      status: error.status,
      detail: lang === 'en' && error.code !== 'internal' ? error.message : titleOf(error, lang),
      code: error.code,
      ...(error.violations.length > 0 && {
        violations: error.violations.map(({ path, rule, message }) => ({
          path,
          rule,
          message: ruleText(rule, message, lang),
        })),
      }),
      ...Object.fromEntries(extensions),
      // A 404 has the same bytes for every id that cannot be seen, so it repeats nothing; the header has the id.
      ...(error.status !== 404 && { requestId }),
    },
  };
}

/** FHIR R4 OperationOutcome (https://hl7.org/fhir/R4/operationoutcome.html): one issue per violation, or one. */
export function presentOutcome(error: RelaisError, { lang, publicUrl }: Presentation): Reply {
  const system = `${publicUrl}/docs/errors`;
  const title = titleOf(error, lang);
  const issue = (violation: Violation | null): object => ({
    severity: error.status >= 500 ? 'fatal' : 'error',
    code: error.issueType,
    details: {
      coding: [
        { system, code: error.code },
        ...(violation !== null && violation.rule !== error.code ? [{ system, code: violation.rule }] : []),
      ],
      text: violation === null ? title : ruleText(violation.rule, violation.message, lang),
    },
    ...(violation !== null && isFhirPath(violation.path) && { expression: [violation.path] }),
    ...(violation !== null && violation.path !== '' && !isFhirPath(violation.path) && { diagnostics: violation.path }),
  });
  return {
    status: error.status,
    contentType: 'application/fhir+json',
    headers: headersOf(error, lang),
    body: {
      resourceType: 'OperationOutcome',
      issue: error.violations.length > 0 ? error.violations.map(issue) : [issue(null)],
    },
  };
}

function isFhirPath(path: string): boolean {
  return /^[A-Z]\w*(\.|$|\[)/.test(path);
}

function titleOf(error: RelaisError, lang: Lang): string {
  const parameters = Object.entries(error.details).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : String(value),
  ]);
  return say(errorText(error.code), lang, Object.fromEntries(parameters) as Record<string, string>);
}

function headersOf(error: RelaisError, lang: Lang): Record<string, string> {
  const { code, status, retryAfterSeconds, details } = error;
  return {
    'content-language': lang,
    ...(status === 401 && { 'www-authenticate': challenge(code) }),
    ...(code === 'auth.scope-missing' && {
      // RFC 6750 section 3.1
      'www-authenticate': `Bearer realm="relais", error="insufficient_scope", scope="${String(details['scope'])}"`,
    }),
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    ...(code === 'request.content-encoding' && { 'accept-encoding': 'identity' }),
    ...(code === 'request.method' && { allow: (details['allowed'] as readonly string[]).join(', ') }),
  };
}

/** RFC 6750 section 3: no error code where no token was sent. */
function challenge(code: string): string {
  const sent = code.startsWith('auth.token-') && code !== 'auth.token-missing';
  return `Bearer realm="relais"${sent ? ', error="invalid_token"' : ''}`;
}
