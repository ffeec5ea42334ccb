import { describe, expect, it } from 'vitest';
import { elementOf, nearest } from '../../../src/domain/fhir/elements.js';
import { RelaisError } from '../../../src/kernel/errors.js';
import { fromRelaisError, operationOutcome } from '../../../src/domain/fhir/operation-outcome.js';
import { validateResource } from '../../../src/domain/fhir/validate.js';

describe('an element is looked up', () => {
  it.each<[string, string, object | undefined]>([
    ['Patient', 'birthDate', { types: ['date'], min: 0, max: 1, isArray: false }],
    ['Patient', 'Patient.name.given', { types: ['string'], max: Infinity, isArray: true }],
    ['Patient', 'contact', { types: ['Patient.contact'], isArray: true }],
    ['Patient', 'contact.name.family', { types: ['string'] }],
    ['Patient', 'deceased', { types: ['boolean', 'dateTime'], isOpenChoice: true }],
    ['Patient', 'deceased[x]', { types: ['boolean', 'dateTime'] }],
    ['Patient', 'deceasedBoolean', { types: ['boolean'], isOpenChoice: false }],
    ['Observation', 'subject', { targets: ['Patient', 'Group', 'Device', 'Location'] }],
    ['Observation', 'status', { min: 1 }],
    ['Questionnaire', 'item.item.item.linkId', { types: ['string'], min: 1 }],
    ['HumanName', 'family', { types: ['string'] }],
    ['Meta', 'accounts', undefined],
    ['Patient', 'birthdate', undefined],
    ['Patient', 'name[x]', undefined],
    ['Pacient', 'name', undefined],
    ['Patient', '__proto__', undefined],
  ])('%s %s', (type, path, expected) => {
    if (expected === undefined) expect(elementOf(type, path)).toBeUndefined();
    else expect(elementOf(type, path)).toMatchObject(expected);
  });

  it('with the codes of its required value set', () => {
    const codes = elementOf('Patient', 'gender')?.binding?.codes?.get('http://hl7.org/fhir/administrative-gender');
    expect([...(codes ?? [])]).toEqual(['male', 'female', 'other', 'unknown']);
  });

  it('a misspelt one has a nearest name, a foreign one has none', () => {
    expect(nearest('Patient', 'brithdate')).toBe('birthDate');
    expect(nearest('Observation', 'valueQuantiy')).toBe('valueQuantity');
    expect(nearest('Patient', 'zzzzzz')).toBeUndefined();
    expect(nearest('Patient', 'x'.repeat(10_000))).toBeUndefined();
  });
});

describe('an OperationOutcome', () => {
  const issues = validateResource({ resourceType: 'Patient', gender: 'f', birthDate: '1980-02-30' });

  it.each(['en', 'fr'] as const)('is valid FHIR R4 and names places and codes (%s)', (lang) => {
    const outcome = operationOutcome(issues, lang);
    expect(validateResource(outcome)).toEqual([]);
    expect(outcome.issue.map(({ code, expression }) => [code, expression])).toEqual([
      ['code-invalid', ['Patient.gender']],
      ['value', ['Patient.birthDate']],
    ]);
    expect(outcome.issue[1]?.details?.text).toBe(issues[1]?.message[lang]);
  });

  it('says so when nothing is wrong', () => {
    const outcome = operationOutcome([], 'fr');
    expect(validateResource(outcome)).toEqual([]);
    expect(outcome.issue).toMatchObject([{ severity: 'information', code: 'informational' }]);
  });

  it('carries an error and its violations, a pointer apart from a FHIRPath', () => {
    const error = new RelaisError('case.invalid', 422, 'invalid', 'Not a case.', {
      violations: [
        { path: '/needs/0', rule: 'case.unknown-field', message: 'Unknown field.' },
        { path: 'Patient.name', rule: 'fhir.empty', message: 'Empty.' },
      ],
    });
    const outcome = fromRelaisError(error, 'en');
    expect(validateResource(outcome)).toEqual([]);
    expect(outcome.issue).toMatchObject([
      { severity: 'error', code: 'invalid', details: { text: 'Not a case.', coding: [{ code: 'case.invalid' }] } },
      { diagnostics: '/needs/0' },
      { expression: ['Patient.name'] },
    ]);
    expect(fromRelaisError(error, 'fr', 'Ce n’est pas un dossier.').issue[0]?.details?.text).toBe(
      'Ce n’est pas un dossier.',
    );
  });
});
