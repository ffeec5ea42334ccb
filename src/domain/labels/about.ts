import { WHOLE, type AboutField } from '../case/define.js';
import { DATA_LABELS, maskOf, type LabelMask } from './labels.js';

/** Reads what is said about the values of a case (`about`): marks that hold them back, and labels given by hand. */

export type Plain = Readonly<Record<string, unknown>>;

export function isPlainObject(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

export function aboutsOf(item: Plain): Plain | undefined {
  const abouts = item['about'];
  return isPlainObject(abouts) ? abouts : undefined;
}

export function aboutOf(abouts: Plain | undefined, name: string): Plain | undefined {
  if (abouts === undefined || !Object.hasOwn(abouts, name)) return undefined;
  const entry = abouts[name];
  return isPlainObject(entry) ? entry : undefined;
}

/** The bit after those of all labels: what bears it was marked by the person or the worker, and no permit holds it. */
export const MARKED: LabelMask = 1 << DATA_LABELS.length;

/** The bit after that: held back by the author of this one disclosure (hold-back). No permit holds it either. */
export const HELD: LabelMask = 1 << (DATA_LABELS.length + 1);

/** Member of `about` that hold-back lays over a record; no stored record has it. */
export const HELD_BACK = 'heldBack';

/** Labels given by hand, MARKED for what is not to be shared, HELD for what its author keeps back. */
export function labelsOfAbout(about: Plain | undefined): LabelMask {
  if (about === undefined) return 0;
  const named = about['sensitivities'];
  return (
    (Array.isArray(named) ? maskOf(named as string[]) : 0) |
    (about['doNotShare'] === true ? MARKED : 0) |
    (about[HELD_BACK] === true ? HELD : 0)
  );
}

/** Labels that were given to a whole item by hand. */
export function wholeSensitivities(item: Plain): LabelMask {
  const abouts = item['about'] as Readonly<Record<string, AboutField>> | undefined;
  const named = abouts?.[WHOLE]?.sensitivities;
  return named === undefined ? 0 : maskOf(named);
}

/** What is said about what is left, without the marks that only the sender needs. */
export function keepAbout(abouts: Plain, kept: Plain): Plain | undefined {
  const left: Record<string, unknown> = {};
  let isEmptied = true;
  for (const name in abouts) {
    if (name !== WHOLE && !Object.hasOwn(kept, name)) continue;
    const about = aboutOf(abouts, name);
    if (about === undefined) continue;
    const { doNotShare: _mark, [HELD_BACK]: _choice, reviewed: _read, ...rest } = about;
    left[name] = rest;
    isEmptied = false;
  }
  return isEmptied ? undefined : left;
}
