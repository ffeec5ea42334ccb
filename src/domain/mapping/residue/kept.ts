import { JsonNumber } from '../../../kernel/json/value.js';
import { DATA_LABELS, maskOf, NEVER, type LabelMask } from '../../labels/labels.js';
import type { ResidueReason } from '../mapping.js';

/**
 * One step to a place: the name of a member, the index of an item, or an item by its key (`name` is the key's member,
 * `index` where it stood).
 */
export type Step = string | number | { readonly name: string; readonly is: string; readonly index: number };

/**
 * What is done at a place to get the original from what a map makes: `add` a member that is not there, `replace` what
 * is, `insert` an item of a list, `remove`, or `arrange` the items of a list (a list of indices, or of keys).
 */
export type Act = 'add' | 'replace' | 'insert' | 'remove' | 'arrange';

export interface Difference {
  readonly at: readonly Step[];
  readonly act: Act;
  readonly value?: unknown;
}

/**
 * Residue as it is stored: enough to put it back exactly. It holds content, lives encrypted with the case that it came
 * with, and is returned to nobody but the organization that sent it.
 */
export interface KeptElement extends Difference {
  /** Name of the map, and the key of its item; both empty for what belongs to the bundle or the record itself. */
  readonly map: string;
  readonly key: string;
  /** Which one of several resources of one key; absent for the first. */
  readonly nth?: number;
  /** The place in words, for lists of what was kept: names that R4 or the source's model has. */
  readonly path: string;
  readonly label: LabelMask | 'unclassified';
  readonly reason: ResidueReason;
}

/** `note[0].text`; names that would read as something else are quoted. */
export function pathText(at: readonly Step[]): string {
  return at.reduce<string>((text, step) => {
    if (typeof step !== 'string') return `${text}[${typeof step === 'number' ? step : step.index}]`;
    const name = /^\w+$/.test(step) ? step : JSON.stringify(step);
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

export type Plain = Record<string, unknown>;

export const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);

/** What an organization sees of its own case as FHIR: everything but working notes, which are never FHIR. */
export const AT_HOME = maskOf(DATA_LABELS.filter((label) => label !== NEVER));

/** `unclassified` is permitted to nobody whose labels are counted: only to whoever may see everything, the home. */
export function isPermitted(label: LabelMask | 'unclassified', permitted: LabelMask): boolean {
  return label === 'unclassified' ? (permitted & AT_HOME) === AT_HOME : (label & ~(permitted & AT_HOME)) === 0;
}
