import { createHash, randomBytes } from 'node:crypto';

/**
 * A commitment to a digest: SHA-256(salt || digest). A log may hold it: without the salt nobody can test a guess of the
 * content against it; whoever has salt and digest can show that they belong to the entry.
 *
 * @param digest SHA-256 (hex)
 */
export function commitTo(digest: string): { readonly commitment: string; readonly salt: Buffer } {
  const salt = randomBytes(16);
  return { commitment: createHash('sha256').update(salt).update(digest, 'utf8').digest('hex'), salt };
}
