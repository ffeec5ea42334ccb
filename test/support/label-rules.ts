import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readLabelRules, type RuleFile } from '../../src/domain/labels/rules/read-rules.js';
import type { LabelRules } from '../../src/domain/labels/rules/rules.js';
import { formatFinding } from '../../src/domain/mapping/finding.js';

const FOLDER = resolve(import.meta.dirname, '../../config/labels');

/** The shipped rule files. */
export const ruleFiles: readonly RuleFile[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name) => ({ path: `config/labels/${name}`, text: readFileSync(join(FOLDER, name), 'utf8') }));

/** The rules of files, shipped or changed; what is wrong with them is thrown. */
export function rulesOf(files: readonly RuleFile[]): LabelRules {
  const result = readLabelRules(files);
  if ('rules' in result) return result.rules;
  throw new Error(result.findings.map((finding) => formatFinding(finding)).join('\n'));
}

/** The shipped rules with one text of one file replaced by another. */
export function rulesWith(file: string, change: (text: string) => string): LabelRules {
  return rulesOf(ruleFiles.map(({ path, text }) => ({ path, text: path.endsWith(`/${file}`) ? change(text) : text })));
}

export const shippedRules: LabelRules = rulesOf(ruleFiles);
