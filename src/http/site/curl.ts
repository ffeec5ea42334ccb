import type { OpenApiOperation, OpenApiParameter } from '../openapi/build-openapi.js';
import { EXAMPLE } from '../schemas/parts.js';

/** Invented values for path parameters, by the path that they stand in. */
const IDS: readonly (readonly [RegExp, string])[] = [
  [/\/cases\//, 'VAL-2026-0417'],
  [/\/transfers\//, EXAMPLE.transfer],
  [/\/consents\/|\/Consent\//, EXAMPLE.consent],
  [/\/agreements\//, EXAMPLE.agreement],
  [/\/persons\//, EXAMPLE.person],
  [/\/Task\//, EXAMPLE.task],
];

const QUERY_VALUES: Readonly<Record<string, string>> = { patient: `Patient/${EXAMPLE.person}` };
const HEADER_VALUES: Readonly<Record<string, string>> = { 'Idempotency-Key': '"okafor-housing-1"' };

/** A command that can be copied: `$TOKEN` and `$CSRF` stand for what the caller has. POSIX quoting. */
export function curlOf(server: string, path: string, method: string, operation: OpenApiOperation): string {
  const { parameters = [], requestBody, security } = operation;
  const id = IDS.find(([pattern]) => pattern.test(path))?.[1] ?? '';
  const query = named(parameters, 'query').map(({ name }) => `${name}=${QUERY_VALUES[name] ?? ''}`);
  const url = `${server}${path.replace('{id}', id)}${query.length === 0 ? '' : `?${query.join('&')}`}`;
  const lines = [`curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}${quote(url)}`];
  const partner = security.some((scheme) => 'partner' in scheme);
  if (partner) lines.push('-H "Authorization: Bearer $TOKEN"');
  else if (security.length > 0) {
    lines.push('-b "relais-session=$SESSION"');
    if (method !== 'get') lines.push('-H "X-CSRF-Token: $CSRF"');
  }
  for (const { name } of named(parameters, 'header'))
    lines.push(`-H ${quote(`${name}: ${HEADER_VALUES[name] ?? ''}`)}`);
  lines.push(...bodyLines(requestBody));
  return lines.join(' \\\n  ');
}

function named(parameters: readonly OpenApiParameter[], place: 'query' | 'header'): OpenApiParameter[] {
  return parameters.filter((parameter) => parameter.in === place && parameter.required);
}

function bodyLines(body: OpenApiOperation['requestBody']): string[] {
  const [type, media] = Object.entries(body?.content ?? {})[0] ?? [];
  if (type === undefined || media === undefined) return [];
  if (type === 'application/x-www-form-urlencoded') {
    return Object.entries(media.example as Record<string, string>).map(
      ([name, value]) => `--data-urlencode ${value.startsWith('$') ? `"${name}=${value}"` : quote(`${name}=${value}`)}`,
    );
  }
  return [`-H ${quote(`Content-Type: ${type}`)}`, `-d ${quote(JSON.stringify(media.example))}`];
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
