import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { RelaisError } from '../../../kernel/errors.js';
import type { KeyPurpose, NewKey, PublicJwk, SigningKeyStore, StoredKey } from '../../../transfer/identity-ports.js';
import { inTransaction } from './in-transaction.js';

/** Any number of its own for pg_advisory_xact_lock. */
const KEY_LOCK = 7_236_002;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The gateway's signing keys in PostgreSQL, private parts sealed with AES-256-GCM under a key that is derived from the
 * master key (HKDF, RFC 5869) and used for nothing else.
 *
 * @param pool connections of the role relais_identity
 * @param masterKey 32 bytes
 */
export function createSigningKeyStore(options: {
  readonly pool: pg.Pool;
  readonly masterKey: Buffer;
}): SigningKeyStore {
  const { pool } = options;
  const sealingKey = Buffer.from(hkdfSync('sha256', options.masterKey, '', 'relais/signing-keys', 32));

  async function load(client: pg.Pool | pg.ClientBase, purpose: KeyPurpose): Promise<readonly StoredKey[]> {
    const { rows } = await client.query<{ kid: string; public_jwk: PublicJwk; sealed_private: Buffer; signs: boolean }>(
      `select kid, public_jwk, sealed_private, signs_from <= now() as signs from signing_key
        where purpose = $1 and (retires_at is null or retires_at > now()) order by signs_from, kid`,
      [purpose],
    );
    return rows.map((row) => ({
      kid: row.kid,
      publicJwk: row.public_jwk,
      privateJwk: open(row.sealed_private, row.kid),
      signs: row.signs,
    }));
  }

  async function insert(
    client: pg.ClientBase,
    purpose: KeyPurpose,
    key: NewKey,
    signsInSeconds: number,
  ): Promise<void> {
    await client.query(
      `insert into signing_key (kid, purpose, public_jwk, sealed_private, signs_from)
       values ($1, $2, $3, $4, now() + make_interval(secs => $5))`,
      [key.kid, purpose, key.publicJwk, seal(key), signsInSeconds],
    );
  }

  function seal(key: NewKey): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', sealingKey, nonce).setAAD(Buffer.from(key.kid));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(key.privateJwk), 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  function open(sealed: Buffer, kid: string): Readonly<Record<string, unknown>> {
    try {
      const decipher = createDecipheriv('aes-256-gcm', sealingKey, sealed.subarray(0, NONCE_BYTES));
      decipher.setAAD(Buffer.from(kid));
      decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const text = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
      return JSON.parse(text.toString('utf8')) as Readonly<Record<string, unknown>>;
    } catch {
      const message = 'A signing key cannot be opened: RELAIS_MASTER_KEY is not the one it was stored with.';
      throw new RelaisError('identity.master-key-wrong', 500, 'exception', message);
    }
  }

  return {
    publicKeys: async (purpose) => {
      const { rows } = await pool.query<{ public_jwk: PublicJwk }>(
        'select public_jwk from signing_key where purpose = $1 order by signs_from, kid',
        [purpose],
      );
      return rows.map((row) => row.public_jwk);
    },

    loadKeys: (purpose) => load(pool, purpose),

    ensureKey: (purpose, key) =>
      inTransaction(pool, async (client) => {
        await client.query('select pg_advisory_xact_lock($1)', [KEY_LOCK]);
        const known = await load(client, purpose);
        if (known.some((stored) => stored.signs)) return known;
        await insert(client, purpose, key, 0);
        return load(client, purpose);
      }),

    rotateKey: (purpose, key, signsInSeconds, retireOthersInSeconds) =>
      inTransaction(pool, async (client) => {
        await client.query('select pg_advisory_xact_lock($1)', [KEY_LOCK]);
        await client.query(
          `update signing_key set retires_at = now() + make_interval(secs => $2) where purpose = $1 and retires_at is null`,
          [purpose, retireOthersInSeconds],
        );
        await insert(client, purpose, key, signsInSeconds);
      }),
  };
}
