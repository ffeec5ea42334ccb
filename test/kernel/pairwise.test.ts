import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPairwiseIds } from '../../src/kernel/pairwise.js';

it('pairwise ids are made by HMAC-SHA-256 as RFC 2104 says, for keys of any length (law)', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.string(), fc.string(), fc.string(), (length, a, b, c) => {
      const key = randomBytes(length);
      const digest = createHmac('sha256', key).update(`${a}\n${b}\n${c}`).digest('hex');
      const id = createPairwiseIds(key)(a, b, c).replaceAll('-', '');
      expect(id).toMatch(/^[0-9a-f]{12}8[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
      for (const at of [...Array(32).keys()].filter((index) => index !== 12 && index !== 16))
        expect(id[at]).toBe(digest[at]);
    }),
  );
});
