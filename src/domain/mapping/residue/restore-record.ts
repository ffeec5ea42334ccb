import type { LabelMask } from '../../labels/labels.js';
import { apply } from './apply.js';
import { isPermitted, type KeptElement } from './kept.js';

/**
 * A record that came back from FHIR, with what its maps do not carry (`keepRecord`) put back. What the record says
 * itself stays; what belonged to an item that is no longer there is left out.
 *
 * @param permitted residue of other labels stays aside
 */
export function restoreRecord<Model extends object>(
  record: Partial<Model>,
  kept: readonly KeptElement[],
  permitted: LabelMask,
): Partial<Model> {
  return apply(
    record,
    kept.filter(({ label }) => isPermitted(label, permitted)),
  ) as Partial<Model>;
}
