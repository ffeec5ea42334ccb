import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadLabelRules } from '../../src/adapters/labels/load-label-rules.js';
import { runCli } from './run-cli.js';

const ROOT = resolve(import.meta.dirname, '../..');

describe('relais check labels', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relais-labels-'));
    await cp(join(ROOT, 'config/labels'), join(folder, 'config/labels'), { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('finds the shipped rules in order, in both languages', async () => {
    expect(await runCli(['check', 'labels'])).toEqual({ code: 0, out: 'The label rules are in order.', err: '' });
    expect(await runCli(['check', 'labels', '--lang', 'fr'])).toMatchObject({
      code: 0,
      out: 'Les règles d’étiquetage sont en ordre.',
    });
  });

  it('says where a mistake stands and what was meant, ends with 1, and the gateway does not start with it', async () => {
    const file = join(folder, 'config/labels/case.yaml');
    const text = await readFile(file, 'utf8');
    const broken = text.replace('codes: [crisis], labels: [safeguarding]', 'codes: [crisis], labels: [safegarding]');
    await writeFile(file, broken);
    const before = broken.slice(0, broken.indexOf('safegarding')).split('\n');
    const place = `config/labels/case.yaml:${before.length}:${before.at(-1)!.length + 1}`;
    const { code, out } = await runCli(['check', 'labels', folder]);
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      `${place}: There is no label safegarding. Did you mean safeguarding?`,
      'Findings: 1.',
    ]);
    await expect(loadLabelRules(folder)).rejects.toMatchObject({
      code: 'labels.not-valid',
      violations: [{ path: place, rule: 'labels.not-valid' }],
    });
    await expect(loadLabelRules(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'labels.not-found' });
  });
});
