import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
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

const { concepts } = parse(readFileSync(join(root, 'mappings/canonical.yaml'), 'utf8')) as { concepts: Row[] };
const maps = ['case', 'hmis'].flatMap((pack) =>
  readdirSync(join(root, 'mappings', pack))
    .filter((file) => file.endsWith('.map.yaml'))
    .map((file) => parse(readFileSync(join(root, 'mappings', pack, file), 'utf8')) as MapFile),
);

describe('the canonical table', () => {
  it('names every map once, and no other', () => {
    expect(concepts.flatMap((row) => row.maps).sort()).toEqual(maps.map(({ map }) => map).sort());
  });

  it.each(maps.map((map) => [map.map, map] as const))('says what %s makes', (_, map) => {
    const row = concepts.find((candidate) => candidate.maps.includes(map.map))!;
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
