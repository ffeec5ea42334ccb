import type { Resource } from 'fhir/r4.js';
import type { LabelMask } from '../../labels/labels.js';
import type { Place } from '../finding.js';
import type { MappingContext } from '../mapping.js';

/** How a leaf comes to its value: as it stands in the source, by a code map, as a reference, otherwise computed. */
export type LeafKind = 'value' | 'code' | 'constant' | 'reference' | 'computed';

/** One leaf of a map file, as a trace build numbers them. */
export interface LeafMark extends Place {
  readonly kind: LeafKind;
  /** Name of the code map that translates. */
  readonly codes?: string;
}

/** A leaf value on its way through a trace build: the rest of the generated code handles it like any other value. */
export class TracedValue {
  constructor(
    readonly value: unknown,
    /** Index in the module's `marks`. */
    readonly leaf: number,
    /** Places of the record that were read, with the indices of lists, e.g. `needs[3].category`. */
    readonly sources: readonly string[],
  ) {}
}

/** One element of a resource and where it came from. Holds places and rules, no content. */
export interface TracedElement extends LeafMark {
  /** FHIRPath location, e.g. `Condition.category[1].coding[0].code`. */
  readonly path: string;
  readonly sources: readonly string[];
}

export interface TracedResource {
  readonly map: string;
  readonly resource: Resource;
  readonly labels: LabelMask;
  /** In the order in which the elements stand in the resource. */
  readonly elements: readonly TracedElement[];
}

/** What a trace build hands over for one resource, before it is unwrapped. */
export interface WrappedResource {
  readonly map: string;
  readonly labels: LabelMask;
  readonly resource: unknown;
}

/** A mapping that says of every element where it came from. Slower than the build that runs every day. */
export interface TracedMapping<Model> {
  readonly name: string;
  readonly version: string;
  /** The same resources as `CompiledMapping.toFhir` makes, each with its trace. */
  toFhir(record: Model, permitted: LabelMask, context: MappingContext): TracedResource[];
  /** Labels of every path of the source model, by its pattern. */
  readonly masks: ReadonlyMap<string, LabelMask>;
  /** Patterns of the source paths that some leaf reads, e.g. `needs[].category`. */
  readonly reads: ReadonlySet<string>;
}

/** Functions that a trace build calls besides those of every build. */
export const traceRuntime = {
  /** Absent stays absent: the conditions of the generated code see what they see in every build. */
  traced(value: unknown, leaf: number, sources: () => readonly string[]): unknown {
    if (value === undefined || value === null) return value;
    if (!Array.isArray(value)) return new TracedValue(value, leaf, sources());
    const lists = sources();
    return value.map(
      (item, index) =>
        new TracedValue(
          item,
          leaf,
          lists.map((path) => `${path}[${index}]`),
        ),
    );
  },
};
