import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RelaisError } from '../../kernel/errors.js';
import { readLabelRules, type RuleFile } from '../../domain/labels/rules/read-rules.js';
import type { LabelRules } from '../../domain/labels/rules/rules.js';
import { formatFinding, type Finding } from '../../domain/mapping/finding.js';

const FOLDER = 'config/labels';

/**
 * The label rules of an installation. Read once, at start: without rules that are right to the last character nothing
 * starts.
 *
 * @param root the repository, or the folder of an installation
 * @throws RelaisError 500 `labels.not-valid`; its violations name `file:line:column` and the mistake
 */
export async function loadLabelRules(root: string): Promise<LabelRules> {
  const result = readLabelRules(await readRuleFiles(root));
  if ('rules' in result) return result.rules;
  const violations = result.findings.map((finding) => ({
    path: `${finding.file}:${finding.line}:${finding.column}`,
    rule: 'labels.not-valid',
    message: formatFinding(finding),
  }));
  const lines = violations.map(({ message }) => message).join('\n');
  throw new RelaisError('labels.not-valid', 500, 'invalid', `The label rules cannot be used:\n${lines}`, {
    violations,
  });
}

/** Every mistake of the rule files; empty when they are in order. */
export async function checkLabelRules(root: string): Promise<readonly Finding[]> {
  const result = readLabelRules(await readRuleFiles(root));
  return 'findings' in result ? result.findings : [];
}

export async function readRuleFiles(root: string): Promise<RuleFile[]> {
  const names = await readdir(join(root, FOLDER)).catch((cause: unknown) => {
    throw new RelaisError('labels.not-found', 500, 'not-found', `There is no folder ${FOLDER} with label rules.`, {
      cause,
    });
  });
  const files = names.filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(
    files.map(async (name) => ({ path: `${FOLDER}/${name}`, text: await readFile(join(root, FOLDER, name), 'utf8') })),
  );
}
