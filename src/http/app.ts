import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { notFound, RelaisError } from '../kernel/errors.js';
import { answer, authenticate, traceOf, type Trace } from './answer.js';
import { createRefusalCounter } from './count-refusals.js';
import type { HttpDeps, Refusal } from './deps.js';
import { asRelaisError, causeOf, presentError } from './error-handler.js';
import type { Lang } from '../kernel/i18n.js';
import { isLinkPath } from './site/links/error-page.js';
import { createHttpMeasures } from './measure.js';
import { checkRequest } from './request/check-request.js';
import { languageOf } from './request/language.js';
import { requestIdOf } from './request/request-id.js';
import { respond } from './respond.js';
import { ROUTES } from './routes.js';
import { securityHeaders } from './security-headers.js';

/** The pages of links carry their language in their address; what goes wrong there is said in it. */
function linkLang(url: string): Lang | null {
  const [path = '', query = ''] = url.split('?');
  const lang = isLinkPath(path) ? new URLSearchParams(query).get('lang') : null;
  return lang === 'en' || lang === 'fr' ? lang : null;
}

export interface HttpApp {
  readonly express: Express;
  /** Hands over the last counts of anonymous refusals; at the end of the process. */
  readonly close: () => void;
}

/**
 * The HTTP side of the gateway. Routing, authorization, validation and documentation all come from the table in
 * routes.ts; this file only puts them in order.
 */
export function createApp(deps: HttpDeps): HttpApp {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', false);
  app.set('case sensitive routing', true);
  app.set('strict routing', true);
  app.set('trust proxy', false);

  const measures = createHttpMeasures(deps.metrics);
  const tell = (refusal: Refusal): void => {
    Promise.resolve()
      .then(() => deps.onRefused(refusal))
      .catch((error: unknown) => deps.log('http.refusal-audit-failed', { cause: causeOf(error) }));
  };
  const refusals = createRefusalCounter(deps.clock, tell);

  app.use(begin(deps, measures.answered));
  app.use(securityHeaders(deps.config.mode === 'production'));
  app.use((request, _response, next) => {
    checkRequest(request);
    next();
  });
  const paths = new Map<string, string[]>();
  for (const route of ROUTES) {
    app[route.method](route.path, (request, response) => answer(route, deps, request, response));
    const allowed = paths.get(route.path) ?? [];
    paths.set(route.path, [...allowed, ...(route.method === 'get' ? ['GET', 'HEAD'] : [route.method.toUpperCase()])]);
  }
  // Of a route and not of the app, which would keep a handler for each of the 35 methods of every path.
  for (const [path, allowed] of paths) app.route(path).all(refuse(deps, path, () => methodNotAllowed(allowed)));
  // Who is not known learns nothing about which addresses exist.
  app.use(refuse(deps, 'unmatched', notFound));
  app.use(handleError(deps, measures.refused, refusals.count, tell));
  return { express: app, close: () => refusals.close() };
}

/** Gives the request its id and its language, and says in the log and the figures how it ended. */
function begin(
  deps: HttpDeps,
  answered: (method: string, route: string, status: number, durationSeconds: number) => void,
): RequestHandler {
  return (request, response, next) => {
    const trace: Trace = {
      requestId: requestIdOf(request.headers['x-request-id']),
      lang: languageOf(request.headers['accept-language']),
      startedAtMs: performance.now(),
      route: 'unmatched',
      principal: null,
    };
    response.locals['trace'] = trace;
    response.setHeader('x-request-id', trace.requestId);
    response.setHeader('vary', 'Accept-Language');
    response.once('close', () => {
      const durationMs = Math.round(performance.now() - trace.startedAtMs);
      answered(request.method, trace.route, response.statusCode, durationMs / 1000);
      deps.log('http.answered', {
        requestId: trace.requestId,
        method: request.method,
        route: trace.route,
        status: response.statusCode,
        durationMs,
        ...(trace.principal !== null && { organizationId: trace.principal.organizationId }),
      });
    });
    next();
  };
}

function refuse(deps: HttpDeps, path: string, because: () => RelaisError): RequestHandler {
  return async (request, response) => {
    const trace = traceOf(response);
    trace.route = path;
    trace.principal = await authenticate(deps, request);
    throw because();
  };
}

function methodNotAllowed(allowed: readonly string[]): RelaisError {
  return new RelaisError('request.method', 405, 'not-supported', 'This address does not take this method.', {
    details: { allowed },
  });
}

function handleError(
  deps: HttpDeps,
  refused: (code: string) => void,
  countAnonymous: (source: string, code: string) => void,
  tell: (refusal: Refusal) => void,
): ErrorRequestHandler {
  return (thrown: unknown, request: Request, response: Response, _next) => {
    const error = asRelaisError(thrown);
    const { requestId, principal, route } = traceOf(response);
    const lang = linkLang(request.originalUrl) ?? traceOf(response).lang;
    const { code, status } = error;
    if (status >= 500) deps.log('http.failed', { requestId, route, code, status, cause: causeOf(thrown) });
    else {
      refused(code);
      if (principal === null) countAnonymous(request.socket.remoteAddress ?? 'unknown', code);
      // A conflict is no refusal: the caller may ask again. What was too much is told by whoever counts it, once.
      else if (status !== 409 && status !== 429) {
        tell({ kind: 'known', principal, code, status, route: `${request.method} ${route}`, requestId });
      }
    }
    if (response.headersSent) return void response.destroy();
    respond(request, response, presentError(error, request.path, { lang, requestId, publicUrl: deps.publicUrl }));
  };
}
