import { randomBytes } from 'node:crypto';
import { createPairwiseIds } from '../../../kernel/pairwise.js';
import type { MappingContext } from '../mapping.js';

/**
 * A context for one run that nobody receives: ids from a key that is forgotten with it, so that they join with nothing.
 *
 * @param identifierBase namespace of the agency's identifiers; a bundle that is read back must have been made under it
 */
export function throwAwayContext(identifierBase: string): MappingContext {
  const idOf = createPairwiseIds(randomBytes(32));
  return { resourceId: (type, key) => idOf('run', type, key), identifierBase };
}
