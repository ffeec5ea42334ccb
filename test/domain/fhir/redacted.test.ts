import fc from 'fast-check';
import type { Resource } from 'fhir/r4.js';
import { describe, expect, it } from 'vitest';
import { dropDanglingReferences, maskRequired, requiredElements } from '../../../src/domain/fhir/redacted.js';
import { validateResource } from '../../../src/domain/fhir/validate.js';

const masked = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'masked' }],
};
const as = (value: unknown) => value as Resource;

describe('a required element that may not be said', () => {
  it('is masked, and the resource is valid', () => {
    const resource = maskRequired(as({ resourceType: 'Observation', status: 'final' }));
    expect(resource).toEqual({ resourceType: 'Observation', status: 'final', code: masked });
    expect(validateResource(resource)).toEqual([]);
  });

  it('is masked as a primitive beside its name', () => {
    const resource = maskRequired(
      as({ resourceType: 'QuestionnaireResponse', status: 'completed', item: [{ text: 'a' }] }),
    );
    expect(resource).toMatchObject({ item: [{ text: 'a', _linkId: masked }] });
    expect(validateResource(resource)).toEqual([]);
  });

  it('takes the resource with it when only a code of a required value set could stand there', () => {
    expect(maskRequired(as({ resourceType: 'Observation', code: { text: 'x' } }))).toBeNull();
    expect(maskRequired(as({ resourceType: 'Unknown' }))).toBeNull();
  });

  it('takes an optional element with it, but not the resource', () => {
    const resource = maskRequired(
      as({ resourceType: 'Patient', id: 'p', link: [{ other: { reference: 'Patient/2' } }] }),
    );
    expect(resource).toEqual({ resourceType: 'Patient', id: 'p' });
  });

  it('is listed for a type', () => {
    expect(requiredElements('Observation')).toEqual([
      { key: 'status', type: 'code', isArray: false, canBeMasked: false },
      { key: 'code', type: 'CodeableConcept', isArray: false, canBeMasked: true },
    ]);
  });

  it('leaves a complete resource as it is', () => {
    const resource = as({ resourceType: 'Observation', status: 'final', code: { text: 'x' } });
    expect(maskRequired(resource)).toBe(resource);
  });
});

describe('a reference to what is gone', () => {
  const patient = { resourceType: 'Patient', id: 'p' };
  const of = (...resources: unknown[]) => dropDanglingReferences(resources.map(as));

  it('goes when it is optional', () => {
    const observation = { resourceType: 'Observation', id: 'o', status: 'final', code: { text: 'x' } };
    expect(
      of({ ...observation, subject: { reference: 'Patient/gone' }, performer: [{ reference: 'Patient/gone' }] }),
    ).toEqual([observation]);
  });

  it('takes an observation about somebody else along, which would else be about its subject', () => {
    const age = {
      resourceType: 'Observation',
      id: 'o',
      status: 'final',
      code: { text: 'age' },
      subject: { reference: 'Patient/p' },
    };
    const member = { resourceType: 'RelatedPerson', id: 'r', patient: { reference: 'Patient/p' } };
    const ofMember = { ...age, focus: [{ reference: 'RelatedPerson/r' }] };
    expect(of(patient, ofMember)).toEqual([patient]);
    expect(of(patient, member, ofMember)).toEqual([patient, member, ofMember]);
    expect(of(patient, { ...age, focus: [{ reference: 'EpisodeOfCare/gone' }] })).toEqual([patient, age]);
  });

  it('is masked when it is required', () => {
    const [condition] = of({ resourceType: 'Condition', id: 'c', subject: { reference: 'Patient/gone' } });
    expect(condition).toEqual({ resourceType: 'Condition', id: 'c', subject: masked });
    expect(validateResource(condition)).toEqual([]);
  });

  it('stays when it is absolute, a urn, logical, contained or present', () => {
    const resources = [
      patient,
      {
        resourceType: 'Patient',
        id: 'q',
        contained: [{ resourceType: 'Organization', id: 'o', name: 'a' }],
        managingOrganization: { reference: '#o' },
        generalPractitioner: [
          { reference: 'https://example.org/fhir/Practitioner/1' },
          { reference: 'urn:uuid:7f6a3a52-95a5-4d4c-9a6c-2d4ab4b1a2c1' },
          { identifier: { value: '1' } },
        ],
        link: [{ type: 'seealso', other: { reference: 'Patient/p' } }],
      },
    ].map(as);
    const kept = dropDanglingReferences(resources);
    expect(kept[0]).toBe(resources[0]);
    expect(kept[1]).toBe(resources[1]);
  });

  it('is followed through resources that go because of it', () => {
    // A List entry without item is nothing; the extension that pointed to the gone one goes whole.
    const [list] = of({
      resourceType: 'Basic',
      id: 'b',
      code: { text: 'x' },
      extension: [{ url: 'http://a.example', valueReference: { reference: 'Patient/gone' } }],
    });
    expect(list).toEqual({ resourceType: 'Basic', id: 'b', code: { text: 'x' } });
  });

  it('is never left, and a second pass changes nothing', () => {
    const id = fc.constantFrom('a', 'b', 'c');
    const reference = fc.record({
      reference: fc.tuple(fc.constantFrom('Patient', 'Condition', 'Task'), id).map((parts) => parts.join('/')),
    });
    const resource = fc.oneof(
      id.map((own) => ({ resourceType: 'Patient', id: own })),
      fc.tuple(id, reference).map(([own, subject]) => ({ resourceType: 'Condition', id: own, subject })),
      fc.tuple(id, fc.array(reference), reference).map(([own, basedOn, valueReference]) => ({
        resourceType: 'Task',
        id: own,
        status: 'requested',
        intent: 'order',
        ...(basedOn.length > 0 ? { basedOn } : {}),
        input: [{ type: { text: 't' }, valueReference }],
      })),
    );
    const set = fc.uniqueArray(resource, { selector: ({ resourceType, id: own }) => `${resourceType}/${own}` });
    fc.assert(
      fc.property(set, (resources) => {
        const kept = dropDanglingReferences(resources.map(as));
        expect(dropDanglingReferences(kept)).toEqual(kept);
        const present = new Set(kept.map(({ resourceType, id: own }) => `${resourceType}/${own}`));
        for (const [, target] of JSON.stringify(kept).matchAll(/"reference":"([^"]+)"/g))
          expect(present).toContain(target);
        for (const one of kept)
          expect(validateResource(one).filter(({ code }) => code !== 'fhir.reference-target')).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
