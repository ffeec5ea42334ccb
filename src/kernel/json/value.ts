/**
 * A JSON number whose ECMAScript form is not its text (`0.10`, `1.0`, `1e400`, `-0`, twenty digits): kept as written
 * (RFC 8259 section 6 leaves precision to the implementation; a record must come back as it was sent).
 */
export class JsonNumber {
  readonly text: string;

  /** @param text a number by the grammar of RFC 8259 section 6 */
  constructor(text: string) {
    this.text = text;
    Object.freeze(this);
  }

  /** The nearest double; for comparison only, never to be written back. */
  valueOf(): number {
    return Number(this.text);
  }

  toString(): string {
    return this.text;
  }
}

export type JsonValue =
  null | boolean | number | string | JsonNumber | readonly JsonValue[] | { readonly [name: string]: JsonValue };

export type JsonObject = { readonly [name: string]: JsonValue };

/** True for a JSON object: not an array, not a number kept as written. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);
}
