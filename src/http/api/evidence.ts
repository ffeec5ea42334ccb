import { z } from 'zod';
import type { TransferId } from '../../kernel/ids.js';
import { operation } from '../route.js';
import { uuidParam } from '../schemas/parts.js';

export const getEvidence = operation({
  group: 'audit',
  id: 'getEvidence',
  summary: { en: 'What proves a transfer, as one zip', fr: 'Ce qui prouve un transfert, en un zip' },
  description: {
    en: 'For the sender: a page to read first, the decision’s receipt, ground and agreement, the recipient’s receipt, the log’s entries with proofs, signatures. `content=true` adds the bytes, for a caseworker. Checked without a database by relais evidence verify. Exporting is audited.',
    fr: 'Pour l’expéditeur : une page à lire d’abord, le reçu de la décision, fondement et convention, l’accusé du destinataire, les entrées du journal avec leurs preuves, les signatures. `content=true` ajoute les octets, pour un·e intervenant·e. Vérifiable sans base de données par relais evidence verify. L’export est journalisé.',
  },
  params: uuidParam<TransferId>(),
  query: z.object({
    lang: z.enum(['en', 'fr']).optional(),
    content: z
      .enum(['true', 'false'])
      .transform((text) => text === 'true')
      .optional(),
  }),
  responses: {
    200: { description: { en: 'The pack', fr: 'Le dossier' }, mediaType: 'application/zip' },
  },
  handle: async ({ principal, params: { id }, query, lang, requestId }, { story }) => ({
    status: 200,
    body: await story.exportEvidence(principal, id, {
      lang: query.lang ?? lang,
      withContent: query.content ?? false,
      requestId,
    }),
    headers: { 'content-disposition': `attachment; filename="evidence-${id}.zip"` },
  }),
});
