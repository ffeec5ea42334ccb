import { describe, expect, test } from 'vitest';
import { readPolicy } from '../../../src/domain/consent/read-policy.js';
import { deriveResidual } from '../../../src/domain/consent/residual/derive-residual.js';
import { REFUSALS, sayRefusal, type ResidualQuestion } from '../../../src/domain/consent/residual/residual.js';
import { BASE, consent, data, label, made, purpose, to } from './support/consents.js';

const AT = '2026-02-10T10:00:00.000Z';
const ask = (resource: unknown, question: Partial<ResidualQuestion> = {}) =>
  deriveResidual(readPolicy(resource), { at: AT, ...question });
/** Short form: `forbid`, `permit N`, `forbid Encounter/1`. */
const rulesOf = (resource: unknown, question: Partial<ResidualQuestion> = {}) => {
  const answer = ask(resource, question);
  if (answer.outcome === 'deny') return answer.reasons.map(({ code }) => code).join(' ');
  const rules = answer.residual.map(({ type, securityLabel = [], dataPeriod, data: named = [] }) =>
    [
      type,
      ...securityLabel.map(({ code }) => code),
      ...(dataPeriod === undefined ? [] : [`${dataPeriod.start}/${dataPeriod.end}`]),
      ...named.map(({ meaning, reference }) => `${meaning} ${reference.reference}`),
    ].join(' '),
  );
  return `${answer.purposes.map(({ code }) => code).join(',')}: ${rules.join('; ')}`;
};
const permit = (...parts: object[]) => Object.assign({ type: 'permit' }, ...parts) as object;
const deny = (...parts: object[]) => Object.assign({ type: 'deny' }, ...parts) as object;
const except = (...provision: object[]) => ({ provision });
const TPO = purpose('TREAT', 'HPAYMT', 'HOPERAT');
const policy = (name: string) => ({ policy: [{ uri: `https://profiles.ihe.net/ITI/PCF/Policy-${name}` }] });
const A = 'Practitioner/a';
const B = 'Practitioner/b';

describe('purposes of use and residual rules', () => {
  test.each<[string, object, Partial<ResidualQuestion>, string]>([
    ['a permission without limits leaves nothing over', consent('Basic', permit(TPO)), {}, 'TREAT,HPAYMT,HOPERAT: '],
    [
      'a limit of the root forbids everything else first',
      consent('Intermediate', permit(purpose('TREAT'), made('2025-01-01', '2025-12-31'))),
      {},
      'TREAT: forbid; permit 2025-01-01/2025-12-31',
    ],
    [
      'all labels of one provision stand in one rule',
      consent('Advanced', permit(purpose('TREAT'), label('N', 'R'))),
      {},
      'TREAT: forbid; permit N R',
    ],
    [
      'a denial of named data is the only rule when the rest is free',
      consent('Intermediate', permit(purpose('TREAT'), except(deny(data('instance', 'Observation/1'))))),
      {},
      'TREAT: forbid instance Observation/1',
    ],
    [
      'references become absolute on the server that is named',
      consent('Intermediate', permit(purpose('TREAT'), data('related', 'Encounter/1'))),
      { base: `${BASE}/` },
      `TREAT: forbid; permit related ${BASE}/Encounter/1`,
    ],
    [
      'a denial of one purpose takes it out of the token',
      consent('Intermediate', permit(TPO, except(deny(purpose('HPAYMT'))))),
      {},
      'TREAT,HOPERAT: ',
    ],
    [
      'a denial for one purpose of several narrows the token as a whole',
      consent('Advanced', permit(TPO, except(deny(purpose('HPAYMT'), label('HIV'))))),
      {},
      'TREAT,HPAYMT,HOPERAT: forbid HIV',
    ],
    [
      'and leaves alone a token that is not for it',
      consent('Advanced', permit(TPO, except(deny(purpose('HPAYMT'), label('HIV'))))),
      { purposes: ['TREAT'] },
      'TREAT: ',
    ],
    [
      'an exception for another purpose needs a token of its own',
      consent('Intermediate', permit(TPO, except(permit(purpose('HRESCH'), data('related', 'CarePlan/1'))))),
      {},
      'TREAT,HPAYMT,HOPERAT: ',
    ],
    [
      'which then holds that exception alone',
      consent('Intermediate', permit(TPO, except(permit(purpose('HRESCH'), data('related', 'CarePlan/1'))))),
      { purposes: ['HRESCH'] },
      'HRESCH: forbid; permit related CarePlan/1',
    ],
    [
      'an exception to a dissent permits what it names',
      consent('Advanced', deny(except(permit(purpose('TREAT'), label('N'))))),
      {},
      'TREAT: forbid; permit N',
    ],
    [
      'and no more than the dissent denied',
      consent('Advanced', deny(label('R'), except(permit(purpose('TREAT'))))),
      {},
      'TREAT: forbid; permit R',
    ],
    [
      'two labels have in common what both name',
      consent('Advanced', deny(label('PSY', 'HIV'), except(permit(purpose('TREAT'), label('HIV', 'SDV'))))),
      {},
      'TREAT: forbid; permit HIV',
    ],
    [
      'an exception to a dissent about something else permits nothing',
      consent('Advanced', deny(label('PSY'), except(permit(purpose('TREAT'), label('HIV'))))),
      {},
      'residual.nothing-permitted',
    ],
    [
      'a permission that could meet a denial is left out, because the permit would win',
      consent('Advanced', permit(TPO, label('N'), except(permit(label('PSY')), deny(label('HIV'))))),
      {},
      'TREAT,HPAYMT,HOPERAT: forbid; permit N; forbid HIV',
    ],
    [
      'a limit of the root that could meet a denial cannot be written',
      consent(
        'Intermediate',
        permit(purpose('TREAT'), made('2025-01-01', '2025-12-31'), except(deny(data('authoredby', A)))),
      ),
      {},
      'residual.not-expressible',
    ],
    [
      'periods that do not meet can',
      consent(
        'Intermediate',
        permit(
          purpose('TREAT'),
          made('2025-01-01', '2025-12-31'),
          except({ ...deny(), dataPeriod: { start: '2026-01-01' } }),
        ),
      ),
      {},
      'TREAT: forbid; permit 2025-01-01/2025-12-31; forbid 2026-01-01/undefined',
    ],
    [
      'the same instance under another address is the same',
      consent(
        'Intermediate',
        permit(
          purpose('TREAT'),
          data('instance', 'Observation/1'),
          except(deny(data('instance', `${BASE}/Observation/1/_history/2`))),
        ),
      ),
      {},
      'residual.not-expressible',
    ],
    [
      'instances that differ can',
      consent(
        'Intermediate',
        permit(purpose('TREAT'), data('instance', 'Observation/1'), except(deny(data('instance', 'Observation/2')))),
      ),
      {},
      'TREAT: forbid; permit instance Observation/1; forbid instance Observation/2',
    ],
    ['a refused permission', consent('Basic', permit(TPO), { status: 'rejected' }), {}, 'residual.refused'],
    ['a withdrawn one', consent('Basic', permit(TPO), { status: 'inactive' }), {}, 'residual.withdrawn'],
    [
      'one that has not begun',
      consent('Basic', permit(TPO, { period: { start: '2026-02-11' } })),
      {},
      'residual.not-begun',
    ],
    ['a dissent', consent('Intermediate', deny(TPO)), {}, 'residual.refused'],
    [
      'an exception that has ended',
      consent('Intermediate', deny(except(permit(purpose('TREAT'), { period: { end: '2026-02-09' } })))),
      {},
      'residual.refused',
    ],
    [
      'a denial that has ended',
      consent('Intermediate', permit(TPO, except(deny({ period: { end: '2026-02-09' } })))),
      {},
      'TREAT,HPAYMT,HOPERAT: ',
    ],
    ['a denial of everything', consent('Intermediate', permit(TPO, except(deny()))), {}, 'residual.refused'],
    [
      'a purpose that is not permitted',
      consent('Basic', permit(purpose('TREAT'))),
      { purposes: ['HPAYMT'] },
      'residual.purpose',
    ],
    ['a class', consent(null, permit({ class: [{ system: 'urn:x', code: 'x' }] })), {}, 'residual.not-expressible'],
    [
      'a third level',
      consent(null, permit(except(deny(label('R'), except(permit(label('PSY'))))))),
      {},
      'residual.not-expressible',
    ],
  ])('%s', (_, resource, question, expected) => expect(rulesOf(resource, question)).toBe(expected));
});

describe('the one who asks', () => {
  const toA = consent('Advanced', permit(TPO, label('N'), to(A)));
  const apart = consent(
    'Advanced',
    permit(TPO, label('N'), except(permit(label('PSY'), to(A)), permit(label('HIV'), to(B)))),
  );
  const notB = consent('Intermediate', permit(TPO, except(deny(to(B)))));
  test.each<[string, object, readonly string[] | undefined, string]>([
    ['is the one whom the consent names', toA, [A], 'TREAT,HPAYMT,HOPERAT: forbid; permit N'],
    ['is named by another address of the same server', toA, [`${BASE}/${A}`], 'TREAT,HPAYMT,HOPERAT: forbid; permit N'],
    ['is somebody else', toA, [B], 'residual.other-requester'],
    ['has the same name on another server', toA, [`https://evil.example/${A}`], 'residual.other-requester'],
    ['is not told', toA, undefined, 'TREAT,HPAYMT,HOPERAT: forbid; permit N'],
    ['is not told, and several have something of their own', apart, undefined, 'residual.requester-needed'],
    ['has an exception of their own', apart, [B], 'TREAT,HPAYMT,HOPERAT: forbid; permit N; permit HIV'],
    ['has none', apart, ['Practitioner/c'], 'TREAT,HPAYMT,HOPERAT: forbid; permit N'],
    ['is denied', notB, [A, B], 'residual.refused'],
    ['is not denied', notB, [A], 'TREAT,HPAYMT,HOPERAT: '],
    ['could be denied', notB, undefined, 'residual.requester-needed'],
  ])('%s', (_, resource, requester, expected) =>
    expect(rulesOf(resource, { base: BASE, ...(requester && { requester }) })).toBe(expected),
  );
});

describe('the policies that IHE defines', () => {
  test.each<[string, object, Partial<ResidualQuestion>, string]>([
    ['treatment', consent('Basic', permit(), policy('basic-normal')), {}, 'TREAT: '],
    ['all authorized uses', consent('Basic', permit(), policy('all-normal')), {}, 'TREAT,HPAYMT,HOPERAT: '],
    ['breaking the glass', consent('Intermediate', permit(), policy('break-glass-only')), {}, 'BTG: '],
    ['denying all', consent('Basic', permit(TPO), policy('deny')), {}, 'residual.refused'],
    [
      'denying all, with an exception',
      consent('Intermediate', deny(except(permit(purpose('TREAT'), to(A)))), policy('deny')),
      { requester: [A] },
      'TREAT: ',
    ],
    [
      'what the consent names goes before the policy',
      consent('Intermediate', permit(purpose('HRESCH')), policy('basic-normal')),
      {},
      'HRESCH: ',
    ],
    [
      'a policy of the domain says nothing to a machine: basic purposes, no more',
      consent('Intermediate', permit()),
      {},
      'TREAT,HPAYMT,HOPERAT: ',
    ],
    [
      'where the consent has ended, the implicit policy speaks',
      consent('Basic', permit(TPO, { period: { end: '2025' } })),
      { implicitPolicy: 'basic-normal' },
      'TREAT: ',
    ],
    [
      'and where it is about somebody else',
      consent('Basic', deny(to(B))),
      { implicitPolicy: 'all-normal', requester: [A], purposes: ['HPAYMT'] },
      'HPAYMT: ',
    ],
    [
      'a withdrawal is no silence',
      consent('Basic', permit(TPO), { status: 'inactive' }),
      { implicitPolicy: 'all-normal' },
      'residual.withdrawn',
    ],
    ['nor is a refusal', consent('Basic', deny()), { implicitPolicy: 'all-normal' }, 'residual.refused'],
    [
      'nor what cannot be read',
      consent('Basic', permit(), { implicitRules: 'urn:x' }),
      { implicitPolicy: 'all-normal' },
      'consent.implicit-rules',
    ],
  ])('%s', (_, resource, question, expected) => expect(rulesOf(resource, question)).toBe(expected));
});

test('every refusal is said in both languages', () => {
  for (const code of Object.keys(REFUSALS) as (keyof typeof REFUSALS)[]) {
    const [en, fr] = (['en', 'fr'] as const).map((lang) => sayRefusal({ code, location: 'Consent' }, lang));
    expect(en).not.toBe(fr);
  }
  expect(sayRefusal({ code: 'consent.scope', location: 'Consent.scope' }, 'fr')).toContain('portée');
});
