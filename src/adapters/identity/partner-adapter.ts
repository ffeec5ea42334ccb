import type { Adapter, AdapterPayload } from 'oidc-provider';
import { OWN_ISSUER, type Registry, type ReplayStore } from '../../transfer/identity-ports.js';
import type { Partner } from '../../transfer/partner.js';
import { errors } from './oidc-library.js';
import { keysOf } from './partner-keys.js';
import type { RemoteKeySets } from './remote-key-sets.js';
import { OWN_ALGORITHM } from './signing-keys.js';

/**
 * What `oidc-provider` stores: clients are the registry's partners (read only), used assertions are spent in the
 * replay store. Nothing else exists for this endpoint; the library asking for more is a fault.
 */
export function createPartnerAdapter(options: {
  readonly registry: Registry;
  readonly replay: ReplayStore;
  readonly keySets: RemoteKeySets;
}): (model: string) => Adapter {
  const { registry, replay, keySets } = options;

  return (model) => {
    switch (model) {
      case 'Client':
        return adapter({
          async find(clientId) {
            const found = await registry.partnerByClientId(OWN_ISSUER, clientId);
            // A suspended partner gets the answer of an unknown one.
            if (found?.partner.status !== 'active') return undefined;
            return clientMetadata(found.partner, keySets);
          },
        });
      case 'ReplayDetection':
        return adapter({
          // The library reads, then writes; two requests in between would both pass. So the read finds nothing and
          // the write decides: one row per assertion, first come (threat 5).
          find: () => Promise.resolve(undefined),
          async upsert(id, _payload, expiresInSeconds) {
            if (!(await replay.useOnce(id, expiresInSeconds ?? 0))) {
              throw new errors.InvalidClientAuth('jti-used-before');
            }
          },
        });
      default:
        return adapter({});
    }
  };
}

async function clientMetadata(partner: Partner, keySets: RemoteKeySets): Promise<AdapterPayload | undefined> {
  const keys = await keysOf(partner, keySets);
  if (keys.length === 0) return undefined;
  return {
    client_id: partner.clientId,
    token_endpoint_auth_method: 'private_key_jwt',
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    id_token_signed_response_alg: OWN_ALGORITHM,
    scope: partner.scopes.join(' '),
    jwks: { keys: keys },
  };
}

function adapter(made: Partial<Adapter>): Adapter {
  const unsupported = (): Promise<never> => Promise.reject(new Error('Not part of this token endpoint'));
  return {
    upsert: unsupported,
    find: unsupported,
    findByUserCode: unsupported,
    findByUid: unsupported,
    consume: unsupported,
    destroy: unsupported,
    revokeByGrantId: unsupported,
    ...made,
  };
}
