import { isIP } from 'node:net';
import { RelaisError } from '../../kernel/errors.js';

/** Names that resolve inside a host or a network by convention (RFC 6761, RFC 6762, RFC 8375, RFC 9476). */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|private|home\.arpa|alt|onion)$/;
const MAX_LENGTH = 2048;

/**
 * The rules for an address that a partner registers (endpoint, token URL, key set, webhook): https, a DNS name of at
 * least two labels, no credentials, no fragment, no IP address however it is written (`0x7f.1`, `2130706433`,
 * `[::ffff:127.0.0.1]`), no name that only means something inside. A name may point anywhere by the time it is used, so
 * the outbound door checks the resolved address again when it connects (adapters/delivery).
 *
 * @param allowPrivate demonstrations and tests: http, names of the inside, loopback and private addresses as usually written
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
    if (kind === 6 && host !== '::1') throw refused('The address is not allowed.');
    return url;
  }
  const name = host.replace(/\.$/, '');
  if (!/^(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*$/.test(name) || /(^|\.)[0-9]+$/.test(name)) {
    throw refused('It must name a host.');
  }
  if (!options.allowPrivate && (!name.includes('.') || PRIVATE_NAME.test(name))) {
    throw refused('It must name a public host with its full domain name.');
  }
  return url;
}

function authorityOf(input: string): string {
  return /^[a-z]+:\/*([^/?#]*)/i.exec(input)?.[1] ?? '';
}

function refused(rule: string): RelaisError {
  return new RelaisError('partner.url-refused', 422, 'value', `The address is refused. ${rule}`);
}
