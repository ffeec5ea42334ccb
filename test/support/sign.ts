import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { createBundleSigner } from '../../src/adapters/identity/sign-bundle.js';
import type { PublicJwk } from '../../src/transfer/identity-ports.js';
import type { SigningKeys } from '../../src/adapters/identity/signing-keys.js';

/** The real signer with a key of the test's own. */
const pair = await generateKeyPair('EdDSA', { extractable: true });
const jwk = await exportJWK(pair.publicKey);
const kid = await calculateJwkThumbprint(jwk);

export const testSigningKey = { ...jwk, kid, alg: 'EdDSA', use: 'sig' } as PublicJwk;
export const testSign = createBundleSigner({
  signer: () => Promise.resolve({ key: pair.privateKey, kid }),
} as unknown as SigningKeys);
export const testEvidence = { sign: testSign, bundleKeys: () => Promise.resolve([testSigningKey]) };
