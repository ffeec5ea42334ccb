import { z } from 'zod';
import { DRAFT_PARTS } from '../../transfer/desk-ports.js';
import { operation } from '../route.js';
import { at, document, jsonBody } from '../schemas/parts.js';

const MAX_DRAFT_BYTES = 16 * 1024;

const params = z.object({ caseId: z.string().meta({ description: 'The agency’s own id of the case.' }) });
const query = z.strictObject({
  part: z
    .enum(DRAFT_PARTS)
    .default('send')
    .meta({ description: 'A transfer that is prepared, or an entry that is written.' }),
});
const anything = document({ type: 'object', description: 'The console’s own; Relais does not look into it.' });
const one = {
  description: { en: 'The draft', fr: 'Le brouillon' },
  schema: z.strictObject({ draft: anything.nullable(), savedAt: at.nullable() }).meta({ id: 'Draft' }),
  example: { draft: { purpose: 'HOUSING' }, savedAt: '2026-02-09T10:12:41.003Z' },
};

export const putDraft = operation({
  group: 'cases',
  id: 'putDraft',
  summary: { en: 'Keep what I began to write', fr: 'Garder ce que j’ai commencé à écrire' },
  description: {
    en: 'One of each part per member of staff and case, for nobody else, encrypted with the person’s key, forgotten after 14 days or with the person. An empty object takes it away.',
    fr: 'Un de chaque sorte par professionnel et par dossier, pour nul autre, chiffré avec la clé de la personne, oublié après 14 jours ou avec la personne. Un objet vide le retire.',
  },
  params,
  query,
  body: jsonBody(anything, { purpose: 'HOUSING' }, MAX_DRAFT_BYTES),
  responses: { 200: one },
  handle: async ({ principal, params: { caseId }, query: { part }, body, requestId }, { story }) => ({
    status: 200,
    body: await story.putDraft(principal, caseId, part, body, requestId),
  }),
});

export const getDraft = operation({
  group: 'cases',
  id: 'getDraft',
  summary: { en: 'Go on with what I began', fr: 'Reprendre ce que j’ai commencé' },
  params,
  query,
  responses: { 200: one },
  handle: async ({ principal, params: { caseId }, query: { part }, requestId }, { story }) => ({
    status: 200,
    body: await story.getDraft(principal, caseId, part, requestId),
  }),
});
