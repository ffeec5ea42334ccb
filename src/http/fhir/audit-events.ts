import { z } from 'zod';
import { addMs, instant, type Instant } from '../../kernel/clock.js';
import { isUuid, type AuditEntryId, type PersonId, type TaskId } from '../../kernel/ids.js';
import type { AuditSearch } from '../../transfer/audit-view-ports.js';
import { operation } from '../route.js';
import { EXAMPLE } from '../schemas/parts.js';

const FHIR = 'application/fhir+json';
const DEFAULT_COUNT = 50;
const DAY_MS = 24 * 3_600_000;

const reference = (types: string) =>
  z
    .string()
    .transform((text) => text.replace(new RegExp(`^(${types})/`), ''))
    .refine(isUuid, 'A reference of this gateway is needed.');

/** FHIR date search (https://hl7.org/fhir/R4/search.html#date): one bound, or one day or moment. */
const date = z
  .string()
  .regex(/^(ge|gt|le|lt|eq)?\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z)?$/)
  .refine((text) => !Number.isNaN(Date.parse(text.replace(/^[a-z]+/, ''))), 'No such day.')
  .transform((text): { from?: Instant; until?: Instant } => {
    const [, prefix = 'eq', value = ''] = /^([a-z]*)(.*)$/.exec(text) ?? [];
    const start = instant(value);
    const end = addMs(start, value.length === 10 ? DAY_MS : 1);
    if (prefix === 'ge') return { from: start };
    if (prefix === 'gt') return { from: end };
    if (prefix === 'le') return { until: end };
    if (prefix === 'lt') return { until: start };
    return { from: start, until: end };
  });

const cursor = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z_[0-9a-f-]{36}$/)
  .refine((text) => isUuid(text.slice(25)), 'Not a page of this search.')
  .transform((text) => ({ at: text.slice(0, 24), id: text.slice(25) as AuditEntryId }));

const query = z.object({
  patient: reference('Patient').optional().meta({ description: 'Patient/{personId}, or the id alone.' }),
  entity: reference('Task|Consent|Patient').optional().meta({
    description: 'Task/{id}, Consent/{id}, Patient/{id}, or the id of a transfer.',
  }),
  date: date.optional().meta({ description: 'A day or a moment, with eq, ge, gt, le or lt.' }),
  _count: z
    .string()
    .regex(/^([1-9]\d?|100)$/)
    .transform(Number)
    .optional()
    .meta({ description: `1 to 100; default ${DEFAULT_COUNT}` }),
  page: cursor.optional().meta({ description: 'From the link `next` of the page before.' }),
});

const bundleOf = (id: string, type: string) =>
  z
    .strictObject({
      resourceType: z.literal('Bundle'),
      type: z.literal('searchset'),
      link: z.array(z.strictObject({ relation: z.string(), url: z.string() })).optional(),
      entry: z
        .array(
          z.strictObject({
            fullUrl: z.string(),
            resource: z.looseObject({ resourceType: z.literal(type) }),
            search: z.strictObject({ mode: z.literal('match') }),
          }),
        )
        .min(1)
        .optional(),
    })
    .meta({ id });

const entriesOf = (
  publicUrl: string,
  resources: readonly { resourceType: string; id?: string | undefined }[],
): object =>
  // FHIR forbids empty arrays.
  resources.length === 0
    ? {}
    : {
        entry: resources.map((resource) => ({
          fullUrl: `${publicUrl}/fhir/${resource.resourceType}/${resource.id}`,
          resource,
          search: { mode: 'match' },
        })),
      };

/** FHIR search (https://hl7.org/fhir/R4/http.html#search) over the audit log. */
export const searchAuditEvents = operation({
  group: 'audit',
  id: 'searchAuditEvents',
  summary: { en: 'The audit log as FHIR AuditEvents', fr: 'Le journal sous forme d’AuditEvent FHIR' },
  description: {
    en: 'IHE BALP: disclosures, permits and denials, reads and searches; newest first. Each organization reads what concerns it. Looking is audited.',
    fr: 'IHE BALP : communications, autorisations et refus, lectures et recherches ; du plus récent au plus ancien. Chaque organisme lit ce qui le concerne. La consultation est journalisée.',
  },
  query,
  responses: {
    200: {
      description: { en: 'One page', fr: 'Une page' },
      schema: bundleOf('AuditEventBundle', 'AuditEvent'),
      mediaType: FHIR,
    },
  },
  handle: async ({ principal, query: asked, requestId, url }, { story, publicUrl }) => {
    const { patient, entity, date: when, page, _count: limit = DEFAULT_COUNT } = asked;
    const search: AuditSearch = {
      ...(patient !== undefined && { personId: patient as PersonId }),
      ...(entity !== undefined && { entity }),
      ...when,
      ...(page !== undefined && { before: page }),
      limit,
    };
    const { events, next } = await story.viewAudit(principal, search, requestId);
    const link = next == null ? [] : [{ relation: 'next', url: nextOf(publicUrl, url, next) }];
    return {
      status: 200,
      body: {
        resourceType: 'Bundle',
        type: 'searchset',
        ...(link.length > 0 && { link }),
        ...entriesOf(publicUrl, events),
      },
    };
  },
});

function nextOf(publicUrl: string, url: string, { at, id }: NonNullable<AuditSearch['before']>): string {
  const next = new URL(url, publicUrl);
  next.searchParams.set('page', `${at}_${id}`);
  return `${publicUrl}${next.pathname}${next.search}`;
}

/** FHIR search by target: who made what was sent, and who changed it since. */
export const searchProvenance = operation({
  group: 'audit',
  id: 'searchProvenance',
  summary: { en: 'Provenance of what a transfer sent', fr: 'La provenance de ce qu’un transfert a envoyé' },
  description: {
    en: 'For its sender and its recipient, once delivered: CREATE for the delivery, UPDATE for each report on the referral. Reading is audited.',
    fr: 'Pour son expéditeur et son destinataire, une fois remis : CREATE pour la remise, UPDATE pour chaque compte rendu de l’orientation. La lecture est journalisée.',
  },
  query: z.object({ target: reference('Task').meta({ description: `Task/{id}, e.g. Task/${EXAMPLE.task}` }) }),
  responses: {
    200: {
      description: { en: 'Oldest first', fr: 'De la plus ancienne à la plus récente' },
      schema: bundleOf('ProvenanceBundle', 'Provenance'),
      mediaType: FHIR,
    },
  },
  handle: async ({ principal, query: { target }, requestId }, { story, publicUrl }) => {
    const found = await story.viewProvenance(principal, target as TaskId, requestId);
    return { status: 200, body: { resourceType: 'Bundle', type: 'searchset', ...entriesOf(publicUrl, found) } };
  },
});
