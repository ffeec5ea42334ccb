import { z } from 'zod';
import type { Agreement } from '../../domain/agreement/agreement.js';
import { RelaisError } from '../../kernel/errors.js';
import type { AgreementId } from '../../kernel/ids.js';
import { operation } from '../route.js';
import { agreementExample, agreementInput, agreementView } from '../schemas/agreement.js';
import { EXAMPLE, jsonBody, uuidParam } from '../schemas/parts.js';

const params = uuidParam<AgreementId>();
const example = { id: EXAMPLE.agreement, ...agreementExample };
const one = { description: { en: 'The agreement', fr: 'La convention' }, schema: agreementView, example };

export const listAgreements = operation({
  group: 'agreements',
  id: 'listAgreements',
  summary: { en: 'Agreements one is party to', fr: 'Les conventions dont on est partie' },
  responses: {
    200: {
      description: { en: 'The newest version of each', fr: 'La version la plus récente de chacune' },
      schema: z.strictObject({ agreements: z.array(agreementView) }),
      example: { agreements: [example] },
    },
  },
  handle: async ({ principal }, { story }) => ({
    status: 200,
    body: { agreements: await story.listAgreements(principal) },
  }),
});

export const getAgreement = operation({
  group: 'agreements',
  id: 'getAgreement',
  summary: { en: 'Read an agreement', fr: 'Lire une convention' },
  params,
  responses: { 200: one },
  handle: async ({ principal, params: { id } }, { story }) => ({
    status: 200,
    body: await story.getAgreement(principal, id),
  }),
});

export const putAgreement = operation({
  group: 'agreements',
  id: 'putAgreement',
  summary: { en: 'Store the next version of an agreement', fr: 'Enregistrer la version suivante d’une convention' },
  description: {
    en: 'Versions are never overwritten. A suspension acts at once, on transfers that wait as well.',
    fr: 'Aucune version n’est écrasée. Une suspension prend effet aussitôt, y compris sur les transferts en attente.',
  },
  params,
  body: jsonBody(agreementInput, agreementExample),
  responses: { 200: one, 201: { ...one, description: { en: 'The first version', fr: 'La première version' } } },
  handle: async ({ principal, params: { id }, body, requestId }, { story }) => {
    if (body.id !== undefined && body.id !== id) {
      throw new RelaisError('agreement.other-id', 422, 'invalid', 'The id in the body is not the one in the address.', {
        violations: [{ path: '/id', rule: 'agreement.other-id', message: 'Must be the id of the address, or absent.' }],
      });
    }
    const { validUntil, purposes, answerWithinDays, ...rest } = body;
    const agreement: Agreement = {
      ...rest,
      id,
      purposes: purposes.map(({ article9Condition, ...purpose }) => ({
        ...purpose,
        ...(article9Condition !== undefined && { article9Condition }),
      })),
      ...(validUntil !== undefined && { validUntil }),
      ...(answerWithinDays !== undefined && { answerWithinDays }),
    };
    const stored = await story.putAgreement(principal, agreement, requestId);
    return { status: stored.version === 1 ? 201 : 200, body: stored };
  },
});

const organization = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    sector: z.enum(['social', 'health', 'housing']),
    function: z.string().meta({ description: 'In the language of the answer.' }),
    secrecy: z.enum(['professional-secrecy', 'duty-of-discretion', 'none']),
  })
  .meta({ id: 'Organization' });

export const listOrganizations = operation({
  group: 'agreements',
  id: 'listOrganizations',
  summary: { en: 'Organizations of this gateway', fr: 'Les organismes de cette passerelle' },
  responses: {
    200: {
      description: { en: 'Names, functions and secrecy for ids', fr: 'Noms, fonctions et secret, par identifiant' },
      schema: z.strictObject({ organizations: z.array(organization) }),
      example: {
        organizations: [
          {
            id: EXAMPLE.recipient,
            name: 'Toit Commun',
            sector: 'housing',
            function: 'supported housing',
            secrecy: 'professional-secrecy',
          },
        ],
      },
    },
  },
  handle: async ({ principal, lang }, { story }) => ({
    status: 200,
    body: {
      organizations: (await story.listOrganizations(principal)).map(({ id, name, sector, secrecy, ...rest }) => ({
        id,
        name,
        sector,
        function: rest.function[lang],
        secrecy,
      })),
    },
  }),
});
