import type { LookupAddress } from 'node:dns';
import type { ServerOptions } from 'node:https';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOutbound, type ResolveAll } from '../../../src/adapters/delivery/outbound.js';
import { isPublicAddress } from '../../../src/adapters/delivery/public-address.js';
import { makeCertificate } from './certificates.js';
import { doorTo } from './door-setup.js';
import { answer, scriptedServer } from './scripted-server.js';

const REFUSED = { kind: 'rejected', cause: 'address-not-allowed', status: 0 };

/** A name server that gives each question the next answer, and counts. */
function resolver(...answers: readonly (readonly string[])[]): { resolve: ResolveAll; questions: string[] } {
  const questions: string[] = [];
  return {
    questions,
    resolve: (hostname, callback) => {
      const addresses = answers[Math.min(questions.length, answers.length - 1)] ?? [];
      questions.push(hostname);
      callback(
        null,
        addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    },
  };
}

describe('addresses that are not the public internet', () => {
  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001:0:7f00:1::',
    '2001:db8::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    'not an address',
    '',
  ])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each(['8.8.8.8', '172.15.0.1', '172.32.0.1', '100.63.0.1', '2606:4700::1111', '2a00:1450:4007::1'])(
    '%s is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it('no IPv4 address becomes public by being written inside an IPv6 one', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(byte, byte, byte, byte), fc.constantFrom('::ffff:', '::', '64:ff9b::'), (bytes, prefix) => {
        expect(isPublicAddress(`${prefix}${bytes.join('.')}`)).toBe(false);
      }),
    );
  });
});

describe('the door connects to public addresses only', () => {
  it.each([
    'http://partner.example/fhir',
    'https://127.0.0.1/fhir',
    'https://0x7f.1/fhir',
    'https://2130706433/fhir',
    'https://0177.0.0.1/fhir',
    'https://[::1]/fhir',
    'https://[::ffff:127.0.0.1]/fhir',
    'https://[64:ff9b::7f00:1]/fhir',
    'https://169.254.169.254/latest/meta-data',
    'https://user:secret@partner.example/fhir',
    'file:///etc/passwd',
    'not a url',
  ])('%s is refused before a token is asked for or a name resolved', async (url) => {
    const { resolve, questions } = resolver(['8.8.8.8']);
    const { send, tokens } = doorTo(url, { allowPrivateEndpoints: false, resolve });
    expect(await send({ endpoint: { tokenUrl: 'https://partner.example/token' } })).toEqual(REFUSED);
    expect(await send({ endpoint: { url: 'https://partner.example/fhir', tokenUrl: url } })).toEqual(REFUSED);
    expect(tokens.asked).toBe(0);
    expect(questions).toEqual([]);
  });

  it.each([
    ['a private address', ['10.0.0.5']],
    ['loopback', ['127.0.0.1']],
    ['a public address and a private one', ['8.8.8.8', '10.0.0.5']],
    ['a mapped loopback address', ['::ffff:127.0.0.1']],
  ])('a name that resolves to %s is refused and nothing is connected', async (_name, addresses) => {
    const server = await scriptedServer((r) => answer(r, 200));
    const { resolve, questions } = resolver(addresses);
    const { send } = doorTo(`https://trusted.org.evil.example:${server.port}/fhir`, {
      allowPrivateEndpoints: false,
      resolve,
    });
    expect(await send()).toEqual(REFUSED);
    expect(server.connections()).toBe(0);
    expect(questions).toHaveLength(1);
  });

  it('a name is resolved once, and the checked answer is the one connected to: rebinding gains nothing', async () => {
    const server = await scriptedServer((r) => answer(r, 200));
    // TEST-NET-2 stands for a public address that nobody answers at; the second answer would be loopback.
    const { resolve, questions } = resolver(['198.51.100.1'], ['127.0.0.1']);
    const { send } = doorTo(`http://rebind.example:${server.port}/fhir`, { resolve, connectTimeoutMs: 300 });
    expect(await send()).toEqual({ kind: 'retry', cause: 'unreachable' });
    expect(questions).toEqual(['rebind.example']);
    expect(server.connections()).toBe(0);
  });

  it('a name that does not exist is unreachable', async () => {
    const { resolve } = resolver([]);
    expect(await doorTo('https://nobody.example/fhir', { resolve }).send()).toEqual({
      kind: 'retry',
      cause: 'unreachable',
    });
  });

  it('says the same at registration', () => {
    const outbound = createOutbound({ allowPrivateEndpoints: false });
    expect(outbound.refusal('https://partner.example/fhir')).toBeNull();
    expect(outbound.refusal('https://10.0.0.1/fhir')).not.toBeNull();
    expect(outbound.refusal('http://partner.example/fhir')).not.toBeNull();
    expect(createOutbound({ allowPrivateEndpoints: true }).refusal('http://127.0.0.1:8080')).toBeNull();
  });
});

describe('TLS', () => {
  const authority = { commonName: 'Test authority', ...makeCertificate({ commonName: 'Test authority', hosts: [] }) };
  const stranger = { commonName: 'Stranger', ...makeCertificate({ commonName: 'Stranger', hosts: [] }) };
  const issued = (hosts: readonly string[], notAfter?: Date, issuer: typeof authority = authority): ServerOptions =>
    makeCertificate({ commonName: 'partner', hosts, issuer, ...(notAfter !== undefined && { notAfter }) });

  async function deliverTo(tls: ServerOptions): Promise<{ result: unknown; records: number }> {
    const server = await scriptedServer((r) => answer(r, 200), tls);
    const { resolve } = resolver(['127.0.0.1']);
    const { send } = doorTo(`https://partner.example:${server.port}/fhir`, { ca: authority.cert, resolve });
    return { result: await send(), records: server.seen.length };
  }
  const failed = { result: { kind: 'retry', cause: 'secure-connection-failed' }, records: 0 };

  it('a certificate of a trusted authority for the right host is accepted', async () => {
    expect(await deliverTo(issued(['partner.example']))).toMatchObject({ result: { kind: 'received' }, records: 1 });
  });

  it('an expired certificate: nothing is sent', async () => {
    expect(await deliverTo(issued(['partner.example'], new Date('2021-01-01T00:00:00Z')))).toEqual(failed);
  });

  it('a certificate for another host: nothing is sent', async () => {
    expect(await deliverTo(issued(['other.example']))).toEqual(failed);
  });

  it('a certificate of an unknown authority: nothing is sent', async () => {
    expect(await deliverTo(issued(['partner.example'], undefined, stranger))).toEqual(failed);
  });

  it('a certificate that signed itself: nothing is sent', async () => {
    expect(await deliverTo(makeCertificate({ commonName: 'partner', hosts: ['partner.example'] }))).toEqual(failed);
  });

  it('TLS 1.1: nothing is sent', async () => {
    const old: ServerOptions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' };
    expect(await deliverTo({ ...issued(['partner.example']), ...old })).toEqual(failed);
  });
});
