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
 * Why an element is kept aside: no rule of the map takes it (`unread`), its value could not be read, several codes would
 * fit, it stands in another order than the map makes, it is nobody's (`foreign`), or the map makes it where the bundle
 * had none (`absent`).
 */
export type ResidueReason = 'unread' | 'failed-codec' | 'n:1' | 'order' | 'foreign' | 'absent';

/**
 * What no rule covers. It holds content: it is kept at home, encrypted, and never leaves. Its label is that of the
 * source path, of the matched map where the element is foreign, and `unclassified` for a resource that is nobody's.
 */
export interface ResidueEntry {
  readonly map: string;
  /** Business key of the item that the resource became; the empty text for a resource that is nobody's. */
  readonly key: string;
  /** Where in the resource, or in the bundle. */
  readonly path: string;
  readonly value: unknown;
  readonly label: LabelMask | 'unclassified';
  readonly reason: ResidueReason;
}

/** Two elements say different things of one field; the first is taken. Without content. */
export interface MappingConflict {
  readonly map: string;
  readonly key: string;
  /** Path in the record. */
  readonly path: string;
}

/** What the permitted labels, or the map's policy, kept out: where, never what. */
export interface RefusedElement {
  readonly map: string;
  readonly path: string;
}

export interface Reversed<Model> {
  /** Not validated: it goes through the same door as any other record. */
  readonly record: Partial<Model>;
  readonly residue: readonly ResidueEntry[];
  readonly conflicts: readonly MappingConflict[];
  readonly refused: readonly RefusedElement[];
}

/** Whose resource one is, by the rules that `fromFhir` goes by. */
export interface Identified {
  readonly map: string;
  readonly key: string;
  /** OR of all labels that the map reads. */
  readonly label: LabelMask;
  readonly policy: 'preserve' | 'report' | 'error';
}

/** What is known of a source's fields, by path (`needs[].note`; items of a list by `[]`). */
export interface SourceFields {
  /** In CSV there is no absence: an empty text is one. */
  readonly emptyIsAbsent: boolean;
  /** Lists whose items have a key: path of the list → name of the key. */
  readonly keys: Readonly<Record<string, string>>;
  /** null: a field without a label, which no map may read. */
  readonly labels: Readonly<Record<string, LabelMask | null>>;
}

/**
 * One mapping pack compiled to functions. Elements whose source labels are not permitted are never built, and never
 * put. `version` is the digest of the map files that it was made from; decisions and receipts pin it.
 *
 * Resources of `toFhir` share what the maps always say, which is frozen: whoever changes one copies it.
 */
export interface CompiledMapping<Model> {
  readonly name: string;
  readonly version: string;
  toFhir(record: Model, permitted: LabelMask, context: MappingContext): MappedResource[];
  /**
   * The record that a bundle tells of, by the same files. Identifiers of `context.identifierBase` say which item a
   * resource is; ids serve references only, so a bundle with other ids comes back the same.
   *
   * @throws RelaisError 422 `mapping.no-bundle`, `mapping.too-large`, `mapping.too-deep`, `mapping.several-persons`,
   * `mapping.unmapped`
   */
  fromFhir(bundle: unknown, permitted: LabelMask, context: Pick<MappingContext, 'identifierBase'>): Reversed<Model>;
  /** Says for each resource whose it is, or null when it is nobody's. */
  identify(
    context: Pick<MappingContext, 'identifierBase'>,
  ): (resource: Readonly<Record<string, unknown>>, fullUrl: string | undefined) => Identified | null;
  readonly source: SourceFields;
}
