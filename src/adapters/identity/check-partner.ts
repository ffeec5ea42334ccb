import { RelaisError, type Violation } from '../../kernel/errors.js';
import { checkContact, CONTACT_RULES } from '../../transfer/check-contact.js';
import { OWN_ISSUER } from '../../transfer/identity-ports.js';
import type { Partner, PartnerEndpoint } from '../../transfer/partner.js';
import { SCOPES } from '../../transfer/principal.js';
import { validateEndpointUrl } from './validate-endpoint-url.js';
import { publicKeysOf } from './verification-key.js';

const CLIENT_ID = /^[A-Za-z0-9._~:/@+-]{1,255}$/;
/** Scope tokens, RFC 6749 section 3.3, one blank between. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/;

/**
 * The rules for registering a partner: addresses (threat 30), keys, scopes, issuer.
 *
 * @param publicUrl Relais' own issuer, which no external issuer may pretend to be
 * @returns a check that throws RelaisError `partner.invalid` (422) naming every member that breaks a rule
 */
export function createPartnerRules(options: {
  readonly publicUrl: string;
  readonly allowPrivateEndpoints: boolean;
}): (partner: Omit<Partner, 'id' | 'status'>) => void {
  const own = options.publicUrl.replace(/\/+$/, '');

  return (partner) => {
    const violations: Violation[] = [];
    const broken = (path: string, rule: string, message: string): void => {
      violations.push({ path, rule, message });
    };
    const checkUrl = (path: string, url: string): void => {
      try {
        validateEndpointUrl(url, { allowPrivate: options.allowPrivateEndpoints });
      } catch (error) {
        broken(path, 'partner.url-refused', error instanceof RelaisError ? error.message : 'The address is refused.');
      }
    };
    const checkEndpoint = (path: string, endpoint: PartnerEndpoint | undefined): void => {
      if (endpoint === undefined) return;
      checkUrl(`${path}/url`, endpoint.url);
      checkUrl(`${path}/tokenUrl`, endpoint.tokenUrl);
      if (!CLIENT_ID.test(endpoint.clientId)) broken(`${path}/clientId`, 'partner.client-id', 'Not a client id.');
      if (!SCOPE.test(endpoint.scope)) broken(`${path}/scope`, 'partner.scope', 'Not a list of scopes.');
    };

    if (partner.name.trim() === '' || partner.name.length > 200 || /\p{Cc}/u.test(partner.name)) {
      broken('/name', 'partner.name', 'A name of 1 to 200 printable characters is needed.');
    }
    if (!CLIENT_ID.test(partner.clientId)) broken('/clientId', 'partner.client-id', 'Not a client id.');
    if (partner.issuer !== OWN_ISSUER) {
      checkUrl('/issuer', partner.issuer);
      if (partner.issuer.replace(/\/+$/, '') === own)
        broken('/issuer', 'partner.issuer', 'This is the gateway itself.');
    }
    if (partner.scopes.some((scope) => !(SCOPES as readonly string[]).includes(scope))) {
      broken('/scopes', 'partner.scope', `Known scopes are: ${SCOPES.join(', ')}.`);
    }
    if (partner.guest === undefined) checkKeys(partner, broken);
    else checkGuest(partner, broken);
    if (partner.jwksUri !== undefined) checkUrl('/jwksUri', partner.jwksUri);
    checkEndpoint('/endpoint', partner.endpoint);
    checkEndpoint('/webhook', partner.webhook);
    if (violations.length > 0) {
      throw new RelaisError('partner.invalid', 422, 'invariant', 'The partner cannot be registered like this.', {
        violations,
      });
    }
  };
}

/** A guest has an address and no system: it cannot call, and nothing but a notice goes to it. */
function checkGuest(
  partner: Omit<Partner, 'id' | 'status'>,
  broken: (path: string, rule: string, message: string) => void,
): void {
  const { guest, scopes, jwks, jwksUri, endpoint, webhook } = partner;
  if (guest === undefined) return;
  if (scopes.length > 0 || [jwks, jwksUri, endpoint, webhook].some((part) => part !== undefined)) {
    broken('/guest', 'partner.guest', 'A guest has no keys, no scopes and no system.');
  }
  for (const { path, rule } of checkContact(guest)) broken(`/guest${path}`, rule, CONTACT_RULES[rule]);
}

function checkKeys(
  partner: Pick<Partner, 'jwks' | 'jwksUri'>,
  broken: (path: string, rule: string, message: string) => void,
): void {
  if ((partner.jwks === undefined) === (partner.jwksUri === undefined)) {
    broken('/jwks', 'partner.keys', 'Either jwks or jwksUri is needed, and not both.');
    return;
  }
  if (partner.jwks === undefined) return;
  const { keys } = partner.jwks;
  if (keys.some((key) => ['d', 'p', 'q', 'k'].some((member) => member in key))) {
    broken('/jwks', 'partner.private-key', 'A private key was sent. Make a new pair: this one is not secret any more.');
  }
  const usable = publicKeysOf(partner.jwks);
  const names = new Set(usable.map((key) => key.kid));
  if (usable.length === 0 || usable.length !== keys.length || names.size !== keys.length) {
    broken('/jwks', 'partner.keys', 'Each key needs kty EC, RSA or OKP, a kid of its own, and no use but "sig".');
  }
}
