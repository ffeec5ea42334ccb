import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** The files of the worked example, as the page names them. */
async function filesOfPage(): Promise<Map<string, string>> {
  const page = await readFile(join(root, 'docs/library.md'), 'utf8');
  const blocks = page.matchAll(/^`([\w./-]+)`\n\n```\w+\n([\s\S]*?)```$/gm);
  return new Map([...blocks].map(([, name, text]) => [name!, text!]));
}

/** What a program prints; fails with what it says of its failure. */
function run(file: string, cwd: string): Promise<string> {
  const child = spawn(process.execPath, [file], { cwd, env: { PATH: process.env['PATH'] } });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((done, failed) => {
    child.on('close', (code) => (code === 0 ? done(out) : failed(new Error(err))));
  });
}

describe('the worked example of docs/library.md, in a folder of its own', () => {
  let folder: string;
  beforeAll(async () => {
    await run(join(root, 'scripts/build.mjs'), root);
    folder = await mkdtemp(join(tmpdir(), 'relais-consumer-'));
    await mkdir(join(folder, 'node_modules'));
    await symlink(root, join(folder, 'node_modules/relais'));
    for (const [name, text] of await filesOfPage()) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
  }, 300_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('prints what the page says', async () => {
    const said = await readFile(join(folder, 'output.txt'), 'utf8');
    expect(await run('example.mjs', folder)).toBe(said);
    expect(said).toContain('the same again: true');
    // The second run loads what the first one built.
    expect(await run('example.mjs', folder)).toBe(said);
  }, 60_000);
});
