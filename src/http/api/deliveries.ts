import { z } from 'zod';
import type { PartnerId } from '../../kernel/ids.js';
import { operation } from '../route.js';
import { at, id, jsonBody } from '../schemas/parts.js';

const limits = z
  .strictObject({
    maxInFlight: z.int(),
    ratePerSecond: z.number(),
    burst: z.int(),
    breakerFailures: z.int(),
    breakerPauseMs: z.int(),
  })
  .meta({ id: 'DeliveryLimits', description: 'What a partner may be sent at once.' });

const partnerStatus = z
  .strictObject({
    partnerId: z.string(),
    organizationId: z.string(),
    name: z.string(),
    suspended: z.boolean().meta({ description: 'Started again by lifting that.' }),
    waiting: z.int().meta({ description: 'Not over; those in flight among them.' }),
    inFlight: z.int().meta({ description: 'Handed out and not finished.' }),
    onTheWire: z.int().meta({ description: 'Held by a worker at this moment.' }),
    oldestDueAt: at.nullable(),
    failures: z.int().meta({ description: 'In a row.' }),
    breaker: z.enum(['closed', 'open', 'half-open']),
    pausedUntil: at.nullable().meta({ description: 'The partner itself asked for it (Retry-After).' }),
    stoppedAt: at.nullable(),
    limits,
  })
  .meta({ id: 'PartnerDeliveries' });

const EXAMPLE_PARTNER = '5b9f2c1e-3a4d-4c6b-8e7f-1a2b3c4d5e6f';

export const showDeliveries = operation({
  group: 'operation',
  id: 'showDeliveries',
  summary: { en: 'Where deliveries stand, by partner', fr: 'Où en sont les envois, par partenaire' },
  responses: {
    200: {
      description: {
        en: 'Counts, limits and states; nothing about persons',
        fr: 'Nombres, limites et états ; rien sur les personnes',
      },
      schema: z
        .strictObject({ stoppedAt: at.nullable(), partners: z.array(partnerStatus) })
        .meta({ id: 'DeliveryStatus' }),
      example: { stoppedAt: null, partners: [] },
    },
  },
  handle: async ({ principal }, { story }) => ({ status: 200, body: await story.deliveryStatus(principal) }),
});

const scope = z
  .strictObject({ partnerId: id<PartnerId>().optional().meta({ description: 'Absent: everything.' }) })
  .meta({ id: 'DeliveryScope' });
const body = jsonBody(scope, { partnerId: EXAMPLE_PARTNER });

export const stopDeliveries = operation({
  group: 'operation',
  id: 'stopDeliveries',
  summary: {
    en: 'Stop deliveries, to one partner or to all',
    fr: 'Arrêter les envois, vers un partenaire ou vers tous',
  },
  description: {
    en: 'At once and on all processes: nothing more begins to leave. What had begun is counted in the answer. Nothing is lost; requests are still accepted.',
    fr: 'Immédiatement et sur tous les processus : plus rien ne commence à partir. Ce qui avait commencé est compté dans la réponse. Rien n’est perdu ; les demandes restent acceptées.',
  },
  body,
  responses: {
    200: {
      description: { en: 'Stopped', fr: 'Arrêtés' },
      schema: z
        .strictObject({ onTheWire: z.int().meta({ description: 'Deliveries that had begun before.' }) })
        .meta({ id: 'DeliveriesStopped' }),
      example: { onTheWire: 0 },
    },
  },
  handle: async ({ principal, body: { partnerId } }, { story }) => ({
    status: 200,
    body: await story.stopDeliveries(principal, partnerId ?? null),
  }),
});

export const startDeliveries = operation({
  group: 'operation',
  id: 'startDeliveries',
  summary: { en: 'Start deliveries again', fr: 'Reprendre les envois' },
  description: {
    en: 'A partner that was stopped by itself stays stopped when everything is started. 409 for one that is suspended.',
    fr: 'Un partenaire arrêté séparément le reste lorsque tout reprend. 409 pour un partenaire suspendu.',
  },
  body,
  responses: { 204: { description: { en: 'Started', fr: 'Repris' } } },
  handle: async ({ principal, body: { partnerId } }, { story }) => {
    await story.startDeliveries(principal, partnerId ?? null);
    return { status: 204 };
  },
});
