import { importJWK, type CryptoKey } from 'jose';
import type { PublicJwk } from '../../transfer/identity-ports.js';

/**
 * Signature algorithms that Relais accepts: asymmetric ones only. `none` and HMAC are absent, so a public key can
 * never be used as a shared secret (RFC 8725 section 3.1, threat 1). SMART Backend Services asks for RS384 and ES384.
 */
export const SIGNATURE_ALGORITHMS = [
  'ES256',
  'ES384',
  'ES512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'EdDSA',
] as const;

const ACCEPTED = new Set<string>(SIGNATURE_ALGORITHMS);
const KEY_TYPE: readonly (readonly [RegExp, string])[] = [
  [/^ES/, 'EC'],
  [/^[RP]S/, 'RSA'],
  [/^EdDSA$/, 'OKP'],
];
const CURVE: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521', EdDSA: 'Ed25519' };
/** Letters, digits and the signs of URLs, thumbprints and base64; no slash, quote, blank or control character. */
const KID = /^[A-Za-z0-9._~:=+@-]{1,200}$/;
/** Members of a public signature key (RFC 7518 section 6); private members and certificates are dropped. */
const PUBLIC_MEMBERS = ['kty', 'kid', 'alg', 'use', 'crv', 'x', 'y', 'n', 'e'] as const;
const MAX_KEYS = 100;

/** True for a `kid` that is only a name: no path, no SQL, no markup (threat 2). */
export function isPlainKid(kid: unknown): kid is string {
  return typeof kid === 'string' && KID.test(kid) && !kid.includes('..');
}

export function isAcceptedAlgorithm(alg: unknown): alg is (typeof SIGNATURE_ALGORITHMS)[number] {
  return typeof alg === 'string' && ACCEPTED.has(alg);
}

/** Header members by which a token could bring or point to its own key (RFC 7515 section 4.1): never followed. */
const KEY_BEARING = ['jku', 'jwk', 'x5u', 'x5c'] as const;

export function bringsItsOwnKey(header: Readonly<Record<string, unknown>>): boolean {
  return KEY_BEARING.some((member) => member in header);
}

/**
 * The usable public signature keys of a key set, private members dropped; keys without a plain `kid`, symmetric keys
 * and keys for encryption are left out.
 *
 * @param input a JSON Web Key Set (RFC 7517 section 5), untrusted
 */
export function publicKeysOf(input: unknown): readonly PublicJwk[] {
  const keys = typeof input === 'object' && input !== null && 'keys' in input ? input.keys : undefined;
  if (!Array.isArray(keys)) return [];
  return keys.slice(0, MAX_KEYS).flatMap((key: unknown) => {
    if (typeof key !== 'object' || key === null) return [];
    const source = key as Readonly<Record<string, unknown>>;
    const kept = Object.fromEntries(
      PUBLIC_MEMBERS.flatMap((name) => (typeof source[name] === 'string' ? [[name, source[name]]] : [])),
    ) as unknown as PublicJwk;
    const usable =
      ['EC', 'RSA', 'OKP'].includes(kept.kty) &&
      isPlainKid(kept.kid) &&
      (kept['use'] === undefined || kept['use'] === 'sig') &&
      (kept['alg'] === undefined || isAcceptedAlgorithm(kept['alg']));
    return usable ? [kept] : [];
  });
}

/** The one key that `kid` names and `alg` fits; null when there is none, or more than one (SMART App Launch, section 5.2). */
export function keyNamed(keys: readonly PublicJwk[], kid: string, alg: string): PublicJwk | null {
  const named = keys.filter((key) => key.kid === kid);
  const [key] = named;
  if (named.length !== 1 || key === undefined) return null;
  const type = KEY_TYPE.find(([pattern]) => pattern.test(alg))?.[1];
  if (key.kty !== type || (key['alg'] !== undefined && key['alg'] !== alg)) return null;
  return CURVE[alg] === undefined || key['crv'] === CURVE[alg] ? key : null;
}

const imported = new WeakMap<PublicJwk, Map<string, Promise<CryptoKey | Uint8Array>>>();

/** Imports a key once per object and algorithm. */
export function importKey(key: PublicJwk, alg: string): Promise<CryptoKey | Uint8Array> {
  const perAlgorithm = imported.get(key) ?? new Map<string, Promise<CryptoKey | Uint8Array>>();
  imported.set(key, perAlgorithm);
  const known = perAlgorithm.get(alg);
  if (known) return known;
  const fresh = importJWK({ ...key }, alg);
  perAlgorithm.set(alg, fresh);
  return fresh;
}
