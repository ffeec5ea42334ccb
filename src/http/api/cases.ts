import { z } from 'zod';
import { caseJsonSchema, CASE_SCHEMA_ID } from '../../domain/case/json-schema.js';
import { ENTRY_LISTS } from '../../transfer/entry-ports.js';
import { operation, openOperation } from '../route.js';
import { caseExample } from '../schemas/case-example.js';
import { prefers } from '../request/prefers.js';
import { caseBundleExample } from '../schemas/case-bundle-example.js';
import { at, document, EXAMPLE } from '../schemas/parts.js';
import { takenOverView } from '../schemas/taken-over.js';

const params = z.object({ id: z.string().meta({ description: 'The agency’s own id: 1–64 of A-Z a-z 0-9 . _ -' }) });
const caseDocument = document({
  id: 'Case',
  type: 'object',
  description: `Case model v1; its JSON Schema is at /api/v1/schemas/case (${CASE_SCHEMA_ID}).`,
  externalDocs: { url: '/api/v1/schemas/case' },
});
const FHIR = 'application/fhir+json';
const caseBundle = document({
  id: 'CaseBundle',
  type: 'object',
  description: 'FHIR R4 Bundle of one person’s record; the profiles are those of docs/canonical-profiles.md.',
  properties: { resourceType: { const: 'Bundle' } },
  required: ['resourceType'],
});
const MAX_CASE_BYTES = 4 * 1024 * 1024;

const place = z.strictObject({
  map: z.string().meta({ description: 'Name of the map; empty for what belongs to the bundle itself.' }),
  path: z.string(),
});
const RESIDUE_REASONS = ['unread', 'failed-codec', 'n:1', 'order', 'foreign', 'absent'] as const;
const stored = z
  .strictObject({
    caseId: z.string(),
    personId: z.string(),
    version: z.int(),
    changed: z.boolean().meta({ description: 'False when the same document is already the newest version.' }),
    taken: z.int().optional().meta({ description: 'FHIR only: resources that maps took into the case.' }),
    kept: z
      .strictObject({
        elements: z.int(),
        reasons: z.partialRecord(z.enum(RESIDUE_REASONS), z.int()),
        places: z.array(place.extend({ reason: z.enum(RESIDUE_REASONS) })).max(100),
      })
      .optional()
      .meta({ description: 'FHIR only: what no rule covers, kept encrypted and given back to you alone.' }),
    conflicts: z
      .array(place)
      .max(100)
      .optional()
      .meta({ description: 'FHIR only: fields of which two elements say different things; the first was taken.' }),
  })
  .meta({ id: 'StoredCase' });
const storedExample = { caseId: 'VAL-2026-0417', personId: EXAMPLE.person, version: 1, changed: true };

const writtenEntry = z
  .strictObject({
    list: z.enum(ENTRY_LISTS),
    entryId: z.string(),
    mine: z.boolean().meta({ description: 'Whoever asks wrote it, and may correct it.' }),
    versions: z.array(z.int()).meta({ description: 'Of the case: where it was written, then corrected.' }),
    writtenAt: at,
  })
  .meta({ id: 'WrittenEntry' });

export const putCase = operation({
  group: 'cases',
  id: 'putCase',
  summary: { en: 'Store a case', fr: 'Enregistrer un dossier' },
  description: {
    en: 'The case in the agency’s own model, or a FHIR R4 Bundle (application/fhir+json), checked as a whole and stored encrypted as a new version, or not at all. Numbers stay as written. What no map covers of a bundle is kept encrypted and returned to the agency alone; what FHIR cannot say (working notes, marks on fields) stays as it was.',
    fr: 'Le dossier dans le modèle de l’organisme, ou un Bundle FHIR R4 (application/fhir+json), vérifié en entier puis conservé chiffré comme nouvelle version, ou pas du tout. Les nombres restent tels qu’écrits. Ce qu’aucune correspondance ne couvre est conservé chiffré et rendu au seul organisme ; ce que FHIR ne sait pas dire (notes de travail, mentions sur les champs) reste en l’état.',
  },
  params,
  headers: z.object({ 'content-type': z.string().optional() }),
  body: {
    schema: caseDocument,
    mediaTypes: ['application/json', FHIR],
    maxBytes: MAX_CASE_BYTES,
    optional: false,
    example: caseExample,
    others: { [FHIR]: { schema: caseBundle, example: caseBundleExample } },
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
  handle: async ({ principal, params: { id }, headers, body, requestId }, { story }) => {
    const isFhir = headers['content-type']?.toLowerCase().startsWith(FHIR) === true;
    const result = await story[isFhir ? 'putCaseBundle' : 'putCase'](principal, id, body, requestId);
    return { status: result.changed && result.version === 1 ? 201 : 200, body: result };
  },
});

export const getCase = operation({
  group: 'cases',
  id: 'getCase',
  summary: { en: 'Read one’s own case back', fr: 'Relire son propre dossier' },
  description: {
    en: 'The newest version, as it was sent. With Accept: application/fhir+json a FHIR R4 Bundle, with everything that the bundle it came as had besides. Reading is audited.',
    fr: 'La version la plus récente, telle qu’elle a été envoyée. Avec Accept: application/fhir+json, un Bundle FHIR R4, y compris tout ce que comportait en plus le Bundle reçu. La lecture est journalisée.',
  },
  params,
  query: z.strictObject({
    version: z
      .string()
      .regex(/^[1-9]\d{0,8}$/)
      .transform(Number)
      .optional()
      .meta({ description: 'An earlier version, in the agency’s own model.' }),
  }),
  headers: z.object({ accept: z.string().optional() }),
  responses: {
    200: {
      description: { en: 'The case', fr: 'Le dossier' },
      schema: z
        .strictObject({
          caseId: z.string(),
          personId: z.string(),
          version: z.int(),
          document: caseDocument,
          written: z.array(writtenEntry).meta({ description: 'Entries that were written in Relais.' }),
          takenOver: takenOverView.nullable().meta({ description: 'Where it comes from, if it was taken over.' }),
        })
        .meta({ id: 'CaseVersion' }),
      example: {
        caseId: 'VAL-2026-0417',
        personId: EXAMPLE.person,
        version: 1,
        document: caseExample,
        written: [],
        takenOver: null,
      },
      others: { [FHIR]: { schema: caseBundle, example: caseBundleExample } },
    },
  },
  handle: async ({ principal, params: { id }, query: { version }, headers: { accept }, requestId }, { story }) => {
    if (version === undefined && prefers(FHIR, accept))
      return { status: 200, body: await story.getCaseBundle(principal, id, requestId), contentType: FHIR };
    return { status: 200, body: await story.getCase(principal, id, requestId, version) };
  },
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
