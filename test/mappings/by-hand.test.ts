import type { Condition, Observation, Resource } from 'fhir/r4.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Case, CaseOf } from '../../src/domain/case/case.js';
import { syntheticCase } from '../../src/domain/case/synthetic.js';
import type { CompiledMapping } from '../../src/domain/mapping/mapping.js';
import { ALL_BUT_NEVER, context, loadPack } from './pack.js';

const OWN = 'https://relais.example/fhir';
const extension = (name: string, value: object) => ({ url: `${OWN}/StructureDefinition/${name}`, ...value });

/** The same mapping of needs and arrears, written by hand: what the compiled maps are measured against. */
function conditionOf(record: Case, need: CaseOf<'needs'>[number]): Condition {
  const within = `${record.person.id.length}:${record.person.id}`;
  const STATUS = {
    identified: 'active',
    active: 'active',
    'on-hold': 'inactive',
    met: 'resolved',
    'not-met': 'inactive',
    withdrawn: 'inactive',
  };
  const EXPRESSED_BY = {
    person: 'the person',
    relative: 'a relative',
    professional: 'a professional',
    jointly: 'the person and a professional',
  };
  const SEVERITY = { low: '255604002', moderate: '6736007', high: '24484000', urgent: '24484000' };
  const ended = need.status !== 'identified' && need.status !== 'active';
  return {
    resourceType: 'Condition',
    id: context.resourceId('Condition', `case/need|${within}${need.id}`),
    meta: {
      profile: [
        `${OWN}/StructureDefinition/need`,
        'http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-Condition',
      ],
    },
    extension: [
      ...(need.priority === undefined ? [] : [extension('priority', { valuePositiveInt: need.priority })]),
    ] as NonNullable<Condition['extension']>,
    identifier: [{ system: `${context.identifierBase}/need`, value: need.id }],
    clinicalStatus: {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: STATUS[need.status] },
        { system: `${OWN}/CodeSystem/need-status`, code: need.status },
      ],
    },
    verificationStatus: {
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status',
          code: need.status === 'identified' ? 'unconfirmed' : 'confirmed',
        },
      ],
    },
    category: [
      { coding: [{ system: 'http://hl7.org/fhir/us/core/CodeSystem/condition-category', code: 'health-concern' }] },
      { coding: [{ system: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-category', code: 'sdoh' }] },
      {
        coding: [
          {
            system: 'http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes',
            code: SDOH[need.category] ?? 'sdoh-category-unspecified',
          },
        ],
      },
    ],
    ...(need.severity && {
      severity: {
        coding: [
          { system: 'http://snomed.info/sct', code: SEVERITY[need.severity] },
          { system: `${OWN}/CodeSystem/severity`, code: need.severity },
        ],
      },
    }),
    code: {
      coding: [
        { system: `${OWN}/CodeSystem/need-category`, code: need.category },
        ...(need.codeSystem || need.code
          ? [{ ...(need.codeSystem && { system: need.codeSystem }), ...(need.code && { code: need.code }) }]
          : []),
      ],
      ...(need.description && { text: need.description }),
    },
    subject: { reference: `Patient/${context.resourceId('Patient', `case/person|${record.person.id}`)}` },
    ...(ended && need.resolvedOn && { abatementDateTime: need.resolvedOn }),
    ...(need.identifiedOn && { recordedDate: need.identifiedOn }),
    ...(need.expressedBy && { asserter: { display: EXPRESSED_BY[need.expressedBy] } }),
    ...(need.note && { note: [{ text: need.note }] }),
  };
}

const SDOH: Readonly<Record<string, string>> = {
  housing: 'housing-instability',
  'housing-quality': 'inadequate-housing',
  homelessness: 'homelessness',
  utilities: 'utility-insecurity',
  food: 'food-insecurity',
  clothing: 'material-hardship',
  hygiene: 'material-hardship',
  income: 'financial-insecurity',
  debt: 'financial-insecurity',
  employment: 'employment-status',
  training: 'educational-attainment',
  schooling: 'educational-attainment',
  isolation: 'social-connection',
  mobility: 'transportation-insecurity',
  digital: 'digital-access',
  language: 'language-access',
  justice: 'incarceration-status',
  'health-insurance': 'health-insurance-coverage-status',
};

function petOf(record: Case, pet: NonNullable<CaseOf<'housing'>['pets']>[number]): Observation {
  const component = (code: string) => ({ code: { coding: [{ system: `${OWN}/CodeSystem/component`, code }] } });
  const components = [
    ...(pet.name === undefined ? [] : [{ ...component('name'), valueString: pet.name }]),
    ...(pet.assistanceAnimal === undefined
      ? []
      : [{ ...component('assistance-animal'), valueBoolean: pet.assistanceAnimal }]),
  ];
  return {
    resourceType: 'Observation',
    id: context.resourceId('Observation', `case/pet|${record.person.id.length}:${record.person.id}${pet.id}`),
    meta: { profile: [`${OWN}/StructureDefinition/pet`] },
    identifier: [{ system: `${context.identifierBase}/pet`, value: pet.id }],
    status: 'final',
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'social-history' }] },
    ],
    code: { coding: [{ system: `${OWN}/CodeSystem/observation`, code: 'pet' }] },
    subject: { reference: `Patient/${context.resourceId('Patient', `case/person|${record.person.id}`)}` },
    valueCodeableConcept: { coding: [{ system: `${OWN}/CodeSystem/pet-kind`, code: pet.kind }] },
    ...(components.length > 0 && { component: components }),
  };
}

describe('the compiled maps', () => {
  let mapping: CompiledMapping<Case>;
  beforeAll(async () => {
    mapping = await loadPack('case');
  }, 60_000);

  const made = (record: Case, profile: string): Resource[] =>
    mapping
      .toFhir(record, ALL_BUT_NEVER, context)
      .map(({ resource }) => resource)
      .filter((resource) => resource.meta?.profile?.[0] === `${OWN}/StructureDefinition/${profile}`);

  it('make of needs what a mapping written by hand makes, member for member', () => {
    let compared = 0;
    for (let seed = 0; seed < 200; seed += 1) {
      const record = syntheticCase(seed);
      const byHand = (record.needs ?? []).map((need) => conditionOf(record, need));
      expect(made(record, 'need')).toStrictEqual(byHand);
      expect(JSON.stringify(made(record, 'need'))).toBe(JSON.stringify(byHand));
      compared += byHand.length;
    }
    expect(compared).toBeGreaterThan(100);
  });

  it('make of pets what a mapping written by hand makes', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const record = syntheticCase(seed);
      expect(made(record, 'pet')).toStrictEqual((record.housing?.pets ?? []).map((pet) => petOf(record, pet)));
    }
  });

  it('show an age without a date of birth when only ages may leave', () => {
    const record = {
      schemaVersion: 1,
      person: { id: 'p' },
      household: {
        members: [{ id: 'm', kind: 'child', age: 6, ageOn: '2026-01-01', birthDate: '2019-05-05', given: ['Amara'] }],
      },
    } as unknown as Case;
    const resources = mapping.toFhir(record, 0b101, context).map(({ resource }) => resource);
    const child = resources.find(({ resourceType }) => resourceType === 'RelatedPerson')!;
    expect(resources).toContainEqual(
      expect.objectContaining({
        resourceType: 'Observation',
        code: { coding: [{ system: 'http://loinc.org', code: '30525-0' }] },
        focus: [{ reference: `RelatedPerson/${child.id}` }],
        effectiveDateTime: '2026-01-01',
        valueQuantity: { value: 6, unit: 'a', system: 'http://unitsofmeasure.org', code: 'a' },
      }),
    );
    expect(child).not.toHaveProperty('birthDate');
    expect(child).not.toHaveProperty('name');
  });

  it('tell no home of a person without a fixed address', () => {
    const record = {
      schemaVersion: 1,
      person: { id: 'p', noFixedAddress: true, domiciliation: { kind: 'association', city: 'Valmont' } },
      addresses: [{ id: 'a', use: 'home', city: 'Elsewhere' }],
    } as unknown as Case;
    const text = JSON.stringify(mapping.toFhir(record, ALL_BUT_NEVER, context));
    expect(text).toContain('Valmont');
    expect(text).not.toContain('Elsewhere');
  });
});
