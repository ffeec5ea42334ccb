import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../cli/run-cli.js';

const SCHEMA = `{
  "type": "object",
  "properties": {
    "id": { "type": "string", "x-relais-labels": ["identity"] },
    "name": { "type": "string", "x-relais-labels": ["idenity"] }
  }
}`;

describe('relais check mappings --dir', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relais-check-'));
    await mkdir(join(folder, 'maps'));
    await writeFile(join(folder, 'maps/pack.yaml'), 'pack: mine\nrecord: { as: r, key: id }\nmaps: [one]\n');
    await writeFile(
      join(folder, 'maps/one.map.yaml'),
      `map: mine/one
from: { one: r, as: person, key: id }
to: Patient
match: ["identifier[agency]"]
fhir:
  identifier: [{ slice: agency, system: "{{ %agency.system('one') }}", value: "{{ person.id }}" }]
  name: [{ text: "{{ person.name }}" }]
`,
    );
    await writeFile(join(folder, 'wrong.json'), SCHEMA);
    await writeFile(join(folder, 'right.json'), SCHEMA.replace('idenity', 'identity'));
    await writeFile(join(folder, 'unlabelled.json'), SCHEMA.replaceAll(/, "x-relais-labels": \["idenity"\]/g, ''));
    await writeFile(join(folder, 'broken.json'), '{ "type": ');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const check = (...words: string[]) => runCli(['check', 'mappings', '--dir', join(folder, 'maps'), ...words]);

  it('says that all is in order', async () => {
    const { code, out } = await check('--model', `mine=${join(folder, 'right.json')}`);
    expect(out).toContain('The mappings are in order.');
    expect(code).toBe(0);
  });

  it('places what is wrong in the maps and in the schema', async () => {
    const { code, out } = await check('--model', `mine=${join(folder, 'wrong.json')}`);
    expect(out).toContain(`${join(folder, 'maps/one.map.yaml')}:7:29: The source path name has no label`);
    expect(out).toContain(
      `${join(folder, 'wrong.json')}:5:33: /properties/name/x-relais-labels: There is no data label idenity. Did you mean identity?`,
    );
    expect(code).toBe(1);
    expect((await check('--model', `mine=${join(folder, 'broken.json')}`)).out).toContain('broken.json:1:');
  });

  it('labels what has no label when it is told to', async () => {
    const model = `mine=${join(folder, 'unlabelled.json')}`;
    expect((await check('--model', model)).code).toBe(1);
    expect((await check('--model', model, '--default-label', 'identity')).code).toBe(0);
  });

  it.each([
    [['--model', 'mine'], 2],
    [['--model', 'mine=none.json'], 2],
    [['--model', 'other=case'], 1],
  ])('refuses %j', async (words, expected) => {
    expect((await check(...words)).code).toBe(expected);
  });

  it('needs a folder for a model', async () => {
    expect((await runCli(['check', 'mappings', '--model', 'mine=case'])).code).toBe(2);
  });
});
