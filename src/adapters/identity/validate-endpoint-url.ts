import { BlockList, isIP } from 'node:net';
import { RelaisError } from '../../kernel/errors.js';

/**
 * Addresses that are not the public internet (IANA special-purpose registries, RFC 6890). The door checks the
 * resolved address again when it connects, since a name may point anywhere by then (threat 30).
 */
const PRIVATE = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  PRIVATE.addSubnet(net, prefix, 'ipv4');
}
for (const [net, prefix] of [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  PRIVATE.addSubnet(net, prefix, 'ipv6');
}

/** Names that resolve inside a host or a network by convention (RFC 6761, RFC 6762, RFC 8375, RFC 9476). */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|private|home\.arpa|alt|onion)$/;
const MAX_LENGTH = 2048;

/**
 * The rules for an address that a partner registers (endpoint, token URL, key set, webhook): https, a DNS name of at
 * least two labels, no credentials, no fragment, no IP address however it is written (`0x7f.1`, `2130706433`,
 * `[::ffff:127.0.0.1]`), no name that only means something inside.
 *
 * @param allowPrivate demonstrations and tests: http, loopback and private addresses, dotted or bracketed as usual
 * @throws RelaisError `partner.url-refused` (422); the message names the rule and not the address
 */
export function validateEndpointUrl(input: string, options: { readonly allowPrivate: boolean }): URL {
  const url = input.length <= MAX_LENGTH && !/[\s\\\p{Cc}]/u.test(input) ? URL.parse(input) : null;
  if (url === null) throw refused('It is not an absolute URL.');
  if (url.protocol !== 'https:' && !(options.allowPrivate && url.protocol === 'http:'))
    throw refused('It must be https.');
  // The text is looked at as well: `https://@host` and `https://host#` parse to an empty user and fragment.
  if (url.username !== '' || url.password !== '' || authorityOf(input).includes('@')) {
    throw refused('It may not hold a user name or a password.');
  }
  if (input.includes('#')) throw refused('It may not hold a fragment.');

  const host = url.hostname.replace(/^\[|\]$/g, '');
  const kind = isIP(host);
  if (kind !== 0) {
    // The parser turns every spelling of an address into the usual one; any other spelling hides something.
    if (!authorityOf(input).toLowerCase().startsWith(url.hostname)) throw refused('The address is written unusually.');
    if (!options.allowPrivate) throw refused('It must name a host, not an IP address.');
    if (kind === 6 && host !== '::1' && isPrivateAddress(host)) throw refused('The address is not allowed.');
    return url;
  }
  const name = host.replace(/\.$/, '');
  if (options.allowPrivate && name === 'localhost') return url;
  if (!/^(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/.test(name) || /\.[0-9]+$/.test(name)) {
    throw refused('It must name a host with its full domain name.');
  }
  if (PRIVATE_NAME.test(name)) throw refused('The host name is not a public one.');
  return url;
}

/** True for loopback, link-local, private, reserved, mapped and translated addresses. */
export function isPrivateAddress(address: string): boolean {
  const kind = isIP(address);
  return kind === 0 || PRIVATE.check(address, kind === 6 ? 'ipv6' : 'ipv4');
}

function authorityOf(input: string): string {
  return /^[a-z]+:\/*([^/?#]*)/i.exec(input)?.[1] ?? '';
}

function refused(rule: string): RelaisError {
  return new RelaisError('partner.url-refused', 422, 'value', `The address is refused. ${rule}`);
}
