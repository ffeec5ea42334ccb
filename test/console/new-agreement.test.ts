import { describe, expect, it } from 'vitest';
import {
  bodyOf,
  faultsOf,
  newAgreement,
  newPurpose,
  type TypedAgreement,
} from '../../console/src/admin/agreements/new-agreement.js';
import type { Agreement } from '../../src/domain/agreement/agreement.js';
import { contradictionsOf, gapsOf } from '../../src/domain/agreement/check-agreement.js';
import { agreementInput } from '../../src/http/schemas/agreement.js';
import { CCAS, TOIT_COMMUN } from '../../src/demo/world.js';

const EMPTY = newAgreement(CCAS.id, '2026-03-01');
const FILLED: TypedAgreement = {
  ...EMPTY,
  titleFr: 'Accès',
  titleEn: 'Access',
  others: [TOIT_COMMUN.id],
  purposes: [
    {
      ...newPurpose(CCAS.id),
      purpose: 'HOUSING',
      recipients: [TOIT_COMMUN.id],
      // Ticked in any order.
      categories: ['contact', 'identity'],
      basis: 'public-task',
      readersFr: 'la chargée de logement',
      readersEn: 'the housing officer',
    },
  ],
  opinion: 'favourable',
  dpiaReference: 'AIPD 2026-9',
};
const faults = (change: Partial<TypedAgreement>): string[] =>
  [...faultsOf({ ...FILLED, ...change })].map(([place, fault]) => `${place} ${fault}`);

describe('an agreement from nothing', () => {
  it('as it is filled in follows the schema, contradicts nothing and lacks no clause that a proposal needs', () => {
    expect(faultsOf(FILLED).size).toBe(0);
    for (const typed of [FILLED, { ...FILLED, emergency: true, validUntil: '2027-03-01' }]) {
      const parsed = agreementInput.parse(bodyOf(typed, CCAS.id)) as unknown as Agreement;
      expect(contradictionsOf(parsed)).toEqual([]);
      expect(gapsOf(parsed)).toEqual([]);
      expect(parsed.purposes[0]?.categories).toEqual(['identity', 'contact']);
    }
  });

  it('lets nothing leave that nobody ticked: no data, no recipient, no passing on, no broken glass, nothing sensitive', () => {
    expect(EMPTY.purposes[0]).toMatchObject({ categories: [], recipients: [], grounds: ['consent'] });
    const body = bodyOf(FILLED, CCAS.id) as Agreement;
    expect(body).toMatchObject({ onward: { kind: 'forbidden' }, emergency: { allowed: false }, thirdCountries: [] });
    expect(body.purposes[0]?.sensitivities).toEqual([]);
  });

  it.each<[string, Partial<TypedAgreement>, string[]]>([
    ['a title', { titleFr: ' ' }, ['/title/fr needed']],
    ['a party', { others: [] }, ['/parties needed']],
    ['an end after its beginning', { validUntil: '2026-03-01' }, ['/validUntil order']],
    ['a whole number', { purgeAfterDays: '1.5' }, ['/purgeAfterDays number']],
    ['a number within its bounds', { breachHours: '73' }, ['/breachHours number']],
    ['an opinion', { opinion: '' }, ['/dpia/opinion needed']],
    ['a reason against an opinion', { opinion: 'unfavourable' }, ['/dpia/reason needed']],
    ['no reference where none is required', { opinion: 'not-required', dpiaReason: 'r', dpiaReference: '' }, []],
    ['data of an emergency', { emergency: true, emergencyCategories: [] }, ['/emergency/categories needed']],
    ['no number of an emergency that is not allowed', { emergencyHours: '' }, []],
  ])('needs %s', (_name, change, expected) => expect(faults(change)).toEqual(expected));

  it('names every member of a purpose that was left empty', () => {
    const found = faults({ purposes: [newPurpose(CCAS.id)] });
    expect(found).toHaveLength(6);
    expect(found).toContain('/purposes/0/categories needed');
  });
});
