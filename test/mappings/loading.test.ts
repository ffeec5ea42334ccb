import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildMappings, modulePath } from '../../src/adapters/mapping/build-mappings.js';
import { checkMappings } from '../../src/adapters/mapping/check-mappings.js';
import { loadCompiledMapping } from '../../src/adapters/mapping/load-mapping.js';
import { builtMappings, root } from './pack.js';

describe('a built mapping', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relais-load-'));
    await cp(join(root, 'mappings'), join(folder, 'mappings'), { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const change = async (file: string, from: string, to: string): Promise<void> => {
    const path = join(folder, 'mappings', file);
    await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
  };

  it('is refused when it was never built', async () => {
    await expect(loadCompiledMapping(folder, 'hmis')).rejects.toMatchObject({ code: 'mapping.not-built' });
  });

  it('is refused when a map, a code map or a label has changed since', async () => {
    await cp(join(await builtMappings(), 'generated'), join(folder, 'generated'), { recursive: true });
    const { version } = await loadCompiledMapping(folder, 'hmis');
    expect(version).toMatch(/^[0-9a-f]{64}$/);
    for (const [file, from, to] of [
      ['hmis/client.map.yaml', 'official', 'usual'],
      ['codes/hmis-sex.yaml', 'male', 'other'],
      ['hmis/labels.yaml', 'SSN: [identity, government-identifier]', 'SSN: [identity]'],
    ] as const) {
      await change(file, from, to);
      await expect(loadCompiledMapping(folder, 'hmis')).rejects.toMatchObject({ code: 'mapping.out-of-date' });
      await change(file, to, from);
    }
    expect((await loadCompiledMapping(folder, 'hmis')).version).toBe(version);
  }, 60_000);

  it('imports nothing and evaluates nothing', async () => {
    const code = await readFile(modulePath(await builtMappings(), 'hmis'), 'utf8');
    expect(code).not.toMatch(/\b(?:import|eval|require|Function|process|globalThis)\b/);
  }, 60_000);

  it('is not made of maps with a mistake; the place is told', async () => {
    await change('hmis/client.map.yaml', '{{ c.LastName }}', '{{ c.LstName }}');
    await expect(buildMappings({ root: folder, packs: ['hmis'] })).rejects.toMatchObject({
      code: 'mapping.not-valid',
      violations: [{ path: expect.stringMatching(/^mappings\/hmis\/client\.map\.yaml:\d+:\d+$/) }],
    });
    expect(await checkMappings(folder)).toMatchObject([
      { file: 'mappings/hmis/client.map.yaml', suggestion: 'LastName' },
    ]);
  }, 60_000);
});
