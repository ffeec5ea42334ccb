import { SCOPES } from '../../transfer/principal.js';
import { SIGNATURE_ALGORITHMS } from './verification-key.js';

export interface TokenEndpointDescription {
  /** The public URL without a trailing slash: issuer of access tokens and their only audience. */
  readonly issuer: string;
  readonly tokenEndpoint: string;
  /** RFC 8414; serve at `/.well-known/oauth-authorization-server` and `/.well-known/openid-configuration`. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** SMART App Launch 2.2, "Conformance"; serve at `/.well-known/smart-configuration`. */
  readonly smartConfiguration: Readonly<Record<string, unknown>>;
}

/** What the token endpoint says of itself: the two documents differ only in what their standards add. */
export function describeTokenEndpoint(publicUrl: string): TokenEndpointDescription {
  const issuer = publicUrl.replace(/\/+$/, '');
  const tokenEndpoint = `${issuer}/oauth/token`;
  const shared = {
    issuer,
    token_endpoint: tokenEndpoint,
    jwks_uri: `${issuer}/oauth/jwks`,
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: [...SIGNATURE_ALGORITHMS],
    scopes_supported: [...SCOPES],
  };
  return {
    issuer,
    tokenEndpoint,
    metadata: { ...shared, response_types_supported: [] },
    smartConfiguration: { ...shared, capabilities: ['client-confidential-asymmetric', 'permission-v2'] },
  };
}
