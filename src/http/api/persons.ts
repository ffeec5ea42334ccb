import { z } from 'zod';
import type { PersonId } from '../../kernel/ids.js';
import { TRANSFER_STATUSES } from '../../transfer/status.js';
import { operation } from '../route.js';
import { EXAMPLE, jsonBody, reasonView, uuidParam, words } from '../schemas/parts.js';

const query = z
  .strictObject({
    names: z
      .array(z.strictObject({ family: words(200).optional(), given: z.array(words(200)).max(10).default([]) }))
      .max(5)
      .default([]),
    birthDate: z
      .string()
      .regex(/^\d{4}(-\d{2}(-\d{2})?)?$/)
      .optional()
      .meta({ description: 'YYYY, YYYY-MM or YYYY-MM-DD; narrows a name, finds nobody alone.' }),
    identifiers: z
      .array(z.strictObject({ system: words(350), value: words(350) }))
      .max(5)
      .default([]),
  })
  .refine(({ names, identifiers }) => names.length + identifiers.length > 0, {
    path: ['names'],
    message: 'A name or an identifier is needed.',
  })
  .meta({ id: 'PersonQuery' });

const candidate = z
  .strictObject({
    personId: z.string(),
    caseId: z.string(),
    names: z.array(z.strictObject({ family: z.string().optional(), given: z.array(z.string()), kind: z.string() })),
    birthDate: z.string().nullable(),
    agrees: z.array(z.enum(['identifier', 'family', 'given', 'birthDate'])),
  })
  .meta({ id: 'Candidate' });

export const searchPersons = operation({
  group: 'cases',
  id: 'searchPersons',
  summary: { en: 'Find one’s own persons', fr: 'Rechercher parmi ses propres personnes' },
  description: {
    en: 'By identifier, or by a name that sounds alike. What is searched for stands in the body, so that no name gets into an address or a log. Nothing is merged: a person compares and confirms.',
    fr: 'Par identifiant, ou par un nom qui se prononce de même. Les critères sont dans le corps de la requête : aucun nom n’apparaît dans une adresse ou un journal. Rien n’est fusionné : une personne compare et confirme.',
  },
  body: jsonBody(query, { names: [{ family: 'Okafor', given: ['Grace'] }], birthDate: '1991' }),
  responses: {
    200: {
      description: { en: 'Candidates, the best first', fr: 'Candidats, le plus probable d’abord' },
      schema: z.strictObject({ candidates: z.array(candidate) }),
      example: {
        candidates: [
          {
            personId: EXAMPLE.person,
            caseId: 'VAL-2026-0417',
            names: [{ family: 'Okafor', given: ['Grace'], kind: 'legal' }],
            birthDate: '1991-08-23',
            agrees: ['family', 'given'],
          },
        ],
      },
    },
  },
  handle: async ({ principal, body, requestId }, { story }) => {
    const { birthDate, names, identifiers } = body;
    const identity = {
      names: names.map(({ family, given }) => ({ ...(family !== undefined && { family }), given })),
      identifiers,
      ...(birthDate !== undefined && { birthDate }),
    };
    return { status: 200, body: { candidates: await story.searchPersons(principal, identity, requestId) } };
  },
});

const line = z.strictObject({
  reference: z.string(),
  outcome: z.enum(TRANSFER_STATUSES),
  recipient: z.string(),
  at: z.string(),
  purpose: z.string(),
  categories: z.array(z.string()),
  ground: z.string().nullable(),
  contentKeptUntil: z.string().nullable(),
  sentence: z.string(),
  reasons: z.array(reasonView),
  followUps: z.array(z.string()).meta({ description: 'What the recipient was told since, and what it answered.' }),
});

const contestLine = z.strictObject({
  kind: z.enum(['objection', 'correction']),
  reference: z.string().nullable(),
  recordedAt: z.string(),
  words: z.string(),
  sentence: z.string(),
  answer: z.string().nullable(),
});

export const getDisclosures = operation({
  group: 'audit',
  id: 'getDisclosures',
  summary: { en: 'Who received what about a person', fr: 'Qui a reçu quoi au sujet d’une personne' },
  description: {
    en: 'The disclosure report, in plain words, refusals and stops included (GDPR article 15). Reading it is audited.',
    fr: 'Le relevé des communications, en mots simples, refus et arrêts compris (RGPD, article 15). Sa lecture est journalisée.',
  },
  params: uuidParam<PersonId>(),
  query: z.object({ lang: z.enum(['en', 'fr']).optional() }),
  responses: {
    200: {
      description: { en: 'The report', fr: 'Le relevé' },
      schema: z
        .strictObject({
          personId: z.string(),
          lang: z.enum(['en', 'fr']),
          disclosures: z.array(line),
          contests: z.array(contestLine),
        })
        .meta({ id: 'DisclosureReport' }),
      example: {
        personId: EXAMPLE.person,
        lang: 'en',
        disclosures: [
          {
            reference: 'R-0142',
            outcome: 'delivered',
            recipient: 'Toit Commun',
            at: '2026-02-09T10:15:02.418Z',
            purpose: 'access to housing',
            categories: ['identity', 'housing'],
            ground: 'your consent',
            contentKeptUntil: '2026-03-11T10:15:02.418Z',
            sentence: 'Toit Commun received this on 9 February 2026, for access to housing.',
            reasons: [],
            followUps: [],
          },
        ],
        contests: [],
      },
    },
  },
  handle: async ({ principal, params: { id }, query: { lang }, lang: asked, requestId }, { story }) => {
    const report = await story.disclosureReport(principal, id, lang ?? asked, requestId);
    return { status: 200, body: report, headers: { 'content-language': report.lang } };
  },
});
