import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { RelaisError } from '../kernel/errors.js';
import type { Lang, Text } from '../kernel/i18n.js';
import type { Principal } from '../transfer/principal.js';
import type { LinkPrincipal } from '../transfer/access-link-ports.js';
import type { LinkAccess, LocalAccess, OpenAccess, RestrictedAccess } from './access.js';
import type { HttpDeps } from './deps.js';

/** Chapters of the documentation. */
export type Group =
  | 'transfers'
  | 'cases'
  | 'consents'
  | 'agreements'
  | 'referrals'
  | 'audit'
  | 'mappings'
  | 'links'
  | 'identity'
  | 'operation'
  | 'site';

type Parts = z.ZodObject;
type Nothing = z.ZodObject<Record<never, z.ZodType>>;

/** Everything a handler may look at. The request itself stays outside. */
export interface Call<Who, Params, Query, Headers, Body> {
  readonly principal: Who;
  readonly params: Params;
  readonly query: Query;
  readonly headers: Headers;
  readonly body: Body;
  readonly lang: Lang;
  readonly requestId: string;
  /** Path and query as called: for the sign-in's callback alone. */
  readonly url: string;
  readonly cookie: string | undefined;
  /** Address of the peer: for bounding how often it may try, never for a log. */
  readonly source: string;
}

/** `body` is written as JSON without loss; a string or a Buffer goes out as it is. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  /** Default: the media type that the operation declares for this status. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

/** What a body may be. Size and media type are checked before the first byte is read. */
export interface BodyRule<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  readonly mediaTypes: readonly string[];
  readonly maxBytes: number;
  /** The request may come without a body. */
  readonly optional: boolean;
  readonly example?: unknown;
  /** Media types of the rule whose body follows another schema. */
  readonly others?: Readonly<Record<string, Media>>;
}

/** What a body of one media type is. */
export interface Media {
  readonly schema: z.ZodType;
  readonly example?: unknown;
}

export interface ResponseRule {
  readonly description: Text;
  /** Absent: no body, or one that is no JSON (then `mediaType` says what). */
  readonly schema?: z.ZodType;
  readonly mediaType?: string;
  readonly example?: unknown;
  /** Other media types that a caller may ask for with Accept. */
  readonly others?: Readonly<Record<string, Media>>;
}

interface Described {
  readonly group: Group;
  /** Stable name in the OpenAPI document. */
  readonly id: string;
  readonly summary: Text;
  readonly description?: Text;
  readonly responses: Readonly<Record<number, ResponseRule>>;
}

/** One thing that can be asked: what comes in, what goes out, and who does it. */
export interface Operation<Who extends Principal | null> extends Described {
  readonly params?: Parts;
  readonly query?: Parts;
  readonly headers?: Parts;
  readonly body?: BodyRule;
  /* eslint-disable-next-line @typescript-eslint/no-explicit-any -- the schemas beside it make it safe: see `operation` */
  readonly handle: (call: Call<Who, any, any, any, any>, deps: HttpDeps) => Promise<Reply> | Reply;
}

/** Hands the untouched request over: `/oauth/token` reads its own form. */
export interface RawOperation extends Described {
  readonly formFields: Readonly<Record<string, string>>;
  readonly raw: (request: IncomingMessage, response: ServerResponse, deps: HttpDeps) => void;
}

/** Who opened a stream, and what it runs over. */
export interface StreamCall {
  readonly principal: Principal;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Keeps the answer open and writes to it as things happen; for somebody who is known. */
export interface StreamOperation extends Described {
  /** @throws RelaisError before the first byte; later the stream just ends */
  readonly stream: (call: StreamCall, deps: HttpDeps) => Promise<void>;
}

type Method = 'get' | 'post' | 'put';

/** One line of the table. There is no way to leave the access rule out. */
export type Route = { readonly method: Method; readonly path: string } & (
  | { readonly access: RestrictedAccess; readonly operation: Operation<Principal> | StreamOperation }
  | { readonly access: LinkAccess; readonly operation: Operation<LinkPrincipal> }
  | { readonly access: OpenAccess | LocalAccess; readonly operation: Operation<null> | RawOperation }
);

interface Typed<Who, P extends Parts, Q extends Parts, H extends Parts, B extends z.ZodType> extends Described {
  readonly params?: P;
  readonly query?: Q;
  readonly headers?: H;
  readonly body?: BodyRule<B>;
  readonly handle: (
    call: Call<Who, z.output<P>, z.output<Q>, z.output<H>, z.output<B>>,
    deps: HttpDeps,
  ) => Promise<Reply> | Reply;
}

/** An operation for somebody who is known; the handler's types are those of the schemas that validate. */
export function operation<
  P extends Parts = Nothing,
  Q extends Parts = Nothing,
  H extends Parts = Nothing,
  B extends z.ZodType = z.ZodUndefined,
>(definition: Typed<Principal, P, Q, H, B>): Operation<Principal> {
  return definition;
}

/** An operation that asks for nobody. */
export function openOperation<
  P extends Parts = Nothing,
  Q extends Parts = Nothing,
  H extends Parts = Nothing,
  B extends z.ZodType = z.ZodUndefined,
>(definition: Typed<null, P, Q, H, B>): Operation<null> {
  return definition;
}

/** An operation for whoever holds a link: a page that they read. */
export function linkOperation<P extends Parts = Nothing, Q extends Parts = Nothing>(
  definition: Typed<LinkPrincipal, P, Q, Nothing, z.ZodUndefined>,
): Operation<LinkPrincipal> {
  return definition;
}

/**
 * A form that whoever holds a link sends. It does nothing before the form has shown the token of its session (threat 35).
 *
 * @throws RelaisError 403 `access.csrf`
 */
export function linkForm<
  B extends z.ZodType<{ readonly csrf: string }>,
  P extends Parts = Nothing,
  Q extends Parts = Nothing,
>(definition: Typed<LinkPrincipal, P, Q, Nothing, B>): Operation<LinkPrincipal> {
  return {
    ...definition,
    handle: (call, deps) => {
      const sent = Buffer.from((call.body as { readonly csrf: string }).csrf);
      const own = Buffer.from(call.principal.csrfToken);
      if (sent.length !== own.length || !timingSafeEqual(sent, own)) {
        throw new RelaisError('access.csrf', 403, 'security', 'This form does not belong to this page any more.');
      }
      return definition.handle(call as Parameters<typeof definition.handle>[0], deps);
    },
  };
}

interface AddRoute {
  (path: string, access: RestrictedAccess, operation: Operation<Principal> | StreamOperation): Route;
  (path: string, access: LinkAccess, operation: Operation<LinkPrincipal>): Route;
  (path: string, access: OpenAccess | LocalAccess, operation: Operation<null> | RawOperation): Route;
}
const add =
  (method: Method): AddRoute =>
  (path: string, access: unknown, operation: unknown) =>
    ({ method, path, access, operation }) as Route;

export const get = add('get');
export const post = add('post');
export const put = add('put');
