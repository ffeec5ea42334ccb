import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { keyIdOf, type NoteSigner } from '../../../domain/audit/signed-note.js';
import type { Actor } from '../../../kernel/actor.js';
import type { Keyring } from '../crypto/keyring.js';
import type { AuditWriter } from '../identity/in-transaction.js';

/**
 * Every key that ever signed a checkpoint of this log, the newest last. One that this deployment did not seal is somebody's
 * who wants to sign in its name: it counts for nothing.
 *
 * @throws RelaisError `store.unreadable` when there are keys and this master key opens none
 */
export async function loadCheckpointKeys(client: pg.ClientBase, keyring: Keyring): Promise<readonly NoteSigner[]> {
  const { rows } = await client.query<{ name: string; sealed_private: Buffer }>(
    'select name, sealed_private from audit_key order by number',
  );
  const signers: NoteSigner[] = [];
  let failure: Error | undefined;
  for (const { name, sealed_private: sealed } of rows) {
    try {
      signers.push(signerOf(name, keyring.unwrap(sealed, placeOf(name))));
    } catch (error) {
      failure = error instanceof Error ? error : new Error('A key cannot be opened');
    }
  }
  if (signers.length === 0 && failure !== undefined) throw failure;
  return signers;
}

/** As `loadCheckpointKeys`; the first key and the log's name are made here. The caller holds the sequencer's lock. */
export async function ensureCheckpointKeys(client: pg.ClientBase, keyring: Keyring): Promise<readonly NoteSigner[]> {
  const known = await loadCheckpointKeys(client, keyring);
  return known.length > 0 ? known : [await addKey(client, keyring, `relais/audit/${randomUUID()}`)];
}

/**
 * A new key that signs from now on; the ones before stay, for what they signed. Its entry in the log names both by their ids.
 *
 * @param client in a transaction of the worker's role, which holds the sequencer's lock
 * @returns all keys, the newest last
 */
export async function rotateCheckpointKey(
  client: pg.ClientBase,
  { keyring, audit, actor }: { readonly keyring: Keyring; readonly audit: AuditWriter; readonly actor: Actor },
): Promise<readonly NoteSigner[]> {
  const keys = await ensureCheckpointKeys(client, keyring);
  const before = keys.at(-1)!;
  const made = await addKey(client, keyring, before.name);
  const idOf = (key: NoteSigner): string => keyIdOf(key).toString('hex');
  await audit(client, {
    action: 'audit.key-rotated',
    outcome: 'success',
    actor,
    organizations: [],
    codes: { from: idOf(before), to: idOf(made) },
  });
  return [...keys, made];
}

async function addKey(client: pg.ClientBase, keyring: Keyring, name: string): Promise<NoteSigner> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  await client.query('insert into audit_key (name, sealed_private) values ($1, $2)', [
    name,
    keyring.wrap(pkcs8, placeOf(name)),
  ]);
  return signerOf(name, pkcs8);
}

const placeOf = (name: string) => ({ table: 'audit_key', row: name, version: 'ed25519' }) as const;

function signerOf(name: string, pkcs8: Buffer): NoteSigner {
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { name, privateKey, publicKey: Buffer.from(x, 'base64url') };
}
