import { instant } from '../../kernel/clock.js';
import { RelaisError, type Violation } from '../../kernel/errors.js';
import { isUuid, type ConsentId, type PersonId } from '../../kernel/ids.js';
import type { ConsentPolicy } from './policy.js';
import { readPolicy } from './read-policy.js';
import { isDateTime, isPlain, type Plain } from './read-values.js';
import type { ConsentRule, ConsentTerms } from './terms.js';
import { toRule } from './to-rules.js';
import { startReading, type UnreadableReason } from './unreadable.js';

/**
 * Reads a FHIR R4 Consent (https://hl7.org/fhir/R4/consent.html) into terms.
 *
 * Two kinds of trouble: a resource that is no consent of a person at all is refused at the door (422); a consent whose
 * rules cannot be understood is kept and becomes `unreadable`, which denies. It is never ignored and never guessed.
 *
 * @throws RelaisError 422 `consent.invalid` naming each place and rule
 */
export function readConsent(resource: unknown, id: ConsentId): Omit<ConsentTerms, 'version'> {
  const consent = isPlain(resource) ? resource : {};
  const violations = doorRules(consent);
  if (violations.length > 0) {
    throw new RelaisError('consent.invalid', 422, 'invalid', 'This is not a consent that can be recorded.', {
      violations,
    });
  }
  const personId = patientOf(consent) as PersonId;
  const decidedAt = instant(String(consent['dateTime']));
  const status = consent['status'] as 'active' | 'inactive' | 'rejected';
  const { rules, policy } = rulesOf(consent);
  const decided = policy === null ? {} : whoDecided(policy);
  if (rules !== null) return { id, personId, status, decidedAt, rules, ...decided };
  // A consent that is over stays over, understood or not.
  const over = status === 'inactive' ? 'inactive' : 'unreadable';
  return { id, personId, status: over, decidedAt, rules: [], ...decided };
}

function whoDecided({ performers, supersedes, decision }: ConsentPolicy): Partial<ConsentTerms> {
  const ids = supersedes.map((reference) => reference.replace(/\/_history\/.*$/, '').replace(/^.*\//, ''));
  return { decisionMakers: performers, supersedes: ids, decision };
}

/**
 * Why transfers cannot be decided by this consent: every place that is not understood, or that is understood and cannot
 * be kept when a record is passed on. Empty for a readable consent.
 */
export function whyUnreadable(resource: unknown): readonly UnreadableReason[] {
  return rulesOf(resource).reasons;
}

function rulesOf(resource: unknown): {
  readonly rules: readonly ConsentRule[] | null;
  readonly policy: ConsentPolicy | null;
  readonly reasons: readonly UnreadableReason[];
} {
  const read = readPolicy(resource);
  if (read.outcome === 'unreadable') return { rules: null, policy: null, reasons: read.reasons };
  const { policy } = read;
  const { root, status } = policy;
  const reading = startReading();
  const rule = toRule(root, reading, status === 'rejected');
  return { rules: reading.reasons.length === 0 ? [rule] : null, policy, reasons: reading.reasons };
}

function doorRules(consent: Plain): Violation[] {
  const found: Violation[] = [];
  const rule = (ok: boolean, path: string, code: string, message: string): void => {
    if (!ok) found.push({ path, rule: code, message });
  };
  rule(consent['resourceType'] === 'Consent', 'Consent', 'consent.resource-type', 'resourceType must be Consent.');
  rule(
    ['active', 'inactive', 'rejected'].includes(String(consent['status'])),
    'Consent.status',
    'consent.status',
    'status must be active, inactive or rejected.',
  );
  rule(
    codings(isPlain(consent['scope']) ? consent['scope']['coding'] : undefined).some(
      ({ code }) => code === 'patient-privacy',
    ),
    'Consent.scope',
    'consent.scope',
    'scope must be patient-privacy.',
  );
  rule(
    Array.isArray(consent['category']) && consent['category'].length > 0,
    'Consent.category',
    'consent.category',
    'At least one category is required.',
  );
  rule(patientOf(consent) !== null, 'Consent.patient', 'consent.patient', 'patient must be a reference Patient/{id}.');
  rule(
    isDateTime(consent['dateTime']),
    'Consent.dateTime',
    'consent.date-time',
    'dateTime must say when it was decided.',
  );
  rule(
    Array.isArray(consent['performer']) && consent['performer'].length > 0,
    'Consent.performer',
    'consent.performer',
    'performer must say who decided.',
  );
  return found;
}

function patientOf(consent: Plain): string | null {
  const reference = isPlain(consent['patient']) ? consent['patient']['reference'] : undefined;
  const match = typeof reference === 'string' ? /^Patient\/(.+)$/.exec(reference) : null;
  return match?.[1] !== undefined && isUuid(match[1]) ? match[1] : null;
}

function codings(value: unknown): readonly Plain[] {
  return Array.isArray(value) ? (value as unknown[]).filter(isPlain) : [];
}
