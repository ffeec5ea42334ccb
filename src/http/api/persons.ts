import { z } from 'zod';
import type { PersonId } from '../../kernel/ids.js';
import { TRANSFER_STATUSES } from '../../transfer/status.js';
import { prefers } from '../request/prefers.js';
import { operation } from '../route.js';
import { EXAMPLE, jsonBody, reasonView, uuidParam, words } from '../schemas/parts.js';
import { disclosurePage } from '../site/disclosure-page.js';

const HTML = 'text/html';

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
      .array(
        z.strictObject({
          system: words(350).meta({
            description:
              'Its own system, or `urn:relais:` with its type in the case model (`urn:relais:social-security`).',
          }),
          value: words(350).meta({ description: 'However it is spaced.' }),
        }),
      )
      .max(5)
      .default([]),
  })
  .refine(({ names, identifiers }) => names.length + identifiers.length > 0, {
    path: ['names'],
    message: 'A name or an identifier is needed.',
  })
  .meta({ id: 'PersonQuery' });

export const candidate = z
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
  recipientIs: z.string().meta({ description: 'Its function, and whether it is bound to secrecy.' }),
  at: z.string(),
  requestedAt: z.string(),
  requestedBy: z.string().meta({ description: 'By role; by name where the organization decided so.' }),
  purpose: z.string(),
  categories: z.array(z.string()),
  ground: z.string().nullable(),
  allowedUntil: z.string().nullable().meta({ description: 'End of the ground, where it names one.' }),
  recipientKeepsUntil: z.string().nullable().meta({ description: 'By the agreement.' }),
  contentKeptUntil: z.string().nullable(),
  sentence: z.string(),
  reasons: z.array(reasonView),
  followUps: z.array(z.string()).meta({ description: 'What the recipient was told since, and what it answered.' }),
  readings: z.array(z.string()).meta({ description: 'Who else looked it up since.' }),
});

const contestLine = z.strictObject({
  kind: z.enum(['objection', 'correction']),
  reference: z.string().nullable(),
  recordedAt: z.string(),
  words: z.string(),
  sentence: z.string(),
  answer: z.string().nullable(),
});

const declinedLine = z.strictObject({
  recipient: z.string(),
  purpose: z.string(),
  recordedAt: z.string(),
  sentence: z.string(),
  reason: z.string(),
});

export const getDisclosures = operation({
  group: 'audit',
  id: 'getDisclosures',
  summary: { en: 'Who received what about a person', fr: 'Qui a reçu quoi au sujet d’une personne' },
  description: {
    en: 'The disclosure report, in plain words, refusals, stops and what others looked up included (GDPR article 15). With Accept: text/html or format=html a page to print and hand over. Reading it is audited.',
    fr: 'Le relevé des communications, en mots simples, refus, arrêts et consultations par d’autres compris (RGPD, article 15). Avec Accept: text/html ou format=html, une page à imprimer et à remettre. Sa lecture est journalisée.',
  },
  params: uuidParam<PersonId>(),
  query: z.object({ lang: z.enum(['en', 'fr']).optional(), format: z.enum(['json', 'html']).optional() }),
  headers: z.object({ accept: z.string().optional() }),
  responses: {
    200: {
      description: { en: 'The report', fr: 'Le relevé' },
      schema: z
        .strictObject({
          personId: z.string(),
          lang: z.enum(['en', 'fr']),
          organization: z.string(),
          madeOn: z.string(),
          disclosures: z.array(line),
          contests: z.array(contestLine),
          declined: z
            .array(declinedLine)
            .meta({ description: 'What professionals declined to share; without what would endanger.' }),
        })
        .meta({ id: 'DisclosureReport' }),
      example: {
        personId: EXAMPLE.person,
        lang: 'en',
        organization: 'CCAS de Valmont',
        madeOn: '2026-02-09',
        disclosures: [
          {
            reference: 'R-0142',
            outcome: 'delivered',
            recipient: 'Toit Commun',
            recipientIs: 'housing service, bound to professional secrecy',
            at: '2026-02-09T10:15:02.418Z',
            requestedAt: '2026-02-09T10:15:01.102Z',
            requestedBy: 'a caseworker of CCAS de Valmont',
            purpose: 'access to housing',
            categories: ['identity', 'housing'],
            ground: 'your consent',
            allowedUntil: '2026-06-30T00:00:00.000Z',
            recipientKeepsUntil: null,
            contentKeptUntil: '2026-03-11T10:15:02.418Z',
            sentence: 'Toit Commun received this on 9 February 2026, for access to housing.',
            reasons: [],
            followUps: [],
            readings: ['The software of Toit Commun looked this transfer up on 10 February 2026.'],
          },
        ],
        contests: [],
        declined: [],
      },
      others: { [HTML]: { schema: z.string(), example: '<!doctype html>…' } },
    },
  },
  handle: async ({ principal, params: { id }, query, headers: { accept }, lang: asked, requestId }, { story }) => {
    const report = await story.disclosureReport(principal, id, query.lang ?? asked, requestId);
    const headers = { 'content-language': report.lang };
    if (query.format === 'html' || (query.format === undefined && prefers(HTML, accept))) {
      return { status: 200, body: disclosurePage(report), contentType: `${HTML}; charset=utf-8`, headers };
    }
    return { status: 200, body: report, headers };
  },
});
