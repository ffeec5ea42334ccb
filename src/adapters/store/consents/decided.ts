import type { DecisionTaken } from '../../../domain/consent/decision-maker/standing.js';
import type { ConsentTerms } from '../../../domain/consent/terms.js';
import type { ConsentId, OrganizationId } from '../../../kernel/ids.js';
import { open, seal, type Place } from '../crypto/envelope.js';

/** Who took a decision and what each of them said: people, and so encrypted beside the codes of the terms. */
interface Decided {
  readonly decisionMakers: readonly string[];
  readonly decision: DecisionTaken;
}

/** Null where it is not known, which permits nothing. */
export function sealDecided(
  key: Buffer,
  { decisionMakers, decision }: Pick<ConsentTerms, 'decisionMakers' | 'decision'>,
  place: Place,
): Buffer | null {
  if (decisionMakers === undefined || decision === undefined) return null;
  return seal(key, JSON.stringify({ decisionMakers, decision } satisfies Decided), place);
}

/** The terms with who decided put back. */
export function withDecided(
  key: Buffer,
  organizationId: OrganizationId,
  terms: Omit<ConsentTerms, 'decisionMakers' | 'decision'>,
  sealed: Buffer | null,
): ConsentTerms {
  if (sealed === null) return terms;
  const text = open(key, sealed, decidedPlace(organizationId, terms.id, terms.version)).toString('utf8');
  return { ...terms, ...(JSON.parse(text) as Decided) };
}

export function decidedPlace(organizationId: OrganizationId, id: ConsentId, version: number): Place {
  return { table: 'consent_version', row: `${organizationId}/${id}`, version: `${version}/decided` };
}
