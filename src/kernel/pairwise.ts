import { hash } from 'node:crypto';

/**
 * Ids that differ per recipient: two recipients who compare notes find nothing to join on (the idea of pairwise
 * subject identifiers, OpenID Connect Core section 8.1). Deterministic, so that a resend names the same resources.
 *
 * @param key 32 secret bytes, derived from the master key
 * @returns a lower-case UUID in the form of version 8 (RFC 9562 section 5.8)
 */
export function createPairwiseIds(key: Buffer): (recipient: string, resourceType: string, sourceKey: string) => string {
  const hmac = hmacSha256(key);
  return (recipient, resourceType, sourceKey) => {
    const digest = hmac(`${recipient}\n${resourceType}\n${sourceKey}`);
    digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x80;
    digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
    const hex = digest.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
  };
}
export type PairwiseIds = ReturnType<typeof createPairwiseIds>;

const BLOCK_BYTES = 64;

/**
 * HMAC (RFC 2104) from two hashes in one go each: an Hmac object for every id costs ten times what it computes, and a
 * bundle has dozens.
 */
function hmacSha256(key: Buffer): (text: string) => Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  (key.length > BLOCK_BYTES ? hash('sha256', key, 'buffer') : key).copy(block);
  const inner = block.map((byte) => byte ^ 0x36);
  const outer = block.map((byte) => byte ^ 0x5c);
  return (text) => {
    const digest = hash('sha256', Buffer.concat([inner, Buffer.from(text)]), 'buffer');
    return hash('sha256', Buffer.concat([outer, digest]), 'buffer');
  };
}
