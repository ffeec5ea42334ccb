import { z } from 'zod';
import type { TransferId } from '../../kernel/ids.js';
import { operation } from '../route.js';
import { document, EXAMPLE, uuidParam } from '../schemas/parts.js';

export const getContent = operation({
  group: 'transfers',
  id: 'getContent',
  summary: { en: 'Read what was sent', fr: 'Lire ce qui a été transmis' },
  description: {
    en: 'The FHIR bundle as it was sent, and the same in the words of the case model, for the sender and, from the delivery on, for the recipient. The reading is in the log before it is answered; the recipient’s counts as a disclosure and is on the person’s report. 410 once it is not kept any more.',
    fr: 'Le Bundle FHIR tel que transmis, et la même chose dans les mots du modèle de dossier, pour l’expéditeur et, dès la livraison, pour le destinataire. La lecture est journalisée avant d’être servie ; celle du destinataire vaut communication et figure au relevé de la personne. 410 une fois le contenu supprimé.',
  },
  params: uuidParam<TransferId>(),
  responses: {
    200: {
      description: { en: 'What was sent', fr: 'Ce qui a été transmis' },
      schema: z
        .strictObject({
          transferId: z.string(),
          digest: z.string().meta({ description: 'SHA-256 (hex) of the bytes of `bundle` as they were sent.' }),
          bundle: document({ type: 'object', description: 'FHIR R4 transaction Bundle.' }),
          record: document({ type: 'object', description: 'In the case model, read back by the maps.' })
            .nullable()
            .meta({ description: 'null where the maps cannot read it back.' }),
          purgedAt: z.null(),
        })
        .meta({ id: 'SentContent' }),
      example: {
        transferId: EXAMPLE.transfer,
        digest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        bundle: { resourceType: 'Bundle', type: 'transaction' },
        record: {
          schemaVersion: 1,
          person: { id: 'p', names: [{ family: 'Okafor', given: ['Grace'], kind: 'legal' }] },
        },
        purgedAt: null,
      },
    },
  },
  handle: async ({ principal, params: { id }, requestId }, { story }) => ({
    status: 200,
    body: await story.readContent(principal, id, requestId),
  }),
});
