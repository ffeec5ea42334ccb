import { z } from 'zod';
import type { NoticeId } from '../../kernel/ids.js';
import type { Lang } from '../../kernel/i18n.js';
import { sayNotice } from '../../transfer/notify-recipients.js';
import { NOTICE_ANSWERS, type Notice } from '../../transfer/notice-ports.js';
import { dayInWords } from '../../transfer/present-reasons.js';
import { operation } from '../route.js';
import { at, EXAMPLE, jsonBody, uuidParam, words } from '../schemas/parts.js';

export const STATES = ['open', 'answered', 'overdue'] as const;
export const stateQuery = z.object({ state: z.enum(STATES).optional() });

const view = z
  .strictObject({
    id: z.string(),
    kind: z.enum(['stop-using', 'corrected']),
    text: z.string().meta({ description: 'All that is said; in the language of the answer.' }),
    transferId: z.string(),
    reference: z.string(),
    correctedBy: z.strictObject({ transferId: z.string(), reference: z.string() }).nullable(),
    senderOrganizationId: z.string(),
    recipientOrganizationId: z.string(),
    createdAt: at,
    by: at.meta({ description: 'An answer is due by then.' }),
    deliveredAt: at.nullable().meta({ description: 'The recipient’s system took it; null: it reads its list.' }),
    state: z.enum(STATES),
    answer: z.enum(NOTICE_ANSWERS).nullable(),
    answeredAt: at.nullable(),
    words: z.string().nullable().meta({ description: 'The ground on which it is kept, as the recipient states it.' }),
  })
  .meta({ id: 'Notice', description: 'What a past recipient is told of one transfer, and what it answered.' });

const example = {
  id: 'c0de0000-0000-4000-8000-000000000002',
  kind: 'stop-using',
  text: 'Stop using transfer R-0142. Return it, delete it, or state your ground for keeping it, by 11 March 2026.',
  transferId: EXAMPLE.transfer,
  reference: 'R-0142',
  correctedBy: null,
  senderOrganizationId: EXAMPLE.sender,
  recipientOrganizationId: EXAMPLE.recipient,
  createdAt: '2026-02-09T10:15:02.418Z',
  by: '2026-03-11T10:15:02.418Z',
  deliveredAt: '2026-02-09T10:15:03.001Z',
  state: 'open',
  answer: null,
  answeredAt: null,
  words: null,
};

function present(notice: Notice, lang: Lang): z.output<typeof view> {
  const { corrected, dueAt, overdue, ...rest } = notice;
  return {
    ...rest,
    text: sayNotice(notice, lang, dayInWords),
    correctedBy: corrected === null ? null : { transferId: corrected.id, reference: corrected.reference },
    by: dueAt,
    state: notice.answeredAt !== null ? 'answered' : overdue ? 'overdue' : 'open',
  };
}

const list = {
  200: {
    description: { en: 'Newest first, at most 200', fr: 'Les plus récents d’abord, 200 au plus' },
    schema: z.strictObject({ notices: z.array(view) }),
    example: { notices: [example] },
  },
};

export const listReceivedNotices = operation({
  group: 'referrals',
  id: 'listReceivedNotices',
  summary: { en: 'Notices to answer', fr: 'Les avis auxquels répondre' },
  description: {
    en: 'For a past recipient: transfers not to be used any more, or corrected since. A system with an endpoint also gets each as a FHIR Task.',
    fr: 'Pour un ancien destinataire : transferts à ne plus utiliser, ou rectifiés depuis. Un système doté d’un point d’accès reçoit aussi chacun comme Task FHIR.',
  },
  query: stateQuery,
  responses: list,
  handle: async ({ principal, query: { state }, lang, requestId }, { story }) => ({
    status: 200,
    body: {
      notices: (
        await story.listNotices(principal, { as: 'recipient', ...(state !== undefined && { state }) }, requestId)
      ).map((notice) => present(notice, lang)),
    },
  }),
});

export const listSentNotices = operation({
  group: 'consents',
  id: 'listSentNotices',
  summary: { en: 'Notices to past recipients', fr: 'Les avis adressés aux anciens destinataires' },
  description: {
    en: 'Sent, answered, overdue. `state=overdue` is the list of what somebody has to look after.',
    fr: 'Envoyés, répondus, en retard. `state=overdue` est la liste de ce dont il faut s’occuper.',
  },
  query: stateQuery,
  responses: list,
  handle: async ({ principal, query: { state }, lang, requestId }, { story }) => ({
    status: 200,
    body: {
      notices: (
        await story.listNotices(principal, { as: 'sender', ...(state !== undefined && { state }) }, requestId)
      ).map((notice) => present(notice, lang)),
    },
  }),
});

export const answerNotice = operation({
  group: 'referrals',
  id: 'answerNotice',
  summary: { en: 'Answer a notice', fr: 'Répondre à un avis' },
  description: {
    en: 'For the recipient: returned, deleted, corrected, or kept on a ground that it states.',
    fr: 'Pour le destinataire : restitué, supprimé, rectifié, ou conservé sur un fondement qu’il indique.',
  },
  params: uuidParam<NoticeId>(),
  body: jsonBody(
    z
      .strictObject({
        answer: z.enum(NOTICE_ANSWERS),
        words: words(1000).optional().meta({ description: 'The ground; needed for `kept`.' }),
      })
      .meta({ id: 'NoticeAnswer' }),
    { answer: 'deleted' },
  ),
  responses: {
    200: {
      description: { en: 'The notice', fr: 'L’avis' },
      schema: view,
      example: { ...example, state: 'answered', answer: 'deleted', answeredAt: '2026-02-12T08:00:00.000Z' },
    },
  },
  handle: async ({ principal, params: { id }, body, lang, requestId }, { story }) => ({
    status: 200,
    body: present(
      await story.answerNotice(principal, id, { answer: body.answer, words: body.words ?? null }, requestId),
      lang,
    ),
  }),
});
