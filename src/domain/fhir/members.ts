import { JsonNumber } from '../../kernel/json/value.js';

/** The members of a JSON object. */
export type Members = Readonly<Record<string, unknown>>;

/** True for a JSON object: not null, not an array, not a number kept as written. */
export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);
}
