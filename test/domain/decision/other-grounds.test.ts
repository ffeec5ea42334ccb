import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Agreement } from '../../../src/domain/agreement/agreement.js';
import { decide } from '../../../src/domain/decision/decide.js';
import type { DisclosureRequest, Terms } from '../../../src/domain/decision/decision.js';
import type { StatedGround } from '../../../src/domain/decision/ground.js';
import { sayReason } from '../../../src/domain/decision/reasons.js';
import { receiptOf, replayDecision } from '../../../src/domain/decision/receipt.js';
import { addMs } from '../../../src/kernel/clock.js';
import type { ConsentId, DecisionId } from '../../../src/kernel/ids.js';
import { CATEGORIES, labelsOf, maskOf, SENSITIVITIES } from '../../../src/domain/labels/labels.js';
import { agreement, AT, consent, RECIPIENT, request, terms } from '../../support/terms.js';

const HOUR = 3_600_000;
const informed = { parties: ['person' as const], on: '2026-02-01' };
const ground = {
  statute: { kind: 'statute', citation: 'CASF L226-2-2', justification: 'j', informed },
  safeguarding: { kind: 'safeguarding', justification: 'j', informed },
  vital: { kind: 'vital-interest', justification: 'j', informed },
  careTeam: { kind: 'care-team', justification: 'j', informedOn: '2026-02-01' },
  glass: { kind: 'break-glass', reason: 'Unconscious; insulin.', expiresAt: addMs(AT, 2 * HOUR), informed },
} as const satisfies Record<string, StatedGround>;
const glass = (change: Partial<Extract<StatedGround, { kind: 'break-glass' }>> = {}): StatedGround => ({
  ...ground.glass,
  ...change,
});

const purpose = agreement().purposes[0]!;
const EMERGENCY: Agreement['emergency'] = {
  allowed: true,
  categories: ['identity', 'contact', 'housing'],
  maxHours: 24,
  reviewWithinDays: 7,
};
/** Accepts every ground, and has an emergency clause. */
const open = (change: Partial<Agreement> = {}): Agreement =>
  agreement({
    purposes: [{ ...purpose, secrecyGrounds: ['consent', 'care-team', 'statute', 'safeguarding', 'vital-interest'] }],
    emergency: EMERGENCY,
    ...change,
  });
const asked = (stated: StatedGround, labels: readonly string[] | null = ['identity', 'housing']): DisclosureRequest =>
  request({ ground: stated, ...(labels !== null && { requested: maskOf(labels) }) });
const says = (there: Terms, what: DisclosureRequest): string => {
  const decision = decide(there, what);
  return decision.outcome === 'permit'
    ? `permit ${labelsOf(decision.permit.permitted).join(' ')}`
    : decision.reasons[0].code;
};

const refusal = consent({ id: 'refusal' as ConsentId, rules: [{ type: 'deny', recipients: [RECIPIENT] }] });
const noHousing = consent({
  id: 'part' as ConsentId,
  rules: [{ type: 'deny', recipients: [RECIPIENT], labels: ['housing'] }],
});
const unreadable = consent({ id: 'u' as ConsentId, status: 'unreadable', rules: [] });

describe('the truth table of the other grounds', () => {
  //        the person:  said nothing              refused                    refused a part     cannot be understood
  test.each<[string, StatedGround, readonly [string, string, string, string]]>([
    [
      'statute',
      ground.statute,
      ['permit identity housing', 'permit identity housing', 'permit identity housing', 'permit identity housing'],
    ],
    [
      'safeguarding',
      ground.safeguarding,
      ['permit identity housing', 'permit identity housing', 'permit identity housing', 'permit identity housing'],
    ],
    [
      'care team',
      ground.careTeam,
      ['permit identity housing', 'deny.consent-refused', 'permit identity', 'deny.consent-unreadable'],
    ],
    [
      'vital interest',
      ground.vital,
      ['permit identity housing', 'deny.consent-refused', 'permit identity', 'deny.consent-unreadable'],
    ],
    [
      'broken glass',
      ground.glass,
      ['permit identity housing', 'permit identity housing', 'permit identity housing', 'permit identity housing'],
    ],
  ])('%s', (_, stated, expected) => {
    const said = [[], [refusal], [noHousing], [unreadable]];
    expect(said.map((consents) => says(terms({ agreements: [open()], consents }), asked(stated)))).toEqual(expected);
  });

  test.each<[string, StatedGround]>([
    ['statute', ground.statute],
    ['safeguarding', ground.safeguarding],
    ['vital interest', ground.vital],
    ['care team', ground.careTeam],
  ])('%s is nothing that an agreement accepts unless it says so', (_, stated) => {
    const there = terms({ agreements: [agreement({ emergency: EMERGENCY })], consents: [] });
    expect(says(there, asked(stated))).toBe('deny.ground-not-accepted');
  });
});

describe('the glass is broken', () => {
  test.each<[string, Agreement[], StatedGround, readonly string[] | null, string]>([
    ['within the clause, for what was named', [open()], glass(), ['identity', 'housing'], 'permit identity housing'],
    ['not without a reason', [open()], glass({ reason: '' }), ['identity'], 'deny.break-glass-no-reason'],
    ['not for blanks', [open()], glass({ reason: ' \n\t ' }), ['identity'], 'deny.break-glass-no-reason'],
    ['not for everything', [open()], glass(), null, 'deny.break-glass-not-chosen'],
    [
      'for no more than the clause names',
      [open()],
      glass(),
      ['identity', 'housing', 'income'],
      'permit identity housing',
    ],
    ['for nothing that the clause leaves out', [open()], glass(), ['income'], 'deny.nothing-permitted'],
    ['not once its time is over', [open()], glass({ expiresAt: AT }), ['identity'], 'deny.break-glass-over'],
    ['until the last millisecond of it', [open()], glass({ expiresAt: addMs(AT, 1) }), ['identity'], 'permit identity'],
    [
      'as long as the clause allows',
      [open()],
      glass({ expiresAt: addMs(AT, 24 * HOUR) }),
      ['identity'],
      'permit identity',
    ],
    [
      'and no longer',
      [open()],
      glass({ expiresAt: addMs(AT, 24 * HOUR + 1) }),
      ['identity'],
      'deny.break-glass-too-long',
    ],
    [
      'not without a clause',
      [open({ emergency: { allowed: false } })],
      glass(),
      ['identity'],
      'deny.break-glass-no-clause',
    ],
    ['not where the agreement is silent', [agreement()], glass(), ['identity'], 'deny.break-glass-no-clause'],
    ['not without an agreement', [], glass(), ['identity'], 'deny.no-agreement'],
    [
      'not under one that is suspended',
      [open({ status: 'suspended' })],
      glass(),
      ['identity'],
      'deny.agreement-suspended',
    ],
    [
      'not for sensitive data',
      [open({ purposes: [{ ...purpose, sensitivities: ['hiv'], article9Condition: 'c' }] })],
      glass(),
      ['identity', 'hiv'],
      'permit identity',
    ],
  ])('%s', (_, agreements, stated, labels, expected) => {
    expect(says(terms({ agreements, consents: [refusal] }), asked(stated, labels))).toBe(expected);
  });

  it('for the smallest set: never beyond the clause, the purpose and what was named, never sensitive (law)', () => {
    const labels = fc.uniqueArray(fc.constantFrom(...CATEGORIES, ...SENSITIVITIES), { minLength: 1 });
    const categories = fc.uniqueArray(fc.constantFrom(...CATEGORIES), { minLength: 1 });
    fc.assert(
      fc.property(
        labels,
        categories,
        categories,
        fc.array(fc.constantFrom(refusal, noHousing, unreadable)),
        (named, inClause, inPurpose, consents) => {
          const there = open({
            purposes: [
              { ...purpose, categories: inPurpose, sensitivities: [...SENSITIVITIES], article9Condition: 'c' },
            ],
            emergency: { allowed: true, categories: inClause, maxHours: 24, reviewWithinDays: 1 },
          });
          const decision = decide(terms({ agreements: [there], consents }), asked(glass(), named));
          if (decision.outcome === 'deny') return;
          const most = maskOf(named) & maskOf(inClause) & maskOf(inPurpose);
          expect(decision.permit.permitted & ~most).toBe(0);
          expect(decision.permit.permitted & maskOf(SENSITIVITIES)).toBe(0);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('a receipt of another ground', () => {
  it.each(
    Object.values(ground).flatMap((one) => [one, ...(one.kind === 'break-glass' ? [glass({ reason: ' ' })] : [])]),
  )('holds none of its words and decides the same again ($kind)', (stated) => {
    const worded = JSON.parse(
      JSON.stringify(stated).replaceAll('"j"', '"Quetzalcoatl"').replace('Unconscious; insulin.', 'Quetzalcoatl'),
    ) as StatedGround;
    const there = terms({ agreements: [open()], consents: [] });
    const what = asked(worded);
    const receipt = receiptOf('d' as DecisionId, 'request', null, there, what, decide(there, what));
    expect(JSON.stringify(receipt)).not.toMatch(/Quetzalcoatl|informed"|nobody/);
    expect(replayDecision(receipt, there.agreements, there.consents, there.circumstances).outcome).toBe('same');
  });

  it('every refusal of a broken glass is said in both languages', () => {
    for (const code of ['no-reason', 'not-chosen', 'over', 'too-long', 'no-clause'] as const) {
      const reason = {
        code: `deny.break-glass-${code}`,
        parameters: { hours: '24', recipient: 'Toit Commun' },
      } as const;
      expect(sayReason(reason, 'en')).not.toBe(sayReason(reason, 'fr'));
      expect(sayReason(reason, 'fr')).not.toMatch(/[{}]/);
    }
  });
});
