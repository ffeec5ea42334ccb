import { flattenedVerify, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { readDetached, verifyDetached } from '../../../src/domain/evidence/detached-jws.js';
import { testSign, testSigningKey } from '../../support/sign.js';

const wire = Buffer.from('{"resourceType":"Bundle","note":"é.."}');

describe('the signature that goes with a bundle', () => {
  it('is a detached JWS that another implementation verifies too', async () => {
    const jws = await testSign(wire);
    expect(readDetached(jws)).toEqual({ kid: testSigningKey.kid });
    expect(verifyDetached(jws, wire, testSigningKey)).toBe(true);
    const [encoded = '', signature = ''] = jws.split('..');
    const key = await importJWK({ ...testSigningKey }, 'EdDSA');
    await flattenedVerify({ protected: encoded, payload: wire, signature }, key, { algorithms: ['EdDSA'] });
    // Nothing of the payload is in it.
    expect(jws.split('.')[1]).toBe('');
  });

  it('holds for these bytes, this key and this header alone', async () => {
    const jws = await testSign(wire);
    const [encoded = '', signature = ''] = jws.split('..');
    for (let index = 0; index < wire.length; index += 1) {
      const changed = Buffer.from(wire);
      changed[index]! ^= 1;
      expect(verifyDetached(jws, changed, testSigningKey)).toBe(false);
    }
    const header = (change: object): string =>
      Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(encoded, 'base64url').toString()), ...change })).toString(
        'base64url',
      );
    const flipped = (text: string): string => (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
    for (const [what, wrong] of [
      ['another signature', `${encoded}..${flipped(signature)}`],
      ['alg none', `${header({ alg: 'none' })}..${signature}`],
      ['alg HS256', `${header({ alg: 'HS256' })}..${signature}`],
      ['b64 true', `${header({ b64: true })}..${signature}`],
      ['no crit', `${header({ crit: undefined })}..${signature}`],
      ['more crit', `${header({ crit: ['b64', 'exp'] })}..${signature}`],
      ['another kid', `${header({ kid: 'other' })}..${signature}`],
      ['a payload', `${encoded}.e30.${signature}`],
      ['no signature', `${encoded}..`],
      ['nothing', ''],
      ['no JSON', `AAAA..${signature}`],
    ] as const) {
      expect([what, verifyDetached(wrong, wire, testSigningKey)]).toEqual([what, false]);
    }
    for (const key of [
      {},
      { ...testSigningKey, kty: 'EC' },
      { ...testSigningKey, x: 'AAAA' },
      { ...testSigningKey, kid: 'x' },
    ]) {
      expect(verifyDetached(jws, wire, key)).toBe(false);
    }
  });
});
