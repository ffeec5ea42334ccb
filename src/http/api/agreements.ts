import { z } from 'zod';
import type { Agreement } from '../../domain/agreement/agreement.js';
import type { AgreementOverview } from '../../transfer/agreement-ports.js';
import type { StepCommand } from '../../transfer/step-agreement.js';
import { systemClock, type Instant } from '../../kernel/clock.js';
import { RelaisError } from '../../kernel/errors.js';
import type { AgreementId } from '../../kernel/ids.js';
import { operation } from '../route.js';
import {
  agreementExample,
  agreementInput,
  agreementStep,
  agreementView,
  agreementViewExample,
  viewOf,
  withoutUndefined,
} from '../schemas/agreement.js';
import { EXAMPLE, jsonBody, uuidParam } from '../schemas/parts.js';

const params = uuidParam<AgreementId>();
const one = {
  description: { en: 'The agreement', fr: 'La convention' },
  schema: agreementView,
  example: agreementViewExample,
};
const version = z
  .string()
  .regex(/^[1-9]\d{0,6}$/)
  .transform(Number);

/** Whether it is over is shown by this process's clock; decisions ask the database's. */
const present = ({ current, pending }: AgreementOverview, at: Instant = systemClock.now()): object => ({
  ...viewOf(current, at),
  pending: pending === null || pending === current ? null : viewOf(pending, at),
});

export const listAgreements = operation({
  group: 'agreements',
  id: 'listAgreements',
  summary: { en: 'Agreements one is party to', fr: 'Les conventions dont on est partie' },
  responses: {
    200: {
      description: {
        en: 'Of each what is in force and what is negotiated',
        fr: 'Pour chacune, ce qui est en vigueur et ce qui se négocie',
      },
      schema: z.strictObject({ agreements: z.array(agreementView) }),
      example: { agreements: [agreementViewExample] },
    },
  },
  handle: async ({ principal }, { story }) => ({
    status: 200,
    body: { agreements: (await story.listAgreements(principal)).map((overview) => present(overview)) },
  }),
});

export const getAgreement = operation({
  group: 'agreements',
  id: 'getAgreement',
  summary: { en: 'Read an agreement', fr: 'Lire une convention' },
  params,
  query: z.object({ version: version.optional().meta({ description: 'One version; absent: what is in force.' }) }),
  responses: { 200: one },
  handle: async ({ principal, params: { id }, query }, { story }) => ({
    status: 200,
    body: present(await story.getAgreement(principal, id, query.version)),
  }),
});

export const putAgreement = operation({
  group: 'agreements',
  id: 'putAgreement',
  summary: { en: 'Draft the next version of an agreement', fr: 'Rédiger la version suivante d’une convention' },
  description: {
    en: 'A draft lets nothing happen: what is in force stays in force until every party has signed the new text. Versions are never overwritten.',
    fr: 'Un projet n’autorise rien : ce qui est en vigueur le reste jusqu’à ce que chaque partie ait signé le nouveau texte. Aucune version n’est écrasée.',
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
    // The schema's optional members are the model's: what is absent is left out.
    const agreement = { ...withoutUndefined(body), id, status: 'draft' } as Agreement;
    const stored = await story.putAgreement(principal, agreement, requestId);
    return { status: stored.version === 1 ? 201 : 200, body: present({ current: stored, pending: null }) };
  },
});

export const stepAgreement = operation({
  group: 'agreements',
  id: 'stepAgreement',
  summary: { en: 'Take a step in the life of an agreement', fr: 'Faire avancer une convention' },
  description: {
    en: 'propose, withdraw, discard and countersign are steps of what is negotiated; suspend, resume, terminate, leave and invite of what is in force. It is in force when a person of each party has signed, never the same person twice. A suspension acts at once, on transfers that wait as well; it is answered when no delivery under the agreement is live. 409: there is no such step from here.',
    fr: 'propose, withdraw, discard et countersign portent sur ce qui se négocie ; suspend, resume, terminate, leave et invite sur ce qui est en vigueur. La convention entre en vigueur quand une personne de chaque partie a signé, jamais deux fois la même. Une suspension agit aussitôt, y compris sur les transferts en attente ; la réponse vient quand plus aucun envoi n’est en cours. 409 : cette étape n’est pas possible ici.',
  },
  params,
  body: jsonBody(agreementStep, { step: 'countersign', version: 2 }),
  responses: { 200: one },
  handle: async ({ principal, params: { id }, body, requestId }, { story }) => ({
    status: 200,
    body: present(await story.stepAgreement(principal, id, withoutUndefined(body) as StepCommand, requestId)),
  }),
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
