import { z } from 'zod';
import type { Agreement } from '../../domain/agreement/agreement.js';
import { ALERT_LEVELS } from '../../domain/agreement/alerts.js';
import { registerCsv, REGISTER_COLUMNS, type RegisterLine } from '../../domain/agreement/register.js';
import { labelsOf } from '../../domain/labels/labels.js';
import { RelaisError } from '../../kernel/errors.js';
import type { AgreementId } from '../../kernel/ids.js';
import { createPresenter } from '../../transfer/present-reasons.js';
import { MAX_SIMULATED_DAYS, type SimulationFinding } from '../../transfer/simulate-agreement.js';
import { operation } from '../route.js';
import { agreementExample, agreementInput, withoutUndefined } from '../schemas/agreement.js';
import { at, EXAMPLE, jsonBody, reasonView, uuidParam } from '../schemas/parts.js';
import { inWords } from './present-transfer.js';

const params = uuidParam<AgreementId>();
const number = z
  .string()
  .regex(/^[1-9]\d{0,6}$/)
  .transform(Number);

const change = z
  .strictObject({
    path: z.string().meta({ description: 'JSON Pointer into the later text; of what was removed, into the earlier.' }),
    element: z.string(),
    kind: z.enum(['added', 'removed', 'changed']),
    effect: z.enum(['wider', 'narrower', 'other']),
    text: z.string(),
  })
  .meta({ id: 'AgreementChange' });

export const diffAgreement = operation({
  group: 'agreements',
  id: 'diffAgreement',
  summary: { en: 'What differs between two versions', fr: 'Ce qui diffère entre deux versions' },
  params,
  query: z.object({ from: number, to: number }),
  responses: {
    200: {
      description: { en: 'Element by element, in words', fr: 'Élément par élément, en toutes lettres' },
      schema: z.strictObject({
        wider: z.boolean().meta({ description: 'The later text lets something happen that the earlier does not.' }),
        changes: z.array(change),
      }),
      example: {
        wider: true,
        changes: [
          {
            path: '/purposes/0/categories/4',
            element: 'categories',
            kind: 'added',
            effect: 'wider',
            text: 'For access to housing · Categories: income and rights is added.',
          },
        ],
      },
    },
  },
  handle: async ({ principal, params: { id }, query, lang }, { story }) => {
    const { changes, wider } = await story.diffAgreement(principal, id, query);
    return {
      status: 200,
      headers: { 'content-language': lang },
      body: { wider, changes: changes.map(({ text, ...rest }) => ({ ...rest, text: text[lang] })) },
    };
  },
});

const finding = z
  .strictObject({
    outcome: z.enum(['refused', 'shrunk', 'unknown']),
    transferId: z.string().nullable(),
    reference: z.string().nullable(),
    at,
    recipientOrganizationId: z.string(),
    purpose: z.string(),
    labels: z.array(z.string()).meta({ description: 'Shrunk: what would have stayed.' }),
    reasons: z.array(reasonView),
  })
  .meta({ id: 'SimulatedTransfer' });
const MOST_FINDINGS = 200;

export const simulateAgreement = operation({
  group: 'agreements',
  id: 'simulateAgreement',
  summary: { en: 'Try a version on past transfers', fr: 'Essayer une version sur les transferts passés' },
  description: {
    en: 'With this version, which of your organization’s transfers of the last days would have been refused or shrunk, and why. Decides again from receipts and terms; no record is read, nothing changes. The text is a stored version, or a draft that is not stored; without either, the newest version.',
    fr: 'Avec cette version, quels transferts de votre organisme, sur les derniers jours, auraient été refusés ou réduits, et pourquoi. La décision est rejouée d’après les reçus ; aucun dossier n’est lu, rien n’est modifié. Le texte est une version enregistrée, ou un projet non enregistré ; à défaut, la version la plus récente.',
  },
  params,
  body: jsonBody(
    z
      .strictObject({
        days: z.int().min(1).max(MAX_SIMULATED_DAYS),
        version: z.int().min(1).max(1_000_000).optional(),
        agreement: agreementInput.optional(),
      })
      .meta({ id: 'SimulationInput' }),
    { days: 90, agreement: agreementExample },
  ),
  responses: {
    200: {
      description: { en: 'Counts, and the first 200 in order of time', fr: 'Décomptes, et les 200 premiers par date' },
      schema: z.strictObject({
        days: z.int(),
        decided: z.int().meta({ description: 'Permitted in that time while this agreement was among the terms.' }),
        unchanged: z.int(),
        refused: z.int(),
        shrunk: z.int(),
        unknown: z.int().meta({ description: 'Cannot be decided again: a version or the rules of then are gone.' }),
        transfers: z.array(finding).max(MOST_FINDINGS),
      }),
      example: {
        days: 90,
        decided: 41,
        unchanged: 40,
        refused: 0,
        shrunk: 1,
        unknown: 0,
        transfers: [
          {
            outcome: 'shrunk',
            transferId: EXAMPLE.transfer,
            reference: 'R-0142',
            at: '2026-02-09T10:15:00.000Z',
            recipientOrganizationId: EXAMPLE.recipient,
            purpose: 'HOUSING',
            labels: ['income'],
            reasons: [
              { code: 'simulate.not-covered', text: 'The agreement would no longer cover: income and rights.' },
            ],
          },
        ],
      },
    },
  },
  handle: async ({ principal, params: { id }, body, lang }, { story }) => {
    if (body.version !== undefined && body.agreement !== undefined) {
      const message = 'Give a version or a text, not both.';
      throw new RelaisError('agreement.two-texts', 422, 'invalid', message, {
        violations: [{ path: '/version', rule: 'agreement.two-texts', message }],
      });
    }
    const present = createPresenter(await story.listOrganizations(principal));
    const found: z.infer<typeof finding>[] = [];
    const text = body.agreement === undefined ? undefined : textOf(body.agreement, id);
    const totals = await story.simulateAgreement(
      principal,
      {
        agreementId: id,
        days: body.days,
        ...(body.version !== undefined && { version: body.version }),
        ...(text !== undefined && { text }),
      },
      (one) => {
        if (found.length < MOST_FINDINGS) found.push(viewOf(one));
      },
    );
    return {
      status: 200,
      headers: { 'content-language': lang },
      body: { days: body.days, ...totals, transfers: found },
    };

    function viewOf({ past: { receipt, reference }, simulated }: SimulationFinding): z.infer<typeof finding> {
      return {
        outcome: simulated.outcome,
        transferId: receipt.transferId,
        reference,
        at: receipt.at,
        recipientOrganizationId: receipt.request.recipientOrganizationId,
        purpose: receipt.request.purpose,
        labels: simulated.outcome === 'shrunk' ? labelsOf(simulated.lost) : [],
        reasons: simulated.outcome === 'unknown' ? [] : inWords(simulated.reasons, present, lang),
      };
    }
  },
});

/** A text that is tried counts as if it were in force. */
function textOf(body: z.output<typeof agreementInput>, id: AgreementId): Agreement {
  return { ...withoutUndefined(body), id, status: 'draft' } as Agreement;
}

const due = z
  .strictObject({
    agreementId: z.string(),
    title: z.string(),
    kind: z.enum(['ends', 'review']),
    on: z.iso.date(),
    daysLeft: z.int(),
    level: z.enum(ALERT_LEVELS).meta({ description: 'over: the day has come; urgent: 14 days; soon: 60; later: 90.' }),
  })
  .meta({ id: 'AgreementAlert' });

export const listAlerts = operation({
  group: 'agreements',
  id: 'listAgreementAlerts',
  summary: { en: 'Agreements that end or are to be reviewed', fr: 'Conventions à échéance ou à réexaminer' },
  responses: {
    200: {
      description: { en: 'Within 90 days, the most pressing first', fr: 'Sous 90 jours, les plus pressantes d’abord' },
      schema: z.strictObject({ alerts: z.array(due) }),
      example: {
        alerts: [
          {
            agreementId: EXAMPLE.agreement,
            title: 'Housing in Valmont',
            kind: 'ends',
            on: '2026-03-01',
            daysLeft: 12,
            level: 'urgent',
          },
        ],
      },
    },
  },
  handle: async ({ principal, lang }, { story }) => ({
    status: 200,
    headers: { 'content-language': lang },
    body: {
      alerts: (await story.dueAgreements(principal)).map(({ agreement: { id, title }, alert }) => ({
        agreementId: id,
        title: title[lang],
        ...alert,
      })),
    },
  }),
});

const line = z
  .strictObject(
    Object.fromEntries(REGISTER_COLUMNS.map((column) => [column, z.string()])) as Record<
      keyof RegisterLine,
      z.ZodString
    >,
  )
  .meta({ id: 'ProcessingRegisterLine', description: 'One processing (GDPR article 30), in words.' });
const REGISTER = {
  en: 'The register of processing (GDPR article 30), made from the agreements that are in force or suspended.',
  fr: 'Le registre des traitements (RGPD, article 30), établi d’après les conventions en vigueur ou suspendues.',
};

export const getRegister = operation({
  group: 'agreements',
  id: 'getProcessingRegister',
  summary: { en: 'Register of processing', fr: 'Registre des traitements' },
  description: REGISTER,
  responses: {
    200: {
      description: {
        en: 'One entry for each purpose of each agreement',
        fr: 'Une entrée par finalité de chaque convention',
      },
      schema: z.strictObject({ processings: z.array(line) }),
    },
  },
  handle: async ({ principal, lang }, { story }) => ({
    status: 200,
    headers: { 'content-language': lang },
    body: { processings: await story.processingRegister(principal, lang) },
  }),
});

export const getRegisterCsv = operation({
  group: 'agreements',
  id: 'getProcessingRegisterCsv',
  summary: { en: 'Register of processing as CSV', fr: 'Registre des traitements en CSV' },
  description: REGISTER,
  responses: {
    200: {
      description: {
        en: 'RFC 4180, UTF-8; no cell is a formula',
        fr: 'RFC 4180, UTF-8 ; aucune cellule n’est une formule',
      },
      mediaType: 'text/csv; charset=utf-8; header=present',
    },
  },
  handle: async ({ principal, lang }, { story }) => ({
    status: 200,
    headers: {
      'content-language': lang,
      'content-disposition': `attachment; filename="${lang === 'fr' ? 'registre' : 'register'}.csv"`,
    },
    body: registerCsv(await story.processingRegister(principal, lang), lang),
  }),
});
