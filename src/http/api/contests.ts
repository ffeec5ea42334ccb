import { z } from 'zod';
import type { ContestId, OrganizationId, PersonId, TransferId } from '../../kernel/ids.js';
import { CONTEST_OUTCOMES, type Contest } from '../../transfer/notice-ports.js';
import { operation } from '../route.js';
import { at, EXAMPLE, id, jsonBody, uuidParam, words } from '../schemas/parts.js';
import { stateQuery, STATES } from './notices.js';

const KINDS = ['objection', 'correction'] as const;

const view = z
  .strictObject({
    id: z.string(),
    personId: z.string(),
    kind: z.enum(KINDS),
    transferId: z.string().nullable(),
    recipientOrganizationId: z.string().nullable(),
    words: z.string(),
    recordedAt: at,
    by: at.meta({ description: 'A human answers by then.' }),
    state: z.enum(STATES),
    outcome: z.enum(CONTEST_OUTCOMES).nullable(),
    answer: z.string().nullable(),
    answeredAt: at.nullable(),
  })
  .meta({ id: 'Contest', description: 'An objection (GDPR article 21) or a correction asked for (article 16).' });

const example = {
  id: 'c0de0000-0000-4000-8000-000000000003',
  personId: EXAMPLE.person,
  kind: 'correction',
  transferId: EXAMPLE.transfer,
  recipientOrganizationId: EXAMPLE.recipient,
  words: 'My income is wrong: the second job ended in January.',
  recordedAt: '2026-02-09T10:15:02.418Z',
  by: '2026-03-11T10:15:02.418Z',
  state: 'open',
  outcome: null,
  answer: null,
  answeredAt: null,
};

function present({ dueAt, overdue, ...rest }: Contest): z.output<typeof view> {
  return { ...rest, by: dueAt, state: rest.answeredAt !== null ? 'answered' : overdue ? 'overdue' : 'open' };
}

export const recordContest = operation({
  group: 'consents',
  id: 'recordContest',
  summary: {
    en: 'The person objects, or says that something is wrong',
    fr: 'La personne s’oppose, ou signale une erreur',
  },
  description: {
    en: 'From an objection on nothing leaves to whom it is about: what waits goes back to its author. A human answers within the agreement’s term.',
    fr: 'Dès l’opposition, plus rien ne part vers qui elle vise : ce qui attend revient à son auteur. Une personne répond dans le délai de la convention.',
  },
  params: uuidParam<PersonId>(),
  body: jsonBody(
    z
      .strictObject({
        kind: z.enum(KINDS),
        transferId: id<TransferId>().optional().meta({ description: 'The line of the report that is contested.' }),
        recipientOrganizationId: id<OrganizationId>()
          .optional()
          .meta({ description: 'Whom an objection is about; without it and without a transfer: everybody.' }),
        words: words(4000).meta({ description: 'In the person’s own words; kept encrypted.' }),
      })
      .meta({ id: 'ContestInput' }),
    { kind: 'correction', transferId: EXAMPLE.transfer, words: example.words },
  ),
  responses: {
    201: {
      description: { en: 'Recorded, and what was stopped by it', fr: 'Consigné, et ce qui a été arrêté' },
      schema: z.strictObject({ contest: view, stopped: z.array(z.string()) }),
      example: { contest: example, stopped: [] },
    },
  },
  handle: async ({ principal, params, body, requestId }, { story }) => {
    const { transferId, recipientOrganizationId, ...rest } = body;
    const { contest, stopped } = await story.recordContest(principal, {
      ...rest,
      personId: params.id,
      ...(transferId !== undefined && { transferId }),
      ...(recipientOrganizationId !== undefined && { recipientOrganizationId }),
      requestId,
    });
    return { status: 201, body: { contest: present(contest), stopped } };
  },
});

export const listContests = operation({
  group: 'consents',
  id: 'listContests',
  summary: { en: 'Objections and corrections to answer', fr: 'Oppositions et rectifications à traiter' },
  query: stateQuery,
  responses: {
    200: {
      description: { en: 'Newest first, at most 200', fr: 'Les plus récentes d’abord, 200 au plus' },
      schema: z.strictObject({ contests: z.array(view) }),
      example: { contests: [example] },
    },
  },
  handle: async ({ principal, query: { state }, requestId }, { story }) => ({
    status: 200,
    body: {
      contests: (await story.listContests(principal, state === undefined ? {} : { state }, requestId)).map(present),
    },
  }),
});

export const answerContest = operation({
  group: 'consents',
  id: 'answerContest',
  summary: { en: 'Answer an objection or a correction', fr: 'Répondre à une opposition ou à une rectification' },
  description: {
    en: 'By a human, in words. An objection that is upheld goes on stopping. A correction reaches every past recipient (GDPR article 19), with the transfer that carries it where there is one.',
    fr: 'Par une personne, en mots. Une opposition retenue continue d’arrêter. Une rectification parvient à chaque ancien destinataire (RGPD, article 19), avec le transfert qui la porte s’il y en a un.',
  },
  params: uuidParam<ContestId>(),
  body: jsonBody(
    z
      .strictObject({
        outcome: z.enum(CONTEST_OUTCOMES),
        words: words(4000).meta({ description: 'For the person; kept encrypted.' }),
        correctedTransferIds: z.array(id<TransferId>()).max(50).default([]),
      })
      .meta({ id: 'ContestAnswer' }),
    { outcome: 'corrected', words: 'Corrected, and sent again.', correctedTransferIds: [EXAMPLE.transfer] },
  ),
  responses: {
    200: {
      description: { en: 'The answer, and who is told', fr: 'La réponse, et qui en est averti' },
      schema: z.strictObject({
        contest: view,
        notified: z.array(z.strictObject({ id: z.string(), transferId: z.string() })),
      }),
      example: {
        contest: {
          ...example,
          state: 'answered',
          outcome: 'corrected',
          answer: 'Corrected, and sent again.',
          answeredAt: '2026-02-12T08:00:00.000Z',
        },
        notified: [{ id: 'c0de0000-0000-4000-8000-000000000002', transferId: EXAMPLE.transfer }],
      },
    },
  },
  handle: async ({ principal, params, body, requestId }, { story }) => {
    const { contest, notified } = await story.answerContest(principal, params.id, body, requestId);
    return { status: 200, body: { contest: present(contest), notified } };
  },
});
