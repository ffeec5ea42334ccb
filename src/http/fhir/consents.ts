import { z } from 'zod';
import { RelaisError } from '../../kernel/errors.js';
import { isUuid, type ConsentId, type PersonId } from '../../kernel/ids.js';
import { operation } from '../route.js';
import { EXAMPLE, fhirBody, NO_CONTENT, uuidParam } from '../schemas/parts.js';
import type { ConsentView } from '../story.js';
import {
  CONSENT_LOCATION,
  consentExample,
  consentResource,
  entityTag,
  ifMatch,
  requireSameId,
} from './consent-schema.js';

const FHIR = 'application/fhir+json';
const params = uuidParam<ConsentId>();
const example = { ...consentExample, id: EXAMPLE.consent, meta: { versionId: '1' } };
const resourceReply = (en: string, fr: string) => ({
  description: { en, fr },
  schema: consentResource,
  mediaType: FHIR,
  example,
});
const headersOf = ({ version }: ConsentView): Record<string, string> => ({ etag: entityTag(version) });

/** FHIR create (https://hl7.org/fhir/R4/http.html#create). */
export const createConsent = operation({
  group: 'consents',
  id: 'createConsent',
  summary: { en: 'Record a consent or a refusal', fr: 'Consigner un consentement ou un refus' },
  description: {
    en: 'FHIR R4 Consent, for one’s own persons; a partner never names itself as the recipient. What is recorded is never overwritten. A permission that would replace an earlier decision is a 409 until it names that one (extension consent-supersedes).',
    fr: 'Consent FHIR R4, pour ses propres personnes ; un partenaire ne se désigne jamais lui-même comme destinataire. Rien de ce qui est consigné n’est écrasé. Une autorisation qui remplacerait une décision antérieure donne 409 tant qu’elle ne la désigne pas (extension consent-supersedes).',
  },
  headers: z.object({ 'if-none-exist': z.string().optional() }),
  body: fhirBody(consentResource, consentExample),
  responses: { 201: resourceReply('The consent as stored', 'Le consentement tel que conservé') },
  handle: async ({ principal, headers, body, requestId }, { story }) => {
    // A conditional create would tell whether something exists (threat 15).
    if (headers['if-none-exist'] !== undefined) {
      throw new RelaisError('fhir.conditional', 400, 'not-supported', 'Conditional requests are not supported.');
    }
    const stored = await story.recordConsent(principal, null, body, undefined, requestId);
    return {
      status: 201,
      body: stored.resource,
      headers: { location: `${CONSENT_LOCATION}/${stored.id}`, ...headersOf(stored) },
    };
  },
});

/** FHIR update (https://hl7.org/fhir/R4/http.html#update): a new version of a consent that exists. */
export const updateConsent = operation({
  group: 'consents',
  id: 'updateConsent',
  summary: { en: 'Record a new version of a consent', fr: 'Consigner une nouvelle version d’un consentement' },
  description: {
    en: 'Status inactive withdraws; POST /api/v1/consents/{id}/withdraw does it and tells what was stopped.',
    fr: 'Le statut inactive vaut retrait ; POST /api/v1/consents/{id}/withdraw retire et dit ce qui a été arrêté.',
  },
  params,
  headers: z.object({ 'if-match': ifMatch }),
  body: fhirBody(consentResource, example),
  responses: { 200: resourceReply('The new version', 'La nouvelle version') },
  handle: async ({ principal, params: { id }, headers, body, requestId }, { story }) => {
    requireSameId(body, id);
    const stored = await story.recordConsent(principal, id, body, headers['if-match'], requestId);
    return { status: 200, body: stored.resource, headers: headersOf(stored) };
  },
});

/** FHIR read (https://hl7.org/fhir/R4/http.html#read). */
export const readConsent = operation({
  group: 'consents',
  id: 'readConsent',
  summary: { en: 'Read a consent', fr: 'Lire un consentement' },
  params,
  responses: { 200: resourceReply('The newest version', 'La version la plus récente') },
  handle: async ({ principal, params: { id }, requestId }, { story }) => {
    const consent = await story.getConsent(principal, id, requestId);
    return { status: 200, body: consent.resource, headers: headersOf(consent) };
  },
});

const patient = z
  .string()
  .refine((reference) => isUuid(reference.replace(/^Patient\//, '')), 'A reference Patient/{id} is needed.')
  .transform((reference) => reference.replace(/^Patient\//, '') as PersonId)
  .meta({ description: 'Patient/{personId}, or the id alone.' });

/** FHIR search by patient (https://hl7.org/fhir/R4/http.html#search). */
export const searchConsents = operation({
  group: 'consents',
  id: 'searchConsents',
  summary: { en: 'Consents of a person', fr: 'Les consentements d’une personne' },
  query: z.object({ patient }),
  responses: {
    200: {
      description: { en: 'Bundle of the newest versions', fr: 'Bundle des versions les plus récentes' },
      schema: z
        .strictObject({
          resourceType: z.literal('Bundle'),
          type: z.literal('searchset'),
          total: z.int(),
          entry: z
            .array(
              z.strictObject({
                fullUrl: z.string(),
                resource: consentResource,
                search: z.strictObject({ mode: z.literal('match') }),
              }),
            )
            .min(1)
            .optional(),
        })
        .meta({ id: 'ConsentBundle' }),
      mediaType: FHIR,
      example: {
        resourceType: 'Bundle',
        type: 'searchset',
        total: 1,
        entry: [{ fullUrl: `/fhir/Consent/${EXAMPLE.consent}`, resource: example, search: { mode: 'match' } }],
      },
    },
  },
  handle: async ({ principal, query, requestId }, { story, publicUrl }) => {
    const found = await story.searchConsents(principal, query, requestId);
    const entry = found.map(({ id, resource }) => ({
      fullUrl: `${publicUrl}${CONSENT_LOCATION}/${id}`,
      resource,
      search: { mode: 'match' },
    }));
    return {
      status: 200,
      // FHIR forbids empty arrays.
      body: { resourceType: 'Bundle', type: 'searchset', total: found.length, ...(entry.length > 0 && { entry }) },
    };
  },
});

export const withdrawConsent = operation({
  group: 'consents',
  id: 'withdrawConsent',
  summary: { en: 'Withdraw a consent', fr: 'Retirer un consentement' },
  description: {
    en: 'Answers when no delivery under this consent is live: from then on nothing more leaves. 503 with Retry-After: the withdrawal stands, ask again how a delivery ended that had begun.',
    fr: 'Répond lorsque plus aucun envoi fondé sur ce consentement n’est en cours : à partir de là, plus rien ne part. 503 avec Retry-After : le retrait est acquis, demandez à nouveau comment s’est terminé un envoi déjà commencé.',
  },
  params,
  body: NO_CONTENT,
  responses: {
    200: {
      description: {
        en: 'What was stopped, and what had already left',
        fr: 'Ce qui a été arrêté, et ce qui était déjà parti',
      },
      schema: z
        .strictObject({
          consentId: z.string(),
          version: z.int(),
          stopped: z.array(z.string()),
          alreadySent: z.array(z.string()),
          notified: z
            .array(z.string())
            .meta({ description: 'Transfers that their recipients are told to stop using.' }),
        })
        .meta({ id: 'Withdrawal' }),
      example: { consentId: EXAMPLE.consent, version: 2, stopped: [EXAMPLE.transfer], alreadySent: [], notified: [] },
    },
  },
  handle: async ({ principal, params: { id }, requestId }, { story }) => ({
    status: 200,
    body: await story.withdrawConsent(principal, id, requestId),
  }),
});
