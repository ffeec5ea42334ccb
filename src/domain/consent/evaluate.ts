import type { Instant } from '../../kernel/clock.js';
import type { OrganizationId } from '../../kernel/ids.js';
import { CATEGORIES, DATA_LABELS, maskOf, NEVER, type LabelMask } from '../labels/labels.js';
import type { PurposeOfUse } from '../decision/purpose.js';
import type { ConsentRule, ConsentTerms } from './terms.js';

export interface ConsentQuestion {
  readonly at: Instant;
  readonly recipient: OrganizationId;
  readonly purpose: PurposeOfUse;
}

/** What one consent says to one question: labels it permits and labels it denies; never both. */
export interface ConsentAnswer {
  readonly permitted: LabelMask;
  readonly denied: LabelMask;
}

const EVERY_LABEL: LabelMask = maskOf(DATA_LABELS);
const EVERY_CATEGORY: LabelMask = maskOf(CATEGORIES);
const NEVER_MASK: LabelMask = maskOf([NEVER]);
const SILENT: ConsentAnswer = { permitted: 0, denied: 0 };

/**
 * Reads one consent's rules for one recipient, purpose and moment (FHIR R4 Consent.provision: nested provisions are
 * exceptions to the one they stand in). An exception acts within what its parent covers, never beyond it. A recorded
 * refusal (`rejected`) turns what it would have permitted into a denial.
 */
export function evaluateConsent(
  consent: Pick<ConsentTerms, 'status' | 'rules'>,
  question: ConsentQuestion,
): ConsentAnswer {
  if (consent.status === 'inactive') return SILENT;
  if (consent.status === 'unreadable') return { permitted: 0, denied: EVERY_LABEL };
  let permitted = 0;
  let denied = 0;
  for (const rule of consent.rules) {
    const answer = evaluateRule(rule, question, EVERY_LABEL);
    permitted |= answer.permitted;
    denied |= answer.denied;
  }
  if (consent.status === 'rejected') return { permitted: 0, denied: denied | permitted };
  return { permitted: permitted & ~denied & ~NEVER_MASK, denied };
}

function evaluateRule(rule: ConsentRule, question: ConsentQuestion, within: LabelMask): ConsentAnswer {
  if (!concerns(rule, question)) return SILENT;
  const covered = coveredBy(rule) & within;
  let permitted = rule.type === 'permit' ? covered : 0;
  let denied = rule.type === 'deny' ? covered : 0;
  let exceptDenied = 0;
  for (const exception of rule.exceptions ?? []) {
    const answer = evaluateRule(exception, question, covered);
    permitted = (permitted | answer.permitted) & ~answer.denied;
    denied &= ~answer.permitted;
    exceptDenied |= answer.denied;
  }
  denied |= exceptDenied;
  return { permitted: permitted & ~denied, denied };
}

function concerns(rule: ConsentRule, question: ConsentQuestion): boolean {
  if (rule.recipients !== undefined && !rule.recipients.includes(question.recipient)) return false;
  if (rule.purposes !== undefined && !rule.purposes.includes(question.purpose)) return false;
  if (rule.from !== undefined && question.at < rule.from) return false;
  return rule.until === undefined || question.at < rule.until;
}

function coveredBy(rule: ConsentRule): LabelMask {
  if (rule.labels !== undefined) return maskOf(rule.labels);
  return rule.type === 'permit' ? EVERY_CATEGORY : EVERY_LABEL;
}

/** The latest end among the consent's rules that concern this recipient and purpose; for the reason "it ended on". */
export function endedBefore(consent: ConsentTerms, question: ConsentQuestion): Instant | null {
  let end: Instant | null = null;
  for (const rule of consent.rules) {
    if (rule.type !== 'permit' || rule.until === undefined || question.at < rule.until) continue;
    const earlier = { ...question, at: rule.from ?? consent.decidedAt };
    if (evaluateConsent({ status: 'active', rules: [rule] }, earlier).permitted === 0) continue;
    if (end === null || rule.until > end) end = rule.until;
  }
  return end;
}
