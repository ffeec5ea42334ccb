import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { isPublicAddress } from './public-address.js';

/** How names are resolved: `dns.lookup` with `all`, or a test's own. */
export type ResolveAll = (
  hostname: string,
  callback: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void;

export interface OutboundOptions {
  /** Demonstrations and tests: http, loopback and private addresses. Never in production. */
  readonly allowPrivateEndpoints: boolean;
  readonly connectTimeoutMs?: number;
  /** Certificate authorities (PEM) to trust beside nothing else; default: the platform's. */
  readonly ca?: string;
  readonly resolve?: ResolveAll;
}

/** Every connection that leaves Relais for a partner goes through one of these. */
export interface Outbound {
  readonly dispatcher: Dispatcher;
  /** What is wrong with an address before anything is resolved or sent; null when nothing is. */
  refusal(url: string): AddressRefused | null;
  /**
   * Resolves the name of an address and checks what it points to; connects to nothing.
   *
   * @throws AddressRefused; the resolver's error
   */
  resolve(url: string): Promise<void>;
  /**
   * Connects as a delivery would, and lets go again without a byte of HTTP.
   *
   * @throws what a connection throws
   */
  connect(url: string): Promise<void>;
  close(): Promise<void>;
}

/** The address is not one that Relais may connect to (threat 30). Names no address. */
export class AddressRefused extends Error {
  readonly code = 'ERR_ADDRESS_REFUSED';

  constructor() {
    super('The address is not allowed');
    this.name = 'AddressRefused';
  }
}

/**
 * An undici agent whose connector resolves a name once, checks **every** address it got, and connects to those very
 * addresses, so that no second answer of the name server can point elsewhere (DNS rebinding). TLS is verified, 1.2 or
 * newer, HTTP/1.1, and nobody follows a redirect: undici does not unless it is told to.
 */
export function createOutbound(options: OutboundOptions): Outbound {
  const { allowPrivateEndpoints, connectTimeoutMs = 5_000, ca, resolve = resolveAll } = options;
  const allowed = (address: string): boolean => allowPrivateEndpoints || isPublicAddress(address);
  const lookup = checkedLookup(resolve, allowed);
  const connect = buildConnector({
    timeout: connectTimeoutMs,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    lookup,
    autoSelectFamily: true,
    ...(ca !== undefined && { ca }),
  });

  const checkedConnect: buildConnector.connector = (target, callback) => {
    // An address as it stands is not looked up, so it is checked here.
    const host = unbracketed(target.hostname);
    const secure = target.protocol === 'https:' || allowPrivateEndpoints;
    if (!secure || (isIP(host) !== 0 && !allowed(host))) {
      callback(new AddressRefused(), null);
      return;
    }
    connect(target, (...[error, socket]) => {
      if (error !== null) {
        callback(error, null);
      } else if (!allowed(socket.remoteAddress ?? '')) {
        socket.destroy();
        callback(new AddressRefused(), null);
      } else {
        callback(null, socket);
      }
    });
  };
  const dispatcher = new Agent({
    connect: checkedConnect,
    // One slow partner holds only its own connections.
    connections: 16,
    pipelining: 1,
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 30_000,
    maxHeaderSize: 16_384,
  });

  return {
    dispatcher,
    refusal: (input) => {
      const url = URL.parse(input);
      if (url === null || url.username !== '' || url.password !== '') return new AddressRefused();
      if (url.protocol !== 'https:' && !(allowPrivateEndpoints && url.protocol === 'http:'))
        return new AddressRefused();
      const host = unbracketed(url.hostname);
      return isIP(host) !== 0 && !allowed(host) ? new AddressRefused() : null;
    },
    resolve: (input) =>
      new Promise((done, fail) => {
        const host = unbracketed(new URL(input).hostname);
        if (isIP(host) !== 0) return allowed(host) ? done() : fail(new AddressRefused());
        lookup(host, { all: true }, (error) => (error === null ? done() : fail(error)));
      }),
    connect: (input) =>
      new Promise((done, fail) => {
        const { hostname, host, protocol, port } = new URL(input);
        checkedConnect({ hostname, host, protocol, port }, (...[error, socket]) => {
          if (error !== null) return fail(error);
          socket.on('error', () => undefined);
          socket.destroy();
          done();
        });
      }),
    close: () => dispatcher.destroy(),
  };
}

const resolveAll: ResolveAll = (hostname, callback) => {
  systemLookup(hostname, { all: true, order: 'verbatim' }, callback);
};

function checkedLookup(resolve: ResolveAll, allowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      const first = addresses?.[0];
      if (error !== null) {
        callback(error, '');
      } else if (first === undefined) {
        callback(Object.assign(new Error('No address'), { code: 'ENOTFOUND' }), '');
      } else if (!addresses.every(({ address }) => allowed(address))) {
        // One private address among public ones is an attack or a mistake: none of them is used.
        callback(new AddressRefused(), '');
      } else if (options.all === true) {
        callback(null, [...addresses]);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

function unbracketed(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
