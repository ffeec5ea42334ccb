import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';

const ROOT = resolve(import.meta.dirname, '../..');

describe('relais check mappings', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relais-check-'));
    await cp(join(ROOT, 'mappings'), join(folder, 'mappings'), { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('finds the shipped mappings in order, in both languages', async () => {
    expect(await runCli(['check', 'mappings'])).toEqual({ code: 0, out: 'The mappings are in order.', err: '' });
    expect(await runCli(['check', 'mappings', '--lang', 'fr'])).toMatchObject({
      code: 0,
      out: 'Les correspondances sont en ordre.',
    });
  });

  it('says where a mistake stands and what was meant, and ends with 1', async () => {
    const file = join(folder, 'mappings/case/need.map.yaml');
    const text = await readFile(file, 'utf8');
    const broken = text.replace('recordedDate:', 'recordDate:').replace('need.resolvedOn', 'need.resolveOn');
    await writeFile(file, broken);
    const lineOf = (part: string): number => broken.slice(0, broken.indexOf(part)).split('\n').length;
    const english = await runCli(['check', 'mappings', folder]);
    expect(english.code).toBe(1);
    const [first, second, last, ...rest] = english.out.split('\n');
    expect(rest).toEqual([]);
    expect(first).toMatch(
      new RegExp(
        `^mappings/case/need.map.yaml:${lineOf('resolveOn')}:\\d+: The source has no path needs\\[\\].resolveOn. Did you mean resolvedOn\\?$`,
      ),
    );
    expect(second).toBe(
      `mappings/case/need.map.yaml:${lineOf('recordDate')}:3: Condition has no element recordDate. Did you mean recordedDate?`,
    );
    expect(last).toBe('2 findings; files: 1.');
    const french = await runCli(['check', 'mappings', folder, '--lang', 'fr']);
    expect(french.out).toContain('Vouliez-vous dire recordedDate\u00a0?');
    expect(french.out.split('\n').at(-1)).toBe('2 constats (rédigés en anglais)\u00a0; fichiers\u00a0: 1.');
    await writeFile(file, text);
  });
});
