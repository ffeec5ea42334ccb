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
  const redacted = redactByLabel(rules, permitted, allowed).map(({ resource }) => resource);
  const nameless = hidden === null ? redacted : hideSender(rules, redacted, hidden);
  const masked = nameless.map((resource) => maskRequired(resource)).filter((resource) => resource !== null);
  // What was dropped with its references takes its labels along: they are told of what is left alone.
  const left = redactByLabel(rules, permitted, dropDanglingReferences<Resource>(masked));
  const labelled = labelResources(rules, permitted, left, marksByKey(account.kept), permit.decidedAt);
  return { permit, resources: labelled, account } as unknown as Redacted;
}
