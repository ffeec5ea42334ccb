/** A new pair for private_key_jwt; the private one exists in this page alone. */
export interface KeyPair {
  readonly privateJwk: Readonly<Record<string, unknown>>;
  readonly publicJwk: Readonly<Record<string, unknown>>;
}

/** Browsers make keys on pages that came over a secure connection. */
export function canMakeKeys(): boolean {
  return 'subtle' in crypto;
}

/** ES384 (SMART Backend Services), by the browser's own generator. */
export async function makeKeyPair(): Promise<KeyPair> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, [
    'sign',
    'verify',
  ]);
  const name = { kid: `${new Date().toISOString().slice(0, 10)}-${crypto.randomUUID().slice(0, 8)}`, alg: 'ES384' };
  const members = async (key: CryptoKey): Promise<object> => {
    const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', key);
    return { kty, crv, x, y, ...(d !== undefined && { d }) };
  };
  return {
    publicJwk: { ...(await members(publicKey)), ...name, use: 'sig' },
    privateJwk: { ...(await members(privateKey)), ...name },
  };
}
