import fc from 'fast-check';
import { expect, it } from 'vitest';
import { localPath } from '../../../src/adapters/identity/local-path.js';

it.each([
  ['/cases', '/cases'],
  ['/cases?q=a#b', '/cases?q=a#b'],
  ['/a/../b', '/b'],
  [undefined, '/'],
  ['', '/'],
  ['cases', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['\\\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['/\n/evil.example', '/'],
  ['/a/..//evil.example', '/'],
  ['/.//evil.example', '/'],
  ['https://evil.example', '/'],
  ['javascript:alert(1)', '/'],
  [`/${'a'.repeat(2_000)}`, '/'],
])('%j leads to %j', (input, path) => {
  expect(localPath(input)).toBe(path);
});

it('never leads to another host, as a browser reads it', () => {
  const piece = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    ':',
    '@',
    '?',
    '#',
    '%2f',
    '%5c',
    '\t',
    '\n',
    ' ',
    'evil.example',
    'https',
    'a',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const url = new URL(localPath(pieces.join('')), 'https://relais.example');
      expect(url.origin).toBe('https://relais.example');
    }),
    { numRuns: 2_000 },
  );
});
