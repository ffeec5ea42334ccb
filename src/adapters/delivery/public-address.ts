import { BlockList, isIP } from 'node:net';

/** IPv4 that is not the public internet (IANA IPv4 Special-Purpose Address Registry, RFC 6890; RFC 5771 multicast). */
const NOT_PUBLIC_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/**
 * IPv6 inside 2000::/3 (RFC 4291 section 2.4, the only global unicast that is allocated) that is special all the same:
 * protocol assignments with Teredo, documentation, 6to4 (carries any IPv4 address), documentation again (RFC 9637).
 */
const NOT_PUBLIC_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const notPublic = new BlockList();
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
for (const net of [...NOT_PUBLIC_V4, ...NOT_PUBLIC_V6]) {
  const [address = '', bits = ''] = net.split('/');
  notPublic.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * True for an address on the public internet. Everything else is refused: loopback, private, link-local, shared (CGNAT),
 * multicast, unspecified, reserved, and every IPv6 form that carries an IPv4 address (mapped, NAT64, 6to4), which lie
 * outside 2000::/3 or are listed.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !notPublic.check(address, 'ipv4');
    case 6:
      return !address.includes('%') && globalUnicast.check(address, 'ipv6') && !notPublic.check(address, 'ipv6');
    default:
      return false;
  }
}
