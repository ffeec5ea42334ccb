import type { Resource } from 'fhir/r4.js';
import { dropDanglingReferences, maskRequired } from '../domain/fhir/redacted.js';
import { permits } from '../domain/labels/labels.js';
import type { Mapped, Redacted } from './steps.js';

/**
 * Step "redact": a second, independent pass. A resource that was built from anything outside the permit goes, whatever
 * the mapping thought. What must exist but may not be said becomes data-absent-reason `masked`, or its resource goes;
 * references to what is gone do not dangle.
 */
export function redactBundle({ permit, resources, account }: Mapped): Redacted {
  const allowed = resources.filter(({ labels }) => permits(permit.permitted, labels)).map(({ resource }) => resource);
  const masked = allowed.map((resource) => maskRequired(resource)).filter((resource) => resource !== null);
  return { permit, resources: dropDanglingReferences<Resource>(masked), account } as unknown as Redacted;
}
