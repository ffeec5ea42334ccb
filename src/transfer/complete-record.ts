import { RelaisError } from '../kernel/errors.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../kernel/json.js';
import type { Case } from '../domain/case/case.js';
import { parseCase } from '../domain/case/parse-case.js';

/** One round gives keys or takes items away; what depends on an item that went may go in the next. */
const MOST_ROUNDS = 20;

/**
 * Makes a case of what was received in part. Who may not be named left without its key: it gets one here. An item of which
 * something is missing that the case model cannot do without is left out, and counted: it can be read in the transfer.
 *
 * @throws RelaisError 422 `case.invalid` when not even the person is left
 */
export function completeRecord(received: JsonObject): { readonly record: Case; readonly leftOut: number } {
  let record: JsonObject = received;
  let leftOut = 0;
  let keys = 0;
  for (let round = 0; ; round += 1) {
    try {
      return { record: parseCase(record), leftOut };
    } catch (error) {
      if (!(error instanceof RelaisError) || error.code !== 'case.invalid' || round === MOST_ROUNDS) throw error;
      const gone = new Map<string, readonly string[]>();
      for (const { path, rule } of error.violations) {
        const place = path.slice(1).split('/').map(unescaped);
        if (rule === 'case.required' && place.at(-1) === 'id') {
          keys += 1;
          record = edit(record, place, `received-${keys}`) as JsonObject;
          continue;
        }
        const item = itemAround(record, place);
        // The person, or the version of the model: nothing can stand without them.
        if (item.length === 0 || item[0] === 'person' || item[0] === 'schemaVersion') throw error;
        gone.set(JSON.stringify(item), item);
      }
      leftOut += gone.size;
      // The last of a list first: the others keep their places.
      const last = [...gone.values()].sort((a, b) => compare(b, a));
      for (const item of last) record = edit(record, item, undefined) as JsonObject;
    }
  }
}

const unescaped = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~');

function compare(a: readonly string[], b: readonly string[]): number {
  for (const [index, segment] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (segment !== other) return /^\d+$/.test(segment) ? Number(segment) - Number(other) : segment < other ? -1 : 1;
  }
  return a.length - b.length;
}

/** Place of the item of a list, or of the entity, that holds what is wrong. */
function itemAround(record: JsonObject, place: readonly string[]): readonly string[] {
  let value: JsonValue | undefined = record;
  let item: readonly string[] = [];
  for (const [index, segment] of place.entries()) {
    value = Array.isArray(value)
      ? (value[Number(segment)] as JsonValue | undefined)
      : isJsonObject(value)
        ? value[segment]
        : undefined;
    if (isJsonObject(value)) item = place.slice(0, index + 1);
  }
  return item;
}

/** @param to undefined takes it away */
function edit(
  value: JsonValue | undefined,
  [first, ...rest]: readonly string[],
  to: JsonValue | undefined,
): JsonValue | undefined {
  if (first === undefined) return to;
  if (Array.isArray(value)) {
    const list = value as readonly JsonValue[];
    return list.flatMap((one, index) => {
      if (index !== Number(first)) return [one];
      const edited = edit(one, rest, to);
      return edited === undefined ? [] : [edited];
    });
  }
  const object = isJsonObject(value) ? value : {};
  const { [first]: before, ...others } = object;
  const edited = edit(before, rest, to);
  return edited === undefined ? others : { ...others, [first]: edited };
}
