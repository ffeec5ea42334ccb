import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instant } from '../../../src/kernel/clock.js';
import type { ConsentId } from '../../../src/kernel/ids.js';
import type { Measure } from '../../../src/domain/consent/decision-maker/circumstances.js';
import type { DecisionTaken } from '../../../src/domain/consent/decision-maker/standing.js';
import type { ConsentRule, ConsentTerms } from '../../../src/domain/consent/terms.js';
import { decide } from '../../../src/domain/decision/decide.js';
import type { DisclosureRequest, Terms } from '../../../src/domain/decision/decision.js';
import { CATEGORIES, labelsOf, maskOf, SENSITIVITIES, type LabelMask } from '../../../src/domain/labels/labels.js';
import { agreement, consent, OWN_DECISION, RECIPIENT, request, SENDER, STRANGER, terms } from '../../support/terms.js';

const informed = { parties: ['person' as const], on: '2026-02-01' };
const permittedBy = (t: Terms, r: DisclosureRequest): LabelMask => {
  const decision = decide(t, r);
  return decision.outcome === 'permit' ? decision.permit.permitted : 0;
};

describe('a disclosure that agreement and consent cover', () => {
  test('is permitted for what both have in common, and says on what ground', () => {
    const decision = decide(terms(), request());
    if (decision.outcome !== 'permit') throw new Error(decision.reasons[0].code);
    expect(labelsOf(decision.permit.permitted)).toEqual(['identity', 'contact', 'household', 'housing']);
    expect(decision.permit.ground.dataProtectionBasis).toBe('public-task');
    expect(decision.permit.ground.secrecy).toEqual({ kind: 'consent', consents: [{ id: consent().id, version: 1 }] });
    expect(decision.permit.agreement).toEqual({ id: agreement().id, version: 3, purgeAfterDays: 30 });
    expect(decision.reasons).toEqual([
      { code: 'permit.consent', parameters: { recipient: RECIPIENT, date: '2026-02-09' } },
    ]);
  });

  test('is permitted by a later yes that the person confirmed in place of their no', () => {
    const later = instant('2026-02-09T10:00:00Z');
    const replacing = consent({ id: 'later' as ConsentId, decidedAt: later, supersedes: [consent().id] });
    const refused = consent({ status: 'rejected' });
    expect(permittedBy(terms({ consents: [refused, replacing] }), request())).not.toBe(0);
    expect(permittedBy(terms({ consents: [refused, { ...replacing, supersedes: [] }] }), request())).toBe(0);
  });

  test('to protect somebody in danger is not stopped by an objection, which a human judges', () => {
    const ground = { kind: 'safeguarding', justification: 'x', informed } as const;
    const agreements = [agreement({ purposes: [{ ...agreement().purposes[0]!, secrecyGrounds: ['safeguarding'] }] })];
    expect(permittedBy(terms({ agreements, objections: ['o'] }), request({ ground }))).not.toBe(0);
  });

  test('is narrowed to what the author asks for', () => {
    const decision = decide(terms(), request({ requested: maskOf(['identity', 'income']) }));
    expect(decision.outcome === 'permit' && labelsOf(decision.permit.permitted)).toEqual(['identity']);
  });
});

const other = (id: string, changes: Partial<ConsentTerms>): ConsentTerms =>
  consent({ id: id as ConsentId, ...changes });
const rule = (changes: Partial<ConsentRule>): ConsentRule => ({ ...consent().rules[0], type: 'permit', ...changes });
const purposes = (changes: object): Terms =>
  terms({ agreements: [agreement({ purposes: [{ ...agreement().purposes[0]!, ...changes }] })] });

const { decision: _, ...undecided } = consent();
const objecting: DecisionTaken = { ...OWN_DECISION, expressed: { ...OWN_DECISION.expressed, personView: 'objects' } };
const guardianship: Measure = {
  id: 'm',
  kind: 'guardianship',
  status: 'active',
  scope: 'person',
  instrument: 'court-order',
  startDate: '2024-01-01',
};
const byGuardian: DecisionTaken = {
  jurisdiction: 'FR',
  capacity: 'unable',
  ofAge: false,
  expressed: { personView: 'agrees', answers: [{ by: { kind: 'measure', id: 'm' }, answer: 'yes' }] },
};

describe('a disclosure is denied when', () => {
  test.each<[string, Terms, DisclosureRequest, string]>([
    ['the case is unknown', terms({ subject: null }), request(), 'deny.case-unknown'],
    [
      'the person has died',
      terms({ subject: { ...terms().subject!, deceased: true } }),
      request(),
      'deny.person-deceased',
    ],
    ['the recipient is unknown', terms({ recipient: null }), request(), 'deny.recipient-unknown'],
    [
      'the recipient has no system',
      terms({ recipient: { partnerId: null, partnerActive: false } }),
      request(),
      'deny.recipient-no-partner',
    ],
    [
      "the recipient's system is suspended",
      terms({ recipient: { ...terms().recipient!, partnerActive: false } }),
      request(),
      'deny.recipient-suspended',
    ],
    ['there is no agreement', terms({ agreements: [] }), request(), 'deny.no-agreement'],
    [
      'the agreement is a draft',
      terms({ agreements: [agreement({ status: 'draft' })] }),
      request(),
      'deny.no-agreement',
    ],
    [
      'the agreement is suspended',
      terms({ agreements: [agreement({ status: 'suspended' })] }),
      request(),
      'deny.agreement-suspended',
    ],
    [
      'the agreement has ended',
      terms({ agreements: [agreement({ validUntil: instant('2026-02-10T10:00:00Z') })] }),
      request(),
      'deny.agreement-expired',
    ],
    [
      'the agreement has not begun',
      terms({ agreements: [agreement({ validFrom: instant('2026-02-10T10:00:00.001Z') })] }),
      request(),
      'deny.no-agreement',
    ],
    ['the agreement is for another purpose', terms(), request({ purpose: 'COC' }), 'deny.no-agreement'],
    [
      'the recipient is no party',
      terms({ agreements: [agreement({ parties: [SENDER, STRANGER] })] }),
      request(),
      'deny.no-agreement',
    ],
    ['the clause names another recipient', purposes({ recipients: [STRANGER] }), request(), 'deny.no-agreement'],
    ['the clause names another sender', purposes({ senders: [RECIPIENT] }), request(), 'deny.no-agreement'],
    [
      'the agreement does not accept the ground',
      terms(),
      request({ ground: { kind: 'safeguarding', justification: 'x', informed } }),
      'deny.ground-not-accepted',
    ],
    ['there is no consent', terms({ consents: [] }), request(), 'deny.no-consent'],
    [
      'the consent is for another recipient',
      terms({ consents: [consent({ rules: [rule({ recipients: [STRANGER] })] })] }),
      request(),
      'deny.no-consent',
    ],
    [
      'the consent is for another purpose',
      terms({ consents: [consent({ rules: [rule({ purposes: ['COC'] })] })] }),
      request(),
      'deny.no-consent',
    ],
    [
      'the consent has ended',
      terms({ consents: [consent({ rules: [rule({ until: instant('2026-02-10T10:00:00Z') })] })] }),
      request(),
      'deny.consent-expired',
    ],
    [
      'the consent has not begun',
      terms({ consents: [consent({ rules: [rule({ from: instant('2026-02-11T00:00:00Z') })] })] }),
      request(),
      'deny.no-consent',
    ],
    [
      'the consent was withdrawn',
      terms({ consents: [consent({ status: 'inactive' })] }),
      request(),
      'deny.consent-withdrawn',
    ],
    [
      'the only consent was replaced by a confirmed no',
      terms({
        consents: [
          consent(),
          other('later', {
            decidedAt: instant('2026-02-09T10:00:00Z'),
            supersedes: [consent().id],
            rules: [rule({ type: 'deny' })],
          }),
        ],
      }),
      request(),
      'deny.consent-refused',
    ],
    [
      'a refusal stands again because what replaced it was withdrawn',
      terms({
        consents: [
          consent({ status: 'rejected' }),
          other('later', {
            decidedAt: instant('2026-02-09T10:00:00Z'),
            supersedes: [consent().id],
            status: 'inactive',
          }),
        ],
      }),
      request(),
      'deny.consent-refused',
    ],
    ['it is not known who decided', terms({ consents: [undecided] }), request(), 'deny.decision-maker'],
    ['it is not known how old the person is', terms({ circumstances: null }), request(), 'deny.decision-maker'],
    [
      'it was taken over under an agreement that lets nothing go on',
      terms({ origin: { from: 'elsewhere' as never, onward: { kind: 'forbidden' } } }),
      request(),
      'deny.onward-forbidden',
    ],
    [
      'it was taken over and may go on to others alone',
      terms({ origin: { from: 'elsewhere' as never, onward: { kind: 'listed', recipients: [] } } }),
      request(),
      'deny.onward-not-listed',
    ],
    ['an objection of the person stands', terms({ objections: ['o'] }), request(), 'deny.person-objects'],
    [
      'an objection of the person stands, and a statute is cited',
      terms({
        agreements: [agreement({ purposes: [{ ...agreement().purposes[0]!, secrecyGrounds: ['statute'] }] })],
        objections: ['o'],
      }),
      request({ ground: { kind: 'statute', citation: 'CASF L226-2-2', justification: 'x', informed } }),
      'deny.person-objects',
    ],
    [
      'the person objects to what somebody consented to',
      terms({ consents: [consent(), other('x', { decision: objecting })] }),
      request(),
      'deny.person-objects',
    ],
    [
      'the person objects, and the care team relies on non-opposition',
      terms({
        agreements: [agreement({ purposes: [{ ...agreement().purposes[0]!, secrecyGrounds: ['care-team'] }] })],
        consents: [consent({ decision: objecting })],
      }),
      request({ ground: { kind: 'care-team', justification: 'x', informedOn: '2026-02-01' } }),
      'deny.person-objects',
    ],
    [
      'the person and their guardian each decided a part of it',
      terms({
        circumstances: { birthDate: '1991-05-17', measures: [guardianship] },
        consents: [
          consent({ decision: { ...OWN_DECISION, jurisdiction: 'FR', capacity: 'able' } }),
          other('x', { decision: byGuardian, rules: [rule({ labels: ['income'] })] }),
        ],
      }),
      request(),
      'deny.decision-maker',
    ],
    ['the person refused', terms({ consents: [consent({ status: 'rejected' })] }), request(), 'deny.consent-refused'],
    [
      'a denial stands beside a permission',
      terms({ consents: [consent(), other('x', { rules: [{ type: 'deny', recipients: [RECIPIENT] }] })] }),
      request(),
      'deny.consent-refused',
    ],
    [
      'a consent cannot be read',
      terms({ consents: [consent(), other('x', { status: 'unreadable', rules: [] })] }),
      request(),
      'deny.consent-unreadable',
    ],
    [
      'nothing that is asked is permitted',
      terms(),
      request({ requested: maskOf(['health']) }),
      'deny.nothing-permitted',
    ],
    [
      'identity may not leave',
      terms({ consents: [consent({ rules: [rule({ labels: ['housing'] })] })] }),
      request(),
      'deny.identity-not-permitted',
    ],
  ])('%s', (_, t, r, code) => {
    const decision = decide(t, r);
    expect(decision.outcome).toBe('deny');
    expect(decision.reasons[0]?.code).toBe(code);
  });
});

describe('other grounds', () => {
  const accepting = purposes({ secrecyGrounds: ['care-team', 'statute', 'safeguarding'] });
  test('a statute needs no consent and is cited', () => {
    const decision = decide(
      { ...accepting, consents: [] },
      request({ ground: { kind: 'statute', citation: 'CASF L226-2-2', justification: 'j', informed } }),
    );
    expect(decision.outcome).toBe('permit');
    expect(decision.reasons).toEqual([{ code: 'permit.statute', parameters: { citation: 'CASF L226-2-2' } }]);
  });
  test('a care team shares on non-opposition, less what the person denied', () => {
    const denied = other('x', { rules: [{ type: 'deny', labels: ['income'] }] });
    const decision = decide(
      { ...accepting, consents: [denied] },
      request({ ground: { kind: 'care-team', informedOn: '2026-02-01', justification: 'j' } }),
    );
    expect(decision.outcome === 'permit' && labelsOf(decision.permit.permitted)).toEqual([
      'identity',
      'contact',
      'household',
      'housing',
    ]);
  });
  test('a person who objects to everything is heard by the care team', () => {
    const denied = other('x', { rules: [{ type: 'deny' }] });
    const decision = decide(
      { ...accepting, consents: [denied] },
      request({ ground: { kind: 'care-team', informedOn: '2026-02-01', justification: 'j' } }),
    );
    expect(decision.reasons[0]?.code).toBe('deny.consent-refused');
  });
});

describe('what is never shared by default', () => {
  test('leaves only when agreement and consent both name it', () => {
    const everything = [...CATEGORIES, ...SENSITIVITIES];
    const generous = consent({ rules: [rule({ labels: everything })] });
    expect(labelsOf(permittedBy(terms({ consents: [generous] }), request()))).not.toContain('psychiatry');
    const naming = purposes({ categories: [...CATEGORIES], sensitivities: ['psychiatry'] });
    expect(labelsOf(permittedBy({ ...naming, consents: [generous] }, request()))).toContain('psychiatry');
    const unnamed = consent({ rules: [{ type: 'permit' }] });
    expect(labelsOf(permittedBy({ ...naming, consents: [unnamed] }, request()))).not.toContain('psychiatry');
  });

  test('working notes cannot leave even when a consent and an agreement name them', () => {
    const never = consent({ rules: [rule({ labels: ['identity', 'working-notes'] })] });
    const forged = purposes({ categories: ['identity', 'working-notes'] });
    expect(labelsOf(permittedBy({ ...forged, consents: [never] }, request()))).toEqual(['identity']);
  });
});

// ---------------------------------------------------------------- laws

const label = fc.constantFrom(...CATEGORIES, ...SENSITIVITIES);
const when = fc
  .integer({ min: -40, max: 200 })
  .map((days) => instant(Date.parse('2026-02-10T10:00:00Z') + days * 86_400_000));
const leaf = fc.record(
  {
    type: fc.constantFrom('permit' as const, 'deny' as const),
    recipients: fc.subarray([RECIPIENT, STRANGER], { minLength: 1 }),
    purposes: fc.subarray(['HOUSING', 'COC'] as const, { minLength: 1 }),
    labels: fc.uniqueArray(label, { minLength: 1, maxLength: 8 }),
    from: when,
    until: when,
  },
  { requiredKeys: ['type'] },
) as fc.Arbitrary<ConsentRule>;
const nested: fc.Arbitrary<ConsentRule> = fc
  .tuple(leaf, fc.array(leaf, { maxLength: 2 }))
  .map(([root, exceptions]) => (exceptions.length === 0 ? root : { ...root, exceptions }));
const arbitraryConsent = fc
  .record({
    id: fc.uuid(),
    status: fc.constantFrom(
      'active' as const,
      'active' as const,
      'active' as const,
      'inactive' as const,
      'rejected' as const,
    ),
    rules: fc.array(nested, { minLength: 1, maxLength: 3 }),
  })
  .map(({ id, ...rest }) => consent({ id: id as ConsentId, ...rest }));
const consents = fc
  .array(arbitraryConsent, { maxLength: 5 })
  .map((list) => [
    consent({ rules: [{ type: 'permit', labels: ['identity', 'contact', 'household', 'housing', 'income'] }] }),
    ...list,
  ]);
const within = (small: LabelMask, large: LabelMask): boolean => (small & ~large) === 0;
/** Ten thousand runs take minutes on a busy machine. */
const LAWS = { timeout: 1_600_000 };
const runs = { numRuns: Math.max(500, Number(process.env['RELAIS_PROPERTY_RUNS'] ?? 0)) };

describe('laws of the decision', LAWS, () => {
  test('adding a denial never enlarges what leaves', () => {
    fc.assert(
      fc.property(consents, nested, (list, extra) => {
        const before = permittedBy(terms({ consents: list }), request());
        const denial = consent({ id: 'denial' as ConsentId, rules: [{ ...extra, type: 'deny', exceptions: [] }] });
        expect(within(permittedBy(terms({ consents: [...list, denial] }), request()), before)).toBe(true);
      }),
      runs,
    );
  });
  test('the order of consents is irrelevant', () => {
    fc.assert(
      fc.property(
        consents.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          expect(permittedBy(terms({ consents: shuffled }), request())).toBe(
            permittedBy(terms({ consents: list }), request()),
          );
        },
      ),
      runs,
    );
  });
  test('an unreadable consent always denies', () => {
    fc.assert(
      fc.property(consents, (list) => {
        const unreadable = consent({ id: 'u' as ConsentId, status: 'unreadable', rules: [] });
        expect(permittedBy(terms({ consents: [...list, unreadable] }), request())).toBe(0);
      }),
      runs,
    );
  });
  test('withdrawing the only consent leaves nothing', () => {
    fc.assert(
      fc.property(arbitraryConsent, (only) => {
        expect(permittedBy(terms({ consents: [{ ...only, status: 'inactive' }] }), request())).toBe(0);
      }),
      runs,
    );
  });
  test('what leaves stays within the agreement, the request and the time of the terms', () => {
    fc.assert(
      fc.property(consents, fc.uniqueArray(label), (list, asked) => {
        const requested = maskOf(asked);
        const permitted = permittedBy(terms({ consents: list }), request({ requested }));
        expect(within(permitted, requested)).toBe(true);
        expect(within(permitted, maskOf(agreement().purposes[0]!.categories))).toBe(true);
        const later = terms({ consents: list, at: instant('2027-01-01T00:00:00Z') });
        expect(permittedBy(later, request({ requested }))).toBe(0);
      }),
      runs,
    );
  });
});
