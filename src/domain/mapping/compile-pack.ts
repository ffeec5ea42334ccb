import { createReport, type Finding } from './finding.js';
import { generateModule, generateTraceModule, MODULE_FORMAT } from './generate/module.js';
import { caseSourceModel } from './models/case-model.js';
import { hmisSourceModel } from './models/hmis-model.js';
import { readPack, type PackFile, type PackFiles } from './read-pack.js';
import { fingerprintOf, type SourceModel } from './source-model.js';
import { readYaml } from './template/yaml-tree.js';

export const PACKS = ['case', 'hmis'] as const;
export type PackName = (typeof PACKS)[number];

/** Everything that one pack is made from. */
export interface PackSource extends PackFiles {
  readonly name: string;
  /** `labels.yaml` of a pack whose model is a set of tables. */
  readonly labels: PackFile | null;
}

/** The source model of a pack, and what is wrong with what it was read from. */
export interface ModelReading {
  readonly model: SourceModel;
  readonly findings: readonly Finding[];
}
/** Finds the model that the maps of a pack read from. */
export type ModelOf = (source: PackSource) => ModelReading;

/**
 * The static check of one pack: every mistake at its `file:line:column`.
 *
 * @param modelOf the shipped models by default; a caller of the library brings its own
 */
export function checkPack(source: PackSource, modelOf: ModelOf = shippedModelOf): Finding[] {
  const { model, findings } = modelOf(source);
  return [...findings, ...readPack(source, model).findings];
}

/**
 * Compiles a pack to the text of an ES module: `code` maps every day. `trace` makes the text of its trace build, which
 * says besides where each element came from, for those who want one.
 *
 * @param digest SHA-256 (hex) of a text
 * @returns the modules, or the findings that stand in their way
 */
export function compilePack(
  source: PackSource,
  digest: (text: string) => string,
  modelOf: ModelOf = shippedModelOf,
):
  | { readonly code: string; readonly trace: () => string; readonly version: string }
  | { readonly findings: readonly Finding[] } {
  const { model, findings } = modelOf(source);
  const { form, findings: others } = readPack(source, model);
  if (form === null || findings.length > 0) return { findings: [...findings, ...others] };
  const version = versionFrom(source, digest, model);
  return { code: generateModule(form, version), trace: () => generateTraceModule(form, version), version };
}

/**
 * The version of a mapping: a digest of its files, of the labels of its source model and of the generator's format, so
 * that a change to any of them is another version and an old build is refused.
 */
export function versionOf(
  source: PackSource,
  digest: (text: string) => string,
  modelOf: ModelOf = shippedModelOf,
): string {
  return versionFrom(source, digest, modelOf(source).model);
}

function versionFrom(source: PackSource, digest: (text: string) => string, model: SourceModel): string {
  const files = [source.pack, ...source.maps, ...source.codes, ...(source.labels === null ? [] : [source.labels])];
  const parts = [...files]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, text }) => `${path}\n${digest(text)}`);
  return digest([`format ${MODULE_FORMAT}`, ...parts, fingerprintOf(model)].join('\n'));
}

/** `case` is the case model; every other pack's model is the tables of its `labels.yaml`. */
export function shippedModelOf({ name, labels }: PackSource): ModelReading {
  if (name === 'case') return { model: caseSourceModel(), findings: [] };
  const { report, findings } = createReport();
  const tree = labels === null ? null : readYaml(labels.path, labels.text, report);
  return { model: hmisSourceModel(tree, report), findings };
}
