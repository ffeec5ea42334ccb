import { describe, expect, test } from 'vitest';
import type { ConsentId } from '../../../src/kernel/ids.js';
import { readJson } from '../../../src/kernel/json.js';
import { evaluateConsent } from '../../../src/domain/consent/evaluate.js';
import { readConsent, whyUnreadable } from '../../../src/domain/consent/read-consent.js';
import { readPolicy, SUPERSEDES } from '../../../src/domain/consent/read-policy.js';
import { sayUnreadable, UNREADABLE, type UnreadableCode } from '../../../src/domain/consent/unreadable.js';
import { labelsOf } from '../../../src/domain/labels/labels.js';
import { AT, PERSON, RECIPIENT } from '../../support/terms.js';
import { ACT_CODE, ACT_REASON, consent, data, GRAVITY, label, made, PCF, purpose, to } from './support/consents.js';

const permit = (...parts: object[]) => Object.assign({ type: 'permit' }, ...parts) as object;
const TREAT = purpose('TREAT');
const gravity = (provision: object | undefined, changes: object = {}) => ({
  ...consent(null, {}),
  meta: { profile: [GRAVITY] },
  category: [{ coding: [{ system: ACT_CODE, code: 'IDSCL' }] }],
  policy: undefined,
  ...{ provision, ...changes },
});
const without = (name: string, profile: string | null = 'Basic') => {
  const resource: Record<string, unknown> = consent(profile, permit());
  delete resource[name];
  return resource;
};
const policyRule = (...codes: string[]) => ({
  policyRule: { coding: codes.map((code) => ({ system: ACT_CODE, code })) },
});

describe('a consent is read', () => {
  test.each<[string, unknown, object]>([
    ['PCF basic', consent('Basic', permit(TREAT)), { profiles: ['pcf-basic'] }],
    ['PCF intermediate', consent('Intermediate', permit(made('2025', '2026'))), { profiles: ['pcf-intermediate'] }],
    ['PCF advanced, two levels', consent('Advanced', permit({ provision: [permit(label('PSY'))] })), {}],
    ['a profile with its version', consent('Basic|1.1.0', permit()), { profiles: ['pcf-basic'] }],
    ['Gravity', gravity(permit()), { profiles: ['gravity'] }],
    [
      'one that is Gravity and PCF at once',
      {
        ...consent('Basic', permit(TREAT)),
        meta: { profile: [`${PCF}Basic`, GRAVITY] },
        category: [
          { coding: [{ system: 'http://loinc.org', code: '59284-0' }] },
          { coding: [{ system: ACT_CODE, code: 'IDSCL' }] },
        ],
      },
      { profiles: ['pcf-basic', 'gravity'] },
    ],
    ['plain R4 with an opt-in as its base rule', consent(null, {}, policyRule('OPTIN')), { root: { type: 'permit' } }],
    ['plain R4 with an opt-out', consent(null, {}, policyRule('OPTOUTE')), { root: { type: 'deny' } }],
    [
      'class, code and action',
      consent(
        null,
        permit({
          class: [{ system: 'http://hl7.org/fhir/resource-types', code: 'Observation' }],
          code: [{ coding: [{ system: 'http://loinc.org', code: '8302-2' }] }],
          action: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentaction', code: 'disclose' }] }],
        }),
      ),
      { root: { scope: { class: [{}], code: [[{}]] }, actions: [{ code: 'disclose' }] } },
    ],
    ['persons, organizations and groups', consent(null, permit(to('Group/g', 'Organization/o', 'urn:oid:1.2.3'))), {}],
    ['data that depend', consent(null, permit(data('dependents', 'Encounter/e'))), {}],
    ['a verified one', consent(null, permit(), { verification: [{ verified: true }] }), {}],
    [
      'one that replaces another',
      consent(null, permit(), { extension: [{ url: SUPERSEDES, valueReference: { reference: 'Consent/b' } }] }),
      { supersedes: ['Consent/b'] },
    ],
    [
      'one by somebody who has an identifier only',
      consent(null, permit(), { performer: [{ identifier: { system: 'urn:x', value: '1' } }] }),
      { performers: ['urn:x|1'] },
    ],
  ])('%s', (_, resource, expected) => {
    expect(readPolicy(resource)).toMatchObject({ outcome: 'read', policy: expected });
  });
});

describe('a consent is unreadable, and says where, when it has', () => {
  const role = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'CST' }] };
  test.each<[string, unknown, UnreadableCode, string]>([
    ['another type', { resourceType: 'Patient' }, 'consent.resource-type', 'Consent'],
    ['no object', [], 'consent.resource-type', 'Consent'],
    [
      'implicit rules',
      consent(null, permit(), { implicitRules: 'urn:x' }),
      'consent.implicit-rules',
      'Consent.implicitRules',
    ],
    [
      'a modifier extension',
      consent(null, permit(), { modifierExtension: [{}] }),
      'consent.modifier-extension',
      'Consent.modifierExtension',
    ],
    [
      'an element of another version',
      consent(null, permit(), { decision: 'permit' }),
      'consent.unknown-element',
      'Consent',
    ],
    ['an extended primitive', consent(null, permit(), { _status: {} }), 'consent.unknown-element', 'Consent'],
    ['the status of a draft', consent(null, permit(), { status: 'draft' }), 'consent.status', 'Consent.status'],
    [
      'been entered in error',
      consent(null, permit(), { status: 'entered-in-error' }),
      'consent.status',
      'Consent.status',
    ],
    [
      'a scope of another system',
      consent(null, permit(), { scope: { coding: [{ system: 'urn:x', code: 'patient-privacy' }] } }),
      'consent.scope',
      'Consent.scope',
    ],
    ['no patient', without('patient', null), 'consent.reference', 'Consent.patient'],
    [
      'a performer without name',
      consent(null, permit(), { performer: [{ display: 'Mum' }] }),
      'consent.reference',
      'Consent.performer[0]',
    ],
    ['an impossible day', consent(null, permit(), { dateTime: '2026-02-30' }), 'consent.date-time', 'Consent.dateTime'],
    ['no rules', without('provision', null), 'consent.no-rules', 'Consent.provision'],
    ['no type and no base rule', consent(null, {}), 'consent.type', 'Consent.provision.type'],
    [
      'a base rule that contradicts',
      consent(null, permit(), policyRule('OPTOUT')),
      'consent.contradiction',
      'Consent.provision.type',
    ],
    ['two base rules', consent(null, {}, policyRule('OPTIN', 'OPTOUT')), 'consent.contradiction', 'Consent.policyRule'],
    [
      'a period that ends before it begins',
      consent(null, permit({ period: { start: '2027', end: '2026' } })),
      'consent.period',
      'Consent.provision.period',
    ],
    ['an empty period', consent(null, permit({ period: {} })), 'consent.period', 'Consent.provision.period'],
    [
      'a period with an extension',
      consent(null, permit({ period: { end: '2026', extension: [] } })),
      'consent.unknown-element',
      'Consent.provision.period',
    ],
    [
      'data of a period that contradicts',
      consent(null, permit(made('2026-02', '2026-01'))),
      'consent.period',
      'Consent.provision.dataPeriod',
    ],
    [
      'an actor in another role',
      consent(null, permit({ actor: [{ role, reference: { reference: 'Group/g' } }] })),
      'consent.role',
      'Consent.provision.actor[0].role',
    ],
    [
      'an actor in two roles',
      consent(
        null,
        permit({
          actor: [
            {
              role: { coding: [...to('Group/g').actor[0]!.role.coding, ...role.coding] },
              reference: { reference: 'Group/g' },
            },
          ],
        }),
      ),
      'consent.role',
      'Consent.provision.actor[0].role',
    ],
    ['a contained actor', consent(null, permit(to('#g'))), 'consent.actor', 'Consent.provision.actor[0].reference'],
    [
      'a conditional actor',
      consent(null, permit(to('Organization?name=x'))),
      'consent.actor',
      'Consent.provision.actor[0].reference',
    ],
    [
      'a purpose without system',
      consent(null, permit({ purpose: [{ code: 'TREAT' }] })),
      'consent.coding',
      'Consent.provision.purpose[0]',
    ],
    [
      'no purpose in its list',
      consent(null, permit({ purpose: [] })),
      'consent.empty-list',
      'Consent.provision.purpose',
    ],
    [
      'data of an unknown meaning',
      consent(null, permit(data('near', 'Encounter/e'))),
      'consent.data',
      'Consent.provision.data[0].meaning',
    ],
    [
      'an action in words only',
      consent(null, permit({ action: [{ text: 'x' }] })),
      'consent.coding',
      'Consent.provision.action[0]',
    ],
    [
      'an extension in an exception',
      consent(null, permit({ provision: [permit({ extension: [] })] })),
      'consent.unknown-element',
      'Consent.provision.provision[0]',
    ],
    [
      'an exception without type',
      consent(null, { provision: [{}] }, policyRule('OPTIN')),
      'consent.type',
      'Consent.provision.provision[0].type',
    ],
    [
      'not been verified',
      consent(null, permit(), { verification: [{ verified: false }] }),
      'consent.not-verified',
      'Consent.verification[0]',
    ],
    [
      'an unclear replacement',
      consent(null, permit(), { extension: [{ url: SUPERSEDES, valueReference: { reference: 'Patient/p' } }] }),
      'consent.supersedes',
      'Consent.extension[0]',
    ],
    ['PCF: no organization', without('organization'), 'consent.required', 'Consent.organization'],
    ['PCF: no source', without('sourceReference'), 'consent.required', 'Consent.source'],
    ['PCF: no performer', without('performer'), 'consent.required', 'Consent.performer'],
    [
      'PCF: no policy',
      consent('Basic', permit(), { policy: [{ authority: 'urn:x' }] }),
      'consent.required',
      'Consent.policy.uri',
    ],
    [
      'PCF: a verification',
      consent('Basic', permit(), { verification: [{ verified: true }] }),
      'consent.profile-forbids',
      'Consent.verification',
    ],
    [
      'PCF basic: an exception',
      consent('Basic', permit({ provision: [permit()] })),
      'consent.profile-forbids',
      'Consent.provision.provision',
    ],
    [
      'PCF basic: another purpose',
      consent('Basic', permit(purpose('BTG'))),
      'consent.profile-forbids',
      'Consent.provision.purpose[0]',
    ],
    [
      'PCF basic: data',
      consent('Basic', permit(data('instance', 'Observation/1'))),
      'consent.profile-forbids',
      'Consent.provision.data',
    ],
    [
      'PCF basic: a period of data',
      consent('Basic', permit(made('2025', '2026'))),
      'consent.profile-forbids',
      'Consent.provision.dataPeriod',
    ],
    [
      'PCF intermediate: a label',
      consent('Intermediate', permit(label('N'))),
      'consent.profile-forbids',
      'Consent.provision.securityLabel',
    ],
    [
      'PCF intermediate: three levels',
      consent('Intermediate', permit({ provision: [permit({ provision: [permit()] })] })),
      'consent.profile-forbids',
      'Consent.provision.provision[0].provision',
    ],
    [
      'PCF intermediate: data that depend',
      consent('Intermediate', permit(data('dependents', 'Encounter/e'))),
      'consent.profile-forbids',
      'Consent.provision.data[0]',
    ],
    [
      'PCF intermediate: data related to a patient',
      consent('Intermediate', permit(data('related', 'Patient/p'))),
      'consent.profile-forbids',
      'Consent.provision.data[0]',
    ],
    [
      'PCF intermediate: an author who is none',
      consent('Intermediate', permit(data('authoredby', 'Encounter/e'))),
      'consent.profile-forbids',
      'Consent.provision.data[0]',
    ],
    [
      'PCF advanced: a label of its own',
      consent('Advanced', permit(label('SEX'))),
      'consent.profile-forbids',
      'Consent.provision.securityLabel[0]',
    ],
    [
      'PCF advanced: a class',
      consent('Advanced', permit({ class: [{ system: 'urn:x', code: 'x' }] })),
      'consent.profile-forbids',
      'Consent.provision.class',
    ],
    [
      'PCF advanced: an action',
      consent('Advanced', permit({ action: [{}] })),
      'consent.profile-forbids',
      'Consent.provision.action',
    ],
    [
      'two profiles, of which one forbids',
      { ...consent(null, permit(label('N'))), meta: { profile: [`${PCF}Advanced`, `${PCF}Basic`] } },
      'consent.profile-forbids',
      'Consent.provision.securityLabel',
    ],
    ['Gravity: rules in a document only', gravity(undefined), 'consent.no-rules', 'Consent.provision'],
    [
      'Gravity: another category',
      gravity(permit(), { category: [{ text: 'x' }] }),
      'consent.category',
      'Consent.category',
    ],
    [
      'Gravity: two organizations',
      gravity(permit(), { organization: [{ reference: 'Organization/a' }, { reference: 'Organization/b' }] }),
      'consent.one-organization',
      'Consent.organization',
    ],
  ])('%s', (_, resource, code, location) => {
    const read = readPolicy(resource);
    expect(read.outcome === 'unreadable' && read.reasons).toContainEqual({ code, location });
  });

  test('several things, and names them all', () => {
    const read = readPolicy(consent('Basic', permit({ purpose: [] }, made('2026', '2025')), { status: 'draft' }));
    expect(read.outcome === 'unreadable' && read.reasons.map(({ location }) => location)).toEqual([
      'Consent.status',
      'Consent.provision.dataPeriod',
    ]);
  });
});

describe('a hostile consent is unreadable at once', () => {
  const nested = (levels: number): object => {
    let provision: object = permit();
    for (let level = 0; level < levels; level += 1) provision = permit({ provision: [provision] });
    return consent(null, provision);
  };
  test('when it nests without end', () => {
    expect(readPolicy(nested(8)).outcome).toBe('read');
    expect(readPolicy(nested(9))).toMatchObject({ reasons: [{ code: 'consent.too-deep' }] });
    expect(readPolicy(nested(5000))).toMatchObject({ outcome: 'unreadable' });
  });
  test('when it holds itself', () => {
    const loop: Record<string, unknown> = { type: 'permit' };
    loop['provision'] = [loop];
    expect(readPolicy(consent(null, loop))).toMatchObject({ reasons: [{ code: 'consent.too-deep' }] });
  });
  test('when it branches without end', () => {
    const loop: Record<string, unknown> = { type: 'permit' };
    loop['provision'] = Array.from({ length: 20 }, () => loop);
    const read = readPolicy(consent(null, loop));
    expect(read.outcome === 'unreadable' && read.reasons.length).toBeLessThanOrEqual(50);
    expect(readPolicy(consent(null, permit({ provision: Array(1001).fill(permit()) })))).toMatchObject({
      outcome: 'unreadable',
      reasons: [{ code: 'consent.too-many' }],
    });
  });
  test('when it is 20 kB of brackets', () => {
    const text = `{"resourceType":"Consent","provision":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    expect(() => readJson(Buffer.from(text))).toThrow();
  });
  test.each(['__proto__', 'constructor', 'toString'])('when a code is %s', (code) => {
    for (const part of [purpose(code), { securityLabel: [{ system: ACT_CODE, code }] }]) {
      const resource = { ...consent(null, permit(part)), patient: { reference: `Patient/${PERSON}` } };
      expect(readConsent(resource, 'x' as ConsentId).status).toBe('unreadable');
    }
    const own = consent(null, {}, { policyRule: { coding: [{ system: ACT_CODE, code }] } });
    expect(readPolicy(own).outcome).toBe('unreadable');
  });
});

describe('transfers are decided by what Relais can keep', () => {
  const question = { at: AT, recipient: RECIPIENT, purpose: 'TREAT' as const };
  const own = (profile: string | null, provision: object, changes: object = {}) =>
    consent(profile, provision, { patient: { reference: `Patient/${PERSON}` }, ...changes });
  const heard = (resource: unknown, why: 'TREAT' | 'COC' | 'CAREMGT' = 'TREAT') =>
    evaluateConsent(readConsent(resource, 'x' as ConsentId), { ...question, purpose: why });

  test('a PCF consent for treatment, payment and operations permits treatment', () => {
    const resource = own('Basic', permit(purpose('TREAT', 'HPAYMT', 'HOPERAT'), to(`Organization/${RECIPIENT}`)));
    expect(labelsOf(heard(resource).permitted)).toContain('health');
    expect(heard(resource, 'COC').permitted).toBe(0);
  });
  test('a permission for payment alone permits nothing, and denies nothing', () => {
    expect(heard(own('Basic', permit(purpose('HPAYMT'))))).toEqual({ permitted: 0, denied: 0 });
  });
  test('a denial for treatment or operations denies its kinds', () => {
    expect(heard(own('Basic', { type: 'deny', ...TREAT }), 'COC').denied).not.toBe(0);
    expect(heard(own('Basic', { type: 'deny', ...purpose('HOPERAT') }), 'CAREMGT').denied).not.toBe(0);
    expect(heard(own('Basic', permit(TREAT), { status: 'rejected' }), 'COC').denied).not.toBe(0);
  });
  test('normal data are the categories; a denial of restricted data denies every sensitivity', () => {
    const resource = own('Advanced', permit(TREAT, label('N'), { provision: [{ type: 'deny', ...label('R') }] }));
    const { permitted, denied } = heard(resource);
    expect(labelsOf(permitted)).toContain('income');
    expect(labelsOf(permitted)).not.toContain('psychiatry');
    // The exception stays within normal data, where nothing is restricted.
    expect(denied).toBe(0);
    expect(labelsOf(heard(own('Advanced', { type: 'deny', ...label('R') })).denied)).toContain('psychiatry');
  });
  test('an exception of PCF that reaches further than the root is kept within it', () => {
    const resource = own('Advanced', permit(TREAT, label('N'), { provision: [permit(label('PSY'))] }));
    expect(labelsOf(heard(resource).permitted)).not.toContain('psychiatry');
  });
  test.each<[string, object, UnreadableCode]>([
    ['a period of the data', permit(made('2025', '2026')), 'consent.not-enforced'],
    ['data by author', permit(data('authoredby', 'Practitioner/a')), 'consent.not-enforced'],
    ['a class', permit({ class: [{ system: 'urn:x', code: 'x' }] }), 'consent.not-enforced'],
    ['a code', permit({ code: [{ coding: [{ system: 'urn:x', code: 'x' }] }] }), 'consent.not-enforced'],
    [
      'an action that is not disclosure',
      permit({
        action: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentaction', code: 'use' }] }],
      }),
      'consent.not-enforced',
    ],
    ['a person as the recipient', permit(to('Practitioner/a')), 'consent.recipient-not-enforced'],
    ['restricted data, permitted', permit(label('R')), 'consent.label-not-known'],
    ['a project', permit({ purpose: [{ system: 'urn:x', code: 'x' }] }), 'consent.purpose-not-known'],
    ['a purpose of HL7 that nobody has thought about', permit(purpose('HLEGAL')), 'consent.purpose-not-known'],
  ])('%s makes it unreadable for transfers, with the reason', (_, provision, code) => {
    const resource = own(null, provision);
    expect(readPolicy(resource).outcome).toBe('read');
    expect(whyUnreadable(resource).map((reason) => reason.code)).toEqual([code]);
    expect(heard(resource).permitted).toBe(0);
    expect(heard(resource).denied).not.toBe(0);
  });
  test('a permission to disclose is one to pass on', () => {
    const action = [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentaction', code: 'disclose' }] }];
    expect(heard(own(null, permit({ action }))).permitted).not.toBe(0);
    expect(whyUnreadable(own(null, permit({ action })))).toEqual([]);
  });
});

test('every reason is said in both languages', () => {
  for (const code of Object.keys(UNREADABLE) as UnreadableCode[]) {
    const reason = { code, location: 'Consent' };
    expect(sayUnreadable(reason, 'en')).not.toBe(sayUnreadable(reason, 'fr'));
  }
  expect(ACT_REASON).toContain('ActReason');
});
