import type { PublicJwk } from '../../transfer/identity-ports.js';
import type { Partner, PartnerKeys } from '../../transfer/partner.js';
import type { RemoteKeySets } from './remote-key-sets.js';
import { publicKeysOf } from './verification-key.js';

/**
 * The public keys that count for a partner at this moment: its own, and while they have not ended those that it had before.
 * A name that both have is that of the new one.
 *
 * @param kid the key that is looked for; absent when any may be wanted
 */
export async function keysOf(partner: Partner, keySets: RemoteKeySets, kid?: string): Promise<readonly PublicJwk[]> {
  const keys = await keysIn(partner, keySets, kid);
  if (partner.formerKeys === undefined) return keys;
  const names = new Set(keys.map((key) => key.kid));
  const former = await keysIn(partner.formerKeys, keySets, kid);
  return [...keys, ...former.filter((key) => !names.has(key.kid))];
}

async function keysIn(
  { jwks, jwksUri }: PartnerKeys,
  keySets: RemoteKeySets,
  kid: string | undefined,
): Promise<readonly PublicJwk[]> {
  return jwksUri === undefined ? publicKeysOf(jwks) : keySets.keysAt(jwksUri, kid);
}
