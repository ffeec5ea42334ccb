import { z } from 'zod';
import type { ConsentId } from '../../kernel/ids.js';
import { EVIDENCE_KINDS, type Evidence, type RecordedEvidence } from '../../transfer/consent-evidence.js';
import { operation, type BodyRule } from '../route.js';
import { at, EXAMPLE, uuidParam, words } from '../schemas/parts.js';

const params = uuidParam<ConsentId>();
const MIB = 1024 * 1024;
/** A photo of a page, in base64. */
const MAX_DATA = 4 * MIB;
const ATTACHMENTS = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'] as const;

const attachment = z.strictObject({
  contentType: z.enum(ATTACHMENTS),
  data: z.base64().min(4).max(MAX_DATA).meta({ description: 'Base64 (RFC 4648).' }),
});
const input = z
  .strictObject({
    kind: z.enum(EVIDENCE_KINDS),
    formVersion: words(100).optional().meta({ description: 'Name and version of the form; needed unless spoken.' }),
    copyGiven: z.boolean().meta({ description: 'The person got a copy.' }),
    witness: words(200).optional().meta({ description: 'Who heard it; needed for `verbal`.' }),
    attachment: attachment.optional().meta({ description: 'Scan or photo; needed for `photo`.' }),
  })
  .meta({ id: 'EvidenceInput' });

const view = z
  .strictObject({
    id: z.string(),
    kind: z.enum(EVIDENCE_KINDS),
    consentVersion: z.int(),
    formVersion: z.string().nullable(),
    copyGiven: z.boolean(),
    witness: z.string().nullable(),
    attachment: z.strictObject({ contentType: z.string(), data: z.string() }).nullable(),
    recordedAt: at,
    recordedBy: z.strictObject({ type: z.string(), id: z.string() }),
  })
  .meta({ id: 'Evidence', description: 'How it can be shown that a decision was taken (GDPR article 7(1)).' });

const inputExample = { kind: 'verbal', copyGiven: true, witness: 'Marc Diallo, CCAS de Valmont' };
const viewExample = {
  id: 'c0de0000-0000-4000-8000-000000000001',
  kind: 'verbal',
  consentVersion: 1,
  formVersion: null,
  copyGiven: true,
  witness: 'Marc Diallo, CCAS de Valmont',
  attachment: null,
  recordedAt: '2026-02-09T10:04:11.020Z',
  recordedBy: { type: 'staff', id: '7e57bbbb-0000-4000-8000-000000000001' },
};
const body: BodyRule<typeof input> = {
  schema: input,
  mediaTypes: ['application/json'],
  maxBytes: MAX_DATA + 8 * 1024,
  optional: false,
  example: inputExample,
};

const presentEvidence = ({ recordedBy, ...rest }: RecordedEvidence): z.output<typeof view> => ({
  ...rest,
  recordedBy: { type: recordedBy.type, id: recordedBy.id },
});

export const recordEvidence = operation({
  group: 'consents',
  id: 'recordEvidence',
  summary: { en: 'Keep how a decision can be shown', fr: 'Conserver la preuve d’une décision' },
  description: {
    en: 'A signed form, a spoken yes or no with its witness, an electronic signature, a photo of a paper. Stored encrypted under the person’s own key, with who recorded it.',
    fr: 'Formulaire signé, oui ou non oral avec son témoin, signature électronique, photo d’un papier. Conservé chiffré sous la clé propre à la personne, avec l’auteur de l’enregistrement.',
  },
  params,
  body,
  responses: {
    201: { description: { en: 'As kept', fr: 'Telle que conservée' }, schema: view, example: viewExample },
  },
  handle: async ({ principal, params: { id }, body: given, requestId }, { story }) => {
    const evidence: Evidence = {
      kind: given.kind,
      formVersion: given.formVersion ?? null,
      copyGiven: given.copyGiven,
      witness: given.witness ?? null,
      attachment: given.attachment ?? null,
    };
    return { status: 201, body: presentEvidence(await story.recordEvidence(principal, id, evidence, requestId)) };
  },
});

export const showConsent = operation({
  group: 'consents',
  id: 'showConsent',
  summary: { en: 'What a recorded decision is worth', fr: 'Ce que vaut une décision consignée' },
  description: {
    en: 'In force, withdrawn, or replaced by a later decision; with its evidence. The resource itself: GET /fhir/Consent/{id}.',
    fr: 'En vigueur, retirée ou remplacée par une décision ultérieure ; avec ses preuves. La ressource elle-même : GET /fhir/Consent/{id}.',
  },
  params,
  responses: {
    200: {
      description: { en: 'The decision', fr: 'La décision' },
      schema: z
        .strictObject({
          id: z.string(),
          version: z.int(),
          personId: z.string(),
          status: z.enum(['active', 'inactive', 'rejected', 'unreadable']),
          decidedAt: at,
          state: z.enum(['in-force', 'withdrawn', 'superseded', 'refusal-stands-again']),
          supersedes: z.array(z.string()),
          supersededBy: z.array(z.string()),
          evidence: z.array(view),
        })
        .meta({ id: 'ShownConsent' }),
      example: {
        id: EXAMPLE.consent,
        version: 1,
        personId: EXAMPLE.person,
        status: 'active',
        decidedAt: '2026-02-09T10:00:00.000Z',
        state: 'in-force',
        supersedes: [],
        supersededBy: [],
        evidence: [viewExample],
      },
    },
  },
  handle: async ({ principal, params: { id }, requestId }, { story }) => {
    const shown = await story.showConsent(principal, id, requestId);
    return { status: 200, body: { ...shown, evidence: shown.evidence.map(presentEvidence) } };
  },
});
