import { createReport, type Finding, type Report } from '../../mapping/finding.js';
import { readYaml, type MapTree } from '../../mapping/template/yaml-tree.js';
import { nearest } from '../../mapping/finding.js';
import { entryOf } from '../../mapping/template/yaml-tree.js';
import { readCaseRules } from './read-case-rules.js';
import { readCues } from './read-cues.js';
import { readFhirRules } from './read-fhir-rules.js';
import { readTerminology } from './read-terminology.js';
import type { LabelRules } from './rules.js';

export interface RuleFile {
  /** Path from the project, for messages. */
  readonly path: string;
  readonly text: string;
}

export const RULE_KINDS = ['case', 'terminology', 'fhir', 'cues'] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

/**
 * Reads the rule files, one of each kind (what it is stands in its key `labels`). A mistake anywhere means no rules at
 * all: half of a protection is none.
 */
export function readLabelRules(
  files: readonly RuleFile[],
): { readonly rules: LabelRules } | { readonly findings: readonly Finding[] } {
  const { report, findings } = createReport();
  const roots = new Map<RuleKind, MapTree>();
  for (const { path, text } of files) {
    const tree = readYaml(path, text, report);
    if (tree === null) continue;
    const kind = tree.kind === 'map' ? kindOf(tree, report) : null;
    if (tree.kind !== 'map') report(tree.place, 'A rule file is a mapping whose key labels says what it is.');
    else if (kind !== null && roots.has(kind)) report(tree.place, `There is another file of ${kind} rules.`);
    else if (kind !== null) roots.set(kind, tree);
  }
  for (const kind of RULE_KINDS) {
    const place = { file: files[0]?.path ?? 'config/labels', line: 1, column: 1 };
    if (!roots.has(kind) && findings.length === 0) report(place, `There is no file of ${kind} rules.`);
  }
  const [cases, terminology, fhir, cues] = RULE_KINDS.map((kind) => roots.get(kind));
  const caseRules = cases === undefined ? null : readCaseRules(cases, report);
  const systems = terminology === undefined ? null : readTerminology(terminology, report);
  const fhirRules = fhir === undefined ? null : readFhirRules(fhir, new Set(caseRules?.tables.keys()), report);
  const cueRules = cues === undefined ? null : readCues(cues, report);
  if (findings.length > 0 || caseRules === null || systems === null || fhirRules === null || cueRules === null) {
    return { findings };
  }
  return { rules: { case: caseRules, terminology: systems, fhir: fhirRules, cues: cueRules } };
}

function kindOf(tree: MapTree, report: Report): RuleKind | null {
  const entry = entryOf(tree, 'labels');
  const written = entry?.value.kind === 'scalar' ? String(entry.value.value) : '';
  const kind = RULE_KINDS.find((known) => known === written);
  if (kind === undefined) {
    report(
      entry?.value.place ?? tree.place,
      `labels says what the rules are about: ${RULE_KINDS.join(', ')}.`,
      nearest(written, RULE_KINDS),
    );
  }
  return kind ?? null;
}
