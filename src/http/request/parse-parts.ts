import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { notFound, RelaisError, type Violation } from '../../kernel/errors.js';
import type { JsonValue } from '../../kernel/json.js';

/** A path that no id can have is answered like an id that does not exist (threats 11 and 15). */
export function parseParams(schema: z.ZodObject | undefined, params: unknown): unknown {
  const parsed = schema?.safeParse(params);
  if (parsed?.success === false) throw notFound();
  return parsed?.data ?? {};
}

/**
 * Each parameter at most once, none that is not known: a misspelt filter must not read as "no filter".
 *
 * @throws RelaisError 400 `request.query-invalid`
 */
export function parseQuery(schema: z.ZodObject | undefined, url: string): unknown {
  const at = url.indexOf('?');
  const known = schema === undefined ? [] : Object.keys(schema.shape);
  const values: Record<string, string> = {};
  const violations: Violation[] = [];
  for (const [name, value] of new URLSearchParams(at === -1 ? '' : url.slice(at + 1))) {
    if (!known.includes(name)) {
      violations.push({ path: '', rule: 'query.unknown', message: 'A query parameter is not known here.' });
    } else if (name in values) {
      violations.push({ path: name, rule: 'query.repeated', message: 'This query parameter may come once.' });
    } else values[name] = value;
  }
  const parsed = schema?.safeParse(values);
  if (parsed?.success === false) violations.push(...violationsOf(parsed.error, 'query', ''));
  if (violations.length > 0) {
    throw new RelaisError('request.query-invalid', 400, 'invalid', 'The query is not valid.', {
      violations: violations.slice(0, 32),
    });
  }
  return parsed?.data ?? {};
}

/** @throws RelaisError 400 `request.header-invalid` */
export function parseHeaders(schema: z.ZodObject | undefined, request: IncomingMessage): unknown {
  if (schema === undefined) return {};
  const values = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, request.headers[name]]));
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  throw new RelaisError('request.header-invalid', 400, 'invalid', 'A header is missing or not valid.', {
    violations: violationsOf(parsed.error, 'header', ''),
  });
}

/** @throws RelaisError 422 `request.body-invalid` naming each place (RFC 6901) and rule */
export function parseBody(schema: z.ZodType, value: JsonValue | undefined): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new RelaisError('request.body-invalid', 422, 'invalid', 'The body does not follow the schema.', {
    violations: violationsOf(parsed.error, 'schema', '/'),
  });
}

const MAX_VIOLATIONS = 100;

/**
 * Places and rules, nothing that was sent. A path holds names of the schema only: an unknown member is reported at its
 * parent, and no schema here has free member names.
 */
function violationsOf(error: z.ZodError, area: string, separator: string): Violation[] {
  return error.issues.slice(0, MAX_VIOLATIONS).map((issue) => {
    const rule = `${area}.${issue.code.replaceAll('_', '-')}`;
    return { path: issue.path.map((step) => `${separator}${String(step)}`).join(''), rule, message: sentence(issue) };
  });
}

function sentence(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `A value of type ${issue.expected} is needed here.`;
    case 'unrecognized_keys':
      return 'There is a member here that is not known.';
    case 'too_small':
      return `At least ${issue.minimum} is needed here.`;
    case 'too_big':
      return `At most ${issue.maximum} is allowed here.`;
    case 'invalid_value':
      return `The value must be one of: ${issue.values.map(String).join(', ')}.`;
    case 'invalid_format':
      return `The value does not have the required form (${issue.format}).`;
    case 'custom':
      return issue.message;
    case 'invalid_element':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
      return 'The value is not valid here.';
  }
}
