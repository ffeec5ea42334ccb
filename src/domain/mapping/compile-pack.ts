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
  readonly name: PackName;
  /** `labels.yaml` of a pack whose model is a set of tables. */
  readonly labels: PackFile | null;
}

/** The static check of one pack: every mistake at its `file:line:column`. */
export function checkPack(source: PackSource): Finding[] {
  const { model, findings } = modelOf(source);
  return [...findings, ...readPack(source, model).findings];
}

/**
 * Compiles a pack to the text of an ES module, and to its trace build: `code` maps every day, `trace` says besides where
 * each element came from.
 *
 * @param digest SHA-256 (hex) of a text
 * @returns the modules, or the findings that stand in their way
 */
export function compilePack(
  source: PackSource,
  digest: (text: string) => string,
):
  | { readonly code: string; readonly trace: string; readonly version: string }
  | { readonly findings: readonly Finding[] } {
  const { model, findings } = modelOf(source);
  const { form, findings: others } = readPack(source, model);
  if (form === null || findings.length > 0) return { findings: [...findings, ...others] };
  const version = versionOf(source, digest);
  return { code: generateModule(form, version), trace: generateTraceModule(form, version), version };
}

/**
 * The version of a mapping: a digest of its files, of the labels of its source model and of the generator's format, so
 * that a change to any of them is another version and an old build is refused.
 */
export function versionOf(source: PackSource, digest: (text: string) => string): string {
  const files = [source.pack, ...source.maps, ...source.codes, ...(source.labels === null ? [] : [source.labels])];
  const parts = [...files]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, text }) => `${path}\n${digest(text)}`);
  return digest([`format ${MODULE_FORMAT}`, ...parts, fingerprintOf(modelOf(source).model)].join('\n'));
}

function modelOf({ name, labels }: PackSource): { readonly model: SourceModel; readonly findings: readonly Finding[] } {
  if (name === 'case') return { model: caseSourceModel(), findings: [] };
  const { report, findings } = createReport();
  const tree = labels === null ? null : readYaml(labels.path, labels.text, report);
  return { model: hmisSourceModel(tree, report), findings };
}
