import { z } from 'zod';
import type { PartnerId, TransferId } from '../../kernel/ids.js';
import { operation } from '../route.js';
import { id, jsonBody, moment, uuidParam } from '../schemas/parts.js';
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
  handle: async ({ principal, body: { dryRun, partnerId, cause, from, to }, requestId }, { story }) => {
    const filter = {
      ...(partnerId !== undefined && { partnerId }),
      ...(cause !== undefined && { cause }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    };
    return { status: 200, body: await story.replayTransfers(principal, filter, { dryRun }, requestId) };
  },
});
