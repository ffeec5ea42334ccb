import { RelaisError } from '../kernel/errors.js';
import type { Permit } from '../domain/decision/decision.js';
import { mapRecord, type RecordMapping } from './map-record.js';
import { pinBundle, type BundleFacts, type BundleFrame } from './pin-bundle.js';
import type { OrganizationTx } from './ports.js';
import { redactBundle } from './redact-bundle.js';
import { senderFace } from './sender-face.js';
import type { Disclosable } from './steps.js';

export interface BuildDisclosureDeps {
  readonly mapping: RecordMapping;
  readonly frame: BundleFrame;
}

/**
 * Load, map, redact, validate, pin: what would leave under this permit, as the exact bytes. A preview and a transfer go
 * through here and nowhere else, so that what was shown is what is sent.
 *
 * @param heldBack JSON Pointers into the case: what the author keeps back
 * @throws RelaisError 422 `transfer.not-valid` with places and rules; 422 `transfer.withhold-unknown`
 */
export async function buildDisclosure(
  { mapping, frame }: BuildDisclosureDeps,
  tx: Pick<OrganizationTx, 'loadCase' | 'loadOrganization'>,
  permit: Permit,
  facts: BundleFacts,
  heldBack: readonly string[] = [],
): Promise<Disclosable> {
  const [stored, sender] = await Promise.all([
    tx.loadCase(permit.request.caseId, permit.caseVersion),
    tx.loadOrganization(permit.request.senderOrganizationId),
  ]);
  if (stored === null) throw new RelaisError('case.vanished', 500, 'exception', 'The case could not be loaded.');
  const face = senderFace(frame, permit.request, sender);
  const mapped = mapRecord(mapping, permit, stored, face.id, heldBack);
  const redacted = redactBundle(mapping.labelRules, mapped, face.hidden);
  return pinBundle(frame, redacted, facts, face);
}
