import { z } from 'zod';
import { DATA_LABELS, maskOf, NEVER, type DataLabel } from '../../domain/labels/labels.js';
import { PACKS } from '../../domain/mapping/compile-pack.js';
import { LOSS_REASONS } from '../../domain/mapping/run/loss.js';
import { runForward, runReverse } from '../../domain/mapping/run/run-mapping.js';
import type { Runnable } from '../../domain/mapping/run/runnable.js';
import { throwAwayContext } from '../../domain/mapping/run/throw-away-context.js';
import { RelaisError } from '../../kernel/errors.js';
import type { JsonObject } from '../../kernel/json.js';
import { operation } from '../route.js';
import { caseExample } from '../schemas/case-example.js';
import { document } from '../schemas/parts.js';

const MAX_RUN_BYTES = 4 * 1024 * 1024;
const PERMITTABLE = DATA_LABELS.filter((label) => label !== NEVER) as [DataLabel, ...DataLabel[]];

const body = z
  .strictObject({
    direction: z.enum(['to-fhir', 'from-fhir']).default('to-fhir'),
    record: document({
      type: 'object',
      description:
        'to-fhir: a case (case model v1), or HMIS tables as `{"Client": [{"PersonalID": "…"}]}`, every cell a text. from-fhir: a FHIR R4 Bundle.',
    }),
    permitted: z
      .array(z.enum(PERMITTABLE))
      .max(PERMITTABLE.length)
      .optional()
      .meta({ description: 'Data labels that may leave; default: all that any agreement could permit.' }),
    identifiers: z
      .string()
      .max(200)
      .regex(/^https?:\/\/[!-~]+$/)
      .optional()
      .meta({ description: 'Namespace of the agency’s identifiers in the bundle; default: the caller’s own.' }),
  })
  .meta({ id: 'MappingRunRequest' });

const text = z.string();
const element = z
  .strictObject({
    path: text.meta({ description: 'FHIRPath location in the resource.' }),
    sources: z.array(text).meta({ description: 'Places of the record that were read, with their indices.' }),
    kind: z.enum(['value', 'code', 'constant', 'reference', 'computed']),
    codes: text.optional().meta({ description: 'Code map that translates.' }),
    file: text,
    line: z.int(),
    column: z.int(),
  })
  .meta({ id: 'TracedElement', description: 'Where one element comes from: places and the line of the map.' });

const named = { mapping: z.enum(PACKS), version: text.meta({ description: 'Digest of the map files.' }) };
const forward = z
  .strictObject({
    ...named,
    bundle: z.looseObject({ resourceType: z.literal('Bundle') }),
    trace: z.array(z.strictObject({ entry: z.int(), map: text, resourceType: text, elements: z.array(element) })),
    loss: z.array(
      z.strictObject({
        path: text,
        kind: z.enum(['content', 'key', 'metadata', 'never']),
        reason: z.enum(LOSS_REASONS),
      }),
    ),
  })
  .meta({
    id: 'MappingRun',
    description: 'FHIR, the origin of each element, and what is lost on the way there and back.',
  });
const place = z.strictObject({ map: text, path: text });
const reverse = z
  .strictObject({
    ...named,
    record: z.looseObject({}),
    kept: z.array(z.strictObject({ map: text, path: text, reason: text })),
    conflicts: z.array(place),
    refused: z.array(place),
  })
  .meta({ id: 'ReverseMappingRun', description: 'The record, and the places that no rule covers.' });

export const runMapping = operation({
  group: 'mappings',
  id: 'runMapping',
  summary: { en: 'Run a shipped mapping on a record', fr: 'Appliquer une correspondance fournie à un dossier' },
  description: {
    en: 'Shows what a record of one’s own becomes in FHIR, from which field and which line of the map each element comes, and what is lost. Nothing is stored, nothing is sent; ids are made for this answer alone. Maps are those of the installation: a body cannot bring one.',
    fr: 'Montre ce que devient un dossier dans FHIR, de quel champ et de quelle ligne de la correspondance vient chaque élément, et ce qui se perd. Rien n’est conservé ni envoyé ; les identifiants ne valent que pour cette réponse. Les correspondances sont celles de l’installation : le corps ne peut pas en apporter.',
  },
  params: z.object({ name: z.enum(PACKS).meta({ description: 'Which mapping: case or hmis' }) }),
  body: {
    schema: body,
    mediaTypes: ['application/json'],
    maxBytes: MAX_RUN_BYTES,
    optional: false,
    example: { direction: 'to-fhir', record: caseExample, permitted: ['identity', 'contact', 'needs'] },
  },
  responses: {
    200: {
      description: { en: 'What the mapping made of it', fr: 'Ce que la correspondance en a fait' },
      schema: z.union([forward, reverse]),
    },
  },
  handle: async ({ principal, params: { name }, body: asked }, { mapping: load, publicUrl }) => {
    const mapping = await load(name);
    const { version } = mapping;
    const base = asked.identifiers ?? `${publicUrl}/organizations/${principal.organizationId}`;
    const using = { permitted: maskOf(asked.permitted ?? PERMITTABLE), context: throwAwayContext(base) };
    const run =
      asked.direction === 'from-fhir'
        ? runReverse(mapping, asked.record, using)
        : runForward(mapping, readRecord(mapping, asked.record), using);
    return { status: 200, body: { mapping: name, version, ...run } };
  },
});

/** Places of mistakes are those of the body: the record stands in it as a member. */
function readRecord(mapping: Runnable, record: JsonObject): unknown {
  try {
    return mapping.read(record);
  } catch (error) {
    if (!(error instanceof RelaisError)) throw error;
    const { code, status, issueType, message } = error;
    const violations = error.violations.map((violation) => ({ ...violation, path: `/record${violation.path}` }));
    throw new RelaisError(code, status, issueType, message, { violations });
  }
}
