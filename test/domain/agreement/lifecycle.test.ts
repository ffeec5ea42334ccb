import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { AGREEMENT_STATUSES, textDigest, type Agreement } from '../../../src/domain/agreement/agreement.js';
import { contradictionsOf, gapsOf } from '../../../src/domain/agreement/check-agreement.js';
import { statusAfter, statusAt, TRANSITIONS, type AgreementStep } from '../../../src/domain/agreement/lifecycle.js';
import { join, leave } from '../../../src/domain/agreement/parties.js';
import { isWithin, reachOf } from '../../../src/domain/agreement/reach.js';
import {
  countersign,
  depart,
  discard,
  invite,
  propose,
  resume,
  signersOf,
  suspend,
  terminate,
  withdrawProposal,
  type Signer,
  type Standing,
  type StepResult,
} from '../../../src/domain/agreement/take-step.js';
import { decide } from '../../../src/domain/decision/decide.js';
import { instant } from '../../../src/kernel/clock.js';
import type { OrganizationId } from '../../../src/kernel/ids.js';
import { CATEGORIES } from '../../../src/domain/labels/labels.js';
import { complete, inForce, NOON, THIRD } from '../../support/agreements.js';
import { AT, RECIPIENT, request, SENDER, terms } from '../../support/terms.js';

/** Ten thousand runs take minutes on a busy machine. */
const LAWS = { timeout: 1_600_000 };
const runs = { numRuns: Math.max(300, Number(process.env['RELAIS_PROPERTY_RUNS'] ?? 0)) };
const by = (party: OrganizationId, person = `of ${party}`): Signer => ({ party, person, at: NOON });
const none: Standing = { inForce: null, pending: null };
const done = (result: StepResult): Agreement => {
  if (result.outcome !== 'done') throw new Error(result.code);
  return { ...result.agreement, version: 9 };
};
const codeOf = (result: StepResult): string => (result.outcome === 'done' ? 'done' : result.code);
const signed = (pending: Agreement, ...signers: Signer[]): Agreement =>
  signers.reduce(
    (text, signer) => done(countersign({ inForce: null, pending: text }, signer)),
    done(propose({ inForce: null, pending }, by(SENDER))),
  );

describe('the table of transitions', () => {
  const expected: Readonly<Record<AgreementStep, string>> = {
    //          draft       proposed  active      suspended   terminated  expired
    propose: 'proposed   -         -           -           -           -',
    withdraw: '-          draft     -           -           -           -',
    discard: 'terminated -         -           -           -           -',
    countersign: '-          active    -           -           -           -',
    suspend: '-          -         suspended   suspended   -           -',
    resume: '-          -         -           active      -           -',
    terminate: '-          -         terminated  terminated  -           -',
    leave: '-          -         active      suspended   -           -',
    invite: '-          -         proposed    -           -           -',
    expire: '-          -         expired     expired     -           -',
  };
  test.each(Object.keys(TRANSITIONS) as AgreementStep[])('%s', (step) => {
    const row = AGREEMENT_STATUSES.map((from) => statusAfter(step, from) ?? '-');
    expect(row).toEqual(expected[step].split(/\s+/));
  });

  it('nothing leads out of what was terminated or has expired', () => {
    for (const step of Object.keys(TRANSITIONS) as AgreementStep[]) {
      expect(statusAfter(step, 'terminated')).toBeNull();
      expect(statusAfter(step, 'expired')).toBeNull();
    }
  });

  it('the end comes with the calendar, to what is in force alone', () => {
    const validUntil = instant('2026-02-10T12:00:00Z');
    expect(statusAt(inForce({ validUntil }), instant('2026-02-10T11:59:59.999Z'))).toBe('active');
    expect(statusAt(inForce({ validUntil }), validUntil)).toBe('expired');
    expect(statusAt(inForce({ validUntil, status: 'suspended' }), validUntil)).toBe('expired');
    expect(statusAt(complete({ validUntil }), validUntil)).toBe('draft');
    const over = { inForce: inForce({ validUntil }), pending: null };
    for (const step of [suspend, resume, terminate, depart])
      expect(step(over, { ...by(SENDER), at: validUntil })).toMatchObject({ code: 'agreement.step', from: 'expired' });
  });
});

describe('a signature', () => {
  it('of a person of each party brings it into force, and no sooner', () => {
    const proposed = done(propose({ inForce: null, pending: complete() }, by(SENDER)));
    expect(proposed.status).toBe('proposed');
    const active = countersign({ inForce: null, pending: proposed }, by(RECIPIENT));
    expect(active).toMatchObject({ outcome: 'done', endsNegotiation: true, agreement: { status: 'active' } });
    expect(done(active).signatures?.map(({ party }) => party)).toEqual([SENDER, RECIPIENT]);
    expect(done(active).proposal).toBeUndefined();
  });

  it('is asked of every party: of three, two are not enough', () => {
    const three = complete({ parties: [SENDER, RECIPIENT, THIRD] });
    expect(signed(three, by(RECIPIENT)).status).toBe('proposed');
    expect(signed(three, by(RECIPIENT), by(THIRD)).status).toBe('active');
  });

  test.each<[string, Signer, string]>([
    ['the same person for another party', by(RECIPIENT, `of ${SENDER}`), 'agreement.same-person'],
    ['a party a second time, by somebody else', by(SENDER, 'a colleague'), 'agreement.already-signed'],
    ['somebody who is no party', by(THIRD), 'agreement.not-a-signer'],
  ])('is refused to %s', (_, signer, code) => {
    const pending = done(propose({ inForce: null, pending: complete() }, by(SENDER)));
    expect(codeOf(countersign({ inForce: null, pending }, signer))).toBe(code);
  });

  it('is bound to the text: one that was changed since is not in force by it', () => {
    const pending = done(propose({ inForce: null, pending: complete() }, by(SENDER)));
    const changed = { ...pending, purgeAfterDays: 3650 };
    expect(codeOf(countersign({ inForce: null, pending: changed }, by(RECIPIENT)))).toBe('agreement.text-changed');
  });

  it('of a proposal that was taken back is gone, and only the proposer’s party proposes', () => {
    const pending = done(propose({ inForce: null, pending: complete() }, by(SENDER)));
    const back = done(withdrawProposal({ inForce: null, pending }, by(RECIPIENT)));
    expect(back).toMatchObject({ status: 'draft' });
    expect(back.signatures).toBeUndefined();
    expect(codeOf(propose({ inForce: null, pending: back }, by(RECIPIENT)))).toBe('agreement.not-a-party');
  });

  it('of a new text is asked of who would drop out of it, too', () => {
    const before = inForce({ parties: [SENDER, RECIPIENT, THIRD] });
    const pending = complete({ proposal: { kind: 'amendment', by: SENDER } });
    expect(signersOf(pending, before)).toEqual([SENDER, RECIPIENT, THIRD]);
    const proposed = done(propose({ inForce: before, pending }, by(SENDER)));
    const half = done(countersign({ inForce: before, pending: proposed }, by(RECIPIENT)));
    expect(half.status).toBe('proposed');
    expect(done(countersign({ inForce: before, pending: half }, by(THIRD))).status).toBe('active');
  });

  it('under a new text does not lift a suspension', () => {
    const before = inForce({ status: 'suspended', suspendedBy: [RECIPIENT] });
    const pending = done(
      propose({ inForce: before, pending: complete({ proposal: { kind: 'amendment', by: SENDER } }) }, by(SENDER)),
    );
    const after = done(countersign({ inForce: before, pending }, by(RECIPIENT)));
    expect(after).toMatchObject({ status: 'suspended', suspendedBy: [RECIPIENT] });
  });
});

describe('a suspension', LAWS, () => {
  it('is each party’s to make, and its own to lift', () => {
    const first = done(suspend({ inForce: inForce(), pending: null }, by(RECIPIENT)));
    expect(first).toMatchObject({ status: 'suspended', suspendedBy: [RECIPIENT] });
    expect(codeOf(resume({ inForce: first, pending: null }, by(SENDER)))).toBe('agreement.not-yours-to-resume');
    const both = done(suspend({ inForce: first, pending: null }, by(SENDER)));
    const left = done(resume({ inForce: both, pending: null }, by(RECIPIENT)));
    expect(left).toMatchObject({ status: 'suspended', suspendedBy: [SENDER] });
    const none = done(resume({ inForce: left, pending: null }, by(SENDER)));
    expect(none.status).toBe('active');
    expect(none.suspendedBy).toBeUndefined();
  });

  it('of whoever is no party is none', () => {
    for (const step of [suspend, resume, terminate, depart])
      expect(codeOf(step({ inForce: inForce(), pending: null }, by(THIRD)))).toBe('agreement.not-a-party');
    for (const step of [suspend, resume, terminate, depart])
      expect(codeOf(step(none, by(SENDER)))).toBe('agreement.step');
  });

  it('denies every disclosure under it (law)', () => {
    const kinds = fc.constantFrom('consent' as const, 'statute' as const, 'safeguarding' as const);
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...CATEGORIES), { minLength: 1 }), kinds, (categories, kind) => {
        const purpose = inForce().purposes[0]!;
        const text = inForce({
          purposes: [{ ...purpose, categories, secrecyGrounds: ['consent', 'statute', 'safeguarding'] }],
        });
        const suspended = done(suspend({ inForce: text, pending: null }, by(RECIPIENT)));
        const ground = { kind, citation: 'c', justification: 'j', informed: { parties: ['person'], on: '2026-02-01' } };
        const decision = decide(terms({ agreements: [suspended], at: AT }), request({ ground: ground as never }));
        expect(decision.outcome).toBe('deny');
        expect(decision.reasons[0]?.code).toBe('deny.agreement-suspended');
      }),
      runs,
    );
  });
});

describe('adhesion and exit', () => {
  it('joins on the terms of the clause, once who joins has signed', () => {
    const before = inForce();
    const pending = done(invite({ inForce: before, pending: null }, by(SENDER), THIRD));
    expect(pending).toMatchObject({ status: 'proposed', proposal: { kind: 'adhesion', by: SENDER, joins: THIRD } });
    expect(codeOf(countersign({ inForce: before, pending }, by(RECIPIENT)))).toBe('agreement.not-a-signer');
    expect(codeOf(countersign({ inForce: before, pending }, by(THIRD, `of ${SENDER}`)))).toBe('agreement.same-person');
    const after = done(countersign({ inForce: before, pending }, by(THIRD)));
    expect(after).toMatchObject({ status: 'active', parties: [SENDER, RECIPIENT, THIRD] });
    expect(after.purposes[0]?.recipients).toEqual([RECIPIENT, THIRD]);
    expect(after.purposes[0]?.senders).toEqual([SENDER]);
    expect(after.purposes[0]?.categories).toEqual(before.purposes[0]?.categories);
  });

  it('joins what is in force when the signature is given, not what was when the invitation was', () => {
    const pending = done(invite({ inForce: inForce(), pending: null }, by(SENDER), THIRD));
    const meanwhile = inForce({ purgeAfterDays: 5 });
    expect(codeOf(countersign({ inForce: meanwhile, pending }, by(THIRD)))).toBe('agreement.text-changed');
    expect(codeOf(countersign({ inForce: null, pending }, by(THIRD)))).toBe('agreement.text-changed');
  });

  it.each<[string, Partial<Agreement>, OrganizationId, string]>([
    ['without a clause', { adhesion: { open: false } }, THIRD, 'agreement.no-adhesion'],
    ['of a party', {}, RECIPIENT, 'agreement.no-adhesion'],
    ['to what is suspended', { status: 'suspended', suspendedBy: [SENDER] }, THIRD, 'agreement.step'],
  ])('%s is refused', (_, change, joins, code) => {
    expect(codeOf(invite({ inForce: inForce(change), pending: null }, by(SENDER), joins))).toBe(code);
  });

  it('waits for what is negotiated already', () => {
    const standing = { inForce: inForce(), pending: complete() };
    expect(codeOf(invite(standing, by(SENDER), THIRD))).toBe('agreement.negotiated');
  });

  it('one party leaves without the others signing; between two it has ended', () => {
    const three = join(inForce(), THIRD)!;
    const left = done(depart({ inForce: three, pending: null }, by(THIRD)));
    expect(left).toMatchObject({ status: 'active', parties: [SENDER, RECIPIENT] });
    expect(textDigest(left)).toBe(textDigest(inForce()));
    expect(codeOf(terminate({ inForce: three, pending: null }, by(SENDER)))).toBe('agreement.leave-instead');
    expect(done(depart({ inForce: left, pending: null }, by(RECIPIENT))).status).toBe('terminated');
    expect(done(terminate({ inForce: left, pending: null }, by(RECIPIENT))).status).toBe('terminated');
    // The only sender left: nothing is left to share.
    expect(done(depart({ inForce: three, pending: null }, by(SENDER))).status).toBe('terminated');
  });

  it('what is negotiated with who leaves is given up: an earlier signature does not bring it back', () => {
    const three = join(inForce(), THIRD)!;
    const { signatures: _, ...draft } = { ...three, status: 'draft' as const };
    const pending = { ...draft, proposal: { kind: 'amendment', by: SENDER } as const };
    const signedByAll = done(propose({ inForce: three, pending }, by(SENDER)));
    expect(depart({ inForce: three, pending: signedByAll }, by(THIRD))).toMatchObject({ endsNegotiation: true });
    const without = { ...complete(), proposal: { kind: 'amendment', by: SENDER } as const };
    expect(depart({ inForce: three, pending: without }, by(THIRD))).toMatchObject({ endsNegotiation: false });
  });

  it('leaving takes one’s own suspension along, and nobody else’s', () => {
    const three = join(inForce(), THIRD)!;
    const suspended = { ...three, status: 'suspended' as const, suspendedBy: [THIRD] };
    expect(leave(suspended, THIRD)).toMatchObject({ status: 'active' });
    expect(leave({ ...suspended, suspendedBy: [THIRD, SENDER] }, THIRD)).toMatchObject({
      status: 'suspended',
      suspendedBy: [SENDER],
    });
  });

  it('a draft is given up: what is in force goes on as it is', () => {
    const standing = { inForce: inForce(), pending: complete() };
    const result = discard(standing, by(SENDER));
    expect(result).toMatchObject({ outcome: 'done', endsNegotiation: true, agreement: { status: 'active' } });
    expect(done(discard({ inForce: null, pending: complete() }, by(SENDER))).status).toBe('terminated');
    expect(codeOf(discard(standing, by(THIRD)))).toBe('agreement.not-a-party');
  });
});

describe('nothing is wider without the signatures of all whom it concerns (law)', LAWS, () => {
  const parties = [SENDER, RECIPIENT, THIRD];
  const step = fc.record({
    name: fc.constantFrom(
      'propose',
      'withdraw',
      'discard',
      'countersign',
      'suspend',
      'resume',
      'terminate',
      'leave',
      'invite' as const,
    ),
    party: fc.constantFrom(...parties),
    person: fc.constantFrom('p1', 'p2', 'p3'),
    draft: fc.option(
      fc.record({
        categories: fc.uniqueArray(fc.constantFrom(...CATEGORIES), { minLength: 1 }),
        withThird: fc.boolean(),
      }),
      { nil: null },
    ),
  });
  const apply = (standing: Standing, name: string, signer: Signer): StepResult => {
    const table: Readonly<Record<string, (standing: Standing, signer: Signer) => StepResult>> = {
      propose,
      withdraw: withdrawProposal,
      discard,
      countersign,
      suspend,
      resume,
      terminate,
      leave: depart,
      invite: (now, who) => invite(now, who, THIRD),
    };
    return table[name]!(standing, signer);
  };

  it('whatever steps are taken, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
        let standing: { inForce: Agreement; pending: Agreement | null } = { inForce: inForce(), pending: null };
        for (const { name, party, person, draft } of steps) {
          if (draft !== null && standing.pending === null) {
            const purpose = standing.inForce.purposes[0]!;
            const members = draft.withThird ? parties : standing.inForce.parties;
            const { signatures: _, suspendedBy: _s, ...text } = standing.inForce;
            standing.pending = {
              ...text,
              parties: members,
              status: 'draft',
              proposal: { kind: 'amendment', by: party },
              purposes: [
                { ...purpose, categories: draft.categories, recipients: members.filter((id) => id !== SENDER) },
              ],
            };
          }
          const before = standing;
          const result = apply(standing, name, { party, person, at: NOON });
          if (result.outcome === 'refused') continue;
          const next: Agreement = { ...result.agreement, version: standing.inForce.version + 1 };
          standing =
            next.status === 'draft' || next.status === 'proposed'
              ? { inForce: before.inForce, pending: next }
              : { inForce: next, pending: result.endsNegotiation ? null : before.pending };
          if (isWithin(standing.inForce, before.inForce)) continue;
          // Wider: then it came by the last signature, and everybody who had to has signed exactly this, each in person.
          expect(name).toBe('countersign');
          const needed = signersOf(before.pending!, before.inForce);
          const given = (next.signatures ?? []).filter((one) => one.textDigest === textDigest(next));
          expect(needed.every((id) => given.some((one) => one.party === id))).toBe(true);
          expect(new Set(given.map((one) => one.person)).size).toBe(given.length);
        }
      }),
      runs,
    );
  });

  it('a text has more reach with one more category, recipient or ground, and less without', () => {
    const purpose = inForce().purposes[0]!;
    const wider = inForce({ purposes: [{ ...purpose, categories: [...purpose.categories, 'health'] }] });
    expect(isWithin(inForce(), wider)).toBe(true);
    expect(isWithin(wider, inForce())).toBe(false);
    expect(isWithin(join(inForce(), THIRD)!, inForce())).toBe(false);
    expect(isWithin(leave(join(inForce(), THIRD)!, THIRD)!, inForce())).toBe(true);
    expect(reachOf(inForce({ emergency: { allowed: false } })).size).toBeLessThan(reachOf(inForce()).size);
  });
});

describe('a text', () => {
  const purpose = complete().purposes[0]!;
  const rules = (violations: readonly { rule: string }[]): string[] => violations.map(({ rule }) => rule);

  it('that is complete can be proposed; every missing clause is named at its place', () => {
    expect(gapsOf(complete())).toEqual([]);
    expect(contradictionsOf(complete())).toEqual([]);
    const { dpia: _d, onward: _o, reviewOn: _r, ...rest } = complete();
    expect(gapsOf(rest).map(({ path }) => path)).toEqual(['/dpia', '/onward', '/reviewOn']);
  });

  it.each<[string, Partial<Agreement>, string]>([
    ['an impact assessment without its place', { dpia: { opinion: 'favourable' } }, 'agreement.dpia-reference'],
    ['no impact assessment without a reason', { dpia: { opinion: 'not-required' } }, 'agreement.dpia-reason'],
    [
      'an opinion against it without a reason',
      { dpia: { opinion: 'unfavourable', reference: 'x' } },
      'agreement.dpia-reason',
    ],
    ['a party without a role', { purposes: [{ ...purpose, roles: [] }] }, 'agreement.role-missing'],
    [
      'no function at the recipient',
      { purposes: [{ ...purpose, recipientFunctions: [] }] },
      'agreement.function-missing',
    ],
  ])('cannot be proposed with %s', (_, change, rule) => {
    expect(rules(gapsOf(complete(change)))).toContain(rule);
  });

  const roles = (...names: ('controller' | 'joint-controller' | 'processor')[]) => ({
    purposes: [{ ...purpose, roles: names.map((role, at) => ({ party: [SENDER, RECIPIENT][at]!, role })) }],
  });
  it.each<[string, Partial<Agreement>, string | null]>([
    ['joint controllers', roles('joint-controller', 'joint-controller'), null],
    ['a controller and its processor', roles('controller', 'processor'), null],
    ['one joint controller', roles('joint-controller', 'controller'), 'agreement.joint-alone'],
    ['a processor without a controller', roles('processor', 'processor'), 'agreement.no-controller'],
    [
      'one party in two roles',
      {
        purposes: [
          {
            ...purpose,
            roles: [
              { party: SENDER, role: 'controller' },
              { party: SENDER, role: 'processor' },
            ],
          },
        ],
      },
      'agreement.two-roles',
    ],
    [
      'a role of a stranger',
      { purposes: [{ ...purpose, roles: [{ party: THIRD, role: 'controller' }] }] },
      'agreement.party',
    ],
    ['a recipient that is no party', { purposes: [{ ...purpose, recipients: [THIRD] }] }, 'agreement.party'],
    [
      'sensitive data without a condition',
      { purposes: [{ ...purpose, sensitivities: ['hiv'] }] },
      'agreement.article-9',
    ],
    ['an end before its beginning', { validUntil: instant('2025-01-01T00:00:00Z') }, 'agreement.period'],
    ['one party twice', { parties: [SENDER, SENDER] }, 'agreement.parties'],
    [
      'an emergency that is wider',
      { emergency: { allowed: true, categories: ['health'], maxHours: 1, reviewWithinDays: 1 } },
      'agreement.emergency-wider',
    ],
    [
      'adhesion to another purpose',
      { adhesion: { open: true, places: [{ purpose: 'COC', as: 'sender', role: 'controller' }] } },
      'agreement.adhesion-purpose',
    ],
  ])('%s', (_, change, rule) => {
    const found = rules(contradictionsOf(complete(change)));
    if (rule === null) expect(found).toEqual([]);
    else expect(found).toContain(rule);
  });
});
