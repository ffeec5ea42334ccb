import { permits, type LabelMask } from '../../labels/labels.js';
import { isSame, pathOfCell, valueAt, type Cell } from '../coverage/cell.js';
import type { TracedMapping, TracedResource } from '../trace/traced.js';

/**
 * Why a value of the record is not in what came back. `never`: working notes; `not-permitted`: one of its labels is
 * not; `no-rule`: no map reads the field; `not-converted`: a map reads it and made nothing of it (a conversion, a code
 * without a counterpart, a condition); `not-returned`: it left, and the way back does not find it; `changed`: it came
 * back as something else.
 */
export const LOSS_REASONS = ['never', 'not-permitted', 'no-rule', 'not-converted', 'not-returned', 'changed'] as const;
export type LossReason = (typeof LOSS_REASONS)[number];

/** Where, why; never what. */
export interface Loss {
  /** Place in the record, e.g. `needs[3].note`. */
  readonly path: string;
  readonly kind: Cell['kind'];
  readonly reason: LossReason;
}

/** What of a record does not leave, or does not come back as it was. */
export function lossesOf(
  cells: readonly Cell[],
  made: readonly TracedResource[],
  returned: unknown,
  { reads }: Pick<TracedMapping<unknown>, 'reads'>,
  permitted: LabelMask,
): Loss[] {
  const left = new Set(made.flatMap(({ elements }) => elements.flatMap(({ sources }) => sources)));
  return cells.flatMap((cell): Loss[] => {
    const path = pathOfCell(cell);
    const reason = reasonOf(cell, left.has(path), valueAt(returned, cell.steps), reads, permitted);
    return reason === null ? [] : [{ path, kind: cell.kind, reason }];
  });
}

function reasonOf(
  { kind, value, mask, pattern }: Cell,
  hasLeft: boolean,
  again: unknown,
  reads: ReadonlySet<string>,
  permitted: LabelMask,
): LossReason | null {
  if (isSame(value, again)) return null;
  if (kind === 'never') return 'never';
  if (!permits(permitted, mask)) return 'not-permitted';
  if (again !== undefined) return 'changed';
  if (hasLeft) return 'not-returned';
  return reads.has(pattern) ? 'not-converted' : 'no-rule';
}
