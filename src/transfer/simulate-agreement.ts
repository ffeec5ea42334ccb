import { addMs } from '../kernel/clock.js';
import { notFound, RelaisError } from '../kernel/errors.js';
import type { AgreementId, OrganizationId } from '../kernel/ids.js';
import type { Agreement } from '../domain/agreement/agreement.js';
import { contradictionsOf } from '../domain/agreement/check-agreement.js';
import { simulate, type PastDecision, type Simulated } from '../domain/agreement/simulate.js';
import type { Store } from './ports.js';

const DAY_MS = 24 * 3_600_000;
export const MAX_SIMULATED_DAYS = 3_650;

export interface SimulationCommand {
  readonly agreementId: AgreementId;
  /** How far back. */
  readonly days: number;
  /** A stored version, or a text that is not stored; the agreement's newest version when neither is given. */
  readonly version?: number;
  readonly text?: Agreement;
}

export interface SimulationTotals {
  /** Transfers of the window that were permitted while this agreement was among the terms. */
  readonly decided: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly shrunk: number;
  /** Decisions that cannot be made again. */
  readonly unknown: number;
}

export interface SimulationFinding {
  readonly past: PastDecision;
  readonly simulated: Exclude<Simulated, { readonly outcome: 'unchanged' }>;
}

/**
 * With this version, which of this organization's transfers of the last days would have been refused or shrunk, and why.
 * Reads receipts and terms, no record; changes nothing; a page of decisions is in memory at a time.
 *
 * @param find gets each as it is found, oldest first
 * @throws RelaisError 404, 422 `agreement.invalid`
 */
export async function simulateAgreement(
  { store }: { readonly store: Store },
  organizationId: OrganizationId,
  { agreementId, days, version, text }: SimulationCommand,
  find: (finding: SimulationFinding) => void,
): Promise<SimulationTotals> {
  const violations = text === undefined ? [] : contradictionsOf(text);
  if (violations.length > 0)
    throw new RelaisError('agreement.invalid', 422, 'business-rule', 'The agreement contradicts itself.', {
      violations,
    });
  return store.asOrganization(organizationId, async (tx) => {
    const stored = await tx.loadAgreement(agreementId, version);
    if (stored === null) throw notFound();
    const candidate = text ?? stored;
    const totals = { decided: 0, unchanged: 0, refused: 0, shrunk: 0, unknown: 0 };
    const since = addMs(await tx.now(), -Math.min(days, MAX_SIMULATED_DAYS) * DAY_MS);
    for await (const past of tx.pastDecisions({ agreementId, since })) {
      const simulated = simulate(candidate, past);
      totals.decided += 1;
      totals[simulated.outcome] += 1;
      if (simulated.outcome !== 'unchanged') find({ past, simulated });
    }
    return totals;
  });
}
