import type { DataLabel } from './labels.js';
import type { Withheld, WithholdReason } from './withheld.js';

/**
 * Places in case records, each made once: a gateway names the same ones for every transfer, and what is made anew for
 * every field that stays is most of what its garbage collector would collect. A place knows members of the model, positions
 * and labels, nothing that a record says.
 */
export interface Place {
  /** JSON Pointer (RFC 6901). */
  readonly pointer: string;
  /** By the member's position in its entity. */
  readonly pointers: (string | undefined)[];
  /** The last that was said of a member that stays, by position: mostly the same is said again. */
  readonly withheld: (Withheld | undefined)[];
  readonly members: (Place | undefined)[];
  readonly items: (Place | undefined)[];
  readonly kept: Budget;
}

/** How much more may be kept, of all places of one tree. */
interface Budget {
  left: number;
}

/** Some megabytes. What lies beyond is named anew each time: a record cannot fill the memory with its places. */
const MOST = 100_000;

/** @param most how much may be kept below it */
export function rootPlace(most = MOST): Place {
  return placeAt('', { left: most });
}

/** The member itself, for what stands within it. */
export function memberPlace(place: Place, position: number, name: string): Place {
  return (
    place.members[position] ??
    keepAt(place.members, position, placeAt(`${place.pointer}/${name}`, place.kept), place.kept)
  );
}

export function itemPlace(place: Place, index: number): Place {
  return place.items[index] ?? keepAt(place.items, index, placeAt(`${place.pointer}/${index}`, place.kept), place.kept);
}

/** Where a member stands of which only the pointer is wanted. */
export function memberPointer(place: Place, position: number, name: string): string {
  return place.pointers[position] ?? keepAt(place.pointers, position, `${place.pointer}/${name}`, place.kept);
}

/** What is said of a member that stays. @param labels the same array for the same labels (plan-labels) */
export function withheldAt(
  place: Place,
  position: number,
  name: string,
  labels: readonly DataLabel[],
  reason: WithholdReason,
): Withheld {
  const last = place.withheld[position];
  if (last !== undefined && last.labels === labels && last.reason === reason) return last;
  const path = memberPointer(place, position, name);
  const made = Object.freeze({ path, labels, reason });
  if (last !== undefined) place.withheld[position] = made;
  else keepAt(place.withheld, position, made, place.kept);
  return made;
}

function placeAt(pointer: string, kept: Budget): Place {
  return { pointer, pointers: [], withheld: [], members: [], items: [], kept };
}

function keepAt<Kept>(known: (Kept | undefined)[], index: number, made: Kept, budget: Budget): Kept {
  if (budget.left === 0) return made;
  budget.left -= 1;
  known[index] = made;
  return made;
}
