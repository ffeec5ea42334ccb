import { z } from 'zod';
import { caseJsonSchema, CASE_SCHEMA_ID } from '../../domain/case/json-schema.js';
import { operation, openOperation } from '../route.js';
import { caseExample } from '../schemas/case-example.js';
import { document, EXAMPLE } from '../schemas/parts.js';

const params = z.object({ id: z.string().meta({ description: 'The agency’s own id: 1–64 of A-Z a-z 0-9 . _ -' }) });
const caseDocument = document({
  id: 'Case',
  type: 'object',
  description: `Case model v1; its JSON Schema is at /api/v1/schemas/case (${CASE_SCHEMA_ID}).`,
  externalDocs: { url: '/api/v1/schemas/case' },
});
const MAX_CASE_BYTES = 4 * 1024 * 1024;

const stored = z
  .strictObject({
    caseId: z.string(),
    personId: z.string(),
    version: z.int(),
    changed: z.boolean().meta({ description: 'False when the same document is already the newest version.' }),
  })
  .meta({ id: 'StoredCase' });
const storedExample = { caseId: 'VAL-2026-0417', personId: EXAMPLE.person, version: 1, changed: true };

export const putCase = operation({
  group: 'cases',
  id: 'putCase',
  summary: { en: 'Store a case', fr: 'Enregistrer un dossier' },
  description: {
    en: 'The case in the agency’s own model, checked as a whole and stored encrypted as a new version, or not at all. Numbers stay as written.',
    fr: 'Le dossier dans le modèle de l’organisme, vérifié en entier puis conservé chiffré comme nouvelle version, ou pas du tout. Les nombres restent tels qu’écrits.',
  },
  params,
  body: {
    schema: caseDocument,
    mediaTypes: ['application/json'],
    maxBytes: MAX_CASE_BYTES,
    optional: false,
    example: caseExample,
  },
  responses: {
    200: {
      description: { en: 'Stored as a new version, or unchanged', fr: 'Nouvelle version enregistrée, ou inchangé' },
      schema: stored,
      example: { ...storedExample, version: 2 },
    },
    201: {
      description: { en: 'Stored for the first time', fr: 'Enregistré pour la première fois' },
      schema: stored,
      example: storedExample,
    },
  },
  handle: async ({ principal, params: { id }, body, requestId }, { story }) => {
    const result = await story.putCase(principal, id, body, requestId);
    return { status: result.changed && result.version === 1 ? 201 : 200, body: result };
  },
});

export const getCase = operation({
  group: 'cases',
  id: 'getCase',
  summary: { en: 'Read one’s own case back', fr: 'Relire son propre dossier' },
  description: {
    en: 'The newest version, as it was sent. Reading is audited.',
    fr: 'La version la plus récente, telle qu’elle a été envoyée. La lecture est journalisée.',
  },
  params,
  responses: {
    200: {
      description: { en: 'The case', fr: 'Le dossier' },
      schema: z
        .strictObject({ caseId: z.string(), personId: z.string(), version: z.int(), document: caseDocument })
        .meta({ id: 'CaseVersion' }),
      example: { caseId: 'VAL-2026-0417', personId: EXAMPLE.person, version: 1, document: caseExample },
    },
  },
  handle: async ({ principal, params: { id }, requestId }, { story }) => ({
    status: 200,
    body: await story.getCase(principal, id, requestId),
  }),
});

export const getCaseSchema = openOperation({
  group: 'cases',
  id: 'getCaseSchema',
  summary: { en: 'JSON Schema of the case model', fr: 'Schéma JSON du modèle de dossier' },
  description: {
    en: 'Every property carries its labels (x-relais-labels): the category of data first, then its sensitivities.',
    fr: 'Chaque propriété porte ses étiquettes (x-relais-labels) : d’abord la catégorie de données, puis ses sensibilités.',
  },
  responses: {
    200: {
      description: { en: 'JSON Schema 2020-12', fr: 'JSON Schema 2020-12' },
      schema: z.looseObject({ $schema: z.string(), $id: z.string() }),
      mediaType: 'application/schema+json',
    },
  },
  handle: () => ({ status: 200, body: caseJsonSchema() }),
});
