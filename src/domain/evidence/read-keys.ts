import { readVerifier, type NoteVerifier } from '../audit/signed-note.js';
import type { Jwk } from './detached-jws.js';
import { keysFile } from './pack.js';

/** Public keys that somebody relies on. */
export interface TrustedKeys {
  readonly checkpoint: readonly NoteVerifier[];
  readonly bundle: readonly Jwk[];
}

/**
 * Reads a file of public keys: what `relais evidence keys` prints, a JWK or a JWK set (RFC 7517, as `/oauth/jwks` serves
 * it), or verifier keys of signed notes, one a line.
 *
 * @returns null when there is no key in it
 */
export function readKeys(text: string): TrustedKeys | null {
  const keys = text.trimStart().startsWith('{') ? readJson(text) : readLines(text);
  return keys === null || keys.checkpoint.length + keys.bundle.length === 0 ? null : keys;
}

function readLines(text: string): TrustedKeys | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const checkpoint = lines.map(readVerifier).filter((key) => key !== null);
  return checkpoint.length === lines.length ? { checkpoint, bundle: [] } : null;
}

function readJson(text: string): TrustedKeys | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { keys, kty } = value as { keys?: unknown; kty?: unknown };
  if (typeof kty === 'string') return { checkpoint: [], bundle: [value as Jwk] };
  if (Array.isArray(keys)) return { checkpoint: [], bundle: keys.filter((key) => typeof key === 'object') as Jwk[] };
  const parsed = keysFile.safeParse(value);
  if (!parsed.success) return null;
  const checkpoint = parsed.data.checkpointKeys.map(readVerifier).filter((key) => key !== null);
  return { checkpoint, bundle: parsed.data.jwks.keys };
}
