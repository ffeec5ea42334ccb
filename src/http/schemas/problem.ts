import { z } from 'zod';
import { reasonView } from './parts.js';

const violation = z.strictObject({
  path: z.string().meta({ description: 'JSON Pointer, FHIRPath, or line:column.' }),
  rule: z.string(),
  message: z.string(),
});

const members = {
  type: z.string().meta({ description: 'Where this code is explained.' }),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string().meta({ description: 'Stable; decide on this.' }),
  violations: z.array(violation).optional(),
  requestId: z.string().optional(),
};

/** RFC 9457. */
export const problem = z
  .looseObject(members)
  .meta({ id: 'Problem', description: 'What went wrong (RFC 9457). Repeats nothing of what was sent.' });

export const refusedTransfer = z
  .strictObject({
    ...members,
    code: z.literal('transfer.refused'),
    transferId: z.string(),
    reference: z.string(),
    reasons: z.array(reasonView).min(1),
  })
  .meta({ id: 'RefusedTransfer', description: 'The decision was no. It is recorded, and the person may read it.' });

/** FHIR R4 OperationOutcome, as far as Relais writes it. */
export const operationOutcome = z
  .strictObject({
    resourceType: z.literal('OperationOutcome'),
    issue: z
      .array(
        z.strictObject({
          severity: z.enum(['fatal', 'error']),
          code: z.string(),
          details: z.strictObject({
            coding: z.array(z.strictObject({ system: z.string(), code: z.string() })).min(1),
            text: z.string(),
          }),
          expression: z.array(z.string()).optional(),
          diagnostics: z.string().optional(),
        }),
      )
      .min(1),
  })
  .meta({ id: 'OperationOutcome', description: 'https://hl7.org/fhir/R4/operationoutcome.html' });
