import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { showControls } from '../../src/cli/show-controls.js';

describe('a line of the command line', () => {
  it.each([
    ['colours and the cursor', '\u001b[2J\u001b[31mGrace', '\\u001b[2J\\u001b[31mGrace'],
    ['the same in one character', '\u009b31mGrace', '\\u009b31mGrace'],
    ['the title of the window', '\u001b]0;root\u0007', '\\u001b]0;root\\u0007'],
    ['a line written over', 'refused\rpermitted', 'refused\\u000dpermitted'],
    ['text turned around', 'a\u202egnp.exe', 'a\\u202egnp.exe'],
  ])('shows %s, and obeys nothing of it', (_name, line, shown) => expect(showControls(line)).toBe(shown));

  it('leaves lines, tables of CSV and names of any script as they are', () => {
    for (const line of ['a\nb\tc', 'a,b\r\nc,d\r', 'غريس Okafor-Lefèvre 李']) expect(showControls(line)).toBe(line);
  });

  it('stays the JSON that it is', () => {
    const value = { name: 'a\u001b\u007f\u009b\u202e' };
    expect(JSON.parse(showControls(JSON.stringify(value)))).toEqual(value);
  });

  it('is what the process writes, on both streams', () => {
    const run = spawnSync(process.execPath, ['dist/cli.js', 'validate', '/nowhere/\u001b[31mx\rok.json'], {
      encoding: 'utf8',
    });
    expect(run.status).not.toBe(0);
    expect(run.stdout + run.stderr).toContain('/nowhere/\\u001b[31mx\\u000dok.json');
    expect(run.stdout + run.stderr).not.toMatch(/[\u001b\r]/);
  });
});
