import { isUtf8 } from 'node:buffer';
import { jsonError } from './error.js';
import { parsePlain } from './parse-plain.js';
import { parseStrict } from './parse-strict.js';
import type { JsonValue } from './value.js';

export interface JsonLimits {
  /** Objects and arrays within one another. */
  readonly maxDepth?: number;
}

export const DEFAULT_MAX_DEPTH = 64;

/**
 * Reads one JSON document (RFC 8259) so that nothing of it is lost or silently chosen.
 *
 * Numbers whose ECMAScript form is not their text become `JsonNumber`. Refused: two members of one name, the names
 * `__proto__`, `constructor` and `prototype`, nesting over the limit, text that is not UTF-8, lone surrogates, control
 * characters other than tab, line feed and carriage return (also when escaped; FHIR R4 datatypes, `string`), a byte
 * order mark, text after the document. Time and memory are linear in the length; the stack does not grow with depth.
 *
 * @throws RelaisError 400 `json.*`: the line and column and the rule, nothing of the content
 */
export function readJson(text: string | Buffer, limits: JsonLimits = {}): JsonValue {
  const maxDepth = limits.maxDepth ?? DEFAULT_MAX_DEPTH;
  const source = typeof text === 'string' ? text : decode(text);
  const plain = parsePlain(source, maxDepth);
  return plain === undefined ? parseStrict(source, maxDepth) : plain.value;
}

function decode(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw jsonError('not-utf8', '', 0);
  return bytes.toString('utf8');
}
