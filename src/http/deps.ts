import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { Config } from '../config.js';
import type { PackName } from '../domain/mapping/compile-pack.js';
import type { Runnable } from '../domain/mapping/run/runnable.js';
import type { Clock } from '../kernel/clock.js';
import type { Lang, Text } from '../kernel/i18n.js';
import type { Log } from '../kernel/log.js';
import type { ChangeFeed } from '../transfer/desk-ports.js';
import type { AccessDoor } from '../transfer/access-link-ports.js';
import type { Authenticate } from '../transfer/identity-ports.js';
import type { Principal } from '../transfer/principal.js';
import type { Story } from './story.js';

/** Staff sign-in, as the identity adapter gives it. Cookie values are complete `Set-Cookie` headers. */
export interface SignInFlow {
  begin(returnTo: string | undefined, lang?: Lang): Promise<{ readonly redirectUrl: string; readonly cookie: string }>;
  finish(
    currentUrl: string,
    cookieHeader: string | undefined,
  ): Promise<{ readonly cookies: readonly string[]; readonly returnTo: string }>;
  end(cookieHeader: string | undefined): Promise<{ readonly cookies: readonly string[]; readonly redirectUrl: string }>;
}

/** `/oauth/token` and what it says of itself, as the identity adapter gives it. */
interface TokenEndpointMount {
  readonly callback: (request: IncomingMessage, response: ServerResponse) => void;
  jwks(): Promise<{ readonly keys: readonly unknown[] }>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly smartConfiguration: Readonly<Record<string, unknown>>;
}

/** Something that was refused at the door and must be audited (docs/architecture.md, "Errors"). */
export type Refusal =
  /** Nobody knows who: one fact per source and minute, however many requests. */
  | {
      readonly kind: 'anonymous';
      /** Address of the peer. Personal data: keep it no longer than needed. */
      readonly source: string;
      /** First second of the minute. */
      readonly minute: string;
      readonly count: number;
      readonly codes: Readonly<Record<string, number>>;
    }
  | {
      readonly kind: 'known';
      readonly principal: Principal;
      readonly code: string;
      readonly status: number;
      /** Method and path pattern, never the path as it was called. */
      readonly route: string;
      readonly requestId: string;
    };

export interface HttpDeps {
  readonly config: Pick<Config, 'mode'>;
  /** Without a trailing slash: issuer, audience and base of every link. */
  readonly publicUrl: string;
  readonly story: Story;
  /** A shipped mapping, to run on what a caller brings along. */
  readonly mapping: (name: PackName) => Promise<Runnable>;
  readonly authenticate: Authenticate;
  /** Whether the session of this Cookie header still lives; asking does not keep it alive. */
  readonly sessionLives: (cookieHeader: string | undefined) => Promise<boolean>;
  /** That transfers change, for whoever listens. */
  readonly changes: ChangeFeed;
  /** Between two comments on a stream; default 20 seconds. */
  readonly heartbeatMs?: number;
  readonly accessDoor: AccessDoor;
  /** null where no staff issuer is configured. */
  readonly signIn: SignInFlow | null;
  readonly tokenEndpoint: TokenEndpointMount;
  readonly log: Log;
  readonly clock: Clock;
  readonly metrics: Registry;
  /** What a delivery's cause code means, for a caseworker. */
  readonly causeText: (cause: string) => Text;
  /** May fail: the answer does not wait for it, the failure is logged. */
  readonly onRefused: (refusal: Refusal) => void | Promise<void>;
}
