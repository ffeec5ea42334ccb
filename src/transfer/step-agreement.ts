import { notFound, RelaisError } from '../kernel/errors.js';
import type { AgreementId, OrganizationId } from '../kernel/ids.js';
import type { Agreement } from '../domain/agreement/agreement.js';
import { gapsOf } from '../domain/agreement/check-agreement.js';
import {
  countersign,
  depart,
  discard,
  invite,
  propose,
  resume,
  suspend,
  terminate,
  withdrawProposal,
  type Signer,
  type Standing,
  type StepRefusal,
  type StepResult,
} from '../domain/agreement/take-step.js';
import type { AgreementOverview } from './agreement-ports.js';
import { awaitLiveDeliveries } from './await-live-deliveries.js';
import { changedMeanwhile } from './change-agreement.js';
import type { OrganizationTx, Store } from './ports.js';
import type { Principal } from './principal.js';

export type StepCommand =
  /** `version`: the one that was read, so that nobody signs another text. */
  | { readonly step: 'countersign'; readonly version: number }
  | {
      readonly step: 'propose' | 'withdraw' | 'discard' | 'suspend' | 'resume' | 'terminate' | 'leave';
      readonly version?: number;
    }
  | { readonly step: 'invite'; readonly organizationId: OrganizationId; readonly version?: number };

/** Steps on what is negotiated; the others are on what is in force. */
const NEGOTIATION: ReadonlySet<StepCommand['step']> = new Set(['propose', 'withdraw', 'discard', 'countersign']);
const SIGNED: ReadonlySet<StepCommand['step']> = new Set(['propose', 'countersign', 'invite']);

/**
 * One step in the life of an agreement (domain/agreement/lifecycle), as its next version, audited in the same transaction.
 * What narrows (suspend, terminate, leave, a new text) is acknowledged when no delivery that it forbids is live; what
 * waits is decided again at sending.
 *
 * @throws RelaisError 404; 403 `agreement.not-a-party`, `agreement.not-a-signer`, `agreement.person-needed`; 409
 *   `agreement.version` and the refusals of the step; 422 `agreement.incomplete` with what is missing
 */
export async function stepAgreement(
  { store, patienceMs }: { readonly store: Store; readonly patienceMs: number },
  principal: Principal,
  id: AgreementId,
  command: StepCommand,
  requestId: string,
): Promise<AgreementOverview> {
  if (SIGNED.has(command.step) && principal.actor.type !== 'staff') {
    throw new RelaisError('agreement.person-needed', 403, 'forbidden', 'Only a person can sign.');
  }
  const seen = await store.asOrganization(principal.organizationId, (tx) => tx.overviewOf(id));
  if (seen === null) throw notFound();
  // Who was invited may not read what is in force: the transaction is that of the party that invited.
  const { pending } = seen;
  const readsAll = pending === null || pending !== seen.current || pending.proposal === undefined;
  const acting = readsAll ? principal.organizationId : pending.proposal.by;

  const affected = await store.asOrganization(acting, (tx) => step(tx, principal, id, command, requestId));
  for (const party of affected) await awaitLiveDeliveries({ store, patienceMs }, party, { agreementId: id });
  const after = await store.asOrganization(principal.organizationId, (tx) => tx.overviewOf(id));
  if (after === null) throw notFound();
  return after;
}

/** @returns the parties whose deliveries may not be what is agreed any more */
async function step(
  tx: OrganizationTx,
  principal: Principal,
  id: AgreementId,
  command: StepCommand,
  requestId: string,
): Promise<readonly OrganizationId[]> {
  const standing = await tx.lockAgreement(id);
  if (standing === null) throw notFound();
  const { inForce, pending } = standing;
  const subject = NEGOTIATION.has(command.step) ? pending : inForce;
  if (command.version !== undefined && subject !== null && command.version !== subject.version) {
    throw changedMeanwhile(subject.version);
  }
  if (command.step === 'propose' && pending !== null) requireComplete(pending);
  const signer: Signer = { party: principal.organizationId, person: principal.actor.id, at: await tx.now() };
  const result = apply(standing, signer, command);
  if (result.outcome === 'refused') throw refusalOf(result.code, command.step, result.from);

  const next: Agreement = { ...result.agreement, version: standing.version + 1 };
  const before = inForce?.parties ?? [];
  await tx.putAgreement(next, principal.actor, { endsNegotiation: result.endsNegotiation, visibleTo: before });
  await tx.audit({
    action: 'agreement.step',
    outcome: 'success',
    actor: principal.actor,
    organizations: [...new Set([...next.parties, ...before])],
    requestId,
    codes: {
      agreement: id,
      version: next.version,
      step: command.step,
      from: subject?.status ?? 'none',
      to: next.status,
    },
  });
  return next.status === 'draft' || next.status === 'proposed' ? [] : before;
}

function apply(standing: Standing, signer: Signer, command: StepCommand): StepResult {
  switch (command.step) {
    case 'propose':
      return propose(standing, signer);
    case 'withdraw':
      return withdrawProposal(standing, signer);
    case 'discard':
      return discard(standing, signer);
    case 'countersign':
      return countersign(standing, signer);
    case 'suspend':
      return suspend(standing, signer);
    case 'resume':
      return resume(standing, signer);
    case 'terminate':
      return terminate(standing, signer);
    case 'leave':
      return depart(standing, signer);
    case 'invite':
      return invite(standing, signer, command.organizationId);
  }
}

/** @throws RelaisError 422 `agreement.incomplete` */
function requireComplete(pending: Agreement): void {
  const violations = gapsOf(pending);
  if (violations.length === 0) return;
  throw new RelaisError('agreement.incomplete', 422, 'business-rule', 'The agreement is not complete yet.', {
    violations,
  });
}

const MESSAGES: Readonly<Record<StepRefusal, string>> = {
  'agreement.step': 'The agreement does not stand where this step begins.',
  'agreement.not-a-party': 'Only a party to an agreement can change it.',
  'agreement.not-a-signer': 'This signature is not needed.',
  'agreement.already-signed': 'This party has signed already.',
  'agreement.same-person': 'Whoever signed for one party cannot sign for another.',
  'agreement.text-changed': 'The text is not the one that was signed: begin again.',
  'agreement.not-yours-to-resume': 'Another party suspended it.',
  'agreement.leave-instead': 'An agreement of more than two parties is not ended for the others: leave it.',
  'agreement.no-adhesion': 'The agreement has no clause by which this organization could join.',
  'agreement.negotiated': 'Something is negotiated already.',
};
const FORBIDDEN: ReadonlySet<StepRefusal> = new Set(['agreement.not-a-party', 'agreement.not-a-signer']);

function refusalOf(code: StepRefusal, step: string, from: string): RelaisError {
  return FORBIDDEN.has(code)
    ? new RelaisError(code, 403, 'forbidden', MESSAGES[code])
    : new RelaisError(code, 409, 'business-rule', MESSAGES[code], { details: { step, from } });
}
