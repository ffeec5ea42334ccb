import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type CryptoKey } from 'jose';
import type { KeyPurpose, NewKey, PublicJwk, SigningKeyStore, StoredKey } from '../../transfer/identity-ports.js';

/** SMART Backend Services asks every server for RS384 and ES384; ES384 is the shorter of the two. */
export const OWN_ALGORITHM = 'ES384';
/** Bundles are signed once for each transfer: Ed25519 costs a tenth of P-384. */
const ALGORITHMS: Readonly<Record<KeyPurpose, string>> = {
  'access-token': OWN_ALGORITHM,
  'client-assertion': OWN_ALGORITHM,
  bundle: 'EdDSA',
};
/** How long another process may sign with a key that this one has not seen. */
const RELOAD_MS = 30_000;
/** An unknown `kid` makes the store be asked again, but not at an attacker's pace. */
const RELOAD_ON_UNKNOWN_MS = 5_000;
/** A new key is published before it signs, longer than any verifier's cache should be. */
const PUBLISH_AHEAD_SECONDS = 600;
/** After that, old keys live for one token's life and a margin. */
const RETIRE_AFTER_SECONDS = PUBLISH_AHEAD_SECONDS + 900;

export interface SigningKeys {
  /** The key that signs now, and every key that verifies. Made at first use. */
  current(): Promise<{ readonly signing: StoredKey; readonly all: readonly StoredKey[] }>;
  /** As `current`, having asked the store again for a `kid` that is not known here. */
  verifying(kid: string): Promise<readonly PublicJwk[]>;
  /** CryptoKey of the signing key, with its `kid`. */
  signer(): Promise<{ readonly key: CryptoKey; readonly kid: string }>;
  /** Publishes a new key that signs after ten minutes and retires the others fifteen minutes later. */
  rotate(): Promise<void>;
}

/**
 * Relais' own keys of one purpose, kept by the store (private parts encrypted), remembered for 30 s.
 *
 * @param nowMs monotonic milliseconds
 */
export function createSigningKeys(options: {
  readonly purpose: KeyPurpose;
  readonly storage: SigningKeyStore;
  readonly nowMs?: () => number;
}): SigningKeys {
  const { purpose, storage } = options;
  const nowMs = options.nowMs ?? (() => performance.now());
  let known: readonly StoredKey[] = [];
  let loadedAtMs = -Infinity;
  let loading: Promise<void> | null = null;
  const signers = new Map<string, Promise<CryptoKey>>();

  async function load(): Promise<void> {
    let keys = await storage.loadKeys(purpose);
    if (!keys.some((key) => key.signs)) keys = await storage.ensureKey(purpose, await generateKey(ALGORITHMS[purpose]));
    known = keys;
    loadedAtMs = nowMs();
  }

  async function loadIfOlderThan(ms: number): Promise<void> {
    if (known.length > 0 && nowMs() - loadedAtMs < ms) return;
    loading ??= load().finally(() => {
      loading = null;
    });
    await loading;
  }

  async function current(): Promise<{ signing: StoredKey; all: readonly StoredKey[] }> {
    await loadIfOlderThan(RELOAD_MS);
    const signing = known.filter((key) => key.signs).at(-1);
    if (signing === undefined) throw new Error('No signing key');
    return { signing, all: known };
  }

  return {
    current,
    async verifying(kid) {
      await loadIfOlderThan(RELOAD_MS);
      if (!known.some((key) => key.kid === kid)) await loadIfOlderThan(RELOAD_ON_UNKNOWN_MS);
      return known.map((key) => key.publicJwk);
    },
    async signer() {
      const { signing } = await current();
      const key =
        signers.get(signing.kid) ?? (importJWK({ ...signing.privateJwk }, ALGORITHMS[purpose]) as Promise<CryptoKey>);
      signers.set(signing.kid, key);
      return { key: await key, kid: signing.kid };
    },
    async rotate() {
      await storage.rotateKey(
        purpose,
        await generateKey(ALGORITHMS[purpose]),
        PUBLISH_AHEAD_SECONDS,
        RETIRE_AFTER_SECONDS,
      );
      loadedAtMs = -Infinity;
    },
  };
}

/** A key pair whose `kid` is its thumbprint (RFC 7638). */
async function generateKey(algorithm: string): Promise<NewKey> {
  const pair = await generateKeyPair(algorithm, { extractable: true });
  const publicJwk = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  const shared = { kid, alg: algorithm, use: 'sig' };
  return {
    kid,
    publicJwk: { ...publicJwk, ...shared } as PublicJwk,
    privateJwk: { ...(await exportJWK(pair.privateKey)), ...shared },
  };
}
