import type { Report } from '../../mapping/finding.js';
import type { MapTree } from '../../mapping/template/yaml-tree.js';
import type { LabelMask } from '../labels.js';
import { asList, asMap, member, needed, readLabels, scalars, textAt } from './read-tree.js';
import type { SystemRules, TerminologyRules } from './rules.js';

export const TERMINOLOGY_KEYS = ['labels', 'about', 'systems'] as const;
export const SYSTEM_KEYS = ['system', 'alike', 'rules'] as const;
export const SYSTEM_RULE_KEYS = ['codes', 'starts', 'all', 'labels'] as const;

/** config/labels/terminology.yaml */
export function readTerminology(root: MapTree, report: Report): TerminologyRules {
  asMap(root, TERMINOLOGY_KEYS, report);
  const systems = new Map<string, SystemRules>();
  for (const tree of asList(needed(root, 'systems', report), report)) {
    const map = asMap(tree, SYSTEM_KEYS, report);
    if (map === null) continue;
    const rules = readRules(map, report);
    const system = textAt(map, 'system', report);
    if (system === undefined) report(map.place, 'The key system is missing.');
    for (const name of [system, ...scalars(member(map, 'alike'), report).map(({ value }) => String(value))]) {
      if (name === undefined) continue;
      if (systems.has(name)) report(map.place, `The system ${name} stands here twice.`);
      systems.set(name, rules);
    }
  }
  return systems;
}

function readRules(map: MapTree, report: Report): SystemRules {
  let all: LabelMask = 0;
  const codes = new Map<string, LabelMask>();
  const starts: (readonly [string, LabelMask])[] = [];
  for (const tree of asList(needed(map, 'rules', report), report)) {
    const rule = asMap(tree, SYSTEM_RULE_KEYS, report);
    if (rule === null) continue;
    const labels = readLabels(needed(rule, 'labels', report), report);
    const whole = member(rule, 'all');
    if (whole?.kind === 'scalar' && whole.value === true) all |= labels;
    for (const { value, place } of scalars(member(rule, 'codes'), report)) {
      // 0123 or 1e5 would not be the code that was meant.
      if (typeof value !== 'string') report(place, 'Write this code in quotes: YAML reads it as a number.');
      const code = String(value).toUpperCase();
      codes.set(code, (codes.get(code) ?? 0) | labels);
    }
    for (const { value } of scalars(member(rule, 'starts'), report)) {
      starts.push([String(value).toUpperCase(), labels]);
    }
  }
  if (all === 0 && codes.size + starts.length === 0) report(map.place, 'No rule stands here.');
  return { all, codes, starts };
}
