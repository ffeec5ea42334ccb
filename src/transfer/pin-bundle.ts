import { hash } from 'node:crypto';
import type { Bundle, BundleEntry, Resource } from 'fhir/r4.js';
import { RelaisError } from '../kernel/errors.js';
import type { Instant } from '../kernel/clock.js';
import type { TaskId, TransferId } from '../kernel/ids.js';
import { writeJson, type JsonValue } from '../kernel/json.js';
import type { PairwiseIds } from '../kernel/pairwise.js';
import { toViolation } from '../domain/fhir/issue.js';
import { validateResource } from '../domain/fhir/validate.js';
import {
  confidentialityOf,
  V3_ACT_CODE,
  V3_CONFIDENTIALITY,
  V3_OBSERVATION_VALUE,
} from '../domain/labels/security-labels.js';
import { referralResources } from './referral-resources.js';
import type { SenderFace } from './sender-face.js';
import type { Disclosable, Redacted } from './steps.js';

export interface BundleFrame {
  readonly publicUrl: string;
  readonly pairwiseId: PairwiseIds;
}

export interface BundleFacts {
  readonly transferId: TransferId;
  readonly taskId: TaskId;
  readonly answerExpectedBy: Instant | null;
  /** The moment that the bundle bears: that of the decision, or of the preview that is sent. */
  readonly at: Instant;
  /** Task of the transfer that this one follows. */
  readonly follows?: TaskId | null;
}

/**
 * Step "validate": puts the resources and the referral (ServiceRequest, Task, the two organizations) into a FHIR
 * transaction Bundle, validates every one of them, and pins the bytes: what is approved here is what leaves.
 *
 * Every bundle carries the same marks, whether or not anything was withheld from this one: they depend on the permit
 * alone and name no topic (SUBSETTED: "not everything", R or V: restricted, NORDSCLCD: no redisclosure without consent).
 *
 * @throws RelaisError 422 `transfer.not-valid` with places and rules; nothing is stored then
 */
export function pinBundle(frame: BundleFrame, redacted: Redacted, facts: BundleFacts, face: SenderFace): Disclosable {
  const { permit, account } = redacted;
  const resources = [...redacted.resources, ...referralResources(frame, redacted, facts, face)];
  const bundle: Bundle = {
    resourceType: 'Bundle',
    meta: {
      security: [
        // The high water mark of what the permit holds, whether or not there is any of it.
        { system: V3_CONFIDENTIALITY, code: confidentialityOf(permit.permitted) === 'V' ? 'V' : 'R' },
        { system: V3_OBSERVATION_VALUE, code: 'SUBSETTED' },
        { system: V3_ACT_CODE, code: 'NORDSCLCD' },
      ],
    },
    identifier: { system: `${frame.publicUrl}/transfers`, value: facts.transferId },
    type: 'transaction',
    timestamp: facts.at,
    entry: resources.map(toEntry),
  };
  relink(bundle.entry ?? []);
  const errors = validateResource(bundle).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    throw new RelaisError('transfer.not-valid', 422, 'invariant', 'The record cannot be written as valid FHIR R4.', {
      violations: errors.map(toViolation),
    });
  }
  const wire = Buffer.from(writeJson(bundle as unknown as JsonValue), 'utf8');
  const digest = hash('sha256', wire, 'hex');
  return {
    permit,
    bundle,
    wire,
    digest,
    account,
    withheldElements: account.withheld.length,
  } as unknown as Disclosable;
}

function toEntry(resource: Resource): BundleEntry {
  return {
    fullUrl: `urn:uuid:${resource.id ?? ''}`,
    resource: resource,
    request: { method: 'POST', url: resource.resourceType },
  };
}

/**
 * In a transaction, resources point to one another by fullUrl, so that the receiver can give its own ids
 * (https://hl7.org/fhir/R4/http.html#trules). References to what is not in the bundle stay as they are.
 */
function relink(entries: readonly BundleEntry[]): void {
  const fullUrls = new Map(
    entries.map(({ resource, fullUrl }) => [`${resource?.resourceType}/${resource?.id}`, fullUrl ?? '']),
  );
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) {
      for (const item of node) visit(item);
      return;
    }
    const element = node as Record<string, unknown>;
    for (const name in element) {
      const value = element[name];
      if (typeof value === 'object') visit(value);
      else if (name === 'reference' && typeof value === 'string') {
        const target = fullUrls.get(value);
        // What a map always says is frozen, and points to nothing in the bundle.
        if (target !== undefined) element[name] = target;
      }
    }
  };
  for (const { resource } of entries) visit(resource);
}
