import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readPolicy } from '../../../src/domain/consent/read-policy.js';
import { deriveResidual } from '../../../src/domain/consent/residual/derive-residual.js';
import { sharedData } from '../../support/shared-data.js';
import { readResource } from './support/consents.js';

const folder = sharedData('pcf-consent');
const expectedFile = sharedData('pcf-consent', 'expected-residuals.json');
const present = folder !== null && expectedFile !== null;
const because = present ? '' : ' (skipped: shared data absent)';

interface Published {
  readonly residual?: readonly { readonly type: string }[];
  readonly purpose_of_use?: readonly string[];
}
const published = present ? (readResource(expectedFile) as Record<string, Published>) : {};
const withRules = Object.entries(published).filter(([, { residual }]) => residual !== undefined);
const file = (name: string): string => sharedData('pcf-consent', 'consents', `Consent-${name}.json`) ?? '';
const question = { at: '2026-02-10T10:00:00.000Z', base: 'http://example.org/fhir' };
const NORMAL = { type: 'permit', securityLabel: [expect.objectContaining({ code: 'N' })] };
const RESTRICTED = { type: 'permit', securityLabel: [expect.objectContaining({ code: 'R' })] };

describe.skipIf(!present)(`the published PCF consents${because}`, () => {
  test.each(withRules)('%s gives the published purposes and residual rules', (name, expected) => {
    const answer = deriveResidual(readPolicy(readResource(file(name))), question);
    if (answer.outcome !== 'permit') throw new Error(answer.reasons[0].code);
    expect(answer.purposes.map(({ code }) => code)).toEqual(expected.purpose_of_use);
    // One published rule says "deny" where the specification knows only "forbid".
    const rules = expected.residual?.map((rule) => (rule.type === 'deny' ? { ...rule, type: 'forbid' } : rule));
    expect(answer.residual).toEqual(rules);
  });

  test('there are as many with rules as were published', () => expect(withRules).toHaveLength(8));

  test('the rejected one gives no token', () => {
    const answer = deriveResidual(readPolicy(readResource(file('ex-consent-basic-reject'))), question);
    expect(answer).toMatchObject({ outcome: 'deny', reasons: [{ code: 'residual.refused' }] });
  });

  test('the expired one gives a token through its last day and none after', () => {
    const read = readPolicy(readResource(file('ex-consent-expired-treat')));
    const at = (moment: string) => deriveResidual(read, { ...question, at: moment });
    expect(at('2022-12-31T23:59:59.999Z')).toMatchObject({ outcome: 'permit', residual: [] });
    expect(at('2023-01-01T00:00:00.000Z')).toMatchObject({
      outcome: 'deny',
      reasons: [{ code: 'residual.expired', location: 'Consent.provision.period' }],
    });
  });

  test('mental health goes to the practitioner who is named and to nobody else', () => {
    const read = readPolicy(readResource(file('ex-consent-advanced-normal-focused-psy')));
    const of = (requester: string) => deriveResidual(read, { ...question, requester: [requester] });
    expect(of('Practitioner/ex-practitioner')).toMatchObject({ residual: [{ type: 'forbid' }, {}, {}] });
    expect(of('http://example.org/fhir/Practitioner/ex-practitioner')).toMatchObject({ residual: [{}, {}, {}] });
    expect(of('Practitioner/ex-author')).toMatchObject({ residual: [{ type: 'forbid' }, NORMAL] });
  });

  test('breaking the glass adds restricted data for the group that may, when it is declared', () => {
    const read = readPolicy(readResource(file('ex-consent-advanced-normal-break-glass-restricted')));
    const group = { ...question, requester: ['Practitioner/x', 'Group/ex-privilegedUsers'] };
    const everyday = { outcome: 'permit', residual: [{ type: 'forbid' }, NORMAL] };
    expect(deriveResidual(read, question)).toMatchObject(everyday);
    expect(deriveResidual(read, group)).toMatchObject(everyday);
    const broken = deriveResidual(read, { ...group, purposes: ['TREAT', 'BTG'] });
    expect(broken).toMatchObject({ outcome: 'permit', residual: [{ type: 'forbid' }, NORMAL, RESTRICTED] });
    expect(deriveResidual(read, { ...group, purposes: ['BTG'] })).toMatchObject({
      residual: [{ type: 'forbid' }, NORMAL, RESTRICTED],
    });
    const stranger = { ...question, requester: ['Practitioner/x'], purposes: ['TREAT', 'BTG'] };
    expect(deriveResidual(read, stranger)).toMatchObject(everyday);
  });

  test('every other consent among them is read', () => {
    const names = readdirSync(sharedData('pcf-consent', 'consents') ?? '').map((name) => name.slice(8, -5));
    for (const name of names.filter((one) => !(one in published))) {
      expect([name, readPolicy(readResource(file(name))).outcome]).toEqual([name, 'read']);
    }
  });
});

describe(`consents of other guides${because}`, () => {
  test.each<[string, string[], string, string]>([
    // It names nobody whose consent it is, and its base rule is in a code system that is none.
    ['TDDUI (France)', ['tddui-fr', 'SDO-ESMSConsent.json'], 'consent.reference', 'Consent.patient'],
  ])('%s is refused with its reason', (_, path, code, location) => {
    const found = sharedData(...path);
    if (found === null) return;
    expect(readPolicy(readResource(found))).toMatchObject({
      outcome: 'unreadable',
      reasons: expect.arrayContaining([{ code, location }]) as unknown,
    });
  });

  test('the example of FHIR R4 itself is an opt-in, and over', () => {
    const found = sharedData('fhir-test-cases', 'r4-examples', 'consent-example.json');
    if (found === null) return;
    const read = readPolicy(readResource(found));
    expect(read).toMatchObject({ outcome: 'read', policy: { profiles: [], root: { type: 'permit' } } });
    expect(deriveResidual(read, question)).toMatchObject({ reasons: [{ code: 'residual.expired' }] });
  });
});
