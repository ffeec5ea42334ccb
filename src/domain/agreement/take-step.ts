import type { Instant } from '../../kernel/clock.js';
import type { OrganizationId } from '../../kernel/ids.js';
import { textDigest, type Agreement, type AgreementStatus, type Signature } from './agreement.js';
import { statusAfter, statusAt, type AgreementStep } from './lifecycle.js';
import { join, leave } from './parties.js';

/** The two versions that count: what decisions look at, and what is being negotiated. */
export interface Standing {
  readonly inForce: Agreement | null;
  readonly pending: Agreement | null;
}

/** Who takes a step, for which party, at the database's time. */
export interface Signer {
  readonly party: OrganizationId;
  readonly person: string;
  readonly at: Instant;
}

export type StepRefusal =
  | 'agreement.step'
  | 'agreement.not-a-party'
  | 'agreement.not-a-signer'
  | 'agreement.already-signed'
  | 'agreement.same-person'
  | 'agreement.text-changed'
  | 'agreement.not-yours-to-resume'
  | 'agreement.leave-instead'
  | 'agreement.no-adhesion'
  | 'agreement.negotiated';

export type StepResult =
  | {
      readonly outcome: 'done';
      /** The next version, whose number the caller gives. */
      readonly agreement: Omit<Agreement, 'version'>;
      /** What was negotiated is in force now, or was given up. */
      readonly endsNegotiation: boolean;
    }
  | { readonly outcome: 'refused'; readonly code: StepRefusal; readonly from: AgreementStatus | 'none' };

/**
 * Proposes what was drafted. It signs for the proposer's own party.
 */
export function propose({ pending }: Standing, signer: Signer): StepResult {
  if (pending === null || statusAfter('propose', pending.status) === null) return refused('agreement.step', pending);
  if (pending.proposal?.by !== signer.party) return refused('agreement.not-a-party', pending);
  return negotiating({ ...pending, status: 'proposed', signatures: [signatureOf(pending, signer)] });
}

/** Takes a proposal back to a draft: its signatures are gone. */
export function withdrawProposal({ pending }: Standing, { party }: Signer): StepResult {
  if (pending === null || statusAfter('withdraw', pending.status) === null) return refused('agreement.step', pending);
  if (!pending.parties.includes(party)) return refused('agreement.not-a-party', pending);
  const { signatures: _, ...draft } = pending;
  return negotiating({ ...draft, status: 'draft' });
}

/** Gives a draft up. What is in force, if anything, goes on as it is. */
export function discard({ inForce, pending }: Standing, { party }: Signer): StepResult {
  if (pending === null || statusAfter('discard', pending.status) === null) return refused('agreement.step', pending);
  if (!pending.parties.includes(party)) return refused('agreement.not-a-party', pending);
  return inForce === null ? ended(pending) : { ...carriedOn(inForce), endsNegotiation: true };
}

/**
 * Who must sign. A new text: every party of it and every party of the one that it replaces. An adhesion: who invites and
 * who joins; the others signed the clause that says on which terms somebody may.
 */
export function signersOf(pending: Agreement, inForce: Agreement | null): readonly OrganizationId[] {
  const { proposal } = pending;
  if (proposal?.kind === 'adhesion' && proposal.joins !== undefined) return [proposal.by, proposal.joins];
  return [...new Set([...pending.parties, ...(inForce?.parties ?? [])])];
}

/**
 * Signs for one party. With the last signature the text is in force; one that replaces a suspended agreement stays
 * suspended until who suspended it lifts that.
 */
export function countersign({ inForce, pending }: Standing, signer: Signer): StepResult {
  if (pending === null || statusAfter('countersign', pending.status) === null)
    return refused('agreement.step', pending);
  const signed = pending.signatures ?? [];
  const needed = signersOf(pending, inForce);
  if (!needed.includes(signer.party)) return refused('agreement.not-a-signer', pending);
  if (signed.some(({ party }) => party === signer.party)) return refused('agreement.already-signed', pending);
  if (signed.some(({ person }) => person === signer.person)) return refused('agreement.same-person', pending);
  if (signed.some((one) => one.textDigest !== textDigest(pending)) || !stillFits(pending, inForce))
    return refused('agreement.text-changed', pending);
  const signatures = [...signed, signatureOf(pending, signer)];
  if (!needed.every((party) => signatures.some((one) => one.party === party)))
    return negotiating({ ...pending, signatures });
  const { proposal, ...text } = pending;
  const suspendedBy = inForce?.suspendedBy ?? [];
  return {
    outcome: 'done',
    endsNegotiation: true,
    agreement: {
      ...text,
      status: suspendedBy.length > 0 ? 'suspended' : 'active',
      signatures: [...(proposal?.kind === 'adhesion' ? (inForce?.signatures ?? []) : []), ...signatures],
      ...(suspendedBy.length > 0 && { suspendedBy }),
    },
  };
}

/** Who joins an agreement joins the one that is in force when the last signature is given. */
function stillFits(pending: Agreement, inForce: Agreement | null): boolean {
  const { proposal } = pending;
  if (proposal?.kind !== 'adhesion' || proposal.joins === undefined) return true;
  const again = inForce === null ? null : join(inForce, proposal.joins);
  return again !== null && textDigest(again) === textDigest(pending);
}

/** Nothing is sent under it from now on. Each party may; what one party suspended another cannot lift. */
export function suspend(standing: Standing, { party, at }: Signer): StepResult {
  const inForce = ofParty(standing, party, 'suspend', at);
  if ('outcome' in inForce) return inForce;
  const suspendedBy = [...new Set([...(inForce.suspendedBy ?? []), party])];
  return carriedOn({ ...inForce, status: 'suspended', suspendedBy });
}

/** Lifts one's own suspension; the agreement is active again when nobody's is left. */
export function resume(standing: Standing, { party, at }: Signer): StepResult {
  const inForce = ofParty(standing, party, 'resume', at);
  if ('outcome' in inForce) return inForce;
  const { suspendedBy = [], ...rest } = inForce;
  // One that was suspended before suspensions had names is anybody's to lift.
  if (suspendedBy.length > 0 && !suspendedBy.includes(party)) return refused('agreement.not-yours-to-resume', inForce);
  const left = suspendedBy.filter((other) => other !== party);
  return carriedOn(left.length === 0 ? { ...rest, status: 'active' } : { ...inForce, suspendedBy: left });
}

/** Ends it for all. With more than two parties nobody ends it for the others: one leaves. */
export function terminate(standing: Standing, { party, at }: Signer): StepResult {
  const inForce = ofParty(standing, party, 'terminate', at);
  if ('outcome' in inForce) return inForce;
  if (inForce.parties.length > 2) return refused('agreement.leave-instead', inForce);
  return ended(inForce);
}

/**
 * One party leaves; the others go on without a new signature. Where nothing is left to share, it has ended. What is
 * negotiated with the one who leaves is given up: a signature given before does not bring it back.
 */
export function depart(standing: Standing, { party, at }: Signer): StepResult {
  const inForce = ofParty(standing, party, 'leave', at);
  if ('outcome' in inForce) return inForce;
  const without = leave(inForce, party);
  if (without === null) return ended(inForce);
  return { ...carriedOn(without), endsNegotiation: standing.pending?.parties.includes(party) ?? false };
}

/** Invites somebody to join on the terms of the adhesion clause. Nothing changes until they have signed. */
export function invite(standing: Standing, signer: Signer, joins: OrganizationId): StepResult {
  const inForce = ofParty(standing, signer.party, 'invite', signer.at);
  if ('outcome' in inForce) return inForce;
  if (standing.pending !== null) return refused('agreement.negotiated', standing.pending);
  const joined = join(inForce, joins);
  if (joined === null) return refused('agreement.no-adhesion', inForce);
  const { suspendedBy: _, ...text } = joined;
  const proposal = { kind: 'adhesion', by: signer.party, joins } as const;
  return negotiating({ ...text, status: 'proposed', proposal, signatures: [signatureOf(joined, signer)] });
}

function ofParty(
  { inForce }: Standing,
  party: OrganizationId,
  step: AgreementStep,
  at: Instant,
): Agreement | Extract<StepResult, { outcome: 'refused' }> {
  if (inForce === null) return refused('agreement.step', null);
  if (!inForce.parties.includes(party)) return refused('agreement.not-a-party', inForce);
  const from = statusAt(inForce, at);
  return statusAfter(step, from) === null ? { outcome: 'refused', code: 'agreement.step', from } : inForce;
}

function signatureOf(agreement: Agreement, { party, person, at }: Signer): Signature {
  return { party, person, at, textDigest: textDigest(agreement) };
}

function negotiating({ version: _, ...agreement }: Agreement): StepResult {
  return { outcome: 'done', agreement, endsNegotiation: false };
}

function carriedOn({ version: _, ...agreement }: Agreement): Extract<StepResult, { readonly outcome: 'done' }> {
  return { outcome: 'done', agreement, endsNegotiation: false };
}

function ended({ version: _, ...agreement }: Agreement): StepResult {
  return { outcome: 'done', agreement: { ...agreement, status: 'terminated' }, endsNegotiation: true };
}

function refused(code: StepRefusal, agreement: Agreement | null): Extract<StepResult, { readonly outcome: 'refused' }> {
  return { outcome: 'refused', code, from: agreement?.status ?? 'none' };
}
