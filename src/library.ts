import { createPairwiseIds } from './kernel/pairwise.js';
import { RelaisError } from './kernel/errors.js';
import { DATA_LABELS, maskOf, NEVER, type LabelMask } from './domain/labels/labels.js';
import type { Finding } from './domain/mapping/finding.js';
import type { CompiledMapping, MappingContext } from './domain/mapping/mapping.js';
import type { ModelSource } from './domain/mapping/models/model-source.js';
import { checkFolder } from './adapters/mapping/check-folder.js';
import { loadFolder } from './adapters/mapping/load-folder.js';

/** The library: mappings of one's own, and FHIRPath. See docs/library.md. */
export { RelaisError, type Violation } from './kernel/errors.js';
export { JsonNumber, readJson, writeJson, type JsonValue } from './kernel/json.js';
export { DATA_LABELS, labelsOf, maskOf, type DataLabel, type LabelMask } from './domain/labels/labels.js';
export { formatFinding, type Finding } from './domain/mapping/finding.js';
export {
  compileExpression,
  ExpressionError,
  NotDecidable,
  TooCostly,
  type CompiledExpression,
} from './domain/fhir/fhirpath/compile-expression.js';
export type { Case } from './domain/case/case.js';
export type { HmisRecord } from './domain/mapping/models/hmis-model.js';
export type { ModelSource } from './domain/mapping/models/model-source.js';
export type { JsonSchema } from './domain/mapping/models/schema-shape.js';
export type { Tables } from './domain/mapping/models/table-model.js';
export type {
  CompiledMapping,
  MappedResource,
  MappingConflict,
  MappingContext,
  RefusedElement,
  ResidueEntry,
  ResidueReason,
  Reversed,
} from './domain/mapping/mapping.js';

/** Everything that an agreement could ever permit: all labels but `working-notes`. */
export const EVERY_LABEL: LabelMask = maskOf(DATA_LABELS.filter((label) => label !== NEVER));

/** The models of the packs of a folder, by the names that their `pack.yaml` gives them. */
export type Models<Records> = { readonly [Name in keyof Records]: ModelSource };

export interface CheckOptions<Records = Record<string, unknown>> {
  readonly models: Models<Records>;
  /**
   * Labels of every property that has none of its own: for schemas that were not written for Relais. Without this, a
   * property without labels cannot be read.
   */
  readonly defaultLabels?: readonly string[];
}

export interface LoadMappingsOptions<Records = Record<string, unknown>> extends CheckOptions<Records> {
  /** Folder for the built modules; by default `<dir>.built`, beside `dir`. */
  readonly out?: string;
  /**
   * Whether packs may be compiled now. By default they may, except with `NODE_ENV=production`: there what was built
   * before is loaded, and refused when it is not of these files, labels and models.
   */
  readonly build?: boolean;
}

/**
 * Loads the mapping packs of a folder: the folder itself when it has a `pack.yaml`, else every folder in it that has one;
 * code maps are in `codes/`.
 *
 * A pack is compiled to an ES module file once for each version of its files and model, and imported from there.
 *
 * @param dir a path, absolute or from the working directory. It must be trusted like code: never a folder that
 *   strangers can write to.
 * @returns for each pack, by name, its two directions; `version` is a SHA-256 of everything it was made from
 * @throws RelaisError `mapping.no-pack`; `mapping.not-valid`, whose `violations` hold every finding at
 *   `file:line:column`; `mapping.not-built` and `mapping.out-of-date` where nothing may be built
 */
export async function loadMappings<Records extends object = Record<string, unknown>>(
  dir: string,
  options: LoadMappingsOptions<Records>,
): Promise<{ [Name in keyof Records]: CompiledMapping<Records[Name]> }> {
  const { models, build = process.env['NODE_ENV'] !== 'production', ...others } = options;
  const loaded = await loadFolder(dir, { ...others, models: models, build });
  return loaded as { [Name in keyof Records]: CompiledMapping<Records[Name]> };
}

/**
 * Checks the packs of a folder without building anything: each map against its model, FHIR R4 and its own way back.
 *
 * @returns every finding, in the order of files and lines; empty when `loadMappings` would load them
 * @throws RelaisError `mapping.no-pack`
 */
export async function checkMappings<Records extends object = Record<string, unknown>>(
  dir: string,
  { models, ...others }: CheckOptions<Records>,
): Promise<Finding[]> {
  return checkFolder(dir, { ...others, models: models });
}

export interface ContextOptions {
  /** Namespace of the agency's own identifiers, e.g. `https://agency.example`; `%agency.system('need')` goes below it. */
  readonly identifierBase: string;
  /** 32 secret bytes or more: ids of resources are made with them. The same key gives the same ids. */
  readonly pairwiseKey: Uint8Array;
  /** Who gets the resources: two recipients get different ids for one record, and cannot join their copies. */
  readonly recipient: string;
  /** The agency's key of the record, where it is not the one that `pack.yaml` names. */
  readonly recordKey?: string;
}

/**
 * What `toFhir` asks of its surroundings, with pairwise ids. Make one per record and recipient: it remembers the ids that
 * it gave.
 *
 * @throws RelaisError 422 `mapping.context` when the key is too short or the base is no absolute URI
 */
export function createMappingContext({
  identifierBase,
  pairwiseKey,
  recipient,
  recordKey,
}: ContextOptions): MappingContext {
  if (pairwiseKey.byteLength < 32)
    throw new RelaisError('mapping.context', 422, 'value', 'pairwiseKey has at least 32 bytes.');
  if (!/^[a-z][a-z0-9+.-]*:[^\s]+$/i.test(identifierBase) || identifierBase.endsWith('/'))
    throw new RelaisError('mapping.context', 422, 'value', 'identifierBase is an absolute URI without a / at its end.');
  const idOf = createPairwiseIds(Buffer.from(pairwiseKey));
  const known = new Map<string, string>();
  return {
    identifierBase,
    ...(recordKey !== undefined && { recordKey }),
    resourceId(resourceType, sourceKey) {
      const name = `${resourceType}\n${sourceKey}`;
      const id = known.get(name) ?? idOf(recipient, resourceType, sourceKey);
      known.set(name, id);
      return id;
    },
  };
}
