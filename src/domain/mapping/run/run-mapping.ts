import type { Resource } from 'fhir/r4.js';
import type { LabelMask } from '../../labels/labels.js';
import type { MappingConflict, MappingContext, RefusedElement, ResidueReason } from '../mapping.js';
import type { TracedElement, TracedResource } from '../trace/traced.js';
import { lossesOf, type Loss } from './loss.js';
import type { Runnable } from './runnable.js';
import { traceBack, type ReturnedField } from './trace-back.js';

export interface RunBundle {
  readonly resourceType: 'Bundle';
  readonly type: 'collection';
  readonly entry: readonly { readonly fullUrl: string; readonly resource: Resource }[];
}

/** Elements of one resource of the bundle, by its place in it. */
export interface ResourceTrace {
  readonly entry: number;
  readonly map: string;
  readonly resourceType: string;
  readonly elements: readonly TracedElement[];
}

export interface ForwardRun {
  readonly bundle: RunBundle;
  readonly trace: readonly ResourceTrace[];
  readonly loss: readonly Loss[];
}

/** What was kept aside of a bundle: where and why, without the value. */
export interface KeptAside {
  readonly map: string;
  readonly path: string;
  readonly reason: ResidueReason;
}

export interface ReverseRun {
  readonly record: unknown;
  /** For the fields that came back, the elements that say them. */
  readonly trace: readonly ReturnedField[];
  readonly kept: readonly KeptAside[];
  /** Two elements say different things of one field; the first was taken. */
  readonly conflicts: readonly Pick<MappingConflict, 'map' | 'path'>[];
  readonly refused: readonly RefusedElement[];
}

export interface RunOptions {
  readonly permitted: LabelMask;
  readonly context: MappingContext;
}

/**
 * Runs a shipped mapping on a record: the bundle, where each element came from, and what was lost on the way there and
 * back. Keeps nothing.
 *
 * @param record as `Runnable.read` gives it
 */
export function runForward(mapping: Runnable, record: unknown, { permitted, context }: RunOptions): ForwardRun {
  const made = mapping.traced.toFhir(record, permitted, context);
  const bundle: RunBundle = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: made.map(({ resource }) => ({
      fullUrl: `${context.identifierBase}/fhir/${resource.resourceType}/${String(resource.id)}`,
      resource,
    })),
  };
  const returned = mapping.compiled.fromFhir(bundle, permitted, context).record;
  const loss = lossesOf(mapping.cellsOf(record), made, returned, mapping.traced, permitted);
  return { bundle, trace: made.map(traceOf), loss };
}

const traceOf = ({ map, resource, elements }: TracedResource, entry: number): ResourceTrace => ({
  entry,
  map,
  resourceType: resource.resourceType,
  elements,
});

/**
 * Runs a shipped mapping backwards on a bundle.
 *
 * @throws RelaisError 422 `mapping.no-bundle`, `mapping.too-large`, `mapping.too-deep`, `mapping.several-persons`
 */
export function runReverse(mapping: Runnable, bundle: unknown, { permitted, context }: RunOptions): ReverseRun {
  const { record, residue, conflicts, refused } = mapping.compiled.fromFhir(bundle, permitted, context);
  const again = mapping.traced.toFhir(record, permitted, context);
  return {
    record,
    trace: traceBack(again, bundle, mapping.cellsOf(record)),
    kept: residue.map(({ map, path, reason }) => ({ map, path, reason })),
    conflicts: conflicts.map(({ map, path }) => ({ map, path })),
    refused,
  };
}
