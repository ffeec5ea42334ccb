import fc from 'fast-check';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadCompiledMapping } from '../../src/adapters/mapping/load-mapping.js';
import { loadTracedMapping } from '../../src/adapters/mapping/load-trace.js';
import type { Case } from '../../src/domain/case/case.js';
import { syntheticCase } from '../../src/domain/case/synthetic.js';
import { DATA_LABELS, maskOf } from '../../src/domain/labels/labels.js';
import type { CompiledMapping } from '../../src/domain/mapping/mapping.js';
import { JsonNumber } from '../../src/kernel/json/value.js';
import type { TracedMapping } from '../../src/domain/mapping/trace/traced.js';
import { arbitraryCase } from '../support/arbitrary-case.js';
import { hmisSubset } from '../support/hmis-subset.js';
import { ALL_BUT_NEVER, builtMappings, context, root } from './pack.js';
import { RUNS } from './round-trip.js';

describe('the trace build of the shipped maps', () => {
  let plain: CompiledMapping<Case>;
  let traced: TracedMapping<Case>;
  beforeAll(async () => {
    const folder = await builtMappings();
    plain = await loadCompiledMapping(folder, 'case');
    traced = await loadTracedMapping(folder, 'case');
  }, 60_000);

  it('makes what the other build makes, whatever is permitted', () => {
    fc.assert(
      fc.property(arbitraryCase(), fc.subarray([...DATA_LABELS]), (record, labels) => {
        for (const permitted of [ALL_BUT_NEVER, maskOf(labels)]) {
          const made = traced
            .toFhir(record, permitted, context)
            .map(({ resource, labels: mask }) => ({ resource, labels: mask }));
          expect(made).toEqual(plain.toFhir(record, permitted, context));
        }
      }),
      { numRuns: RUNS },
    );
  }, 600_000);

  it('makes what the other build makes of the HMIS subset (skipped: shared data absent)', async ({ skip }) => {
    const record = hmisSubset();
    if (record === null) return skip();
    const folder = await builtMappings();
    const [hmis, trace] = [await loadCompiledMapping(folder, 'hmis'), await loadTracedMapping(folder, 'hmis')];
    const made = trace.toFhir(record, ALL_BUT_NEVER, context).map(({ resource, labels }) => ({ resource, labels }));
    expect(made).toEqual(hmis.toFhir(record, ALL_BUT_NEVER, context));
  }, 60_000);

  it('says of every element from which places of the record and which line it came', async () => {
    const record = syntheticCase(7);
    const resources = traced.toFhir(record, ALL_BUT_NEVER, context);
    const need = resources.filter(({ map }) => map === 'case/need')[1]!;
    const text = await readFile(join(root, 'mappings/case/need.map.yaml'), 'utf8');
    const lines = text.split('\n');
    const elements = new Map(need.elements.map((element) => [element.path, element]));
    expect(elements.get('Condition.recordedDate')).toMatchObject({ kind: 'value', sources: ['needs[1].identifiedOn'] });
    expect(elements.get('Condition.category[2].coding[0].code')).toMatchObject({
      kind: 'code',
      codes: 'sdoh-category',
      sources: ['needs[1].category'],
    });
    expect(elements.get('Condition.subject.reference')).toMatchObject({ kind: 'reference', sources: ['person.id'] });
    expect(elements.get('Condition.category[0].coding[0].code')).toMatchObject({ kind: 'constant', sources: [] });
    expect(elements.get('Condition.id')).toMatchObject({ kind: 'computed', sources: ['needs[1].id'] });
    const { file, line, column } = elements.get('Condition.recordedDate')!;
    expect(file).toBe('mappings/case/need.map.yaml');
    expect(lines[line - 1]!.slice(column - 1)).toContain('need.identifiedOn');
  });

  it('leaves no leaf of a resource without its origin', () => {
    fc.assert(
      fc.property(arbitraryCase(), (record) => {
        for (const { resource, elements } of traced.toFhir(record, ALL_BUT_NEVER, context)) {
          const { resourceType, ...rest } = resource;
          expect(elements.map(({ path }) => path).sort()).toEqual(leavesOf(rest, resourceType).sort());
        }
      }),
      { numRuns: RUNS },
    );
  }, 600_000);

  it('tells the place in the whole list where a map goes through a part of it', () => {
    const record = {
      ...syntheticCase(1),
      health: {
        treatments: [
          { id: 't-1', kind: 'oxygen' },
          { id: 't-2', kind: 'insulin', name: 'x' },
        ],
      },
    } as unknown as Case;
    const medicine = traced.toFhir(record, ALL_BUT_NEVER, context).find(({ map }) => map === 'case/medication');
    expect(medicine?.elements.find(({ path }) => path.endsWith('.id'))?.sources).toEqual(['health.treatments[1].id']);
  });
});

describe('a trace build', () => {
  it('goes on where a joined row, or its whole table, is not there', async () => {
    const traced = await loadTracedMapping(await builtMappings(), 'hmis');
    const record = { Enrollment: [{ EnrollmentID: '1', PersonalID: '2', EntryDate: '2026-01-05' }] };
    const elements = traced.toFhir(record, ALL_BUT_NEVER, context)[0]!.elements;
    expect(elements.find(({ path }) => path === 'EpisodeOfCare.status')?.sources).toContain('Exit[]');
  }, 60_000);

  it('imports nothing, evaluates nothing, and is refused when a map has changed since', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'relais-trace-'));
    try {
      await cp(join(root, 'mappings'), join(folder, 'mappings'), { recursive: true });
      await expect(loadTracedMapping(folder, 'hmis')).rejects.toMatchObject({ code: 'mapping.not-built' });
      await cp(join(await builtMappings(), 'generated'), join(folder, 'generated'), { recursive: true });
      const code = await readFile(join(folder, 'generated/mappings/hmis.trace.mjs'), 'utf8');
      expect(code).not.toMatch(/\b(?:import|eval|require|Function|process|globalThis)\b/);
      await loadTracedMapping(folder, 'hmis');
      const path = join(folder, 'mappings/hmis/client.map.yaml');
      await writeFile(path, (await readFile(path, 'utf8')).replace('official', 'usual'));
      await expect(loadTracedMapping(folder, 'hmis')).rejects.toMatchObject({ code: 'mapping.out-of-date' });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 60_000);
});

function leavesOf(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leavesOf(item, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null || value instanceof JsonNumber) return [path];
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, `${path}.${name.replace(/^_/, '')}`));
}
