import { z } from 'zod';
import type { TaskId } from '../../kernel/ids.js';
import { DECLINE_REASONS } from '../../domain/case/codes-work.js';
import { DECLINE_REASON_SYSTEM } from '../../transfer/decline-reasons.js';
import { REFERRAL_STATUSES } from '../../transfer/status.js';
import { readReferralReport } from '../../transfer/update-referral.js';
import { operation } from '../route.js';
import { document, EXAMPLE, fhirBody, SMALL_BYTES, uuidParam } from '../schemas/parts.js';
import { requireSameId } from './consent-schema.js';
import { presentTask } from './present-task.js';

const FHIR = 'application/fhir+json';
const params = uuidParam<TaskId>();

const reference = z.strictObject({
  type: z.string().optional(),
  identifier: z.strictObject({ system: z.string(), value: z.string() }),
});
const taskView = z
  .strictObject({
    resourceType: z.literal('Task'),
    id: z.string(),
    identifier: z.array(z.strictObject({ system: z.string(), value: z.string() })),
    partOf: z.array(reference).optional().meta({ description: 'The referral on which this one was asked for.' }),
    status: z.enum(REFERRAL_STATUSES),
    statusReason: z
      .strictObject({ coding: z.array(z.strictObject({ system: z.string(), code: z.string() })) })
      .optional()
      .meta({ description: 'Why it was declined, coded.' }),
    intent: z.literal('order'),
    code: z.strictObject({ coding: z.array(z.strictObject({ system: z.string(), code: z.string() })) }),
    focus: reference,
    for: reference.optional(),
    authoredOn: z.string().optional(),
    lastModified: z.string().optional(),
    requester: reference,
    owner: reference,
    restriction: z.strictObject({ period: z.strictObject({ end: z.string() }) }).optional(),
    note: z
      .array(z.strictObject({ authorReference: reference, time: z.string(), text: z.string() }))
      .optional()
      .meta({ description: 'What was said on it: questions and outcomes of the recipient, answers of the sender.' }),
  })
  .meta({ id: 'Task', description: 'The referral and its state (FHIR R4 Task).' });

const taskReport = document({
  id: 'TaskReport',
  type: 'object',
  required: ['resourceType', 'status'],
  properties: {
    resourceType: { const: 'Task' },
    status: { enum: REFERRAL_STATUSES },
    statusReason: {
      type: 'object',
      description: `Why. Of a referral that is rejected: a coding of ${DECLINE_REASON_SYSTEM}, which each reader sees in their own language, or a text.`,
      properties: {
        coding: {
          type: 'array',
          items: {
            type: 'object',
            properties: { system: { type: 'string' }, code: { type: 'string', examples: [...DECLINE_REASONS] } },
          },
        },
        text: { type: 'string' },
      },
    },
    note: { type: 'array' },
    output: { type: 'array' },
  },
  description: 'FHIR R4 Task. Only status, statusReason, note and output are taken; the rest is Relais’ own.',
  externalDocs: { url: 'https://hl7.org/fhir/R4/task.html' },
});

const example = {
  resourceType: 'Task',
  id: EXAMPLE.task,
  identifier: [{ system: 'https://relais.example/fhir/Task', value: EXAMPLE.task }],
  status: 'accepted',
  intent: 'order',
  code: { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }] },
  focus: {
    type: 'ServiceRequest',
    identifier: { system: 'https://relais.example/transfers', value: EXAMPLE.transfer },
  },
  authoredOn: '2026-02-09T10:15:02.418Z',
  requester: { identifier: { system: 'https://relais.example/organizations', value: EXAMPLE.sender } },
  owner: { identifier: { system: 'https://relais.example/organizations', value: EXAMPLE.recipient } },
} as const;
const one = {
  description: { en: 'The referral', fr: 'L’orientation' },
  schema: taskView,
  mediaType: FHIR,
  example,
};

/** FHIR read (https://hl7.org/fhir/R4/http.html#read). */
export const readTask = operation({
  group: 'referrals',
  id: 'readTask',
  summary: { en: 'Where a referral stands', fr: 'Où en est une orientation' },
  params,
  responses: { 200: one },
  handle: async ({ principal, params: { id }, requestId }, { story, publicUrl }) => ({
    status: 200,
    body: presentTask(await story.getTask(principal, id, requestId), principal, publicUrl),
  }),
});

/** FHIR update by the recipient (https://hl7.org/fhir/R4/http.html#update). */
export const updateTask = operation({
  group: 'referrals',
  id: 'updateTask',
  summary: {
    en: 'Report the state or the outcome of a referral',
    fr: 'Rendre compte de l’état ou de l’issue d’une orientation',
  },
  description: {
    en: 'For the recipient. The state moves forward only; the sender’s software is told.',
    fr: 'Pour le destinataire. L’état ne fait qu’avancer ; le logiciel de l’expéditeur en est averti.',
  },
  params,
  body: fhirBody(
    taskReport,
    {
      resourceType: 'Task',
      id: EXAMPLE.task,
      status: 'accepted',
      intent: 'order',
      note: [{ text: 'Two bedrooms, keys on 26 February.' }],
    },
    SMALL_BYTES,
  ),
  responses: { 200: one },
  handle: async ({ principal, params: { id }, body, requestId }, { story, publicUrl }) => {
    requireSameId(body, id);
    const updated = await story.updateReferral(principal, id, readReferralReport(body), requestId);
    return { status: 200, body: presentTask(updated, principal, publicUrl) };
  },
});
