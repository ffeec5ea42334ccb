import { WHOLE, type Entity } from '../case/define.js';
import { caseModel, type Case } from '../case/schema.js';
import { aboutOf, aboutsOf, HELD_BACK, isPlainObject, type Plain } from './about.js';

/**
 * Lays an author's own choice over a record as marks of its own kind (`about`), so that `withhold` treats what is named as it
 * treats "do not share": it is never read again. The record is not changed; what is not on the way to a named place is shared
 * with the copy.
 *
 * A pointer to a field, or into its value, holds back the field; one to an item, an entity or a list all that stands in it.
 *
 * @param pointers JSON Pointers (RFC 6901) into the record
 * @returns the copy, and the positions of the pointers that name nothing that the record has
 */
export function holdBack(
  record: Case,
  pointers: readonly string[],
): { readonly record: Case; readonly unknown: readonly number[] } {
  let marked: Plain = record;
  const unknown: number[] = [];
  for (const [index, pointer] of pointers.entries()) {
    const after = pointer.startsWith('/') ? markEntity(caseModel, marked, namesIn(pointer)) : null;
    if (after === null) unknown.push(index);
    else marked = after;
  }
  return { record: marked as unknown as Case, unknown };
}

function namesIn(pointer: string): string[] {
  return pointer
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** @returns the entity with the mark in it; null where the place is not there */
function markEntity(model: Entity, value: Plain, names: readonly string[]): Plain | null {
  const [name, ...rest] = names;
  if (name === undefined) return mark(value, WHOLE);
  if (!Object.hasOwn(model.fields, name) || !Object.hasOwn(value, name)) return null;
  const member = model.fields[name]!;
  const inner = value[name];
  if (member.kind === 'field') return isThere(inner, rest) ? mark(value, name) : null;
  const marked =
    member.kind === 'entity'
      ? isPlainObject(inner)
        ? markEntity(member, inner, rest)
        : null
      : Array.isArray(inner)
        ? markList(member.item, inner, rest)
        : null;
  return marked === null ? null : { ...value, [name]: marked };
}

function markList(model: Entity, items: readonly unknown[], names: readonly string[]): unknown[] | null {
  const [position, ...rest] = names;
  if (position === undefined) return items.map((item) => (isPlainObject(item) ? mark(item, WHOLE) : item));
  if (!isThere(items, [position])) return null;
  const item = items[Number(position)];
  const marked = isPlainObject(item) ? markEntity(model, item, rest) : null;
  return marked === null ? null : items.map((one, index) => (index === Number(position) ? marked : one));
}

function mark(entity: Plain, name: string): Plain {
  const abouts = aboutsOf(entity);
  return { ...entity, about: { ...abouts, [name]: { ...aboutOf(abouts, name), [HELD_BACK]: true } } };
}

/** Array positions are written in one way alone (RFC 6901 section 4). */
function isThere(value: unknown, names: readonly string[]): boolean {
  let inner = value;
  for (const name of names) {
    if (Array.isArray(inner) ? !/^(0|[1-9]\d*)$/.test(name) : !isPlainObject(inner)) return false;
    if (!Object.hasOwn(inner as object, name)) return false;
    inner = (inner as Plain)[name];
  }
  return true;
}
