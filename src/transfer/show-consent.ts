import { notFound, RelaisError, type Violation } from '../kernel/errors.js';
import type { ConsentId, PersonId } from '../kernel/ids.js';
import { stateDecisions, type DecisionState } from '../domain/consent/supersede.js';
import type { ConsentTerms } from '../domain/consent/terms.js';
import { auditOwnRead } from './audit-read.js';
import type { Evidence, RecordedEvidence } from './consent-evidence.js';
import type { Store } from './ports.js';
import type { Principal } from './principal.js';

/** A recorded decision, what it is worth among the person's others, and how it can be shown. */
export interface ShownConsent {
  readonly id: ConsentId;
  readonly version: number;
  readonly personId: PersonId;
  readonly status: ConsentTerms['status'];
  readonly decidedAt: string;
  readonly state: DecisionState;
  readonly supersedes: readonly string[];
  /** Decisions of the person that replaced it. */
  readonly supersededBy: readonly ConsentId[];
  readonly evidence: readonly RecordedEvidence[];
}

/**
 * Reading is audited.
 *
 * @throws RelaisError 404
 */
export async function showConsent(
  { store }: { readonly store: Store },
  principal: Principal,
  id: ConsentId,
  requestId: string,
): Promise<ShownConsent> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const found = await tx.loadConsent(id);
    if (found === null) throw notFound();
    const { terms } = found;
    const about = { personId: terms.personId, consentId: id };
    await auditOwnRead(tx, { principal, requestId }, 'consent.read', about, 1);
    const all = (await tx.listConsents(terms.personId)).map((listed) => listed.terms);
    const stated = stateDecisions(all, await tx.now()).find(({ decision }) => decision.id === id);
    return {
      id,
      version: terms.version,
      personId: terms.personId,
      status: terms.status,
      decidedAt: terms.decidedAt,
      state: stated?.state ?? 'in-force',
      supersedes: terms.supersedes ?? [],
      supersededBy: all.filter(({ supersedes }) => supersedes?.includes(id)).map((later) => later.id),
      evidence: await tx.listEvidence(id),
    };
  });
}

/**
 * Keeps how a decision can be shown, encrypted, with who recorded it.
 *
 * @throws RelaisError 422 `consent.evidence` (a spoken decision needs a witness, a photo its picture, a form its version), 404
 */
export async function recordEvidence(
  { store }: { readonly store: Store },
  principal: Principal,
  id: ConsentId,
  evidence: Evidence,
  requestId: string,
): Promise<RecordedEvidence> {
  const missing = missingOf(evidence);
  if (missing.length > 0) {
    throw new RelaisError('consent.evidence', 422, 'business-rule', 'This kind of evidence needs more.', {
      violations: missing,
    });
  }
  return store.asOrganization(principal.organizationId, async (tx) => {
    const recorded = await tx.putEvidence(id, evidence, principal.actor);
    const consent = await tx.loadConsent(id);
    await tx.audit({
      action: 'consent.evidence-recorded',
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      ...(consent !== null && { personId: consent.terms.personId }),
      consentId: id,
      requestId,
      codes: { kind: evidence.kind, copyGiven: evidence.copyGiven, version: recorded.consentVersion },
    });
    return recorded;
  });
}

function missingOf({ kind, witness, attachment, formVersion }: Evidence): Violation[] {
  const needs = (path: string, message: string): Violation[] => [{ path, rule: 'consent.evidence', message }];
  if (kind === 'verbal' && witness === null) return needs('/witness', 'A spoken decision needs a witness.');
  if (kind === 'photo' && attachment === null) return needs('/attachment', 'A photo of a paper needs its picture.');
  if (kind !== 'verbal' && formVersion === null) return needs('/formVersion', 'Which form was it, in which version?');
  return [];
}
