import { z } from 'zod';
import { sayElement, type ExplainedElement } from '../../domain/decision/explain-elements.js';
import { DATA_LABELS, labelsOf, maskOf, type DataLabel } from '../../domain/labels/labels.js';
import { RelaisError } from '../../kernel/errors.js';
import { createPresenter } from '../../transfer/present-reasons.js';
import { presentProblem } from '../problem.js';
import { operation } from '../route.js';
import { at, document, EXAMPLE, jsonBody, LIST_BYTES, reasonView } from '../schemas/parts.js';
import { previewInput, transferExample } from '../schemas/transfer.js';
import { inWords } from './present-transfer.js';

const label = z.enum(DATA_LABELS as [DataLabel, ...DataLabel[]]);

const element = z
  .strictObject({
    path: z.string().meta({ description: 'JSON Pointer into the case.', examples: ['/needs/0/category'] }),
    reason: z.strictObject({ code: z.string(), en: z.string(), fr: z.string() }),
    labels: z.array(label).meta({ description: 'Sent: what had to be permitted. Withheld: what was not.' }),
  })
  .meta({ id: 'PreviewElement', description: 'One field of the case, and the rule by which it leaves or stays.' });

const toReview = z
  .strictObject({
    path: z.string().meta({ description: 'JSON Pointer into the case.', examples: ['/needs/0/note'] }),
    text: z.string().meta({
      description: 'SHA-256 (hex) of the text. Whoever has read it puts it into `about` of the field as `reviewed`.',
    }),
    labels: z.array(label).meta({ description: 'What the text may speak of.' }),
    en: z.string(),
    fr: z.string(),
  })
  .meta({ id: 'TextToReview', description: 'A text that is held back until somebody has read it.' });

const previewView = z
  .strictObject({
    digest: z.string().meta({ description: 'SHA-256 (hex) of the bytes of `bundle` as they stand in this answer.' }),
    expiresAt: at.meta({ description: 'Until then POST /api/v1/transfers with `digest` sends these bytes.' }),
    categories: z.array(label).meta({ description: 'What agreement, ground and choice permit together.' }),
    agreement: z.strictObject({ id: z.string(), version: z.int() }),
    reasons: z.array(reasonView),
    sent: z.array(element),
    withheld: z.array(element),
    toReview: z.array(toReview).meta({ description: 'Of what is withheld: texts that wait to be read.' }),
    bundle: document({ type: 'object', description: 'The FHIR R4 transaction Bundle, exactly as it would leave.' }),
  })
  .meta({ id: 'Preview', description: 'What would leave, and what stays; for the sender alone.' });

const sentence = {
  code: 'withheld.refused',
  en: 'Stays here: the person said no (health).',
  fr: 'Reste ici : la personne a dit non (santé).',
};

export const previewTransfer = operation({
  group: 'transfers',
  id: 'previewTransfer',
  summary: { en: 'See what would leave, before anything does', fr: 'Voir ce qui partirait, avant tout envoi' },
  description: {
    en: 'The exact bundle, and for every field of the case whether it leaves or stays and why. Ids and moment are pinned: POST /api/v1/transfers with the same body and `digest` sends these bytes, or answers 409 with the difference. Nothing is sent, and nothing of it is a refused transfer.',
    fr: 'Le Bundle exact et, pour chaque champ du dossier, s’il part ou reste, et pourquoi. Les identifiants et la date sont figés : POST /api/v1/transfers avec le même corps et `digest` envoie ces octets, ou répond 409 avec la différence. Rien n’est envoyé, et rien ne compte comme un refus.',
  },
  body: jsonBody(previewInput, transferExample, LIST_BYTES),
  responses: {
    200: {
      description: { en: 'What would leave', fr: 'Ce qui partirait' },
      schema: previewView,
      example: {
        digest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        expiresAt: '2026-02-09T11:15:00.000Z',
        categories: ['identity', 'contact', 'household', 'housing'],
        agreement: { id: EXAMPLE.agreement, version: 1 },
        reasons: [
          {
            code: 'permit.consent',
            text: 'The person agreed on 9 February 2026 that this may be passed on to Toit Commun.',
          },
        ],
        sent: [
          {
            path: '/person/birthDate',
            reason: {
              code: 'sent.permitted',
              en: 'Leaves: the person agreed, and the agreement covers identity.',
              fr: 'Est transmis : la personne a donné son accord, et la convention couvre : identité.',
            },
            labels: ['identity'],
          },
        ],
        withheld: [{ path: '/health/conditions/0/name', reason: sentence, labels: ['health'] }],
        toReview: [],
        bundle: { resourceType: 'Bundle', type: 'transaction' },
      },
    },
    403: {
      description: { en: 'It may not be passed on, with reasons', fr: 'Transmission impossible, avec les raisons' },
      schema: z.looseObject({ code: z.string(), reasons: z.array(reasonView).optional() }),
      mediaType: 'application/problem+json',
    },
  },
  handle: async ({ principal, body, lang, requestId }, { story, publicUrl }) => {
    const { categories, sensitivities, answerExpectedBy, withhold, follows, ...command } = body;
    const result = await story.previewTransfer(principal, {
      ...command,
      ...(categories !== undefined && { requested: maskOf([...categories, ...(sensitivities ?? [])]) }),
      ...(withhold !== undefined && { withhold }),
      ...(answerExpectedBy !== undefined && { answerExpectedBy }),
      ...(follows !== undefined && { follows }),
      requestId,
    });
    const present = createPresenter(await story.listOrganizations(principal));
    const reasons = inWords(result.reasons, present, lang);
    if (result.outcome === 'deny') {
      const told = new RelaisError(
        'preview.refused',
        403,
        'business-rule',
        'This may not be passed on: nothing was read and nothing is shown.',
        { details: { reasons } },
      );
      return presentProblem(told, { lang, requestId, publicUrl });
    }
    const { permit, disclosable, elements, expiresAt } = result;
    const view = (one: ExplainedElement): z.infer<typeof element> => ({
      path: one.path,
      reason: { code: one.reason, en: sayElement(permit, one, 'en'), fr: sayElement(permit, one, 'fr') },
      labels: [...one.labels],
    });
    return {
      status: 200,
      headers: { 'content-language': lang },
      body: {
        digest: disclosable.digest,
        expiresAt,
        categories: labelsOf(permit.permitted),
        agreement: { id: permit.agreement.id, version: permit.agreement.version },
        reasons,
        sent: elements.filter(({ outcome }) => outcome === 'sent').map(view),
        withheld: elements.filter(({ outcome }) => outcome === 'withheld').map(view),
        toReview: elements.flatMap((one) =>
          one.text === undefined
            ? []
            : [
                {
                  path: one.path,
                  text: one.text,
                  labels: [...one.labels],
                  en: sayElement(permit, one, 'en'),
                  fr: sayElement(permit, one, 'fr'),
                },
              ],
        ),
        bundle: disclosable.bundle,
      },
    };
  },
});
