import { z } from 'zod';
import type { HttpDeps } from '../deps.js';
import { openOperation, type RawOperation } from '../route.js';

/** `/oauth/token` (RFC 6749 section 4.4, RFC 7523): the identity adapter reads the form itself. */
export const issueToken: RawOperation = {
  group: 'identity',
  id: 'issueToken',
  summary: { en: 'Get an access token', fr: 'Obtenir un jeton d’accès' },
  description: {
    en: 'Client credentials with private_key_jwt, nothing else (SMART Backend Services). Tokens last five minutes.',
    fr: 'Client credentials avec private_key_jwt, rien d’autre (SMART Backend Services). Un jeton dure cinq minutes.',
  },
  formFields: {
    grant_type: 'client_credentials',
    scope: 'relais/Case.cru relais/Transfer.cru',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: '$ASSERTION',
  },
  responses: {
    200: {
      description: { en: 'The token', fr: 'Le jeton' },
      schema: z.looseObject({ access_token: z.string(), token_type: z.string(), expires_in: z.int() }),
      example: { access_token: 'eyJhbGciOi…', token_type: 'Bearer', expires_in: 300, scope: 'relais/Case.cru' },
    },
    400: {
      description: { en: 'RFC 6749 section 5.2', fr: 'RFC 6749, section 5.2' },
      schema: z.looseObject({ error: z.string() }),
      example: { error: 'unsupported_grant_type' },
    },
    401: {
      description: { en: 'The client assertion was not accepted', fr: 'L’assertion du client n’a pas été acceptée' },
      schema: z.looseObject({ error: z.string() }),
      example: { error: 'invalid_client' },
    },
  },
  raw: (request, response, { tokenEndpoint }) => tokenEndpoint.callback(request, response),
};

const published = (
  id: string,
  en: string,
  fr: string,
  read: (endpoint: HttpDeps['tokenEndpoint']) => unknown,
  schema: z.ZodObject = z.looseObject({ issuer: z.string() }),
) =>
  openOperation({
    group: 'identity',
    id,
    summary: { en, fr },
    responses: { 200: { description: { en, fr }, schema } },
    handle: async (_call, { tokenEndpoint }) => ({ status: 200, body: await read(tokenEndpoint) }),
  });

export const readKeys = published(
  'readKeys',
  'Public keys of this gateway',
  'Clés publiques de cette passerelle',
  (endpoint) => endpoint.jwks(),
  z.looseObject({ keys: z.array(z.unknown()) }),
);
/** RFC 8414. */
export const readMetadata = published(
  'readMetadata',
  'Authorization server metadata',
  'Métadonnées du serveur d’autorisation',
  (endpoint) => endpoint.metadata,
);
/** SMART App Launch 2.2, "Conformance". */
export const readSmartConfiguration = published(
  'readSmartConfiguration',
  'SMART configuration',
  'Configuration SMART',
  (endpoint) => endpoint.smartConfiguration,
);
/** Where OpenID Connect Discovery 1.0 looks for the same document. */
export const readOpenIdConfiguration = published(
  'readOpenIdConfiguration',
  'The same for OpenID clients',
  'Les mêmes pour les clients OpenID',
  (endpoint) => endpoint.metadata,
);
/** SMART looks under the base of the FHIR side. */
export const readFhirSmartConfiguration = published(
  'readFhirSmartConfiguration',
  'The same under the FHIR base',
  'La même sous la base FHIR',
  (endpoint) => endpoint.smartConfiguration,
);
