import { z } from 'zod';
import { labelText } from '../../domain/labels/label-texts.js';
import { RelaisError } from '../../kernel/errors.js';
import { say } from '../../kernel/i18n.js';
import type { TransferId } from '../../kernel/ids.js';
import { MOST_WORDS } from '../../transfer/answer-question.js';
import { presentProblem } from '../problem.js';
import { operation } from '../route.js';
import { EXAMPLE, id, jsonBody, reasonView, uuidParam, words } from '../schemas/parts.js';
import { transferView, transferViewExample } from '../schemas/transfer.js';
import { inWords } from './present-transfer.js';
import { presenterOf } from './presenter-of.js';
import { view } from './transfers.js';

const messageInput = z
  .strictObject({
    id: id<string>().meta({ description: 'Yours, of the form: what is sent twice is said once.' }),
    words: words(MOST_WORDS).regex(/\S/),
    reviewed: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .meta({
        description: 'The digest that a 422 `message.to-review` gave for these words: they are said all the same.',
      }),
  })
  .meta({ id: 'MessageInput', description: 'An answer to a question of the recipient.' });

export const sendMessage = operation({
  group: 'transfers',
  id: 'sendMessage',
  summary: { en: 'Answer the recipient’s question', fr: 'Répondre à la question du destinataire' },
  description: {
    en: 'For the sender, while the referral is on hold. The words are a disclosure on the ground of the transfer, decided again now: they are refused where it does not stand any more (403, recorded). Words that may speak of what is not permitted are not kept before somebody has confirmed them (422 `message.to-review`, with a digest to give back). They stand in the thread of both sides, on the Task as a note, and on the person’s report.',
    fr: 'Pour l’expéditeur, tant que l’orientation est en attente. Ces mots sont une communication sur le fondement du transfert, qui est réexaminé maintenant : ils sont refusés si ce fondement ne tient plus (403, consigné). Des mots qui peuvent évoquer ce qui n’est pas permis ne sont pas conservés avant que quelqu’un les ait confirmés (422 `message.to-review`, avec une empreinte à renvoyer). Ils figurent dans le fil des deux côtés, en note de la Task, et au relevé de la personne.',
  },
  params: uuidParam<TransferId>(),
  body: jsonBody(messageInput, { id: EXAMPLE.task, words: 'The payslip follows on Monday.' }),
  responses: {
    200: {
      description: { en: 'The transfer with its timeline', fr: 'Le transfert et sa chronologie' },
      schema: transferView,
      example: transferViewExample,
    },
    403: {
      description: { en: 'It may not be said, with reasons', fr: 'Réponse impossible, avec les raisons' },
      schema: z.looseObject({ code: z.string(), reasons: z.array(reasonView).optional() }),
      mediaType: 'application/problem+json',
    },
    422: {
      description: { en: 'To be read once more, or not valid', fr: 'À relire, ou non valide' },
      schema: z.looseObject({
        code: z.string(),
        digest: z.string().optional(),
        doubts: z
          .array(z.strictObject({ label: z.string(), text: z.string() }))
          .optional()
          .meta({ description: 'What the words may speak of.' }),
      }),
      mediaType: 'application/problem+json',
    },
  },
  handle: async ({ principal, params: { id: transferId }, body, lang, requestId }, deps) => {
    const { story, publicUrl } = deps;
    const result = await story.answerQuestion(principal, {
      transferId,
      id: body.id,
      words: body.words,
      reviewed: body.reviewed ?? null,
      requestId,
    });
    switch (result.outcome) {
      case 'said':
        return view(result.transfer, principal, lang, deps);
      case 'refused': {
        const reasons = inWords(result.reasons, await presenterOf(story, principal), lang);
        const text = 'This may not be said to the recipient any more: nothing left.';
        const told = new RelaisError('message.refused', 403, 'business-rule', text, { details: { reasons } });
        return presentProblem(told, { lang, requestId, publicUrl });
      }
      case 'to-review': {
        const doubts = result.labels.map((label) => ({ label, text: say(labelText(label), lang) }));
        const text = 'The words may speak of what may not be passed on: read them once more. Nothing left.';
        const told = new RelaisError('message.to-review', 422, 'business-rule', text, {
          details: { digest: result.digest, doubts },
        });
        return presentProblem(told, { lang, requestId, publicUrl });
      }
    }
  },
});
