import { hash } from 'node:crypto';

/** 32 bytes: SHA-256, the only hash of the log. */
export type Hash = Buffer;

export const HASH_BYTES = 32;

/** MTH({}) of RFC 6962 section 2.1: the hash of nothing. */
export const EMPTY_ROOT: Hash = hash('sha256', '', 'buffer');

/** SHA-256(0x01 || left || right); RFC 6962 section 2.1. */
export function nodeHash(left: Hash, right: Hash): Hash {
  const input = Buffer.allocUnsafe(1 + 2 * HASH_BYTES);
  input[0] = 0x01;
  left.copy(input, 1);
  right.copy(input, 1 + HASH_BYTES);
  return hash('sha256', input, 'buffer');
}
