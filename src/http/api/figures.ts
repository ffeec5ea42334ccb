import { z } from 'zod';
import { MAX_FIGURES_DAYS } from '../../transfer/figures.js';
import { TRANSFER_STATUSES } from '../../transfer/status.js';
import { operation } from '../route.js';
import { EXAMPLE } from '../schemas/parts.js';

const DEFAULT_DAYS = 90;
const seconds = z.number().nullable().meta({ description: 'Seconds; null while nobody answered.' });

const view = z
  .strictObject({
    days: z.int(),
    transfers: z.array(
      z.strictObject({
        on: z.iso.date().meta({ description: 'Day (UTC) on which they were asked for.' }),
        status: z.enum(TRANSFER_STATUSES),
        count: z.int(),
      }),
    ),
    answers: z
      .array(
        z.strictObject({
          organizationId: z.string(),
          answered: z.int(),
          waiting: z.int(),
          medianSeconds: seconds,
          p90Seconds: seconds,
        }),
      )
      .meta({ description: 'Of what was delivered, by recipient: from the delivery to the first answer.' }),
    failed: z.array(
      z.strictObject({
        organizationId: z.string(),
        partnerId: z.string().nullable(),
        cause: z.string(),
        count: z.int(),
      }),
    ),
  })
  .meta({ id: 'Figures', description: 'Counts by day, organization and reason; none by member of staff or person.' });

export const showFigures = operation({
  group: 'operation',
  id: 'showFigures',
  summary: { en: 'Counts of the transfers of the last days', fr: 'Décomptes des transferts des derniers jours' },
  query: z.object({
    days: z
      .string()
      .regex(/^[1-9]\d{0,2}$/)
      .transform(Number)
      .refine((days) => days <= MAX_FIGURES_DAYS, `At most ${MAX_FIGURES_DAYS} days.`)
      .optional()
      .meta({ description: `1 to ${MAX_FIGURES_DAYS}; default ${DEFAULT_DAYS}` }),
  }),
  responses: {
    200: {
      description: { en: 'Counts alone', fr: 'Des nombres seulement' },
      schema: view,
      example: {
        days: 90,
        transfers: [{ on: '2026-02-09', status: 'delivered', count: 3 }],
        answers: [
          { organizationId: EXAMPLE.recipient, answered: 2, waiting: 1, medianSeconds: 86_400, p90Seconds: 172_800 },
        ],
        failed: [],
      },
    },
  },
  handle: async ({ principal, query: { days = DEFAULT_DAYS } }, { story }) => ({
    status: 200,
    body: { days, ...(await story.figures(principal, days)) },
  }),
});
