import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MEASURE_RULES } from '../../../../src/domain/consent/decision-maker/measure-rules.js';
import { MAJORITY, MINOR_RULES } from '../../../../src/domain/consent/decision-maker/minor-rules.js';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/decision-maker.md'), 'utf8');
const rows = page.split('\n').filter((line) => /^\| (FR|CA-QC|GB-ENG) \|/.test(line));
const DECIDES = { minor: 'the minor', 'minor-if-able': 'the minor if able, otherwise holders', holders: 'holders' };

test('the page about who may consent shows the tables that decide', () => {
  const minors = MINOR_RULES.map(({ jurisdiction, from, to, labels, decides, holders, sources }) => {
    const data = labels === null ? 'all other' : labels.includes('sexuality') ? 'intimate' : 'grave';
    return `| ${jurisdiction} | ${from}–${to - 1} | ${data} | ${DECIDES[decides]} | ${holders} | ${sources.join('; ')} |`;
  });
  const measures = MEASURE_RULES.map(
    ({ jurisdiction, kind, effect, sources }) => `| ${jurisdiction} | ${kind} | ${effect} | ${sources.join('; ')} |`,
  );
  expect(rows).toEqual([...minors, ...measures]);
  for (const { source } of Object.values(MAJORITY)) expect(page).toContain(source);
});

test('a row that was not looked at by local counsel says so, and so does the page', () => {
  expect([...MINOR_RULES, ...MEASURE_RULES].every(({ needsLocalCounsel }) => needsLocalCounsel)).toBe(true);
  expect(page).toContain('every row needs local counsel');
});
