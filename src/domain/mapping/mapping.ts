import type { Resource } from 'fhir/r4.js';
import type { LabelMask } from '../labels/labels.js';

/** What a compiled mapping may ask of its surroundings. Pure: the same context gives the same bundle. */
export interface MappingContext {
  /**
   * FHIR logical id of a resource, pairwise per recipient (two recipients cannot join their copies on ids): a
   * lower-case UUID derived with a key from the recipient, the resource type and the source key.
   */
  resourceId(resourceType: string, sourceKey: string): string;
  /**
   * The agency's key of the record (its case), where the record itself holds none: the keys of needs, goals and so on
   * are unique within one record only. Absent: the key that the pack names.
   */
  readonly recordKey?: string;
  /** Namespace of the agency's own identifiers, e.g. `https://relais.example/organizations/{id}`. */
  readonly identifierBase: string;
}

export interface MappedResource {
  readonly resource: Resource;
  /** OR of the labels of every source path that was read to build it. */
  readonly labels: LabelMask;
}

/**
 * One mapping pack compiled to functions. Elements whose source labels are not permitted are never built.
 * `version` is the digest of the map files that it was made from; decisions and receipts pin it.
 */
export interface CompiledMapping<Model> {
  readonly name: string;
  readonly version: string;
  toFhir(record: Model, permitted: LabelMask, context: MappingContext): MappedResource[];
}
