import { DATA_LABELS, maskOf } from '../../labels/labels.js';
import type { ModelReading, PackSource } from '../compile-pack.js';
import { shippedModelOf } from '../compile-pack.js';
import { createReport, nearest, type Place } from '../finding.js';
import { isSchemaObject, type JsonSchema } from './schema-shape.js';
import { schemaSourceModel } from './schema-model.js';
import { tableSourceModel, type Tables } from './table-model.js';

/**
 * What the maps of a pack read from: the shipped case model (`case`), tables whose columns and labels stand in the pack's
 * own `labels.yaml` (`hmis`), a JSON Schema with `x-relais-labels`, or tables given here.
 */
export type ModelSource = 'case' | 'hmis' | JsonSchema | { readonly tables: Tables };

export interface ModelGiven {
  readonly name: string;
  readonly source: ModelSource;
  /** Labels of everything that has none. Without them, what has no label cannot be read. */
  readonly defaultLabels: readonly string[];
  /** Where a JSON Pointer into the source stands. */
  readonly placeOf: (pointer: string) => Place;
}

/** @returns the model; its findings are placed by `placeOf` */
export function readModel(pack: PackSource, { name, source, defaultLabels, placeOf }: ModelGiven): ModelReading {
  const { report, findings } = createReport();
  for (const label of defaultLabels) {
    if (!DATA_LABELS.some((known) => known === label))
      report(placeOf(''), `There is no data label ${label}.`, nearest(label, DATA_LABELS));
  }
  const mask = findings.length > 0 ? 0 : maskOf(defaultLabels);
  if (source === 'case' || source === 'hmis') {
    const shipped = shippedModelOf({ ...pack, name: source });
    return { model: shipped.model, findings: [...findings, ...shipped.findings] };
  }
  if (isSchemaObject(source) && isTables(source)) {
    const model = tableSourceModel({ name, tables: source.tables, defaultLabels: mask, placeOf }, report);
    return { model, findings };
  }
  return { model: schemaSourceModel({ name, schema: source, defaultLabels: mask, placeOf }, report), findings };
}

/** `{ tables: … }` and nothing of JSON Schema beside it. */
function isTables(source: object): source is { readonly tables: Tables } {
  const { tables, ...others } = source as { tables?: unknown };
  return (
    isSchemaObject(tables) &&
    Object.keys(others).length === 0 &&
    Object.values(tables).every(
      (columns) =>
        isSchemaObject(columns) && Object.values(columns).every((labels) => labels === null || Array.isArray(labels)),
    )
  );
}
