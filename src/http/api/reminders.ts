import { z } from 'zod';
import { say, type Lang } from '../../kernel/i18n.js';
import type { TransferId } from '../../kernel/ids.js';
import type { TransferReminders } from '../../transfer/remind-by-hand.js';
import { reminderCauseText } from '../../transfer/reminder-texts.js';
import type { HttpDeps } from '../deps.js';
import { operation } from '../route.js';
import { at, EXAMPLE, jsonBody, NO_CONTENT, reasonView, uuidParam } from '../schemas/parts.js';
import { idempotencyKey } from '../schemas/idempotency-key.js';

const STATES = ['waiting', 'sent', 'not-sent'] as const;

const view = z
  .strictObject({
    transferId: z.string(),
    offSince: at
      .nullable()
      .meta({ description: 'Switched off for this transfer, as the person may have asked; null: on.' }),
    waitsSince: at.nullable().meta({
      description:
        'The recipient asked something then and waits for the answer, which pauses reminders; null: it does not.',
    }),
    nextAt: at.nullable().meta({
      description:
        'When Relais reminds by itself unless an answer comes before; null: not any more, or not as it stands.',
    }),
    reminders: z
      .array(
        z.strictObject({
          id: z.string(),
          at: at.meta({ description: 'When it was decided on.' }),
          byHand: z
            .boolean()
            .meta({ description: 'Somebody asked for it; else by Relais, because the answer was late.' }),
          state: z.enum(STATES),
          sentAt: at.nullable().meta({ description: 'The recipient’s system, or the mail server, took it.' }),
          cause: reasonView.optional().meta({ description: 'Why it was given up.' }),
        }),
      )
      .meta({ description: 'Oldest first.' }),
  })
  .meta({ id: 'TransferReminders', description: 'How the recipient of one transfer was reminded of its answer.' });
export type RemindersView = z.output<typeof view>;

const example: RemindersView = {
  transferId: EXAMPLE.transfer,
  offSince: null,
  waitsSince: null,
  nextAt: '2026-03-06T17:00:00.000Z',
  reminders: [
    {
      id: 'c0de0000-0000-4000-8000-000000000003',
      at: '2026-02-27T17:00:41.006Z',
      byHand: false,
      state: 'sent',
      sentAt: '2026-02-27T17:00:42.118Z',
    },
  ],
};

const params = uuidParam<TransferId>();
const described = {
  description: { en: 'The reminders of this transfer', fr: 'Les relances de ce transfert' },
  schema: view,
  example,
};

function present(
  { transferId, quietSince, waitsSince, nextAt, reminders }: TransferReminders,
  lang: Lang,
  { causeText }: Pick<HttpDeps, 'causeText'>,
): RemindersView {
  return {
    transferId,
    offSince: quietSince,
    waitsSince,
    nextAt,
    reminders: reminders.map(({ id, issuedAt, issuedBy, deliveredAt, cause }) => ({
      id,
      at: issuedAt,
      byHand: issuedBy.type !== 'system',
      state: deliveredAt !== null ? 'sent' : cause !== null ? 'not-sent' : 'waiting',
      sentAt: deliveredAt,
      ...(cause !== null && { cause: { code: cause, text: say(reminderCauseText(cause, causeText), lang) } }),
    })),
  };
}

export const listReminders = operation({
  group: 'transfers',
  id: 'listReminders',
  summary: { en: 'How the recipient was reminded', fr: 'Les relances adressées au destinataire' },
  params,
  responses: { 200: described },
  handle: async ({ principal, params: { id }, lang, requestId }, deps) => ({
    status: 200,
    headers: { 'content-language': lang },
    body: present(await deps.story.readReminders(principal, id, requestId), lang, deps),
  }),
});

export const sendReminder = operation({
  group: 'transfers',
  id: 'sendReminder',
  summary: { en: 'Remind the recipient now', fr: 'Relancer le destinataire maintenant' },
  description: {
    en: 'For a transfer that was delivered and not answered. 409 says why nobody is reminded: answered, a question that waits for its answer, switched off, no longer permitted, or the last reminder was less than a day ago. The same Idempotency-Key again gets the same answer and sends nothing more. Nothing of the record goes with it.',
    fr: 'Pour un transfert remis et resté sans réponse. Un 409 dit pourquoi personne n’est relancé : réponse reçue, question qui attend la sienne, relances désactivées, transmission devenue impossible, ou dernière relance de moins d’un jour. La même Idempotency-Key obtient la même réponse et n’envoie rien de plus. Rien du dossier ne part avec elle.',
  },
  params,
  headers: z.object({ 'idempotency-key': idempotencyKey }),
  body: NO_CONTENT,
  responses: { 202: described },
  handle: async ({ principal, params: { id }, headers, lang, requestId }, deps) => ({
    status: 202,
    headers: { 'content-language': lang },
    body: present(await deps.story.remindByHand(principal, id, headers['idempotency-key'], requestId), lang, deps),
  }),
});

export const switchReminders = operation({
  group: 'transfers',
  id: 'switchReminders',
  summary: { en: 'Switch reminders off or on', fr: 'Désactiver ou réactiver les relances' },
  description: {
    en: 'For one transfer: the person may have asked for quiet. What was decided on and has not left does not leave.',
    fr: 'Pour un transfert : la personne a pu demander qu’on n’insiste pas. Ce qui était décidé et n’est pas parti ne part pas.',
  },
  params,
  body: jsonBody(z.strictObject({ on: z.boolean() }).meta({ id: 'RemindersSwitch' }), { on: false }),
  responses: { 200: { ...described, example: { ...example, offSince: '2026-02-28T09:00:00.000Z', nextAt: null } } },
  handle: async ({ principal, params: { id }, body, lang, requestId }, deps) => ({
    status: 200,
    headers: { 'content-language': lang },
    body: present(await deps.story.switchReminders(principal, id, body.on, requestId), lang, deps),
  }),
});
