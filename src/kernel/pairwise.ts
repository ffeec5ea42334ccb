import { createHmac } from 'node:crypto';

/**
 * Ids that differ per recipient: two recipients who compare notes find nothing to join on (the idea of pairwise
 * subject identifiers, OpenID Connect Core section 8.1). Deterministic, so that a resend names the same resources.
 *
 * @param key 32 secret bytes, derived from the master key
 * @returns a lower-case UUID in the form of version 8 (RFC 9562 section 5.8)
 */
export function createPairwiseIds(key: Buffer): (recipient: string, resourceType: string, sourceKey: string) => string {
  return (recipient, resourceType, sourceKey) => {
    const digest = createHmac('sha256', key).update(`${recipient}\n${resourceType}\n${sourceKey}`).digest();
    digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x80;
    digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
    const hex = digest.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
  };
}
export type PairwiseIds = ReturnType<typeof createPairwiseIds>;
