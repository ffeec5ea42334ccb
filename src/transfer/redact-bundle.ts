import type { Resource } from 'fhir/r4.js';
import { dropDanglingReferences, maskRequired } from '../domain/fhir/redacted.js';
import { hideSender, type HiddenSender } from '../domain/labels/fhir/hide-sender.js';
import { labelResources, marksByKey } from '../domain/labels/fhir/label-resources.js';
import { redactByLabel } from '../domain/labels/fhir/redact-by-label.js';
import { permits } from '../domain/labels/labels.js';
import type { LabelRules } from '../domain/labels/rules/rules.js';
import type { Mapped, Redacted } from './steps.js';

/**
 * Step "redact": a second, independent pass. A resource that was built from anything outside the permit goes, whatever
 * the mapping thought; and whatever the mapping says of itself, each element that the label rules for FHIR do not find
 * permitted goes too. What must exist but may not be said becomes data-absent-reason `masked`, or its resource goes;
 * references to what is gone do not dangle. What is left is labelled.
 *
 * @param hidden a sender that nothing may tell of; null where it is no secret
 */
export function redactBundle(
  rules: LabelRules,
  { permit, resources, account }: Mapped,
  hidden: HiddenSender | null,
): Redacted {
  const { permitted } = permit;
  const allowed = resources.filter(({ labels }) => permits(permitted, labels)).map(({ resource }) => resource);
  const redacted = redactByLabel(rules, permitted, allowed);
  const resourcesLeft = redacted.map(({ resource }) => resource);
  const nameless = hidden === null ? resourcesLeft : hideSender(rules, resourcesLeft, hidden);
  const masked = nameless.map((resource) => maskRequired(resource)).filter((resource) => resource !== null);
  const standing = dropDanglingReferences<Resource>(masked);
  // What was dropped, by its labels or with its references, takes its labels along: they are told of what is left alone.
  // Where nothing was, the labels are those that were just found.
  const left = sameResources(standing, allowed) ? redacted : redactByLabel(rules, permitted, standing);
  const labelled = labelResources(rules, permitted, left, marksByKey(account.kept), permit.decidedAt);
  return { permit, resources: labelled, account } as unknown as Redacted;
}

/** Every step gives back the resource itself where it took nothing. */
function sameResources(one: readonly Resource[], other: readonly Resource[]): boolean {
  return one.length === other.length && one.every((resource, index) => resource === other[index]);
}
