import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../../src/domain/agreement/agreement.js';
import { simulate, type PastDecision } from '../../../src/domain/agreement/simulate.js';
import { decide } from '../../../src/domain/decision/decide.js';
import { DECISION_RULES, receiptOf } from '../../../src/domain/decision/receipt.js';
import { instant } from '../../../src/kernel/clock.js';
import type { AgreementId, DecisionId } from '../../../src/kernel/ids.js';
import { CATEGORIES, labelsOf, maskOf } from '../../../src/domain/labels/labels.js';
import { agreement, consent, RECIPIENT, request, STRANGER, terms } from '../../support/terms.js';

/** What a receipt and its versions look like once they are read back. */
function past(there = terms(), asked = request()): PastDecision {
  const decision = decide(there, asked);
  const receipt = receiptOf('d' as DecisionId, 'request', null, there, asked, decision);
  return {
    receipt,
    agreements: there.agreements,
    consents: there.consents,
    circumstances: there.circumstances,
    reference: 'R-0001',
  };
}
const purpose = agreement().purposes[0]!;
const text = (change: Partial<Agreement> = {}): Agreement => agreement({ version: 9, status: 'draft', ...change });

describe('a version that is tried on a past transfer', () => {
  it.each<[string, Agreement, object]>([
    ['that says the same changes nothing', text(), { outcome: 'unchanged' }],
    [
      'that begins later counts as if it had been in force',
      text({ validFrom: instant('2030-01-01T00:00:00Z') }),
      { outcome: 'unchanged' },
    ],
    [
      'that has ended counts as if it had been in force',
      text({ validUntil: instant('2026-02-01T00:00:00Z') }),
      { outcome: 'unchanged' },
    ],
    [
      'with less in it shrinks it',
      text({ purposes: [{ ...purpose, categories: ['identity', 'contact'] }] }),
      { outcome: 'shrunk', lost: maskOf(['household', 'housing']), reasons: [{ code: 'simulate.not-covered' }] },
    ],
    [
      'without identity refuses it',
      text({ purposes: [{ ...purpose, categories: ['housing'] }] }),
      { outcome: 'refused', reasons: [{ code: 'deny.identity-not-permitted' }] },
    ],
    [
      'for another recipient refuses it',
      text({ purposes: [{ ...purpose, recipients: [STRANGER] }] }),
      { outcome: 'refused', reasons: [{ code: 'deny.no-agreement' }] },
    ],
    [
      'for another ground refuses it',
      text({ purposes: [{ ...purpose, secrecyGrounds: ['statute'] }] }),
      { outcome: 'refused', reasons: [{ code: 'deny.ground-not-accepted' }] },
    ],
    [
      'that is suspended refuses it',
      text({ status: 'suspended' }),
      { outcome: 'refused', reasons: [{ code: 'deny.agreement-suspended' }] },
    ],
    [
      'of another agreement changes nothing',
      text({ id: 'other' as AgreementId, purposes: [] }),
      { outcome: 'unchanged' },
    ],
  ])('%s', (_, candidate, expected) => {
    expect(simulate(candidate, past())).toMatchObject(expected);
  });

  it('says why in words of both languages, and which labels', () => {
    const simulated = simulate(text({ purposes: [{ ...purpose, categories: ['identity'] }] }), past());
    expect(simulated.outcome === 'shrunk' && labelsOf(simulated.lost)).toEqual(['contact', 'household', 'housing']);
  });

  it('looks to the other agreements that were there, too', () => {
    const second = agreement({ id: '00000000-0000-4000-8000-0000000000c2' as AgreementId });
    const both = past(terms({ agreements: [agreement(), second] }));
    expect(simulate(text({ status: 'terminated' }), both)).toEqual({ outcome: 'unchanged' });
  });

  it('says nothing of what was refused, and does not guess where a version is gone', () => {
    expect(simulate(text({ status: 'suspended' }), past(terms({ consents: [] })))).toEqual({ outcome: 'unchanged' });
    const gone = { ...past(), consents: [null] };
    expect(simulate(text(), gone)).toMatchObject({ outcome: 'unknown', missing: [expect.stringContaining('consent')] });
    const old = { ...past(), receipt: { ...past().receipt, rules: DECISION_RULES + 1 } };
    expect(simulate(text(), old).outcome).toBe('unknown');
  });

  it('agrees with the decision of that day under that text (law)', () => {
    const categories = fc.uniqueArray(fc.constantFrom(...CATEGORIES), { minLength: 1 });
    fc.assert(
      fc.property(categories, categories, categories, (before, after, consented) => {
        const there = terms({
          agreements: [agreement({ purposes: [{ ...purpose, categories: before }] })],
          consents: [consent({ rules: [{ type: 'permit', recipients: [RECIPIENT], labels: consented }] })],
        });
        const was = decide(there, request());
        if (was.outcome === 'deny') return;
        const candidate = text({ purposes: [{ ...purpose, categories: after }] });
        const now = decide({ ...there, agreements: [{ ...candidate, status: 'active' }] }, request());
        const simulated = simulate(candidate, past(there));
        if (now.outcome === 'deny') expect(simulated.outcome).toBe('refused');
        else {
          const lost = was.permit.permitted & ~now.permit.permitted;
          expect(simulated).toMatchObject(lost === 0 ? { outcome: 'unchanged' } : { outcome: 'shrunk', lost });
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
