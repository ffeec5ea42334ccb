import { addMs, type Instant } from '../../kernel/clock.js';
import type { Agreement } from '../agreement/agreement.js';
import { maskOf, type LabelMask } from '../labels/labels.js';
import type { DisclosureRequest } from './decision.js';
import { isBlank } from './ground.js';
import type { Reason } from './reasons.js';

const HOUR_MS = 3_600_000;

/** The emergency clause of an agreement, where it has one. */
function clauseOf({ emergency }: Pick<Agreement, 'emergency'>): { categories: LabelMask; maxHours: number } | null {
  if (emergency?.allowed !== true) return null;
  return { categories: maskOf(emergency.categories), maxHours: emergency.maxHours };
}

/** The most that may leave when the glass is broken: what the emergency clause names; 0 without one. */
export function emergencyMask(agreement: Pick<Agreement, 'emergency'>): LabelMask {
  return clauseOf(agreement)?.categories ?? 0;
}

/**
 * What stands against breaking the glass, beside the agreement itself: no reason, no choice of what is needed, an end that
 * is past or further away than the clause allows. The smallest set is what the author names within what the clause names.
 *
 * @param agreements those in force whose emergency clause covers the request
 */
export function obstacleToGlass(
  request: DisclosureRequest,
  agreements: readonly Pick<Agreement, 'emergency'>[],
  at: Instant,
): Reason | null {
  const { ground, requested } = request;
  if (ground.kind !== 'break-glass') return null;
  if (isBlank(ground.reason)) return { code: 'deny.break-glass-no-reason' };
  if (requested === undefined) return { code: 'deny.break-glass-not-chosen' };
  if (ground.expiresAt <= at) return { code: 'deny.break-glass-over' };
  const hours = Math.max(0, ...agreements.map((agreement) => clauseOf(agreement)?.maxHours ?? 0));
  if (agreements.length > 0 && ground.expiresAt > addMs(at, hours * HOUR_MS)) {
    return { code: 'deny.break-glass-too-long', parameters: { hours: String(hours) } };
  }
  return null;
}
