import { createHash } from 'node:crypto';
import { z } from 'zod';
import { maskOf } from '../../domain/labels/labels.js';
import { canonicalJson } from '../../kernel/canonical-json.js';
import { RelaisError } from '../../kernel/errors.js';
import type { Lang } from '../../kernel/i18n.js';
import type { PersonId, TransferId } from '../../kernel/ids.js';
import type { Transfer } from '../../transfer/transfer.js';
import type { Principal } from '../../transfer/principal.js';
import type { HttpDeps } from '../deps.js';
import { presentProblem } from '../problem.js';
import { operation, type Reply } from '../route.js';
import { id, jsonBody, LIST_BYTES, moment, NO_CONTENT, uuidParam } from '../schemas/parts.js';
import { idempotencyKey } from '../schemas/idempotency-key.js';
import { refusedTransfer } from '../schemas/problem.js';
import { transferExample, transferInput, transferView, transferViewExample } from '../schemas/transfer.js';
import { inWords, presentTransfer } from './present-transfer.js';
import { presenterOf } from './presenter-of.js';

const params = uuidParam<TransferId>();
const one = {
  description: { en: 'The transfer with its timeline', fr: 'Le transfert et sa chronologie' },
  schema: transferView,
  example: transferViewExample,
};

export const requestTransfer = operation({
  group: 'transfers',
  id: 'requestTransfer',
  summary: { en: 'Ask to send a case to a recipient', fr: 'Demander l’envoi d’un dossier à un destinataire' },
  description: {
    en: 'Decided before the record is read, on agreement and ground. 202: committed and on its way. 403 with the code transfer.refused: the decision was no; it is recorded and its reasons are in the answer. The same Idempotency-Key with another body is a 409.',
    fr: 'La décision précède la lecture du dossier : convention et fondement. 202 : enregistré et en route. 403 avec le code transfer.refused : la décision est négative, elle est consignée et ses raisons sont dans la réponse. La même Idempotency-Key avec un autre corps donne un 409.',
  },
  headers: z.object({ 'idempotency-key': idempotencyKey }),
  body: jsonBody(transferInput, transferExample, LIST_BYTES),
  responses: {
    202: one,
    403: {
      description: {
        en: 'Refused, with reasons; or not allowed to ask',
        fr: 'Refusé, avec les raisons ; ou demande non autorisée',
      },
      schema: refusedTransfer,
      mediaType: 'application/problem+json',
      example: {
        type: '/docs/errors#transfer.refused',
        title: 'The transfer is refused.',
        status: 403,
        detail: 'The transfer is refused: nothing was read and nothing leaves.',
        code: 'transfer.refused',
        transferId: transferViewExample.id,
        reference: 'R-0143',
        reasons: [{ code: 'deny.consent-refused', text: 'The person said no to Valmont Habitat on 9 February 2026.' }],
      },
    },
  },
  handle: async ({ principal, headers, body, lang, requestId }, deps) => {
    const {
      categories,
      sensitivities,
      sendAfter,
      answerExpectedBy,
      deferNotice,
      digest,
      withhold,
      follows,
      ...command
    } = body;
    const transfer = await deps.story.requestTransfer(principal, {
      ...command,
      ...(categories !== undefined && { requested: maskOf([...categories, ...(sensitivities ?? [])]) }),
      ...(sendAfter !== undefined && { sendAfter }),
      ...(withhold !== undefined && { withhold }),
      ...(answerExpectedBy !== undefined && { answerExpectedBy }),
      ...(follows !== undefined && { follows }),
      ...(deferNotice !== undefined && { deferNotice }),
      ...(digest !== undefined && { digest }),
      idempotencyKey: headers['idempotency-key'],
      bodyDigest: createHash('sha256').update(canonicalJson(body)).digest('hex'),
      requestId,
    });
    if (transfer.status === 'refused') return refusal(transfer, principal, lang, requestId, deps);
    return {
      ...(await view(transfer, principal, lang, deps)),
      status: 202,
      headers: { 'content-language': lang, ...locationOf(transfer) },
    };
  },
});

export const getTransfer = operation({
  group: 'transfers',
  id: 'getTransfer',
  summary: { en: 'Where a transfer stands', fr: 'Où en est un transfert' },
  params,
  responses: { 200: one },
  handle: async ({ principal, params: { id: transferId }, lang, requestId }, deps) =>
    view(await deps.story.getTransfer(principal, transferId, requestId), principal, lang, deps),
});

const DEFAULT_LIMIT = 50;

export const listTransfers = operation({
  group: 'transfers',
  id: 'listTransfers',
  summary: { en: 'Transfers, newest first', fr: 'Les transferts, du plus récent au plus ancien' },
  query: z.object({
    personId: id<PersonId>().optional(),
    before: moment.optional().meta({ description: 'Only what was requested before; `next` of the page before.' }),
    limit: z
      .string()
      .regex(/^([1-9]\d?|100)$/)
      .transform(Number)
      .optional()
      .meta({ description: `1 to 100; default ${DEFAULT_LIMIT}` }),
  }),
  responses: {
    200: {
      description: { en: 'One page', fr: 'Une page' },
      schema: z.strictObject({
        transfers: z.array(transferView),
        next: z.string().nullable().meta({ description: 'Value of `before` for the next page.' }),
      }),
      example: { transfers: [transferViewExample], next: null },
    },
  },
  handle: async (
    { principal, query: { personId, before, limit = DEFAULT_LIMIT }, lang, requestId },
    { story, causeText },
  ) => {
    const filter = {
      limit,
      ...(personId !== undefined && { personId }),
      ...(before !== undefined && { before }),
    };
    const transfers = await story.listTransfers(principal, filter, requestId);
    const present = await presenterOf(story, principal);
    return {
      status: 200,
      headers: { 'content-language': lang },
      body: {
        transfers: transfers.map((transfer) => presentTransfer(transfer, principal, { present, causeText }, lang)),
        next: transfers.length === limit ? (transfers.at(-1)?.requestedAt ?? null) : null,
      },
    };
  },
});

export const cancelTransfer = operation({
  group: 'transfers',
  id: 'cancelTransfer',
  summary: { en: 'Take a transfer back before it leaves', fr: 'Reprendre un transfert avant son départ' },
  description: {
    en: '409 once it has begun to leave.',
    fr: '409 dès que le départ a commencé.',
  },
  params,
  body: NO_CONTENT,
  responses: { 200: one },
  handle: async ({ principal, params: { id: transferId }, lang, requestId }, deps) =>
    view(await deps.story.cancelTransfer(principal, transferId, requestId), principal, lang, deps),
});

export async function view(
  transfer: Transfer,
  principal: Principal,
  lang: Lang,
  { story, causeText }: HttpDeps,
): Promise<Reply> {
  const present = await presenterOf(story, principal);
  return {
    status: 200,
    headers: { 'content-language': lang },
    body: presentTransfer(transfer, principal, { present, causeText }, lang),
  };
}

function locationOf({ id: transferId }: Transfer): Record<string, string> {
  return { location: `/api/v1/transfers/${transferId}` };
}

/** A decision that was no is a value, not a failure; it is told in the form of a problem (RFC 9457). */
async function refusal(
  transfer: Transfer,
  principal: Principal,
  lang: Lang,
  requestId: string,
  { story, publicUrl }: HttpDeps,
): Promise<Reply> {
  const present = await presenterOf(story, principal);
  const { id: transferId, reference, reasons } = transfer;
  const told = new RelaisError(
    'transfer.refused',
    403,
    'business-rule',
    'The transfer is refused: nothing was read and nothing leaves.',
    { details: { transferId, reference, reasons: inWords(reasons, present, lang) } },
  );
  return presentProblem(told, { lang, requestId, publicUrl });
}
