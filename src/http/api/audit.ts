import { z } from 'zod';
import type { AuditEntryId } from '../../kernel/ids.js';
import { operation } from '../route.js';
import { EXAMPLE, uuidParam } from '../schemas/parts.js';

export const verifyAudit = operation({
  group: 'audit',
  id: 'verifyAudit',
  summary: { en: 'Check the audit log', fr: 'Vérifier le journal' },
  description: {
    en: 'Computes the chain again from the first entry; names the first that does not fit.',
    fr: 'Recalcule la chaîne depuis la première entrée ; désigne la première qui ne concorde pas.',
  },
  responses: {
    200: {
      description: { en: 'Whether the chain holds', fr: 'La chaîne tient-elle ?' },
      schema: z
        .strictObject({
          verified: z.boolean(),
          entries: z.int(),
          unsequenced: z.int().meta({ description: 'Committed, not numbered yet.' }),
          firstBadEntry: z.int().nullable(),
        })
        .meta({ id: 'AuditVerification' }),
      example: { verified: true, entries: 1204, unsequenced: 0, firstBadEntry: null },
    },
  },
  handle: async ({ principal }, { story }) => ({ status: 200, body: await story.verifyAudit(principal) }),
});

const checkpointExample =
  'relais/audit/5f0c6a51-1c7e-4d8e-9a40-7d1f1e1b2c3d\n1204\nXcmC2nmmWamtnLVXAdndqrmoI61JLyUW/vzDcO/2BDI=\n\n— relais/audit/5f0c6a51-1c7e-4d8e-9a40-7d1f1e1b2c3d AbCd…\n';

const checkpointView = z
  .strictObject({
    checkpoint: z
      .string()
      .nullable()
      .meta({ description: 'Signed note (C2SP tlog-checkpoint); null before there is one.' }),
    keys: z.array(z.string()).meta({ description: 'Public keys of the log (C2SP signed-note), the newest last.' }),
  })
  .meta({ id: 'AuditCheckpoint' });

export const readAuditCheckpoint = operation({
  group: 'audit',
  id: 'readAuditCheckpoint',
  summary: { en: 'The newest checkpoint of the log', fr: 'Le dernier point de contrôle du journal' },
  description: {
    en: 'Size and root of the log, signed. Whoever keeps it outside can show later that the log was rewritten.',
    fr: 'Taille et racine du journal, signées. Qui le conserve à l’extérieur peut montrer plus tard que le journal a été réécrit.',
  },
  responses: {
    200: {
      description: { en: 'The checkpoint and the keys', fr: 'Le point de contrôle et les clés' },
      schema: checkpointView,
      example: {
        checkpoint: checkpointExample,
        keys: ['relais/audit/5f0c6a51-1c7e-4d8e-9a40-7d1f1e1b2c3d+c74f20a3+ARpc…'],
      },
    },
  },
  handle: async (_call, { story }) => ({ status: 200, body: await story.auditCheckpoint() }),
});

export const readEntryProof = operation({
  group: 'audit',
  id: 'readEntryProof',
  summary: { en: 'Prove that an entry is in the log', fr: 'Prouver qu’une entrée figure au journal' },
  description: {
    en: 'The entry with its salt, its number, the inclusion proof (RFC 9162) and the checkpoint that it leads to.',
    fr: 'L’entrée avec son sel, son numéro, la preuve d’inclusion (RFC 9162) et le point de contrôle auquel elle mène.',
  },
  params: uuidParam<AuditEntryId>(),
  responses: {
    200: {
      description: { en: 'The proof', fr: 'La preuve' },
      schema: z
        .strictObject({
          checkpoint: z.string(),
          seq: z.int(),
          entry: z.looseObject({ id: z.string(), at: z.string(), salt: z.string(), action: z.string() }),
          proof: z.array(z.string()).meta({ description: 'From the leaf up, each step in base64.' }),
        })
        .meta({ id: 'AuditEntryProof' }),
      example: {
        checkpoint: checkpointExample,
        seq: 17,
        entry: {
          id: EXAMPLE.transfer,
          at: '2026-02-09T10:04:11.020Z',
          salt: '00112233445566778899aabbccddeeff',
          action: 'disclosure.sent',
        },
        proof: ['XcmC2nmmWamtnLVXAdndqrmoI61JLyUW/vzDcO/2BDI='],
      },
    },
  },
  handle: async ({ principal, params: { id }, requestId }, { story }) => ({
    status: 200,
    body: await story.proveEntry(principal, id, requestId),
  }),
});
