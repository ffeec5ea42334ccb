import type { EpisodeOfCare, Patient } from 'fhir/r4.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { maskOf } from '../../src/domain/labels/labels.js';
import { validateResource } from '../../src/domain/fhir/validate.js';
import type { CompiledMapping, MappedResource } from '../../src/domain/mapping/mapping.js';
import type { HmisRecord, HmisRow } from '../../src/domain/mapping/models/hmis-model.js';
import { sharedData } from '../support/shared-data.js';
import { rowsOf, TABLES } from './hmis-people.js';
import { ALL_BUT_NEVER, context, loadPack } from './pack.js';

const folder = sharedData('hmis-csv-fy2026', 'subset');

const of = <Kind extends EpisodeOfCare | Patient>(
  mapped: readonly MappedResource[],
  type: Kind['resourceType'],
): Kind[] => mapped.map(({ resource }) => resource as Kind).filter(({ resourceType }) => resourceType === type);

const count = (mapped: readonly MappedResource[], type: string): number =>
  mapped.filter(({ resource }) => resource.resourceType === type).length;

describe.skipIf(folder === null)('the HMIS maps (skipped: shared data absent)', () => {
  let mapping: CompiledMapping<HmisRecord>;
  let record: Record<string, HmisRow[]>;
  let mapped: MappedResource[];
  beforeAll(async () => {
    mapping = await loadPack('hmis');
    record = Object.fromEntries(TABLES.map((table) => [table, rowsOf(folder!, table)]));
    mapped = mapping.toFhir(record, ALL_BUT_NEVER, context);
  }, 60_000);

  it('give every person, enrolment, exit and service of the subset its resource', () => {
    expect(record['Client']).toHaveLength(271);
    expect(count(mapped, 'Patient')).toBe(271);
    expect(count(mapped, 'EpisodeOfCare')).toBe(record['Enrollment']!.length);
    expect(count(mapped, 'Procedure')).toBe(record['Services']!.length);
    expect(count(mapped, 'Condition')).toBe(record['Disabilities']!.length);
    expect(count(mapped, 'ServiceRequest')).toBe(record['Event']!.length);
    const exits = mapped.filter(({ resource }) => resource.meta?.profile?.[0]?.endsWith('/exit-destination'));
    expect(exits).toHaveLength(record['Exit']!.length);
  });

  it('make valid R4 of dirty rows', () => {
    const errors = mapped.flatMap(({ resource }) =>
      validateResource(resource)
        .filter(({ severity }) => severity === 'error')
        .map(({ location, code }) => `${location} ${code}`),
    );
    expect([...new Set(errors)]).toEqual([]);
  });

  it('join each enrolment to its own exit', () => {
    const keyOf = (row: HmisRow): string => `${row['EnrollmentID']}|${row['PersonalID']}`;
    const exits = new Map(record['Exit']!.map((row) => [keyOf(row), row['ExitDate']]));
    const episodes = of<EpisodeOfCare>(mapped, 'EpisodeOfCare');
    const ends = new Map(episodes.map((episode) => [episode.identifier?.[0]?.value, episode.period?.end]));
    for (const row of record['Enrollment']!) {
      expect(ends.get(row['EnrollmentID'])).toBe(exits.get(keyOf(row)) || undefined);
    }
  });

  it('point every enrolment to the person whose row it is', () => {
    const patients = new Map(
      of<Patient>(mapped, 'Patient').map((patient) => [`Patient/${patient.id}`, patient.identifier?.[0]?.value]),
    );
    const person = new Map(record['Enrollment']!.map((row) => [row['EnrollmentID'], row['PersonalID']]));
    for (const episode of of<EpisodeOfCare>(mapped, 'EpisodeOfCare')) {
      expect(patients.get(episode.patient.reference!)).toBe(person.get(episode.identifier![0]!.value));
    }
  });

  it('give the same for one person as for all', () => {
    const id = record['Enrollment']![0]!['PersonalID'];
    const own = Object.fromEntries(
      Object.entries(record).map(([table, rows]) => [
        table,
        rows.filter((row) => row['PersonalID'] === undefined || row['PersonalID'] === id),
      ]),
    );
    const alone = mapping.toFhir(own, ALL_BUT_NEVER, context).map(({ resource }) => resource);
    const ids = new Set(alone.map((resource) => resource.id));
    expect(mapped.map(({ resource }) => resource).filter((resource) => ids.has(resource.id))).toEqual(alone);
  });

  it('build nothing of race, number or health when these are not permitted', () => {
    const text = JSON.stringify(mapping.toFhir(record, maskOf(['identity', 'housing', 'plan']), context));
    for (const word of [
      'us-core-race',
      'race-not-chosen',
      'us-ssn',
      'disability-any',
      'health-condition',
      'criminal-record',
      'violence-survivor',
      'insurance-any',
      'hiv',
      'sex-exchange',
      'financial-assistance',
    ])
      expect(text).not.toContain(word);
  });
});

describe('services that betray an illness', () => {
  it('leave only under the labels of that illness', async () => {
    const mapping = await loadPack('hmis');
    const row = { EnrollmentID: 'e', PersonalID: 'p', DateProvided: '2026-01-01', TypeProvided: '1' };
    const record = {
      Services: [
        { ...row, ServicesID: '1', RecordType: '144' },
        { ...row, ServicesID: '2', RecordType: '143' },
        { ...row, ServicesID: '3', RecordType: '141' },
      ],
    };
    const services = (...labels: string[]): unknown[] =>
      mapping
        .toFhir(record, maskOf(['identity', 'plan', ...labels]), context)
        .map(({ resource }) => (resource as unknown as { identifier: { value: string }[] }).identifier[0]!.value);
    expect(services()).toEqual(['1']);
    expect(services('health', 'hiv')).toEqual(['1', '2']);
    expect(services('health', 'psychiatry')).toEqual(['1', '3']);
  }, 60_000);
});
