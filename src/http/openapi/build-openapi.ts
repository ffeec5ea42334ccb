import { say, type Lang } from '../../kernel/i18n.js';
import { SCOPES } from '../../transfer/principal.js';
import type { Media as MediaRule, Operation, RawOperation, ResponseRule, Route } from '../route.js';
import { operationOutcome, problem } from '../schemas/problem.js';
import { accessText, ERROR_ANSWER, GROUP_TEXTS, SCOPE_TEXTS, TITLE } from './texts.js';
import { createSchemaCollector, type JsonSchema, type SchemaCollector } from './json-schemas.js';

interface Media {
  readonly schema: JsonSchema;
  readonly example?: unknown;
}
type Content = Readonly<Record<string, Media>>;

export interface OpenApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: JsonSchema;
  readonly description?: string;
}

interface RequestBody {
  readonly required: boolean;
  readonly content: Content;
}

export interface OpenApiOperation {
  readonly operationId: string;
  readonly tags: readonly [string];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  /** Who may, in words. */
  readonly 'x-relais-access': string;
  readonly parameters?: readonly OpenApiParameter[];
  readonly requestBody?: RequestBody;
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly [{ readonly url: string }];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, unknown>>;
  };
}

/** The API's version, apart from that of the software. */
const API_VERSION = '1.0.0';

/** The document of a table that does not change, computed once per language. */
export function createOpenApi(routes: () => readonly Route[]): (lang: Lang, serverUrl: string) => OpenApiDocument {
  const built = new Map<string, OpenApiDocument>();
  return (lang, serverUrl) => {
    const key = `${lang} ${serverUrl}`;
    const document = built.get(key) ?? buildOpenApi(routes(), lang, serverUrl);
    built.set(key, document);
    return document;
  };
}

/** OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0) of the route table, in one language. */
export function buildOpenApi(routes: readonly Route[], lang: Lang, serverUrl: string): OpenApiDocument {
  const collector = createSchemaCollector();
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const route of routes) {
    if (route.operation.group === 'site') continue;
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method] = describe(route, collector, lang);
  }
  const groups = new Set(routes.map(({ operation }) => operation.group).filter((group) => group !== 'site'));
  return {
    openapi: '3.1.0',
    info: { title: 'Relais', version: API_VERSION, description: say(TITLE, lang) },
    servers: [{ url: serverUrl }],
    tags: [...groups].map((name) => ({ name, description: say(GROUP_TEXTS[name], lang) })),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(collector.components).sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: securitySchemes(lang),
    },
  };
}

function describe(route: Route, collector: SchemaCollector, lang: Lang): OpenApiOperation {
  const { operation, access, path } = route;
  const raw = 'raw' in operation;
  const parameters = raw ? [] : parametersOf(operation as Operation<null>, collector);
  const body = raw ? formOf(operation) : bodyOf(operation as Operation<null>, collector);
  const secured = access.kind !== 'open';
  return {
    operationId: operation.id,
    tags: [operation.group],
    summary: say(operation.summary, lang),
    ...(operation.description !== undefined && { description: say(operation.description, lang) }),
    security: securityOf(route),
    'x-relais-access': accessText(access, lang),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== null && { requestBody: body }),
    responses: {
      ...Object.fromEntries(
        Object.entries(operation.responses).map(([status, rule]) => [status, responseOf(rule, collector, lang)]),
      ),
      ...((secured || !raw) && { default: errorAnswer(path, collector, lang) }),
    },
  };
}

function securityOf({ access }: Route): OpenApiOperation['security'] {
  // Pages of links are no part of the document.
  if (access.kind === 'open' || access.kind === 'link') return [];
  if (access.kind === 'local') return [{ staff: [] }];
  const { scope, roles } = access;
  return [
    ...(scope === null ? [] : [{ partner: scope === 'any' ? [] : [scope] }]),
    ...(roles.length === 0 ? [] : [{ staff: [] }]),
  ];
}

function parametersOf({ params, query, headers }: Operation<null>, collector: SchemaCollector): OpenApiParameter[] {
  const places = [
    ['path', params],
    ['query', query],
    ['header', headers],
  ] as const;
  return places.flatMap(([place, schema]) => {
    if (schema === undefined) return [];
    const { properties = {}, required = [] } = collector.schemaOf(schema, 'input') as {
      properties?: Record<string, JsonSchema>;
      required?: readonly string[];
    };
    // What Accept, Content-Type and Authorization may be is said by the media types (OpenAPI 3.1, Parameter Object).
    const named = Object.entries(properties).filter(([name]) => place !== 'header' || !NEGOTIATED.has(name));
    return named.map(([name, { description, ...property }]) => ({
      name: place === 'header' ? headerCase(name) : name,
      in: place,
      required: place === 'path' || required.includes(name),
      schema: property,
      ...(typeof description === 'string' && { description }),
    }));
  });
}

const NEGOTIATED = new Set(['accept', 'content-type', 'authorization']);

function bodyOf({ body }: Operation<null>, collector: SchemaCollector): RequestBody | null {
  if (body === undefined || body.optional) return null;
  return {
    required: true,
    content: Object.fromEntries(
      body.mediaTypes.map((type) => [type, mediaOf(body.others?.[type] ?? body, collector, 'input')]),
    ),
  };
}

const mediaOf = ({ schema, example }: MediaRule, collector: SchemaCollector, direction: 'input' | 'output'): Media => ({
  schema: collector.schemaOf(schema, direction),
  ...(example !== undefined && { example }),
});

function formOf({ formFields }: RawOperation): RequestBody {
  const properties = Object.fromEntries(Object.keys(formFields).map((name) => [name, { type: 'string' }]));
  return {
    required: true,
    content: {
      'application/x-www-form-urlencoded': {
        schema: { type: 'object', properties, required: Object.keys(formFields) },
        example: formFields,
      },
    },
  };
}

function responseOf(
  { description, schema, mediaType = 'application/json', example, others = {} }: ResponseRule,
  collector: SchemaCollector,
  lang: Lang,
): OpenApiOperation['responses'][string] {
  const type = mediaType.split(';')[0] ?? mediaType;
  return {
    description: say(description, lang),
    ...(schema === undefined
      ? mediaType !== 'application/json' && { content: { [type]: { schema: { type: 'string' } } } }
      : {
          content: {
            [type]: { schema: withProblem(schema, type, collector), ...(example !== undefined && { example }) },
            ...Object.fromEntries(
              Object.entries(others).map(([other, media]) => [other, mediaOf(media, collector, 'output')]),
            ),
          },
        }),
  };
}

/** Where an operation describes a refusal of its own, the general ones of that status are possible too. */
function withProblem(
  schema: NonNullable<ResponseRule['schema']>,
  type: string,
  collector: SchemaCollector,
): JsonSchema {
  const own = collector.schemaOf(schema, 'output');
  if (type !== 'application/problem+json') return own;
  return { anyOf: [own, collector.schemaOf(problem, 'output')] };
}

function errorAnswer(path: string, collector: SchemaCollector, lang: Lang): OpenApiOperation['responses'][string] {
  const fhir = path.startsWith('/fhir');
  return {
    description: say(ERROR_ANSWER, lang),
    content: fhir
      ? { 'application/fhir+json': { schema: collector.schemaOf(operationOutcome, 'output') } }
      : { 'application/problem+json': { schema: collector.schemaOf(problem, 'output') } },
  };
}

function securitySchemes(lang: Lang): Readonly<Record<string, unknown>> {
  return {
    partner: {
      type: 'oauth2',
      flows: {
        clientCredentials: {
          tokenUrl: '/oauth/token',
          scopes: Object.fromEntries(SCOPES.map((scope) => [scope, say(SCOPE_TEXTS[scope], lang)])),
        },
      },
    },
    staff: { type: 'apiKey', in: 'cookie', name: 'relais-session' },
  };
}

function headerCase(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_whole, dash: string, letter: string) => `${dash}${letter.toUpperCase()}`);
}
