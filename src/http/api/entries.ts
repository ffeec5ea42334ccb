import { z } from 'zod';
import { isUuid } from '../../kernel/ids.js';
import type { EntryList } from '../../transfer/entry-ports.js';
import { entityTag, ifMatch } from '../fhir/consent-schema.js';
import { operation } from '../route.js';
import { document, EXAMPLE, jsonBody, SMALL_BYTES } from '../schemas/parts.js';

const params = z.object({
  id: z.string().meta({ description: 'The agency’s own id of the case.' }),
  entryId: z
    .string()
    .refine(isUuid)
    .meta({ format: 'uuid', description: 'Chosen by who writes: the same entry sent twice is written once.' }),
});
const headers = z.object({
  'if-match': ifMatch.unwrap().meta({ description: 'W/"version" of the case that was read; a newer one is a 409.' }),
});
const written = z
  .strictObject({
    caseId: z.string(),
    personId: z.string(),
    entryId: z.string(),
    version: z.int().meta({ description: 'Of the case, in which the entry stands.' }),
    changed: z.boolean().meta({ description: 'False when it stood there word for word.' }),
  })
  .meta({ id: 'WrittenEntryResult' });
const example = {
  caseId: 'VAL-2026-0417',
  personId: EXAMPLE.person,
  entryId: 'c0de0000-0000-4000-8000-000000000027',
  version: 5,
  changed: true,
};
const WHAT = {
  en: 'Checked with the whole case; everything else of it stays byte for byte. Written again by the same person it is a correction: the earlier wording stays in the earlier version of the case.',
  fr: 'Vérifiée avec le dossier entier, dont tout le reste demeure à l’octet près. Réécrite par la même personne, c’est une correction : la formulation antérieure reste dans la version antérieure du dossier.',
};

const writing = (
  list: EntryList,
  described: { readonly id: string; readonly summary: { readonly en: string; readonly fr: string } },
  schemaId: string,
  bodyExample: object,
) =>
  operation({
    group: 'cases',
    ...described,
    description: WHAT,
    params,
    headers,
    body: jsonBody(
      document({
        id: schemaId,
        type: 'object',
        description: `An item of \`${list}\` in case model v1, without its id.`,
        externalDocs: { url: '/api/v1/schemas/case' },
        not: { required: ['id'] },
      }).refine((entry) => !Object.hasOwn(entry, 'id'), 'The address gives the id.'),
      bodyExample,
      SMALL_BYTES,
    ),
    responses: {
      200: { description: { en: 'Written', fr: 'Écrite' }, schema: written, example },
    },
    handle: async ({ principal, params: { id, entryId }, headers: { 'if-match': version }, body, requestId }, deps) => {
      const result = await deps.story.writeEntry(principal, {
        caseId: id,
        list,
        entryId,
        entry: body,
        expectedVersion: version,
        requestId,
      });
      return { status: 200, body: result, headers: { etag: entityTag(result.version) } };
    },
  });

export const writeIntervention = writing(
  'interventions',
  {
    id: 'writeIntervention',
    summary: {
      en: 'Write an intervention, or correct one’s own',
      fr: 'Écrire une intervention, ou corriger la sienne',
    },
  },
  'InterventionInput',
  { date: '2026-02-09', kind: 'interview', summary: 'Grace called: the hearing is on 12 March.' },
);

/** It can never leave: no agreement, consent or rule may name it. Its author is who writes. */
export const writeWorkingNote = writing(
  'workingNotes',
  {
    id: 'writeWorkingNote',
    summary: {
      en: 'Write a working note, or correct one’s own',
      fr: 'Écrire une note de travail, ou corriger la sienne',
    },
  },
  'WorkingNoteInput',
  { date: '2026-02-09', text: 'Come back to the brother, gently.' },
);
