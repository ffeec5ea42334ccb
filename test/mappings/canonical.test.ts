import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { createReport } from '../../src/domain/mapping/finding.js';
import { expandMap } from '../../src/domain/mapping/template/expand-map.js';
import { readYaml, type Tree } from '../../src/domain/mapping/template/yaml-tree.js';
import { root } from './pack.js';

interface Row {
  readonly concept: string;
  readonly resources: readonly string[];
  readonly profiles: readonly string[];
  readonly maps: readonly string[];
  readonly identifiedBy: readonly string[];
}
interface MapFile {
  readonly map: string;
  readonly to: string;
  readonly match: readonly string[];
  readonly fhir: { readonly meta: { readonly profile: readonly string[] } };
}

/** A tree as the plain value that it stands for. */
function plain(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(plain);
  return Object.fromEntries(tree.entries.map(({ key, value }) => [key, plain(value)]));
}

/** The maps of a file: one, or as many as its `for` makes. */
function mapsOf(path: string): MapFile[] {
  const { report, findings } = createReport();
  const tree = readYaml(path, readFileSync(join(root, path), 'utf8'), report);
  const maps = expandMap(tree!, report).map((map) => plain(map) as MapFile);
  expect(findings).toEqual([]);
  return maps;
}

const { concepts } = parse(readFileSync(join(root, 'mappings/canonical.yaml'), 'utf8')) as { concepts: Row[] };
const maps = ['case', 'hmis'].flatMap((pack) =>
  readdirSync(join(root, 'mappings', pack))
    .filter((file) => file.endsWith('.map.yaml'))
    .flatMap((file) => mapsOf(`mappings/${pack}/${file}`)),
);
const names = (listed: string, map: string): boolean =>
  listed.endsWith('*') ? map.startsWith(listed.slice(0, -1)) : listed === map;
const rowsOf = (map: string): Row[] => concepts.filter((row) => row.maps.some((listed) => names(listed, map)));

describe('the canonical table', () => {
  it('names every map in one row, and no map that is not there', () => {
    expect(maps.length).toBeGreaterThan(200);
    expect(maps.filter(({ map }) => rowsOf(map).length !== 1).map(({ map }) => map)).toEqual([]);
    const listed = concepts.flatMap((row) => row.maps);
    expect(listed.filter((name) => !maps.some(({ map }) => names(name, map)))).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  });

  it.each(maps.map((map) => [map.map, map] as const))('says what %s makes', (_, map) => {
    const row = rowsOf(map.map)[0]!;
    expect(row.resources).toContain(map.to);
    const own = map.fhir.meta.profile[0]!.replace('https://relais.example/fhir/StructureDefinition/', '');
    expect(row.profiles).toContain(own);
    expect(map.match.some((match) => row.identifiedBy.includes(match))).toBe(true);
  });

  it('is on the page for people', () => {
    const page = readFileSync(join(root, 'docs/canonical-profiles.md'), 'utf8');
    for (const { concept } of concepts) expect(page).toContain(`| ${concept} |`);
  });
});
