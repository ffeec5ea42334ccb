import type { LabelMask } from '../../domain/labels/labels.js';
import type { MappingContext } from '../../domain/mapping/mapping.js';
import { mappingRuntime, type MappingRuntime } from '../../domain/mapping/runtime.js';
import {
  traceRuntime,
  type LeafMark,
  type TracedMapping,
  type WrappedResource,
} from '../../domain/mapping/trace/traced.js';
import { unwrap } from '../../domain/mapping/trace/unwrap.js';
import { tracePath } from './build-mappings.js';
import { loadModule, type Models } from './load-mapping.js';

interface TraceModule<Model> {
  readonly version: string;
  readonly marks: readonly LeafMark[];
  readonly reads: readonly string[];
  readonly masks: Readonly<Record<string, LabelMask>>;
  link(runtime: MappingRuntime & typeof traceRuntime): void;
  toFhir(record: Model, permitted: LabelMask, context: MappingContext): readonly WrappedResource[];
}

/**
 * Loads the trace build of a pack: made ahead with the other, refused like the other when it is not of these files.
 *
 * @throws RelaisError 500 `mapping.not-built`, `mapping.out-of-date`
 */
export async function loadTracedMapping<Name extends keyof Models>(
  root: string,
  name: Name,
): Promise<TracedMapping<Models[Name]>> {
  const { module, version } = await loadModule<TraceModule<Models[Name]>>(root, name, tracePath(root, name));
  module.link({ ...mappingRuntime, ...traceRuntime });
  return {
    name,
    version,
    reads: new Set(module.reads),
    masks: new Map(Object.entries(module.masks)),
    toFhir: (record, permitted, context) =>
      module.toFhir(record, permitted, context).map((resource) => unwrap(resource, module.marks)),
  };
}
