import { z } from 'zod';
import { say } from '../../kernel/i18n.js';
import type { PartnerId, TransferId } from '../../kernel/ids.js';
import { operation } from '../route.js';
import { TRANSFER_STATUSES } from '../../transfer/status.js';
import { at, id, jsonBody, moment, uuidParam } from '../schemas/parts.js';
import { transferView, transferViewExample } from '../schemas/transfer.js';
import { view } from './transfers.js';

const oneInput = z
  .strictObject({
    notReceived: z.boolean().default(false).meta({
      description: 'You asked the recipient, and it did not arrive. Needed where that is in doubt.',
    }),
  })
  .meta({ id: 'ReplayInput' });

export const replayTransfer = operation({
  group: 'transfers',
  id: 'replayTransfer',
  summary: { en: 'Send a transfer that failed once more', fr: 'Renvoyer un transfert qui a échoué' },
  description: {
    en: 'The same delivery, opened again: the same bytes and key, decided again on the grounds of that moment. Asked twice, it is done once. 409 when it did not fail, when it may have arrived, or when what was to be sent is no longer kept.',
    fr: 'Le même envoi, rouvert : mêmes octets, même clé, décision reprise sur les fondements du moment. Demandé deux fois, il n’est fait qu’une fois. 409 s’il n’a pas échoué, s’il est peut-être arrivé, ou si le contenu n’est plus conservé.',
  },
  params: uuidParam<TransferId>(),
  body: jsonBody(oneInput, { notReceived: false }),
  responses: {
    200: {
      description: { en: 'The transfer, on its way again', fr: 'Le transfert, de nouveau en route' },
      schema: transferView,
      example: transferViewExample,
    },
  },
  handle: async ({ principal, params: { id: transferId }, body, lang, requestId }, deps) =>
    view(await deps.story.replayTransfer(principal, transferId, body, requestId), principal, lang, deps),
});

const manyInput = z
  .strictObject({
    transferId: id<TransferId>().optional().meta({ description: 'This one alone.' }),
    partnerId: id<PartnerId>().optional(),
    cause: z
      .string()
      .regex(/^[a-z-]{1,40}$/)
      .optional()
      .meta({ description: 'Code of why it ended, e.g. `unreachable`.' }),
    from: moment.optional().meta({ description: 'Ended at this moment or later.' }),
    to: moment.optional().meta({ description: 'Ended before this moment.' }),
    dryRun: z.boolean().default(true).meta({ description: 'Only count. Send with `false` to do it.' }),
  })
  .meta({ id: 'ReplaysInput', description: 'Which of the organization’s failed transfers; absent members: all.' });

export const replayTransfers = operation({
  group: 'transfers',
  id: 'replayTransfers',
  summary: { en: 'Send what failed once more, by filter', fr: 'Renvoyer ce qui a échoué, par filtre' },
  description: {
    en: 'First with `dryRun` to see how many, then without. At most 1,000 at once, in the order in which they were due; each is decided again. What is in doubt is not among them.',
    fr: 'D’abord avec `dryRun` pour voir combien, puis sans. Au plus 1 000 à la fois, dans l’ordre où ils étaient dus ; chacun est décidé à nouveau. Ce dont l’arrivée est incertaine n’en fait pas partie.',
  },
  body: jsonBody(manyInput, { cause: 'unreachable', dryRun: true }),
  responses: {
    200: {
      description: { en: 'How many; and which, when it was done', fr: 'Combien ; et lesquels, si c’est fait' },
      schema: z
        .strictObject({
          count: z.int().meta({ description: 'That the filter finds, at most 1,000.' }),
          more: z.boolean().meta({ description: 'There are others beyond these.' }),
          replayed: z.array(z.string()),
        })
        .meta({ id: 'Replays' }),
      example: { count: 12, more: false, replayed: [] },
    },
  },
  handle: async ({ principal, body: { dryRun, transferId, partnerId, cause, from, to }, requestId }, { story }) => {
    const filter = {
      ...(transferId !== undefined && { transferId }),
      ...(partnerId !== undefined && { partnerId }),
      ...(cause !== undefined && { cause }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    };
    return { status: 200, body: await story.replayTransfers(principal, filter, { dryRun }, requestId) };
  },
});

const deadLetter = z
  .strictObject({
    transferId: z.string(),
    reference: z.string(),
    status: z.enum(TRANSFER_STATUSES),
    recipientOrganizationId: z.string(),
    partnerId: z.string().nullable(),
    at: at.meta({ description: 'When it last moved: of a failed one, when it failed.' }),
    cause: z.strictObject({ code: z.string(), text: z.string() }).meta({ description: 'Why it ended, the last time.' }),
    attempts: z.int(),
    replays: z.int(),
    contentKept: z.boolean().meta({ description: 'Without it there is nothing to send again.' }),
  })
  .meta({ id: 'DeadLetter' });

export const listDeadLetters = operation({
  group: 'operation',
  id: 'listDeadLetters',
  summary: { en: 'Deliveries that failed for good', fr: 'Les envois définitivement échoués' },
  description: {
    en: 'Of the caller’s organization, and what was sent again within the last day, wherever it stands; the newest first, at most 1,000. Nothing says whom a record is about.',
    fr: 'Ceux de l’organisme, et ce qui a été renvoyé depuis un jour, où qu’il en soit ; les plus récents d’abord, 1 000 au plus. Rien ne dit sur qui porte un dossier.',
  },
  query: z.object({
    partnerId: id<PartnerId>().optional(),
    cause: z
      .string()
      .regex(/^[a-z-]{1,40}$/)
      .optional(),
  }),
  responses: {
    200: {
      description: { en: 'Ids, references, states and causes', fr: 'Identifiants, références, états et causes' },
      schema: z.strictObject({ deadLetters: z.array(deadLetter), more: z.boolean() }).meta({ id: 'DeadLetters' }),
      example: { deadLetters: [], more: false },
    },
  },
  handle: async ({ principal, query: { partnerId, cause }, lang, requestId }, { story, causeText }) => {
    const filter = { ...(partnerId !== undefined && { partnerId }), ...(cause !== undefined && { cause }) };
    const { deadLetters, more } = await story.listDeadLetters(principal, filter, requestId);
    const shown = deadLetters.map((one) => ({
      ...one,
      cause: { code: one.cause, text: say(causeText(one.cause), lang) },
    }));
    return { status: 200, body: { deadLetters: shown, more } };
  },
});
