import { z } from 'zod';
import { UNUSUAL_KINDS } from '../../transfer/limit-ports.js';
import { operation } from '../route.js';
import { at } from '../schemas/parts.js';

const unusual = z
  .strictObject({
    kind: z
      .enum(UNUSUAL_KINDS)
      .meta({ description: 'Files to which nothing ties the reader, or searches for persons.' }),
    by: z.enum(['staff', 'software']),
    id: z.string().meta({ description: 'As it stands in the log.' }),
    name: z.string().nullable().meta({ description: 'Of a member of staff, where the sign-in gave one.' }),
    most: z.int().meta({ description: 'The limit for an hour.' }),
    refused: z.int().meta({ description: 'How often more was asked for, and refused.' }),
    beganAt: at,
    lastAt: at,
  })
  .meta({ id: 'UnusualAccess' });

export const listUnusualAccess = operation({
  group: 'audit',
  id: 'listUnusualAccess',
  summary: { en: 'Who asked to see unusually much', fr: 'Qui a voulu consulter plus que d’ordinaire' },
  description: {
    en: 'For the data-protection officer alone: who opened as many files of persons they have no tie to, or searched as often, as one may within an hour, and asked for more. Of the last 90 days. Reading it is audited.',
    fr: 'Pour la ou le délégué·e à la protection des données uniquement : qui a ouvert autant de dossiers sans lien avec son travail, ou cherché autant de fois, qu’il est permis en une heure, et a voulu continuer. Sur 90 jours. La lecture est journalisée.',
  },
  responses: {
    200: {
      description: { en: 'The newest first, at most 200', fr: 'Du plus récent au plus ancien, 200 au plus' },
      schema: z.strictObject({ unusual: z.array(unusual) }),
      example: {
        unusual: [
          {
            kind: 'files',
            by: 'staff',
            id: '5f0c6a51-1c7e-4d8e-9a40-7d1f1e1b2c3d',
            name: 'Hélène Roy',
            most: 100,
            refused: 400,
            beganAt: '2026-02-09T22:15:00.000Z',
            lastAt: '2026-02-09T22:31:00.000Z',
          },
        ],
      },
    },
  },
  handle: async ({ principal, requestId }, { story }) => ({
    status: 200,
    body: {
      unusual: (await story.listUnusualAccess(principal, requestId)).map(
        ({ kind, actor, name, most, refused, beganAt, lastAt }) => ({
          kind,
          by: actor.type === 'staff' ? ('staff' as const) : ('software' as const),
          id: actor.id,
          name,
          most,
          refused,
          beganAt,
          lastAt,
        }),
      ),
    },
  }),
});
