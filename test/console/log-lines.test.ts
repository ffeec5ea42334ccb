import { describe, expect, it } from 'vitest';
import { auditLine, type AuditEventResource } from '../../console/src/admin/log/audit-line.js';
import { addressOf, EVERYTHING, nextPage, wrongIn } from '../../console/src/admin/log/search.js';
import type { AdminKey } from '../../console/src/admin/say.js';
import { AUDIT_ACTIONS, type AuditAction } from '../../src/domain/audit/entry.js';
import type { Audited, AuditReader } from '../../src/domain/audit/fhir/audited.js';
import { toAuditEvent } from '../../src/domain/audit/fhir/to-audit-event.js';
import { CCAS, TOIT_COMMUN } from '../../src/demo/world.js';
import { wordsIn } from './say-in.js';

const PERSON = '11111111-0000-4000-8000-000000000001';
const TRANSFER = '22222222-0000-4000-8000-000000000002';
const CONSENT = '33333333-0000-4000-8000-000000000003';
const STAFF = '44444444-0000-4000-8000-000000000004';
const reader: AuditReader = {
  publicUrl: 'https://relais.test',
  organizationId: CCAS.id,
  calledAs: (id) => id,
};

function lineOf(action: AuditAction, change: object = {}, onTransfer = true): ReturnType<typeof auditLine> {
  const audited = {
    entry: {
      id: '55555555-0000-4000-8000-000000000005',
      at: '2026-02-09T10:15:00.000Z',
      action,
      outcome: 'success',
      actor: { type: 'staff', id: STAFF, organizationId: CCAS.id },
      organizations: [CCAS.id],
      personId: PERSON,
      ...(onTransfer && { transferId: TRANSFER }),
      codes: { found: 3 },
      ...change,
    },
    transfer: onTransfer
      ? {
          id: TRANSFER,
          taskId: '66666666-0000-4000-8000-000000000006',
          senderOrganizationId: CCAS.id,
          recipientOrganizationId: TOIT_COMMUN.id,
          personId: PERSON,
          purpose: 'HOUSING',
          ground: 'consent',
          consents: [CONSENT],
        }
      : null,
  } as unknown as Audited;
  return auditLine(toAuditEvent(reader, audited) as unknown as AuditEventResource);
}

describe('an entry of the log as a line', () => {
  it('of a disclosure says from whom to whom, why, about which transfer', () => {
    expect(lineOf('disclosure.sent')).toMatchObject({
      action: 'disclosure.sent',
      outcome: 'success',
      who: { kind: 'staff', id: STAFF },
      disclosure: { from: CCAS.id, to: TOIT_COMMUN.id, purpose: 'HOUSING' },
      transferId: TRANSFER,
      personId: PERSON,
      codes: [{ name: 'found', value: '3' }],
    });
  });

  it('of a refusal says that it was refused, on which consents', () => {
    expect(lineOf('transfer.refused', { outcome: 'refused' })).toMatchObject({
      action: null,
      outcome: 'refused',
      disclosure: { from: CCAS.id, to: TOIT_COMMUN.id, purpose: 'HOUSING' },
      consentId: CONSENT,
      transferId: TRANSFER,
    });
  });

  it('of a search is about nobody’s disclosure', () => {
    expect(lineOf('person.searched', {}, false)).toMatchObject({ action: 'person.searched', disclosure: null });
  });

  it('tells a software, another organization and the gateway apart', () => {
    const by = (actor: object) => lineOf('case.stored', { actor }, false).who;
    expect(by({ type: 'partner', id: 'p1', organizationId: CCAS.id })).toEqual({ kind: 'software', id: 'p1' });
    expect(by({ type: 'partner', id: 'p2', organizationId: TOIT_COMMUN.id })).toEqual({
      kind: 'organization',
      id: TOIT_COMMUN.id,
    });
    expect(by({ type: 'system', id: 'sequencer', organizationId: null })).toEqual({ kind: 'relais' });
  });

  it('that failed is told from one that was refused', () => {
    expect(lineOf('disclosure.failed', { outcome: 'failure' }).outcome).toBe('failure');
  });

  it.each(['en', 'fr'] as const)('has words in %s for every action of the log', (lang) => {
    const { say } = wordsIn(lang);
    for (const action of AUDIT_ACTIONS) expect(say(`log.action.${action}` as AdminKey)).not.toBe('');
  });
});

describe('a search of the log', () => {
  it('asks with ids and days alone', () => {
    expect(addressOf(EVERYTHING)).toBe('/fhir/AuditEvent?_count=50');
    expect(addressOf({ when: 'until', day: '2026-02-09', id: ` ${TRANSFER} ` })).toBe(
      `/fhir/AuditEvent?_count=50&date=le2026-02-09&entity=${TRANSFER}`,
    );
  });

  it('marks what cannot be asked', () => {
    expect(wrongIn({ when: 'on', day: '', id: 'Grace Okafor' })).toEqual(['day', 'id']);
    expect(wrongIn({ when: 'on', day: '2026-02-09', id: TRANSFER })).toEqual([]);
  });

  it('goes on where the page ends, at this address', () => {
    const url = 'https://relais.test/fhir/AuditEvent?_count=50&page=2026-02-09T10:15:00.000Z_x';
    expect(nextPage([{ relation: 'next', url }])).toBe('/fhir/AuditEvent?_count=50&page=2026-02-09T10:15:00.000Z_x');
    expect(nextPage()).toBeNull();
  });
});
