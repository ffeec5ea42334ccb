import type { LabelMask } from '../../labels/labels.js';
import type { Place } from '../finding.js';
import type { Alias, Resolved } from '../expression/resolved.js';

/**
 * The intermediate form of a template: what both directions are generated from. Every leaf knows the labels of what it
 * reads; constants and code images tell slices and maps apart on the way back.
 */
export type Node = ConstNode | LeafNode | ObjNode | ArrNode | EachNode | IfNode;

export interface ConstNode {
  readonly kind: 'const';
  readonly value: string | number | boolean;
  readonly place: Place;
}

export interface LeafNode {
  readonly kind: 'leaf';
  /** Text as it stands and expressions; a single expression keeps the type of its value. */
  readonly parts: readonly (string | Resolved)[];
  readonly mask: LabelMask;
  /** True when nothing of the source is read: it follows the data like a constant. */
  readonly constant: boolean;
  /** One-way: computed from what another leaf carries (`put: derived`). */
  readonly derived: boolean;
  /** Every code that it can be; undefined when that is not a closed list. */
  readonly image: ReadonlySet<string> | undefined;
  readonly place: Place;
}

export interface Member {
  readonly name: string;
  readonly node: Node;
  readonly place: Place;
}

export interface ObjNode {
  readonly kind: 'obj';
  readonly members: readonly Member[];
  /** Members that could not be read, which is reported: nothing more is said of them. */
  readonly unread: ReadonlySet<string>;
  /** Name of the slice that this item is. */
  readonly slice: string | undefined;
  readonly place: Place;
}

export interface ArrNode {
  readonly kind: 'arr';
  readonly items: readonly Node[];
  readonly place: Place;
}

export interface EachNode {
  readonly kind: 'each';
  readonly of: Resolved;
  readonly item: Alias;
  /** Tells items apart on the way back; without one they are appended. */
  readonly key: Resolved | null;
  readonly where: Resolved | null;
  readonly body: Node;
  readonly place: Place;
}

export interface IfNode {
  readonly kind: 'if';
  readonly criteria: Resolved;
  readonly then: Node;
  readonly otherwise: Node | null;
  readonly place: Place;
}

/** A row of another table, found by equal columns; absent columns find nothing. */
export interface Join {
  readonly alias: Alias;
  readonly table: string;
  readonly on: readonly { readonly column: string; readonly value: Resolved }[];
  /** Primary key of the joined table: on the way back the row is made once, by this key. */
  readonly key: string;
  readonly canBeAbsent: boolean;
  readonly place: Place;
}

/** One map file, read and bound. */
export interface MapForm {
  readonly name: string;
  readonly resourceType: string;
  readonly alias: Alias;
  /** The record's one entity of this kind, or each item of a list. */
  readonly source: { readonly kind: 'one' | 'each'; readonly of: Resolved };
  readonly where: Resolved | null;
  readonly key: Resolved;
  /** False when the key is unique beyond the record (the person's own key): its id is the same in every case. */
  readonly keyedWithinRecord: boolean;
  readonly joins: readonly Join[];
  /** Entities of the record that other maps map and this one may name. */
  readonly globals: readonly Alias[];
  /** Elements and slices that say, on the way back, whose resource this is. */
  readonly match: readonly string[];
  readonly unmapped: 'preserve' | 'report' | 'error';
  readonly template: ObjNode;
  readonly place: Place;
  /** Where in the file its parts stand, for findings about them. */
  readonly places: {
    readonly type: Place;
    /** One for each of `match`. */
    readonly match: readonly Place[];
    readonly key: Place;
  };
}
