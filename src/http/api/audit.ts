import { z } from 'zod';
import { operation } from '../route.js';

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
