import { z } from 'zod';
import type { DeclinedShareId, OrganizationId, PersonId } from '../../kernel/ids.js';
import { DECLINE_REASONS } from '../../transfer/decline-ports.js';
import { operation } from '../route.js';
import { purpose } from '../schemas/agreement.js';
import { at, EXAMPLE, id, jsonBody, uuidParam, words } from '../schemas/parts.js';

const reason = z.enum(DECLINE_REASONS);

const view = z
  .strictObject({
    id: z.string(),
    personId: z.string(),
    recipientOrganizationId: z.string(),
    purpose,
    reason,
    words: z.string().nullable().meta({ description: 'Of the professional; for their own organization alone.' }),
    recordedAt: at,
  })
  .meta({ id: 'DeclinedShare', description: 'A professional declined to share. Nothing says who: nobody is counted.' });

const example = {
  id: 'c0de0000-0000-4000-8000-000000000026',
  personId: EXAMPLE.person,
  recipientOrganizationId: EXAMPLE.recipient,
  purpose: 'HOUSING',
  reason: 'not-needed',
  words: null,
  recordedAt: '2026-02-09T10:15:02.418Z',
};

export const declineToShare = operation({
  group: 'transfers',
  id: 'declineToShare',
  summary: { en: 'Record that one declines to share', fr: 'Consigner que l’on choisit de ne pas transmettre' },
  description: {
    en: 'An outcome like any other: no transfer is made, the recipient learns nothing. The person reads it in their report, without the words, save where it would endanger. The same id twice is recorded once.',
    fr: 'Une issue comme une autre : aucun transfert n’est créé, le destinataire n’en sait rien. La personne la lit dans son relevé, sans les mots, sauf si cela mettait quelqu’un en danger. Le même identifiant envoyé deux fois n’est consigné qu’une fois.',
  },
  params: uuidParam<PersonId>(),
  body: jsonBody(
    z
      .strictObject({
        id: id<DeclinedShareId>().optional(),
        recipientOrganizationId: id<OrganizationId>(),
        purpose,
        reason,
        words: words(2000).optional().meta({ description: 'Needed for `other`; kept encrypted.' }),
      })
      .refine(({ reason: why, words: said }) => why !== 'other' || (said ?? '').trim() !== '', {
        path: ['words'],
        message: 'Another reason is told in words.',
      })
      .meta({ id: 'DeclinedShareInput' }),
    { recipientOrganizationId: EXAMPLE.recipient, purpose: 'HOUSING', reason: 'not-needed' },
  ),
  responses: {
    201: { description: { en: 'Recorded', fr: 'Consigné' }, schema: view, example },
  },
  handle: async ({ principal, params, body, requestId }, { story }) => {
    const { id: chosen, words: said, ...rest } = body;
    return {
      status: 201,
      body: await story.declineToShare(principal, {
        ...rest,
        personId: params.id,
        words: said ?? null,
        ...(chosen !== undefined && { id: chosen }),
        requestId,
      }),
    };
  },
});

export const listDeclinedShares = operation({
  group: 'transfers',
  id: 'listDeclinedShares',
  summary: { en: 'What one declined to share', fr: 'Ce que l’on a choisi de ne pas transmettre' },
  params: uuidParam<PersonId>(),
  responses: {
    200: {
      description: { en: 'Newest first, at most 200', fr: 'Les plus récents d’abord, 200 au plus' },
      schema: z.strictObject({ declined: z.array(view) }),
      example: { declined: [example] },
    },
  },
  handle: async ({ principal, params, requestId }, { story }) => ({
    status: 200,
    body: { declined: await story.listDeclinedShares(principal, params.id, requestId) },
  }),
});
