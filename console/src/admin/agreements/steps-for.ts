import type { Agreement } from '../../api/views.js';
import type { AgreementText } from './sentences.js';

export type Step = 'propose' | 'withdraw' | 'discard' | 'countersign' | 'suspend' | 'resume' | 'terminate' | 'leave';

export interface Standing {
  /** What decisions look at, or the last that there was; null while the first text is negotiated. */
  readonly inForce: AgreementText | null;
  readonly negotiated: AgreementText | null;
}

const NEGOTIATED: ReadonlySet<Agreement['status']> = new Set(['draft', 'proposed']);

export function standingOf({ pending, ...current }: Agreement): Standing {
  return NEGOTIATED.has(current.status)
    ? { inForce: null, negotiated: current }
    : { inForce: current, negotiated: pending };
}

/** Who must sign what is negotiated, and has not. */
export function unsignedBy({ inForce, negotiated }: Standing): readonly string[] {
  if (negotiated?.status !== 'proposed') return [];
  const { proposal, parties, signatures } = negotiated;
  const needed =
    proposal?.kind === 'adhesion' && proposal.joins !== undefined
      ? [proposal.by, proposal.joins]
      : [...new Set([...parties, ...(inForce?.parties ?? [])])];
  return needed.filter((id) => !signatures.some(({ party }) => party === id));
}

/**
 * What somebody of this organization may try on what is negotiated, and on what is in force. The gateway decides; this
 * keeps buttons away that would only be refused. Pure.
 */
export function stepsFor(
  standing: Standing,
  organizationId: string,
): { readonly negotiated: readonly Step[]; readonly inForce: readonly Step[] } {
  return { negotiated: onNegotiated(standing, organizationId), inForce: onInForce(standing, organizationId) };
}

function onNegotiated(standing: Standing, own: string): Step[] {
  const { negotiated } = standing;
  if (negotiated === null) return [];
  const isParty = negotiated.parties.some((id) => id === own);
  if (negotiated.status === 'draft') {
    return [
      ...(negotiated.proposal?.by === own ? (['propose'] as const) : []),
      ...(isParty ? (['discard'] as const) : []),
    ];
  }
  return [
    ...(unsignedBy(standing).includes(own) ? (['countersign'] as const) : []),
    ...(isParty ? (['withdraw'] as const) : []),
  ];
}

function onInForce({ inForce }: Standing, own: string): Step[] {
  if (inForce === null || !inForce.parties.some((id) => id === own)) return [];
  const ending = inForce.parties.length > 2 ? 'leave' : 'terminate';
  if (inForce.status === 'active') return ['suspend', ending];
  if (inForce.status !== 'suspended') return [];
  const { suspendedBy = [] } = inForce;
  const isOwn = suspendedBy.length === 0 || suspendedBy.some((id) => id === own);
  return [isOwn ? 'resume' : 'suspend', ending];
}
