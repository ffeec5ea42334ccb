import type { Request, Response } from 'express';
import { notFound } from '../kernel/errors.js';
import type { Lang } from '../kernel/i18n.js';
import type { Principal } from '../transfer/principal.js';
import { authorize, isLocal } from './access.js';
import type { HttpDeps } from './deps.js';
import { parseBody, parseHeaders, parseParams, parseQuery } from './request/parse-parts.js';
import { readBody } from './request/read-body.js';
import { respond } from './respond.js';
import type { BodyRule, Call, Operation, Route } from './route.js';

/** What is known of a request from its first line on; the error handler and the log read it. */
export interface Trace {
  readonly requestId: string;
  readonly lang: Lang;
  readonly startedAtMs: number;
  /** Path pattern of the table. */
  route: string;
  principal: Principal | null;
}

export function traceOf(response: Response): Trace {
  return response.locals['trace'] as Trace;
}

/**
 * One request on one line of the table, in this order and no other: who is it, may they, what kind of body and how
 * large, is it JSON, does it follow the schema; only then the handler.
 */
export async function answer(route: Route, deps: HttpDeps, request: Request, response: Response): Promise<void> {
  const trace = traceOf(response);
  trace.route = route.path;
  const { operation } = route;
  if (route.access.kind !== 'open') await admit(route.access, deps, request, trace);
  if ('raw' in operation) return operation.raw(request, response, deps);
  if ('stream' in operation) return operation.stream({ principal: trace.principal!, request, response }, deps);

  const params = parseParams(operation.params, request.params);
  const query = parseQuery(operation.query, request.url);
  const headers = parseHeaders(operation.headers, request);
  const json = await readBody(operation.body, request, response);
  const schema = schemaOf(operation.body, request.headers['content-type']);
  const body = schema === undefined || json === undefined ? undefined : parseBody(schema, json);

  const { requestId, lang, principal } = trace;
  const call: Call<unknown, unknown, unknown, unknown, unknown> = {
    principal,
    params,
    query,
    headers,
    body,
    lang,
    requestId,
    url: request.originalUrl,
    cookie: request.headers.cookie,
    source: request.socket.remoteAddress ?? 'unknown',
  };
  // The table pairs an access rule with an operation for the same kind of caller (route.ts).
  const reply = await (operation as Operation<null>).handle(
    call as Call<null, unknown, unknown, unknown, unknown>,
    deps,
  );
  const rule = operation.responses[reply.status];
  respond(request, response, { ...(rule?.mediaType !== undefined && { contentType: rule.mediaType }), ...reply });
}

/** The schema of the body's own media type; which types there may be was checked when it was read. */
function schemaOf(rule: BodyRule | undefined, contentType: string | undefined): BodyRule['schema'] | undefined {
  const type = (contentType ?? '').split(';')[0]!.trim().toLowerCase();
  const { others = {} } = rule ?? {};
  return Object.hasOwn(others, type) ? others[type]!.schema : rule?.schema;
}

/** @throws RelaisError 401 or 403 */
async function admit(
  access: Exclude<Route['access'], { kind: 'open' }>,
  deps: HttpDeps,
  request: Request,
  trace: Trace,
): Promise<void> {
  if (access.kind === 'link') {
    const principal = await deps.accessDoor.admit(request.headers.cookie);
    // A page of the other kind does not exist for them.
    if (principal.holder.kind !== access.holder) throw notFound();
    trace.principal = principal;
    return;
  }
  if (access.kind === 'local' && isLocal(request)) return;
  trace.principal = await authenticate(deps, request);
  authorize(access, trace.principal);
}

/** Looks at five header values; the body stays unread (threat 24). */
export function authenticate(deps: HttpDeps, { headers, method }: Request): Promise<Principal> {
  const csrfToken = headers['x-csrf-token'];
  return deps.authenticate({
    authorization: headers.authorization,
    cookie: headers.cookie,
    method,
    csrfToken: typeof csrfToken === 'string' ? csrfToken : undefined,
    origin: headers.origin,
  });
}
