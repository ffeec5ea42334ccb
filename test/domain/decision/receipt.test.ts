import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/domain/decision/decide.js';
import { DECISION_RULES, receiptOf, replayDecision } from '../../../src/domain/decision/receipt.js';
import { instant } from '../../../src/kernel/clock.js';
import type { DecisionId, TransferId } from '../../../src/kernel/ids.js';
import { ADULT, agreement, consent, request, terms } from '../../support/terms.js';

const id = '00000000-0000-4000-8000-0000000000f1' as DecisionId;
const transferId = '00000000-0000-4000-8000-0000000000f2' as TransferId;

/** As jsonb gives it back: members in another order. */
const stored = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value), (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).reverse())
      : member,
  ) as T;

const anyTerms = fc.record({
  status: fc.constantFrom('active', 'suspended', 'terminated' as const),
  validUntil: fc.constantFrom('2025-01-01T00:00:00Z', '2027-01-01T00:00:00Z'),
  consentStatus: fc.constantFrom('active', 'inactive', 'unreadable' as const),
  type: fc.constantFrom('permit', 'deny' as const),
  until: fc.constantFrom('2026-01-01T00:00:00Z', '2027-07-01T00:00:00Z'),
  purpose: fc.constantFrom('HOUSING', 'COC' as const),
  deceased: fc.boolean(),
  requested: fc.option(fc.nat(0x3fffffff), { nil: undefined }),
});

describe('a decision’s receipt', () => {
  it('gives the same decision when it is replayed, whatever was decided', () => {
    fc.assert(
      fc.property(anyTerms, (world) => {
        const there = terms({
          subject: { ...terms().subject!, deceased: world.deceased },
          agreements: [agreement({ status: world.status, validUntil: instant(world.validUntil) })],
          consents: [
            consent({
              status: world.consentStatus,
              rules: [{ ...consent().rules[0]!, type: world.type, until: instant(world.until) }],
            }),
          ],
        });
        const asked = request({
          purpose: world.purpose,
          ...(world.requested !== undefined && { requested: world.requested }),
        });
        const decision = decide(there, asked);
        const receipt = stored(receiptOf(id, 'request', transferId, there, asked, decision));
        const replay = replayDecision(
          receipt,
          stored(there.agreements),
          stored(there.consents),
          stored(there.circumstances),
        );
        expect(replay.outcome).toBe('same');
        expect('decision' in replay && replay.decision).toEqual(decision);
      }),
      { numRuns: 2_000 },
    );
  });

  it('tells when what is stored would have decided otherwise', () => {
    const receipt = receiptOf(id, 'request', transferId, terms(), request(), decide(terms(), request()));
    const tampered = [consent({ status: 'inactive' })];
    expect(replayDecision(receipt, [agreement()], tampered, ADULT).outcome).toBe('different');
  });

  it.each([
    ['a version is missing', [null], [consent()], ['agreement']],
    ['another version is given', [agreement({ version: 4 })], [consent()], ['agreement']],
    ['a consent is missing', [agreement()], [], ['consent']],
  ] as const)('says that it cannot be replayed when %s', (_, agreements, consents, what) => {
    const receipt = receiptOf(id, 'request', transferId, terms(), request(), decide(terms(), request()));
    const replay = replayDecision(receipt, agreements, consents, ADULT);
    expect(replay).toMatchObject({ outcome: 'impossible', missing: [expect.stringContaining(what[0])] });
  });

  it('cannot be replayed once who may decide was erased with the person', () => {
    const receipt = receiptOf(id, 'request', transferId, terms(), request(), decide(terms(), request()));
    expect(replayDecision(receipt, [agreement()], [consent()], null)).toMatchObject({
      outcome: 'impossible',
      missing: ['circumstances of the person'],
    });
    expect(JSON.stringify(receipt)).not.toContain('1991');
  });

  it('of other rules is not judged by these', () => {
    const receipt = receiptOf(id, 'request', transferId, terms(), request(), decide(terms(), request()));
    const replay = replayDecision({ ...receipt, rules: DECISION_RULES + 1 }, [agreement()], [consent()], ADULT);
    expect(replay).toMatchObject({ outcome: 'impossible' });
  });

  it('holds none of the words of a justification', () => {
    const asked = request({
      ground: { kind: 'safeguarding', justification: 'Quetzalcoatl-Zyxw', informed: { nobodyBecause: 'Quetzalcoatl' } },
    });
    const receipt = receiptOf(id, 'request', transferId, terms(), asked, decide(terms(), asked));
    expect(JSON.stringify(receipt)).not.toContain('Quetzalcoatl');
    expect(receipt.request.ground).toEqual({ kind: 'safeguarding' });
  });
});
