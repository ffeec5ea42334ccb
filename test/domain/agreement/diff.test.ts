import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textDigest, type Agreement, type AgreementPurpose } from '../../../src/domain/agreement/agreement.js';
import { diffAgreements } from '../../../src/domain/agreement/diff.js';
import { leave } from '../../../src/domain/agreement/parties.js';
import { isWithin } from '../../../src/domain/agreement/reach.js';
import { instant } from '../../../src/kernel/clock.js';
import { withFrenchSpaces } from '../../../src/kernel/i18n.js';
import { CATEGORIES, SENSITIVITIES } from '../../../src/domain/labels/labels.js';
import { inForce, THIRD } from '../../support/agreements.js';
import { RECIPIENT, SENDER } from '../../support/terms.js';

const purpose = inForce().purposes[0]!;
const withPurpose = (change: Partial<AgreementPurpose>): Partial<Agreement> => ({
  purposes: [{ ...purpose, ...change }],
});
const names = (id: string): string =>
  new Map<string, string>([
    [SENDER, 'CCAS'],
    [RECIPIENT, 'Toit Commun'],
    [THIRD, 'Les Tilleuls'],
  ]).get(id) ?? id;

describe('the difference of two texts', () => {
  it.each<[string, Partial<Agreement>, string, string, string]>([
    [
      '/title',
      { title: { en: 'New', fr: 'Neuf' } },
      'other',
      'Title: Agreement becomes New.',
      'Titre : « Convention » devient « Neuf ».',
    ],
    ['/validUntil', { validUntil: instant('2028-01-01T00:00:00Z') }, 'wider', '2028-01-01', '2028-01-01'],
    [
      '/validFrom',
      { validFrom: instant('2026-02-01T00:00:00Z') },
      'narrower',
      'In force from',
      'En vigueur à partir du',
    ],
    [
      '/purgeAfterDays',
      { purgeAfterDays: 60 },
      'other',
      '30 days becomes 60 days',
      '« 30 jours » devient « 60 jours »',
    ],
    [
      '/dpia',
      { dpia: { opinion: 'unfavourable', reference: 'X', reason: 'art. 36' } },
      'other',
      'unfavourable opinion; X; art. 36',
      'avis défavorable ; X ; art. 36',
    ],
    [
      '/retention',
      { retention: { days: 90, then: 'return', certificate: false } },
      'other',
      '365 days, then deleted, with a certificate becomes 90 days, then returned',
      '365 jours, puis suppression, avec attestation',
    ],
    [
      '/onward',
      { onward: { kind: 'listed', recipients: ['ANAH'] } },
      'other',
      'forbidden becomes to ANAH only',
      'à ANAH seulement',
    ],
    ['/emergency', { emergency: { allowed: false } }, 'narrower', 'becomes not allowed', 'devient « non admise »'],
    ['/adhesion', { adhesion: { open: false } }, 'other', 'becomes closed', 'devient « fermée »'],
    ['/auditRight', { auditRight: { noticeDays: 5 } }, 'other', '30 days becomes 5 days', '« 5 jours »'],
    ['/breachNotice', { breachNotice: { withinHours: 48 } }, 'other', '24 hours becomes 48 hours', '« 48 heures »'],
    [
      '/answerWithinDays',
      { answerWithinDays: 14 },
      'other',
      'Term of an answer: 14 days is added.',
      'Délai de réponse : ajout de « 14 jours ».',
    ],
    ['/reviewOn', { reviewOn: '2027-01-01' }, 'other', 'Review', 'Réexamen'],
    ['/thirdCountries', { thirdCountries: ['CA'] }, 'other', 'none becomes CA', '« aucun » devient « CA »'],
    [
      '/parties/2',
      { parties: [SENDER, RECIPIENT, THIRD] },
      'other',
      'Parties: Les Tilleuls is added.',
      'Parties : ajout de « Les Tilleuls ».',
    ],
    [
      '/purposes/0/senders/1',
      withPurpose({ senders: [SENDER, RECIPIENT] }),
      'wider',
      'For access to housing · Senders: Toit Commun is added.',
      'Expéditeurs : ajout de « Toit Commun ».',
    ],
    [
      '/purposes/0/recipients/0',
      withPurpose({ recipients: [] }),
      'narrower',
      'Toit Commun is removed',
      'retrait de « Toit Commun »',
    ],
    [
      '/purposes/0/categories/5',
      withPurpose({ categories: [...purpose.categories, 'health'] }),
      'wider',
      'For access to housing · Categories: health is added.',
      'Pour accès au logement · Catégories : ajout de « santé ».',
    ],
    [
      '/purposes/0/categories/4',
      withPurpose({ categories: purpose.categories.slice(0, 4) }),
      'narrower',
      'income and rights is removed',
      'retrait de « ressources et droits »',
    ],
    [
      '/purposes/0/sensitivities/0',
      withPurpose({ sensitivities: ['hiv'] }),
      'wider',
      'Sensitive data: HIV is added.',
      'ajout de « VIH »',
    ],
    [
      '/purposes/0/secrecyGrounds/1',
      withPurpose({ secrecyGrounds: ['consent', 'statute'] }),
      'wider',
      'a statute, cited is added',
      'un texte de loi, cité',
    ],
    [
      '/purposes/0/recipientFunctions/1',
      withPurpose({ recipientFunctions: [...purpose.recipientFunctions!, { en: 'nurse', fr: 'infirmier' }] }),
      'other',
      'nurse is added',
      'ajout de « infirmier »',
    ],
    [
      '/purposes/0/roles/1',
      withPurpose({ roles: [purpose.roles![0]!] }),
      'other',
      'Toit Commun, controller is removed',
      'Toit Commun, responsable du traitement',
    ],
    [
      '/purposes/0/dataProtectionBasis',
      withPurpose({ dataProtectionBasis: 'consent' }),
      'other',
      'public task',
      'mission d’intérêt public',
    ],
    [
      '/purposes/0/article9Condition',
      withPurpose({ article9Condition: 'h' }),
      'other',
      'Article 9 condition: h is added.',
      'ajout de « h »',
    ],
    [
      '/purposes/1',
      { purposes: [purpose, { ...purpose, purpose: 'COC' }] },
      'wider',
      'Purpose: continuity of care is added.',
      'Finalité : ajout de « continuité des soins ».',
    ],
    [
      '/purposes/0',
      { purposes: [] },
      'narrower',
      'Purpose: access to housing is removed.',
      'Finalité : retrait de « accès au logement ».',
    ],
  ])('%s is told once, with its effect, in both languages', (path, change, effect, en, fr) => {
    const changes = diffAgreements(inForce(), inForce(change), names);
    expect(changes.map((one) => [one.path, one.effect])).toEqual([[path, effect]]);
    expect(changes[0]!.text.en).toContain(en);
    expect(changes[0]!.text.fr).toContain(withFrenchSpaces(fr));
    expect(JSON.stringify(changes)).not.toMatch(/[{]\w+[}]|undefined/);
  });

  it('says nothing of where a text stands, nor of the order of its lists', () => {
    const turned = withPurpose({ categories: [...purpose.categories].reverse() });
    expect(
      diffAgreements(inForce(), { ...inForce(turned), version: 9, status: 'suspended', suspendedBy: [SENDER] }),
    ).toEqual([]);
  });
});

const text = fc
  .record({
    parties: fc.constantFrom([SENDER, RECIPIENT], [SENDER, RECIPIENT, THIRD]),
    purposes: fc.array(
      fc.record({
        purpose: fc.constantFrom('HOUSING' as const, 'COC' as const),
        senders: fc.subarray([SENDER, THIRD], { minLength: 1 }),
        recipients: fc.subarray([RECIPIENT, THIRD], { minLength: 1 }),
        categories: fc.subarray([...CATEGORIES], { minLength: 1 }),
        sensitivities: fc.subarray([...SENSITIVITIES], { maxLength: 2 }),
        secrecyGrounds: fc.subarray(['consent', 'statute'] as const, { minLength: 1 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    emergency: fc.constantFrom<Agreement['emergency']>(
      undefined,
      { allowed: false },
      { allowed: true, categories: ['identity', 'health'], maxHours: 1, reviewWithinDays: 1 },
    ),
    purgeAfterDays: fc.nat(3),
  })
  .map(({ parties, purposes, emergency, ...rest }): Agreement => {
    const { emergency: _, ...base } = inForce();
    return {
      ...base,
      ...rest,
      parties,
      ...(emergency !== undefined && { emergency }),
      purposes: purposes.map((one) => ({
        ...one,
        dataProtectionBasis: 'public-task',
        senders: one.senders.filter((id) => parties.includes(id)),
        recipients: one.recipients.filter((id) => parties.includes(id)),
      })),
    };
  });
/** Ten thousand runs take minutes on a busy machine. */
const LAWS = { timeout: 1_600_000 };
const runs = { numRuns: Math.max(300, Number(process.env['RELAIS_PROPERTY_RUNS'] ?? 0)) };

describe('laws of the difference', LAWS, () => {
  it('nothing differs exactly when the texts are one', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(diffAgreements(a, a)).toEqual([]);
        if (textDigest(a) !== textDigest(b) && diffAgreements(a, b).length === 0) {
          // Only the order of equal things may differ then.
          expect(isWithin(a, b) && isWithin(b, a)).toBe(true);
        }
      }),
      runs,
    );
  });

  it('a text that lets more happen is never told without a change that is called wider', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const changes = diffAgreements(before, after);
        if (!isWithin(after, before))
          expect(changes.some(({ effect, element }) => effect === 'wider' || element === 'parties')).toBe(true);
      }),
      runs,
    );
  });

  it('who leaves makes nothing wider', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(SENDER, RECIPIENT, THIRD), (before, leaver) => {
        const after = leave(before, leaver);
        if (after !== null) expect(isWithin(after, before)).toBe(true);
      }),
      runs,
    );
  });
});
