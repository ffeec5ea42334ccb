import type { Observation, Resource } from 'fhir/r4.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Case, CaseOf } from '../../src/domain/case/case.js';
import { validateResource } from '../../src/domain/fhir/validate.js';
import type { CompiledMapping } from '../../src/domain/mapping/mapping.js';
import { ALL_BUT_NEVER, context, loadPack } from './pack.js';
import { bundleOf } from './round-trip.js';

const OWN = 'https://relais.example/fhir';
const OWN_ANSWER = `${OWN}/CodeSystem/screening-answer`;
const given = { userSelected: true, system: 'https://agency.example/answers', code: '8' };

type Answer = Omit<CaseOf<'screenings'>[number], 'id' | 'kind'>;

describe('stays and what happened in them', () => {
  let mapping: CompiledMapping<Case>;
  beforeAll(async () => {
    mapping = await loadPack('case');
  }, 60_000);

  const record = (part: Partial<Case>): Case => ({ schemaVersion: 1, person: { id: 'p', anonymous: true }, ...part });
  const made = (part: Partial<Case>): Resource[] =>
    mapping.toFhir(record(part), ALL_BUT_NEVER, context).map(({ resource }) => resource);
  const back = (resources: readonly Resource[]) =>
    mapping.fromFhir(bundleOf(resources.map((resource) => ({ resource, labels: 0 }))), ALL_BUT_NEVER, context);

  const coded = (code: string, ...before: object[]) => ({ coding: [...before, { system: OWN_ANSWER, code }] });
  const YES = { system: 'http://terminology.hl7.org/CodeSystem/v2-0136', code: 'Y' };
  const NO = { ...YES, code: 'N' };
  const absent = (code: string) => ({ system: 'http://terminology.hl7.org/CodeSystem/data-absent-reason', code });

  it.each<[string, Answer, object]>([
    ['yes', { topic: 'employed', answer: 'yes' }, { valueCodeableConcept: coded('yes', YES) }],
    ['no', { topic: 'employed', answer: 'no' }, { valueCodeableConcept: coded('no', NO) }],
    ['a grade', { topic: 'general-health-status', answer: 'fair' }, { valueCodeableConcept: coded('fair') }],
    [
      'the agency’s code alone',
      { topic: 'employment-type', answer: 'coded', answerSystem: given.system, answerCode: '8' },
      { valueCodeableConcept: { coding: [...coded('coded').coding, given] } },
    ],
    [
      '“does not know”',
      { topic: 'violence-survivor', answer: 'unknown', answerSystem: given.system, answerCode: '8' },
      { dataAbsentReason: { coding: [...coded('unknown', absent('asked-unknown')).coding, given] } },
    ],
    [
      '“prefers not to answer”',
      { topic: 'violence-survivor', answer: 'declined' },
      { dataAbsentReason: coded('declined', absent('asked-declined')) },
    ],
    [
      'not asked',
      { topic: 'violence-survivor', answer: 'not-collected' },
      { dataAbsentReason: coded('not-collected', absent('not-asked')) },
    ],
    ['a date', { topic: 'homeless-since', date: '2023-05' }, { valueDateTime: '2023-05' }],
    ['a number', { topic: 'hiv-t-cell-count', count: 350 }, { valueInteger: 350 }],
    [
      'an amount',
      { topic: 'income-total', amount: 500, currency: 'USD' },
      { valueQuantity: { value: 500, unit: 'USD', system: 'urn:iso:std:iso:4217', code: 'USD' } },
    ],
    ['words', { topic: 'assessment-question', topicText: 'Why?', text: 'So.' }, { valueString: 'So.' }],
    [
      'yes, and how much',
      { topic: 'income-earned', answer: 'yes', amount: 500, currency: 'USD' },
      {
        extension: [{ url: `${OWN}/StructureDefinition/answer-amount`, valueMoney: { value: 500, currency: 'USD' } }],
        valueCodeableConcept: coded('yes', YES),
      },
    ],
  ])('an answer: %s', (_, answer, expected) => {
    const screenings = [{ id: 'q', kind: 'other' as const, ...answer }];
    const [, observation, ...others] = made({ screenings }) as [Resource, Observation, ...Resource[]];
    expect(others).toEqual([]);
    const { extension, valueCodeableConcept, valueQuantity, valueInteger, valueDateTime, valueString } = observation;
    const said = { extension, valueCodeableConcept, valueQuantity, valueInteger, valueDateTime, valueString };
    expect({ ...said, dataAbsentReason: observation.dataAbsentReason }).toEqual(expected);
    expect(validateResource(observation).filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(back(made({ screenings })).record.screenings).toEqual(screenings);
  });

  it('a stay is no case file, and the other way round', () => {
    const part: Partial<Case> = {
      caseFile: { status: 'active', openedOn: '2023-01-01' },
      stays: [
        { id: 's', kind: 'emergency-shelter', status: 'finished', startDate: '2023-02-01', endDate: '2023-03-01' },
      ],
    };
    const episodes = made(part).filter(({ resourceType }) => resourceType === 'EpisodeOfCare');
    expect(episodes.map(({ meta }) => meta?.profile?.[0]?.split('/').at(-1))).toEqual(['case-file', 'enrolment']);
    expect(back(made(part)).record).toEqual({ person: { id: 'p', anonymous: true }, ...part });
  });

  it('where somebody lived is not where they live', () => {
    const part: Partial<Case> = {
      housing: {
        situation: { kind: 'hotel', since: '2024' },
        history: [
          { id: 'h1', kind: 'street', observedOn: '2023-06-01', since: '2022' },
          { id: 'h2', kind: 'social-tenant', since: '2019', until: '2022-01' },
        ],
      },
    };
    const [now, seen, before] = made(part).slice(1) as [Observation, Observation, Observation];
    expect(now).toMatchObject({ effectivePeriod: { start: '2024' } });
    expect(seen.effectiveDateTime).toBe('2023-06-01');
    expect(seen).not.toHaveProperty('effectivePeriod');
    expect(before.effectivePeriod).toEqual({ start: '2019', end: '2022-01' });
    expect(back(made(part)).record.housing).toEqual(part.housing);
  });

  it('a service is no treatment', () => {
    const part: Partial<Case> = {
      health: { treatments: [{ id: 't', kind: 'dialysis', name: 'Dialyse' }] },
      services: [{ id: 't', kind: 'health-care', date: '2026-01-01' }],
    };
    const { record: again } = back(made(part));
    expect({ health: again.health, services: again.services }).toEqual(part);
  });

  it('a condition that the person said no to is refuted, and has no clinical status', () => {
    const conditions = [
      { id: 'c', kind: 'hiv' as const, status: 'unknown' as const, verification: 'refuted' as const },
    ];
    const condition = made({ health: { conditions } })[1];
    expect(condition).toMatchObject({ verificationStatus: { coding: [{ code: 'refuted' }] } });
    expect(condition).not.toHaveProperty('clinicalStatus');
    expect(back(made({ health: { conditions } })).record.health).toEqual({ conditions });
  });
});
