import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateEndpointUrl } from '../../../src/adapters/identity/validate-endpoint-url.js';

const codeOf = (url: string, allowPrivate = false): string => {
  try {
    validateEndpointUrl(url, { allowPrivate });
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('an address that a partner registers', () => {
  it.each([
    'https://fhir.toit-commun.example/r4',
    'https://xn--logement-d1a.example.org:8443/fhir?tenant=a',
    'https://a.b.c.d.example.com/',
    'https://trusted.org.evil.example/',
  ])('may be %s', (url) => {
    expect(codeOf(url)).toBe('accepted');
  });

  it.each([
    ['http', 'http://fhir.example.org/'],
    ['ftp', 'ftp://fhir.example.org/'],
    ['a script', 'javascript:alert(1)'],
    ['no URL', 'fhir.example.org'],
    ['a relative address', '/fhir'],
    ['a user', 'https://user@fhir.example.org/'],
    ['a password', 'https://user:password@fhir.example.org/'],
    ['an empty user', 'https://@fhir.example.org/'],
    ['a trusted name as user', 'https://trusted.org@evil.example/'],
    ['a fragment', 'https://fhir.example.org/#part'],
    ['an empty fragment', 'https://fhir.example.org/#'],
    ['a backslash', 'https://trusted.org\\@evil.example/'],
    ['a blank', 'https://fhir.example.org/ x'],
    ['a line break', 'https://fhir.example.org/\r\nHost: x'],
    ['a tab in the scheme', 'ht\ttps://fhir.example.org/'],
    ['loopback', 'https://127.0.0.1/'],
    ['hexadecimal loopback', 'https://0x7f.1/'],
    ['octal loopback', 'https://0177.0.0.1/'],
    ['decimal loopback', 'https://2130706433/'],
    ['short loopback', 'https://127.1/'],
    ['fullwidth loopback', 'https://１２７.0.0.1/'],
    ['IPv6 loopback', 'https://[::1]/'],
    ['mapped loopback', 'https://[::ffff:127.0.0.1]/'],
    ['mapped loopback in hexadecimal', 'https://[::ffff:7f00:1]/'],
    ['translated loopback', 'https://[64:ff9b::7f00:1]/'],
    ['link-local metadata', 'https://169.254.169.254/latest/meta-data'],
    ['a public IP address', 'https://8.8.8.8/'],
    ['localhost', 'https://localhost/'],
    ['localhost with a dot', 'https://localhost./'],
    ['a name under localhost', 'https://fhir.localhost/'],
    ['a single label', 'https://intranet/'],
    ['a name of the local network', 'https://printer.local/'],
    ['a name of the inside', 'https://metadata.google.internal/'],
    ['a numeric top level', 'https://fhir.example.123/'],
    ['something too long', `https://fhir.example.org/${'a'.repeat(2_100)}`],
  ])('may not be %s', (_name, url) => {
    expect(codeOf(url)).toBe('partner.url-refused');
  });

  it.each([
    ['http://127.0.0.1:8080/fhir', 'accepted'],
    ['http://localhost:8080/fhir', 'accepted'],
    ['http://housing:8080/', 'accepted'],
    ['http://[::1]:8080/', 'accepted'],
    ['https://10.0.0.5/', 'accepted'],
    ['http://0x7f.1/', 'partner.url-refused'],
    ['http://2130706433/', 'partner.url-refused'],
    ['http://[::ffff:127.0.0.1]/', 'partner.url-refused'],
    ['http://user@127.0.0.1/', 'partner.url-refused'],
    ['file:///etc/passwd', 'partner.url-refused'],
  ])('where private addresses are allowed, %s is %s', (url, outcome) => {
    expect(codeOf(url, true)).toBe(outcome);
  });

  it('is never a way to an IP address, however it is written', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const part = fc.tuple(octet, fc.constantFrom(10, 8, 16)).map(([value, radix]) => {
      const digits = value.toString(radix);
      return radix === 16 ? `0x${digits}` : radix === 8 ? `0${digits}` : digits;
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.constantFrom('', '.'), (parts, dot) => {
        expect(codeOf(`https://${parts.join('.')}${dot}/`)).toBe('partner.url-refused');
      }),
    );
  });

  it('is not repeated by the refusal', () => {
    expect(() => validateEndpointUrl('https://planted@host/', { allowPrivate: false })).toThrow(/^(?!.*planted).*$/);
  });
});
