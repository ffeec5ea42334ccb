import { beforeAll, describe, expect, it } from 'vitest';
import { loadRunnable } from '../../src/adapters/mapping/load-runnable.js';
import { syntheticCase } from '../../src/domain/case/synthetic.js';
import { byPerson, coverageOf, membersOf } from '../../src/domain/mapping/coverage/population.js';
import type { Coverage } from '../../src/domain/mapping/coverage/summarise.js';
import type { HmisRecord } from '../../src/domain/mapping/models/hmis-model.js';
import { sharedData } from '../support/shared-data.js';
import { rowsOf, TABLES } from './hmis-people.js';
import { ALL_BUT_NEVER, builtMappings, context } from './pack.js';

const using = { permitted: ALL_BUT_NEVER, context };
const folder = sharedData('hmis-csv-fy2026', 'subset');

const share = ({ tiers, counts }: Coverage, ...of: readonly (keyof Coverage['tiers'])[]): number =>
  of.reduce((sum, tier) => sum + tiers[tier], 0) / counts.content;

describe('coverage, measured by changing values (docs/mapping-coverage.md)', () => {
  let built: string;
  beforeAll(async () => {
    built = await builtMappings();
  }, 180_000);

  it('has nine tenths of a case in standard elements and published extensions, and loses nothing', async () => {
    const mapping = await loadRunnable(built, 'case');
    const coverage = coverageOf(mapping, membersOf([1, 2].map(syntheticCase)), using);
    expect(coverage.counts.content).toBeGreaterThan(800);
    expect(coverage.changed).toBe(coverage.counts.content);
    expect(coverage.tiers).toMatchObject({ residue: 0, lost: 0 });
    expect(share(coverage, 'standard-element', 'standard-extension')).toBeGreaterThanOrEqual(0.9);
  }, 300_000);

  it.skipIf(folder === null)(
    'brings back every cell of an HMIS export, few of them by generic carriers (skipped: shared data absent)',
    async () => {
      const mapping = await loadRunnable(built, 'hmis');
      const record: HmisRecord = Object.fromEntries(TABLES.map((table) => [table, rowsOf(folder!, table)]));
      const coverage = coverageOf(mapping, byPerson(record), using);
      const { content, key, metadata } = coverage.counts;
      expect(coverage.records).toBe(272);
      // Alike values are not all changed, and each kind of them is.
      expect(coverage.changed).toBeGreaterThan(1_000);
      expect(coverage.changed).toBeLessThan(content / 10);
      expect(coverage.back / (content + key + metadata)).toBeGreaterThanOrEqual(0.985);
      expect(share(coverage, 'generic', 'residue')).toBeLessThanOrEqual(0.4);
      expect(coverage.tiers.lost).toBe(0);
    },
    300_000,
  );
});

describe('the members of a population', () => {
  const record: HmisRecord = {
    Client: [{ PersonalID: 'p-1' }, { PersonalID: 'p-2' }],
    Enrollment: [
      { EnrollmentID: 'e-1', PersonalID: 'p-1', ProjectID: 'j-1' },
      { EnrollmentID: 'e-2', PersonalID: 'p-2', ProjectID: 'j-1' },
    ],
    Project: [
      { ProjectID: 'j-1', ProjectName: 'J' },
      { ProjectID: 'j-2', ProjectName: 'K' },
    ],
    Funder: [{ FunderID: 'f-1', ProjectID: 'j-1' }],
  };

  it('are the persons, each with the projects they stayed in, then what is about nobody', () => {
    const members = byPerson(record);
    expect(members.map((member) => Object.keys(member.record as object))).toEqual([
      ['Client', 'Enrollment', 'Project'],
      ['Client', 'Enrollment', 'Project'],
      ['Project'],
    ]);
    expect((members[2]!.record as HmisRecord)['Project']).toEqual([{ ProjectID: 'j-2', ProjectName: 'K' }]);
  });

  it('count what several hold once', () => {
    const cell = (group: string) => ({ group, steps: [{ name: group }, { index: 0 }, { name: 'x' }] }) as never;
    expect(byPerson(record).map(({ counts }) => counts(cell('Project')))).toEqual([true, false, true]);
    expect(byPerson(record).map(({ counts }) => counts(cell('Client')))).toEqual([true, true, true]);
  });
});
