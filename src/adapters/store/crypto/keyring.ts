import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { RelaisError } from '../../../kernel/errors.js';
import type { OrganizationId } from '../../../kernel/ids.js';
import { open, seal, type Place } from './envelope.js';

/** Everything that is derived from the master key (HKDF-SHA256, RFC 5869). The master key itself encrypts nothing. */
export interface Keyring {
  /** 32 random bytes. */
  newDataKey(): Buffer;
  wrap(dataKey: Buffer, place: Place): Buffer;
  unwrap(wrapped: Buffer, place: Place): Buffer;
  /**
   * Keyed hash of a value of one field of one tenant: equal values of two tenants or two fields have nothing in common.
   *
   * @returns 16 bytes
   */
  blind(organizationId: OrganizationId, field: string, value: string): Buffer;
}

/** @param masterKey 32 bytes */
export function createKeyring(masterKey: Uint8Array): Keyring {
  if (masterKey.length !== 32) {
    throw new RelaisError('config.invalid', 500, 'exception', 'The master key must be 32 bytes.');
  }
  const wrapping = derive(masterKey, '', 'relais/wrap/1');
  const indexing = derive(masterKey, '', 'relais/index/1');
  const tenantKeys = new Map<string, Buffer>();
  const tenantKey = (organizationId: OrganizationId, field: string): Buffer => {
    const name = `${organizationId}/${field}`;
    const known = tenantKeys.get(name);
    if (known !== undefined) return known;
    const key = derive(indexing, organizationId, field);
    tenantKeys.set(name, key);
    return key;
  };
  return {
    newDataKey: () => randomBytes(32),
    wrap: (dataKey, place) => seal(wrapping, dataKey, place),
    unwrap: (wrapped, place) => open(wrapping, wrapped, place),
    blind: (organizationId, field, value) =>
      createHmac('sha256', tenantKey(organizationId, field)).update(value).digest().subarray(0, 16),
  };
}

/** Tells whether content changed, without decrypting; worthless without the data key. */
export function contentHash(dataKey: Buffer, content: string): Buffer {
  return createHmac('sha256', derive(dataKey, '', 'relais/content-hash/1'))
    .update(content)
    .digest();
}

function derive(key: Uint8Array, salt: string, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, info, 32));
}
