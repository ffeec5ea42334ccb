import type { FhirResource } from 'fhir/r4.js';
import { describe, expect, it } from 'vitest';
import { inSections } from '../../src/http/site/links/fhir-words.js';

const shown = (resource: object, lang: 'en' | 'fr' = 'en'): string =>
  inSections([resource as FhirResource], lang)
    .map(({ markup }) => markup)
    .join('')
    .replace(/\s+/g, ' ');

describe('what was sent, in words', () => {
  it('keeps amounts, dates, names and choices, in the language of the reader', () => {
    const arrears = {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'x', code: 'arrears' }], text: 'Rent arrears' },
      effectiveDateTime: '2026-02-09',
      valueQuantity: { value: 2140, unit: 'EUR', system: 'urn:iso:std:iso:4217', code: 'EUR' },
      meta: { security: [{ system: 'x', code: 'R' }] },
    };
    for (const said of ['What is known', 'Rent arrears', '2,140 EUR', '9 February 2026', 'restricted']) {
      expect(shown(arrears)).toContain(said);
    }
    expect(shown(arrears)).not.toContain('final');
    for (const said of ['Ce qui est connu', '9 février 2026', 'diffusion restreinte', 'Valeur']) {
      expect(shown(arrears, 'fr')).toContain(said);
    }
    const money = { value: 535, currency: 'EUR' };
    const tenancy = { resourceType: 'Contract', term: [{ rent: money, deposit: money }] };
    expect(shown(tenancy)).toContain('535 EUR 535 EUR');
    const person = {
      resourceType: 'Patient',
      name: [{ given: ['Grace', 'Ada'], family: 'Okafor' }],
      birthDate: '1991',
    };
    expect(shown(person)).toContain('Grace Ada Okafor');
  });

  it('hides nothing that it has no word for, and writes markup as text', () => {
    const odd = { resourceType: 'Basic', oddElement: '<script>alert(1)</script>', code: { coding: [{ code: 'a-b' }] } };
    expect(shown(odd)).toContain('oddElement');
    expect(shown(odd)).toContain('&lt;script&gt;');
    expect(shown(odd)).toContain('a b');
    expect(shown(odd)).not.toContain('<script');
  });
});
