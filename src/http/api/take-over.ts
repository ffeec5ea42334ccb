import { z } from 'zod';
import type { PersonId, TransferId } from '../../kernel/ids.js';
import { operation } from '../route.js';
import { EXAMPLE, id, jsonBody, uuidParam } from '../schemas/parts.js';
import { takenOverExample, takenOverTerms, takenOverView } from '../schemas/taken-over.js';
import { candidate } from './persons.js';

const params = uuidParam<TransferId>();

export const lookAtTakeOver = operation({
  group: 'transfers',
  id: 'lookAtTakeOver',
  summary: { en: 'Whose file it may be', fr: 'De quel dossier il peut s’agir' },
  description: {
    en: 'For a recipient that accepted: the person as received, persons of its own that it may be, and what holds for the file afterwards. The content is read for it: decided again, in the log of both, and on the person’s report. Once it was taken over, where it is; nothing is read then.',
    fr: 'Pour un destinataire qui a accepté : la personne telle que reçue, celles de ses propres dossiers dont il peut s’agir, et ce qui vaudra pour le dossier. Le contenu est lu pour cela : décision réexaminée, journal des deux côtés, relevé de la personne. Une fois repris, où il se trouve ; rien n’est alors lu.',
  },
  params,
  responses: {
    200: {
      description: { en: 'What to decide on', fr: 'Ce qu’il faut pour décider' },
      schema: z
        .strictObject({
          takenOver: takenOverView.nullable(),
          person: candidate.pick({ names: true, birthDate: true }).nullable(),
          candidates: z.array(candidate),
          terms: z.strictObject(takenOverTerms).nullable(),
        })
        .meta({ id: 'TakeOver' }),
      example: {
        takenOver: null,
        person: { names: [{ family: 'Okafor', given: ['Grace'], kind: 'legal' }], birthDate: '1991-08-23' },
        candidates: [],
        terms: { onward: { kind: 'consented' }, keepUntil: takenOverExample.keepUntil, keepThen: 'delete', leftOut: 0 },
      },
    },
  },
  handle: async ({ principal, params: { id: transferId }, requestId }, { story }) => ({
    status: 200,
    body: await story.lookAtTakeOver(principal, transferId, requestId),
  }),
});

const done = { schema: takenOverView, example: takenOverExample };

export const takeOver = operation({
  group: 'transfers',
  id: 'takeOver',
  summary: { en: 'Take the case over', fr: 'Reprendre le dossier' },
  description: {
    en: 'Makes a case of the recipient’s own of exactly what was received, with its history and its marks. `person` is what a human decided: somebody new, or one of the candidates; nothing is merged by itself. A second call answers with the same case. 403 where the record may no longer be used.',
    fr: 'Crée chez le destinataire un dossier à partir exactement de ce qui a été reçu, avec l’historique et les mentions. `person` est ce qu’un humain a décidé : une personne nouvelle, ou l’un des candidats ; rien n’est fusionné automatiquement. Un second appel répond avec le même dossier. 403 si le contenu ne peut plus être utilisé.',
  },
  params,
  body: jsonBody(
    z
      .strictObject({
        person: z
          .union([z.literal('new'), id<PersonId>()])
          .meta({ description: '`new`, or the id of a candidate that is the same person.' }),
      })
      .meta({ id: 'TakeOverInput' }),
    { person: EXAMPLE.person },
  ),
  responses: {
    200: { description: { en: 'It was taken over before', fr: 'Déjà repris' }, ...done },
    201: { description: { en: 'Taken over', fr: 'Repris' }, ...done },
  },
  handle: async ({ principal, params: { id: transferId }, body: { person }, requestId }, { story }) => {
    const { taken, created } = await story.takeOver(principal, transferId, person, requestId);
    return { status: created ? 201 : 200, body: taken };
  },
});
