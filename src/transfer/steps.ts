import type { Bundle, Resource } from 'fhir/r4.js';
import type { MappedResource } from '../domain/mapping/mapping.js';
import type { Permit } from '../domain/decision/decision.js';
import type { Kept, Withheld } from '../domain/labels/withheld.js';

declare const step: unique symbol;

/**
 * The states of a record on its way out. Each is made by one step (the file in brackets) and asked for by the next, so
 * the order map → redact → validate → commit cannot be changed without a type error.
 */

/** What of the record stands in the bundle and what was kept back, field by field. Never part of what leaves. */
export interface Account {
  readonly kept: readonly Kept[];
  readonly withheld: readonly Withheld[];
}

/** [map-record] FHIR resources built under a permit; forbidden elements were never built. */
export interface Mapped {
  readonly [step]: 'mapped';
  readonly permit: Permit;
  readonly resources: readonly MappedResource[];
  readonly account: Account;
}

/** [redact-bundle] No resource outside the permit, no dangling reference, gaps marked. */
export interface Redacted {
  readonly [step]: 'redacted';
  readonly permit: Permit;
  readonly resources: readonly Resource[];
  readonly account: Account;
}

/** [validate-bundle] Valid FHIR R4, pinned as the exact bytes that will leave. */
export interface Disclosable {
  readonly [step]: 'disclosable';
  readonly permit: Permit;
  readonly bundle: Bundle;
  readonly wire: Buffer;
  /** SHA-256 (hex) of `wire`. */
  readonly digest: string;
  readonly account: Account;
  readonly withheldElements: number;
}
