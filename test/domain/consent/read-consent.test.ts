import { describe, expect, test } from 'vitest';
import type { ConsentId } from '../../../src/kernel/ids.js';
import { RelaisError } from '../../../src/kernel/errors.js';
import { evaluateConsent } from '../../../src/domain/consent/evaluate.js';
import { readConsent } from '../../../src/domain/consent/read-consent.js';
import { labelsOf } from '../../../src/domain/labels/labels.js';
import { DATA_LABEL_SYSTEM } from '../../../src/domain/labels/security-labels.js';
import { OWN_PURPOSES } from '../../../src/domain/decision/purpose.js';
import { AT, PERSON, RECIPIENT, STRANGER } from '../../support/terms.js';

const ID = '00000000-0000-4000-8000-0000000000d9' as ConsentId;
const recipient = (id: string) => ({
  role: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' }] },
  reference: { reference: `Organization/${id}` },
});
const labels = (...codes: string[]) => codes.map((code) => ({ system: DATA_LABEL_SYSTEM, code }));
const provision = (changes: object = {}) => ({
  type: 'permit',
  period: { end: '2026-06-30' },
  actor: [recipient(RECIPIENT)],
  purpose: [{ system: OWN_PURPOSES, code: 'HOUSING' }],
  securityLabel: labels('identity', 'housing'),
  ...changes,
});
const resource = (changes: object = {}) => ({
  resourceType: 'Consent',
  status: 'active',
  scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
  category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
  patient: { reference: `Patient/${PERSON}` },
  dateTime: '2026-02-09T09:00:00+01:00',
  performer: [{ reference: `Patient/${PERSON}` }],
  provision: provision(),
  ...changes,
});
const question = { at: AT, recipient: RECIPIENT, purpose: 'HOUSING' as const };
const answer = (changes: object) =>
  evaluateConsent(readConsent(resource({ provision: provision(changes) }), ID), question);

describe('a readable consent', () => {
  test('gives its status, moment and rules', () => {
    const terms = readConsent(resource(), ID);
    expect(terms).toMatchObject({ id: ID, personId: PERSON, status: 'active', decidedAt: '2026-02-09T08:00:00.000Z' });
    expect(labelsOf(evaluateConsent(terms, question).permitted)).toEqual(['identity', 'housing']);
  });
  test('lasts through the day that it names as its end', () => {
    const terms = readConsent(resource(), ID);
    expect(evaluateConsent(terms, { ...question, at: '2026-06-30T23:59:59.999Z' as typeof AT }).permitted).not.toBe(0);
    expect(evaluateConsent(terms, { ...question, at: '2026-07-01T00:00:00.000Z' as typeof AT }).permitted).toBe(0);
  });
  test('says nothing about another recipient or purpose', () => {
    const terms = readConsent(resource(), ID);
    expect(evaluateConsent(terms, { ...question, recipient: STRANGER })).toEqual({ permitted: 0, denied: 0 });
    expect(evaluateConsent(terms, { ...question, purpose: 'COC' })).toEqual({ permitted: 0, denied: 0 });
  });
  test('a nested denial is an exception to the permission', () => {
    const { permitted, denied } = answer({ provision: [{ type: 'deny', securityLabel: labels('housing') }] });
    expect(labelsOf(permitted)).toEqual(['identity']);
    expect(labelsOf(denied)).toEqual(['housing']);
  });
  test('a nested permission reaches no further than the denial that it excepts', () => {
    const { permitted } = answer({
      type: 'deny',
      securityLabel: labels('housing'),
      provision: [{ type: 'permit', securityLabel: labels('housing', 'income') }],
    });
    expect(labelsOf(permitted)).toEqual(['housing']);
  });
  test('a permission without labels covers every category and no sensitivity', () => {
    const found = labelsOf(answer({ securityLabel: undefined }).permitted);
    expect(found).toContain('health');
    expect(found).not.toContain('psychiatry');
  });
  test('v3 sensitivity codes are understood', () => {
    const found = answer({
      securityLabel: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'PSY' }],
    });
    expect(labelsOf(found.permitted)).toEqual(['psychiatry']);
  });
});

describe('a consent is unreadable, and denies everything, when it has', () => {
  test.each<[string, object]>([
    ['no provision', { provision: undefined }],
    ['a provision without type', { provision: provision({ type: undefined }) }],
    [
      'a purpose that is not understood',
      { provision: provision({ purpose: [{ system: OWN_PURPOSES, code: 'ELSE' }] }) },
    ],
    ['a purpose of another system', { provision: provision({ purpose: [{ system: 'urn:x', code: 'HOUSING' }] }) }],
    ['a label that is not understood', { provision: provision({ securityLabel: labels('unheard-of') }) }],
    ['working notes among its labels', { provision: provision({ securityLabel: labels('working-notes') }) }],
    [
      'an actor in another role',
      { provision: provision({ actor: [{ ...recipient(RECIPIENT), role: { coding: [{ code: 'CST' }] } }] }) },
    ],
    [
      'an actor that is no organization',
      { provision: provision({ actor: [{ ...recipient(RECIPIENT), reference: { reference: 'Practitioner/1' } }] }) },
    ],
    ['a class', { provision: provision({ class: [{ code: 'x' }] }) }],
    ['an action', { provision: provision({ action: [{ text: 'x' }] }) }],
    ['a data period', { provision: provision({ dataPeriod: { start: '2020' } }) }],
    ['data', { provision: provision({ data: [] }) }],
    ['an extension in a provision', { provision: provision({ extension: [{ url: 'urn:x' }] }) }],
    ['an empty list of actors', { provision: provision({ actor: [] }) }],
    ['an unreadable exception', { provision: provision({ provision: [{ type: 'deny', code: [{ text: 'x' }] }] }) }],
    ['a modifier extension', { modifierExtension: [{ url: 'urn:x', valueBoolean: true }] }],
  ])('%s', (_, changes) => {
    const terms = readConsent(resource(changes), ID);
    expect(terms.status).toBe('unreadable');
    expect(evaluateConsent(terms, question).permitted).toBe(0);
    expect(evaluateConsent(terms, question).denied).not.toBe(0);
  });
});

describe('a resource is refused at the door when it', () => {
  test.each<[string, object, string]>([
    ['is another resource', { resourceType: 'Patient' }, 'consent.resource-type'],
    ['is a draft', { status: 'draft' }, 'consent.status'],
    ['is not about privacy', { scope: { coding: [{ code: 'research' }] } }, 'consent.scope'],
    ['names no person', { patient: undefined }, 'consent.patient'],
    ['names a person by something else than an id', { patient: { reference: 'Patient/Grace' } }, 'consent.patient'],
    ['has no moment', { dateTime: undefined }, 'consent.date-time'],
    ['has no decision-maker', { performer: [] }, 'consent.performer'],
    ['has no category', { category: [] }, 'consent.category'],
  ])('%s', (_, changes, rule) => {
    try {
      readConsent(resource(changes), ID);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(RelaisError);
      expect((error as RelaisError).status).toBe(422);
      expect((error as RelaisError).violations.map((violation) => violation.rule)).toContain(rule);
      expect(JSON.stringify((error as RelaisError).violations)).not.toContain('Grace');
    }
  });
});
