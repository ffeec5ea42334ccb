import { z } from 'zod';
import { NEXT_STEPS, WORK_GROUPS } from '../../transfer/whose-turn.js';
import { REFERRAL_STATUSES, TRANSFER_STATUSES } from '../../transfer/status.js';
import { operation } from '../route.js';
import { purpose } from '../schemas/agreement.js';
import { at, EXAMPLE } from '../schemas/parts.js';

const item = z
  .strictObject({
    transferId: z.string(),
    reference: z.string(),
    group: z.enum(WORK_GROUPS),
    next: z.enum(NEXT_STEPS).meta({ description: 'What comes next, as a code; whose turn it is, by the group.' }),
    viewedAs: z.enum(['sender', 'recipient']),
    organizationId: z.string().meta({ description: 'The other side.' }),
    purpose,
    status: z.enum(TRANSFER_STATUSES),
    referralStatus: z.enum(REFERRAL_STATUSES).nullable(),
    answerExpectedBy: at.nullable(),
    late: z.boolean().meta({ description: 'An answer was expected by now (the database’s time), and there is none.' }),
    remindedAt: at.nullable().meta({ description: 'When the recipient was last reminded of its answer.' }),
    changedAt: at,
    caseId: z.string().nullable().meta({ description: 'For the sender.' }),
    personId: z.string().nullable().meta({ description: 'For the sender.' }),
    person: z
      .strictObject({
        given: z.array(z.string()),
        family: z.string().nullable(),
        birthDate: z.string().nullable(),
      })
      .nullable()
      .meta({
        description:
          'Sender: of the newest version of the case. Recipient: of what was sent, while it is kept and where identity was permitted.',
      }),
  })
  .meta({ id: 'WorklistItem' });

const DEFAULT_LIMIT = 100;

export const getWorklist = operation({
  group: 'transfers',
  id: 'getWorklist',
  summary: { en: 'What needs me, what waits on others', fr: 'Ce qui m’attend, ce qui attend les autres' },
  description: {
    en: 'Transfers sent and received, what happened last first, each with whose turn it is. One view, one entry of the log; each received transfer is in the log by itself, as whenever it is read.',
    fr: 'Transferts envoyés et reçus, le dernier mouvement d’abord, chacun avec ce qu’il reste à faire et par qui. Une consultation, une entrée du journal ; chaque transfert reçu y figure en plus, comme à chaque lecture.',
  },
  query: z.object({
    limit: z
      .string()
      .regex(/^([1-9]\d?|1\d\d|200)$/)
      .transform(Number)
      .optional()
      .meta({ description: `1 to 200; default ${DEFAULT_LIMIT}` }),
  }),
  responses: {
    200: {
      description: { en: 'The worklist', fr: 'La liste de travail' },
      schema: z.strictObject({ items: z.array(item) }),
      example: {
        items: [
          {
            transferId: EXAMPLE.transfer,
            reference: 'R-0142',
            group: 'waiting',
            next: 'await-answer',
            viewedAs: 'sender',
            organizationId: EXAMPLE.recipient,
            purpose: 'HOUSING',
            status: 'delivered',
            referralStatus: 'received',
            answerExpectedBy: '2026-02-27T17:00:00.000Z',
            late: false,
            remindedAt: null,
            changedAt: '2026-02-09T10:15:02.418Z',
            caseId: 'VAL-2026-0417',
            personId: EXAMPLE.person,
            person: { given: ['Grace'], family: 'Okafor', birthDate: '1992-05-17' },
          },
        ],
      },
    },
  },
  handle: async ({ principal, query: { limit = DEFAULT_LIMIT }, requestId }, { story }) => ({
    status: 200,
    body: { items: await story.showWorklist(principal, limit, requestId) },
  }),
});
