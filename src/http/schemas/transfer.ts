import { z } from 'zod';
import { GROUND_KINDS, INFORMED_PARTIES } from '../../domain/decision/ground.js';
import { CATEGORIES, DATA_LABELS, SENSITIVITIES, type DataLabel } from '../../domain/labels/labels.js';
import type { CaseId, OrganizationId, TransferId } from '../../kernel/ids.js';
import { REMINDER_EVENTS } from '../../transfer/transfer.js';
import { REFERRAL_STATUSES, TRANSFER_STATUSES } from '../../transfer/status.js';
import { purpose } from './agreement.js';
import { at, EXAMPLE, id, moment, reasonView, words } from './parts.js';

const justification = words(2000).regex(/\S/);
const informed = z
  .union([
    z.strictObject({ parties: z.array(z.enum(INFORMED_PARTIES)).min(1).max(3), on: z.iso.date() }),
    z.strictObject({ nobodyBecause: justification }),
  ])
  .meta({ description: 'Who was told that this is passed on, or why nobody was.' });

const statedGround = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('consent') }),
    z.strictObject({ kind: z.literal('care-team'), justification, informedOn: z.iso.date() }),
    z.strictObject({ kind: z.literal('statute'), citation: words(200), justification, informed }),
    z.strictObject({ kind: z.literal('safeguarding'), justification, informed }),
    z.strictObject({ kind: z.literal('vital-interest'), justification, informed }),
    z.strictObject({
      kind: z.literal('break-glass'),
      reason: z.string().max(2000).default('').meta({ description: 'Without one it is refused (403).' }),
      expiresAt: moment.meta({ description: 'Not sent after it; within the hours of the emergency clause.' }),
      informed,
    }),
  ])
  .meta({
    id: 'StatedGround',
    description:
      'Why somebody bound to secrecy may speak. Only `consent` is proven by a record; the others are justified in words, which are kept encrypted. `break-glass` needs an emergency clause in the agreement and `categories` in the request, and is reviewed afterwards.',
  });

const asked = {
  caseId: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/)
    .transform((text) => text as CaseId),
  recipientOrganizationId: id<OrganizationId>(),
  purpose,
  ground: statedGround,
  categories: z
    .array(z.enum(CATEGORIES))
    .min(1)
    .max(CATEGORIES.length)
    .optional()
    .meta({ description: 'What the author wants to send at most; absent: whatever agreement and ground permit.' }),
  sensitivities: z.array(z.enum(SENSITIVITIES)).max(SENSITIVITIES.length).optional(),
  withhold: z
    .array(z.string().max(300).regex(/^\//))
    .max(500)
    .optional()
    .meta({
      description:
        'JSON Pointers (RFC 6901) into the case: fields, items or lists that would leave and that the author keeps back. They are never built; the preview lists them as `withheld.by-author`.',
      examples: [['/needs/0', '/housing/current/note']],
    }),
  answerExpectedBy: moment.optional(),
  follows: id<TransferId>()
    .optional()
    .meta({ description: 'A transfer of this case that reached this recipient, which asked for more.' }),
};

interface Chosen {
  readonly categories?: unknown;
  readonly sensitivities?: unknown;
}
const hasCategories = (body: Chosen): boolean => body.sensitivities === undefined || body.categories !== undefined;
const NEEDS_CATEGORIES = { path: ['categories'], message: 'sensitivities need categories beside them.' };

export const previewInput = z
  .strictObject(asked)
  .refine(hasCategories, NEEDS_CATEGORIES)
  .meta({ id: 'PreviewInput', description: 'What would be sent, to whom, why, and on what ground.' });

export const noticeDeferral = z
  .strictObject({
    reason: justification,
    reviewOn: z.iso.date().meta({ description: 'Within 90 days: from that day on the person may read it.' }),
  })
  .meta({
    id: 'NoticeDeferralInput',
    description: 'Why a notice would endanger somebody, and when that is looked at again.',
  });

export const transferInput = z
  .strictObject({
    ...asked,
    sendAfter: moment.optional().meta({ description: 'Held until then and can be undone; at most 90 days ahead.' }),
    deferNotice: noticeDeferral
      .optional()
      .meta({ description: 'The person’s report says nothing of this transfer until then; a second reader confirms.' }),
    digest: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .meta({ description: 'Of a preview of the last hour: exactly these bytes are sent, or the answer is 409.' }),
  })
  .refine(hasCategories, NEEDS_CATEGORIES)
  .meta({ id: 'TransferInput', description: 'What is to be sent, to whom, why, and on what ground.' });

const label = z.enum(DATA_LABELS as [DataLabel, ...DataLabel[]]);
const party = z.strictObject({
  type: z.enum(['partner', 'staff', 'person', 'guest', 'system']),
  organizationId: z.string().nullable(),
});
const status = z.enum(TRANSFER_STATUSES);

const event = z
  .strictObject({
    at,
    status: z
      .enum([
        ...TRANSFER_STATUSES,
        ...REFERRAL_STATUSES.map((referral) => `referral:${referral}` as const),
        ...REMINDER_EVENTS,
        'message',
        'opened',
        'taken-over',
      ])
      .meta({
        description:
          '`message`: the sender answered a question in words. `opened`: the other side first read the content, told to the sender where one transfer is read.',
      }),
    by: party.meta({ description: 'Which kind of actor of which organization; never which member of staff.' }),
    reasons: z.array(reasonView),
    cause: reasonView.optional().meta({ description: 'Why an attempt failed, and what one can do.' }),
    declined: reasonView
      .optional()
      .meta({ description: 'Why the recipient declined: the code, and words for the caller.' }),
    message: z.string().optional().meta({ description: 'What the recipient, or with `message` the sender, wrote.' }),
  })
  .meta({ id: 'TransferEvent' });

const linked = z.strictObject({ id: z.string(), reference: z.string() }).meta({ id: 'FollowedTransfer' });

const shared = {
  id: z.string(),
  reference: z.string().meta({ description: 'Short, to be read aloud.', examples: ['R-0142'] }),
  status,
  referralStatus: z.enum(REFERRAL_STATUSES).nullable(),
  senderOrganizationId: z.string(),
  recipientOrganizationId: z.string(),
  purpose,
  taskId: z.string().nullable().meta({ description: 'FHIR Task on which the recipient reports.' }),
  categories: z.array(label).meta({ description: 'What agreement and ground permitted.' }),
  answerExpectedBy: at.nullable(),
  deliveredAt: at.nullable(),
  timeline: z.array(event),
  follows: linked.nullable().meta({ description: 'The transfer whose recipient asked for this one.' }),
  followedBy: z.array(linked).meta({ description: 'What was sent because its recipient asked for it.' }),
};

/** What the sender sees. */
const sent = z
  .strictObject({
    viewedAs: z.literal('sender'),
    ...shared,
    recipientIsGuest: z
      .boolean()
      .meta({ description: 'It has no system: a notice by mail, a link, and a code that the sender tells.' }),
    codeAskedAt: at.nullable().meta({ description: 'When such a recipient asked for a code, until one is made.' }),
    caseId: z.string(),
    personId: z.string().nullable(),
    ground: z
      .strictObject({
        dataProtectionBasis: z.string(),
        secrecyGround: z.enum(GROUND_KINDS),
        citation: z.string().optional(),
        expiresAt: at.optional(),
        consents: z.array(z.strictObject({ id: z.string(), version: z.int() })).optional(),
      })
      .nullable(),
    agreement: z.strictObject({ id: z.string(), version: z.int() }).nullable(),
    reasons: z.array(reasonView),
    withheldElements: z.int(),
    digest: z.string().nullable().meta({ description: 'SHA-256 (hex) of the bytes that leave.' }),
    requestedAt: at,
    sendAfter: at.nullable(),
    purgeAt: at.nullable(),
    contentPurgedAt: at.nullable(),
    attempts: z.int(),
    nextAttemptAt: at.nullable(),
  })
  .meta({ id: 'SentTransfer' });

/** What the recipient sees: nothing that was there before the record arrived, nothing that tells of gaps. */
const received = z.strictObject({ viewedAs: z.literal('recipient'), ...shared }).meta({ id: 'ReceivedTransfer' });

export const transferView = z.discriminatedUnion('viewedAs', [sent, received]).meta({ id: 'Transfer' });
export type TransferView = z.infer<typeof transferView>;

export const transferExample = {
  caseId: 'VAL-2026-0417',
  recipientOrganizationId: EXAMPLE.recipient,
  purpose: 'HOUSING',
  ground: { kind: 'consent' },
  answerExpectedBy: '2026-02-27T17:00:00Z',
} as const;

export const transferViewExample: TransferView = {
  viewedAs: 'sender',
  id: EXAMPLE.transfer,
  reference: 'R-0142',
  status: 'delivered',
  referralStatus: 'accepted',
  senderOrganizationId: EXAMPLE.sender,
  recipientOrganizationId: EXAMPLE.recipient,
  purpose: 'HOUSING',
  taskId: EXAMPLE.task,
  categories: ['identity', 'contact', 'household', 'housing'],
  answerExpectedBy: '2026-02-27T17:00:00.000Z',
  deliveredAt: '2026-02-09T10:15:02.418Z',
  timeline: [
    {
      at: '2026-02-09T10:15:00.000Z',
      status: 'queued',
      by: { type: 'partner', organizationId: EXAMPLE.sender },
      reasons: [],
    },
    {
      at: '2026-02-09T10:15:02.418Z',
      status: 'delivered',
      by: { type: 'system', organizationId: null },
      reasons: [],
    },
  ],
  follows: null,
  followedBy: [],
  recipientIsGuest: false,
  codeAskedAt: null,
  caseId: 'VAL-2026-0417',
  personId: EXAMPLE.person,
  ground: {
    dataProtectionBasis: 'public-task',
    secrecyGround: 'consent',
    consents: [{ id: EXAMPLE.consent, version: 1 }],
  },
  agreement: { id: EXAMPLE.agreement, version: 1 },
  reasons: [
    { code: 'permit.consent', text: 'The person agreed on 9 February 2026 that this may be passed on to Toit Commun.' },
  ],
  withheldElements: 14,
  digest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  requestedAt: '2026-02-09T10:15:00.000Z',
  sendAfter: null,
  purgeAt: '2026-03-11T10:15:02.418Z',
  contentPurgedAt: null,
  attempts: 1,
  nextAttemptAt: null,
};
