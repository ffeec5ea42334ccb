import { z } from 'zod';
import { labelsOf } from '../../domain/labels/labels.js';
import { systemClock } from '../../kernel/clock.js';
import type { TransferId } from '../../kernel/ids.js';
import { GLASS_OUTCOMES, type BrokenGlass, type NoticeDeferral } from '../../transfer/oversight-ports.js';
import { TRANSFER_STATUSES } from '../../transfer/status.js';
import { operation } from '../route.js';
import { purpose } from '../schemas/agreement.js';
import { at, EXAMPLE, jsonBody, NO_CONTENT, uuidParam, words } from '../schemas/parts.js';
import { noticeDeferral } from '../schemas/transfer.js';

const params = uuidParam<TransferId>();

const glass = z
  .strictObject({
    transferId: z.string(),
    reference: z.string(),
    status: z.enum(TRANSFER_STATUSES),
    recipientOrganizationId: z.string(),
    caseId: z.string(),
    purpose,
    categories: z.array(z.string()),
    requestedAt: at,
    reason: z.string().nullable().meta({ description: 'Of who broke it; null once the person is erased.' }),
    dueAt: at.meta({ description: 'By then it is to be reviewed (emergency clause of the agreement).' }),
    overdue: z.boolean(),
  })
  .meta({ id: 'BrokenGlass' });

const glassView = (one: BrokenGlass): z.infer<typeof glass> => ({
  transferId: one.transferId,
  reference: one.reference,
  status: one.status,
  recipientOrganizationId: one.recipientOrganizationId,
  caseId: one.caseId,
  purpose: one.purpose,
  categories: labelsOf(one.permitted),
  requestedAt: one.requestedAt,
  reason: one.reason,
  dueAt: one.dueAt,
  overdue: one.dueAt <= systemClock.now(),
});

export const listBrokenGlass = operation({
  group: 'transfers',
  id: 'listBrokenGlass',
  summary: { en: 'Broken glass that nobody has reviewed', fr: 'Les bris de glace à examiner' },
  description: {
    en: 'Oldest first, with the reasons in words. Reading it is audited.',
    fr: 'Du plus ancien au plus récent, avec les motifs. La lecture est journalisée.',
  },
  responses: {
    200: {
      description: { en: 'At most 200', fr: '200 au plus' },
      schema: z.strictObject({ waiting: z.array(glass) }),
      example: {
        waiting: [
          {
            transferId: EXAMPLE.transfer,
            reference: 'R-0144',
            status: 'delivered',
            recipientOrganizationId: EXAMPLE.recipient,
            caseId: 'VAL-2026-0417',
            purpose: 'COC',
            categories: ['identity', 'health'],
            requestedAt: '2026-02-09T22:40:00.000Z',
            reason: 'Found unconscious; insulin must be known.',
            dueAt: '2026-02-16T22:40:00.000Z',
            overdue: false,
          },
        ],
      },
    },
  },
  handle: async ({ principal, requestId }, { story }) => ({
    status: 200,
    body: { waiting: (await story.listBrokenGlass(principal, requestId)).map(glassView) },
  }),
});

export const reviewBrokenGlass = operation({
  group: 'transfers',
  id: 'reviewBrokenGlass',
  summary: { en: 'Review a broken glass', fr: 'Examiner un bris de glace' },
  description: {
    en: 'Once, and never by the one who broke it. The note is kept encrypted.',
    fr: 'Une seule fois, et jamais par la personne à son origine. La note est conservée chiffrée.',
  },
  params,
  body: jsonBody(
    z.strictObject({ outcome: z.enum(GLASS_OUTCOMES), note: words(2000).regex(/\S/) }).meta({ id: 'GlassReview' }),
    { outcome: 'justified', note: 'The ambulance had no other way to know.' },
  ),
  responses: {
    200: {
      description: { en: 'Reviewed', fr: 'Examiné' },
      schema: z.strictObject({ transferId: z.string(), outcome: z.enum(GLASS_OUTCOMES) }),
    },
  },
  handle: async ({ principal, params: { id }, body, requestId }, { story }) => {
    await story.reviewBrokenGlass(principal, id, body, requestId);
    return { status: 200, body: { transferId: id, outcome: body.outcome } };
  },
});

const deferral = z
  .strictObject({
    transferId: z.string(),
    reference: z.string(),
    reason: z.string().nullable().meta({ description: 'Null once the person is erased.' }),
    reviewOn: z.iso.date().meta({ description: 'From that day on the person may read it.' }),
    deferredAt: at,
    confirmedAt: at.nullable(),
    lapsesAt: at.nullable().meta({ description: 'Without a second reader it ends then.' }),
  })
  .meta({ id: 'NoticeDeferral' });
const deferralExample = {
  transferId: EXAMPLE.transfer,
  reference: 'R-0145',
  reason: 'The violent partner reads the mail.',
  reviewOn: '2026-03-09',
  deferredAt: '2026-02-09T10:15:00.000Z',
  confirmedAt: null,
  lapsesAt: '2026-02-12T10:15:00.000Z',
};
const one = { description: { en: 'The deferral', fr: 'Le report' }, schema: deferral, example: deferralExample };

const deferralView = (one: NoticeDeferral): z.infer<typeof deferral> => ({
  transferId: one.transferId,
  reference: one.reference,
  reason: one.reason,
  reviewOn: one.reviewOn,
  deferredAt: one.deferredAt,
  confirmedAt: one.confirmedAt,
  lapsesAt: one.confirmedAt === null ? one.lapsesAt : null,
});

export const deferNotice = operation({
  group: 'transfers',
  id: 'deferNotice',
  summary: { en: 'Defer the notice to the person', fr: 'Différer l’information de la personne' },
  description: {
    en: 'The disclosure report is as if the transfer were not there, until the review date. It lapses after 72 hours without a second reader. Not for consent or a care team: there the person knows.',
    fr: 'Le relevé est celui qu’il serait sans ce transfert, jusqu’à la date de réexamen. Sans second lecteur, le report cesse après 72 heures. Exclu pour le consentement et l’équipe de soins : la personne sait.',
  },
  params,
  body: jsonBody(noticeDeferral, { reason: 'The violent partner reads the mail.', reviewOn: '2026-03-09' }),
  responses: { 200: one },
  handle: async ({ principal, params: { id }, body, requestId }, { story }) => ({
    status: 200,
    body: deferralView(await story.deferNotice(principal, id, body, requestId)),
  }),
});

export const listDeferrals = operation({
  group: 'transfers',
  id: 'listDeferredNotices',
  summary: { en: 'Notices that are deferred', fr: 'Les informations différées' },
  responses: {
    200: {
      description: { en: 'The first to be reviewed first', fr: 'La prochaine à réexaminer d’abord' },
      schema: z.strictObject({ deferred: z.array(deferral) }),
      example: { deferred: [deferralExample] },
    },
  },
  handle: async ({ principal, requestId }, { story }) => ({
    status: 200,
    body: { deferred: (await story.listDeferrals(principal, requestId)).map(deferralView) },
  }),
});

export const confirmDeferral = operation({
  group: 'transfers',
  id: 'confirmDeferredNotice',
  summary: { en: 'Confirm, as second reader', fr: 'Confirmer, comme second lecteur' },
  description: {
    en: 'Another person than the one who deferred it; where a software did, the data-protection officer.',
    fr: 'Une autre personne que celle qui a différé ; si c’est un logiciel, la ou le délégué·e à la protection des données.',
  },
  params,
  body: NO_CONTENT,
  responses: { 200: one },
  handle: async ({ principal, params: { id }, requestId }, { story }) => ({
    status: 200,
    body: deferralView(await story.confirmDeferral(principal, id, requestId)),
  }),
});

export const liftDeferral = operation({
  group: 'transfers',
  id: 'liftDeferredNotice',
  summary: { en: 'End a deferral before its date', fr: 'Mettre fin à un report avant son terme' },
  params,
  body: NO_CONTENT,
  responses: {
    200: {
      description: { en: 'The report shows it from now on', fr: 'Le relevé le montre désormais' },
      schema: z.strictObject({ transferId: z.string() }),
    },
  },
  handle: async ({ principal, params: { id }, requestId }, { story }) => {
    await story.liftDeferral(principal, id, requestId);
    return { status: 200, body: { transferId: id } };
  },
});
