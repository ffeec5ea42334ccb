import { isPlain, type Difference, type Plain, type Step } from './kept.js';

/**
 * Does to a copy of `made` what `compare` found. What does not fit (the record was changed meanwhile, or what is stored
 * is not what was written) is left out: only own members and items that exist are walked, and a member is defined, never
 * assigned, so that no path reaches a prototype.
 */
export function apply(made: unknown, differences: readonly Difference[]): unknown {
  const holder: Plain = { root: copyOf(made) };
  for (const { at, act, value } of differences) {
    const steps: readonly Step[] = ['root', ...at];
    const owner = steps.slice(0, -1).reduce<unknown>(inner, holder);
    const last = steps.at(-1)!;
    if (Array.isArray(owner)) applyToList(owner, last, act, value);
    else if (isPlain(owner) && typeof last === 'string') applyToMember(owner, last, act, value);
  }
  return holder['root'];
}

function applyToMember(owner: Plain, name: string, act: Difference['act'], value: unknown): void {
  const isThere = Object.hasOwn(owner, name) && owner[name] !== undefined;
  if (act === 'remove') delete owner[name];
  else if (act === 'arrange') {
    if (isThere && Array.isArray(owner[name])) define(owner, name, arranged(owner[name], value));
  } else if (act === (isThere ? 'replace' : 'add')) define(owner, name, copyOf(value));
}

function applyToList(list: unknown[], step: Step, act: Difference['act'], value: unknown): void {
  const index = indexOf(list, step);
  if (act === 'insert') {
    const place = typeof step === 'object' ? step.index : step;
    if (typeof place !== 'number' || !Number.isInteger(place) || place < 0) return;
    if (typeof step === 'number' || index < 0) list.splice(Math.min(place, list.length), 0, copyOf(value));
  } else if (index < 0) return;
  else if (act === 'remove') list.splice(index, 1);
  else if (act === 'replace') list[index] = copyOf(value);
  else if (act === 'arrange' && Array.isArray(list[index])) list[index] = arranged(list[index], value);
}

/** Indices say which items there are, and in which order; keys only in which order: what has none of them stands last. */
function arranged(list: readonly unknown[], order: unknown): readonly unknown[] {
  if (Array.isArray(order)) {
    const taken = new Set(order.filter((index) => typeof index === 'number' && Object.hasOwn(list, index)));
    return [...taken].map((index) => list[index as number]);
  }
  if (!isPlain(order) || typeof order['by'] !== 'string' || !Array.isArray(order['keys'])) return list;
  const { by, keys } = order as { by: string; keys: readonly unknown[] };
  const rank = new Map(keys.map((key, index) => [key, index]));
  const rankOf = (item: unknown): number =>
    (isPlain(item) && Object.hasOwn(item, by) ? rank.get(item[by]) : undefined) ?? keys.length;
  return [...list].sort((a, b) => rankOf(a) - rankOf(b));
}

function inner(value: unknown, step: Step): unknown {
  if (Array.isArray(value)) return value[indexOf(value, step)];
  return isPlain(value) && typeof step === 'string' && Object.hasOwn(value, step) ? value[step] : undefined;
}

function indexOf(list: readonly unknown[], step: Step): number {
  if (typeof step === 'number') return Number.isInteger(step) && step >= 0 && step < list.length ? step : -1;
  if (typeof step !== 'object') return -1;
  return list.findIndex((item) => isPlain(item) && Object.hasOwn(item, step.name) && item[step.name] === step.is);
}

/** An assignment to `__proto__` would reach what every object is made from. */
function define(owner: Plain, name: string, value: unknown): void {
  if (name !== '__proto__') owner[name] = value;
  else Object.defineProperty(owner, name, { value, enumerable: true, configurable: true, writable: true });
}

export function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isPlain(value)) return value;
  const copy: Plain = {};
  for (const name of Object.keys(value)) define(copy, name, copyOf(value[name]));
  return copy;
}
