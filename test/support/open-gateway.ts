import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { tellStory } from '../../src/composition/tell-story.js';
import type { Agreement } from '../../src/domain/agreement/agreement.js';
import type { PurposeOfUse } from '../../src/domain/decision/purpose.js';
import { instant } from '../../src/kernel/clock.js';
import { newId, type AgreementId, type OrganizationId, type TransferId } from '../../src/kernel/ids.js';
import { deliverAnnouncement } from '../../src/transfer/deliver-announcement.js';
import { deliverTransfer, type DeliveryOutcome } from '../../src/transfer/deliver-transfer.js';
import type { Postman } from '../../src/transfer/guest-ports.js';
import type { DeliveryResult, Door, FindResult, OutboundIdentifier } from '../../src/transfer/door-ports.js';
import type { AccessLimits } from '../../src/transfer/limit-ports.js';
import type { Principal, StaffRole } from '../../src/transfer/principal.js';
import { loadPack } from '../mappings/pack.js';
import { createAccessDoor } from '../../src/adapters/identity/access-door.js';
import { insertEntry } from '../../src/adapters/store/audit/insert-entry.js';
import { createAccessSessions } from '../../src/adapters/store/access/access-sessions.js';
import { systemClock } from '../../src/kernel/clock.js';
import { controlOf, createTestDatabase } from './database.js';
import { handOut, seedOrganization } from './fixtures.js';
import { testFrame, testReminders } from './frame.js';
import { api, createTestApp, partner, PUBLIC_URL, serve, startHttp } from './http.js';
import { testEvidence, testSign } from './sign.js';
import { launchesOf } from './launches.js';
import { partnersOf } from './partners.js';
import { shippedRules } from './label-rules.js';

const GRACE = readFileSync(new URL('../../config/demo/cases/grace-okafor.json', import.meta.url), 'utf8');
type Plain = Record<string, unknown>;

/** What came through the door, and what it answers next. */
export interface TestDoor extends Door {
  readonly sent: { readonly idempotencyKey: string; readonly url: string; readonly body: string }[];
  /** Awaited once the first byte may be written, before the answer. */
  whileOnTheWire: () => Promise<void>;
  result: DeliveryResult;
  /** What the partner was asked for, and what it says. */
  readonly askedFor: OutboundIdentifier[];
  found: FindResult;
}

function createTestDoor(): TestDoor {
  const door: TestDoor = {
    sent: [],
    whileOnTheWire: () => Promise.resolve(),
    result: { kind: 'received', receipt: { status: 201, digest: 'd'.repeat(64), location: null } },
    askedFor: [],
    found: { kind: 'absent' },
    find: async (_endpoint, identifier, mayAsk) => {
      if (!(await mayAsk())) return { kind: 'fenced' };
      door.askedFor.push(identifier);
      return door.found;
    },
    send: async ({ url }, { body, idempotencyKey }, mayWrite) => {
      if (!(await mayWrite())) return { kind: 'fenced' };
      door.sent.push({ idempotencyKey, url, body: body.toString('utf8') });
      await door.whileOnTheWire();
      return door.result;
    },
  };
  return door;
}

/**
 * The gateway of one test: the real HTTP app over the real story and a database of its own; the door to the partners and
 * the clock of the workers are the test's.
 */
export async function openGateway(limits: AccessLimits = { filesPerHour: 100, searchesPerHour: 300 }) {
  const database = await createTestDatabase();
  const sender = await seedOrganization(database, 'CCAS de Valmont', 'social');
  const recipient = await seedOrganization(database, 'Toit Commun', 'housing');
  const other = await seedOrganization(database, 'Les Tilleuls', 'health');
  const partners = partnersOf(database);
  const story = tellStory({
    store: database.store,
    mapping: await loadPack('case'),
    labelRules: shippedRules,
    ...testFrame,
    reminders: testReminders,
    leaseMs: 3_000,
    queue: { ready: () => Promise.resolve(true) },
    deliveries: controlOf(database),
    wake: () => undefined,
    verifyLaunch: launchesOf(database),
    partners,
    evidence: testEvidence,
    limits,
    namesForOfficer: () => Promise.resolve(new Map()),
  });
  const agreement = agreementOf(sender.organizationId, [recipient.organizationId, other.organizationId]);
  const actor = { type: 'system', id: 'test', organizationId: null } as const;
  await database.store.asOrganization(sender.organizationId, (tx) => tx.putAgreement(agreement, actor));
  const door = createTestDoor();
  const staff = (organizationId: OrganizationId, ...roles: StaffRole[]): Principal => ({
    actor: { type: 'staff', id: '7e57bbbb-0000-4000-8000-000000000001', organizationId },
    organizationId,
    via: 'staff-session',
    scopes: new Set(),
    roles: new Set(roles),
  });
  const principals: Record<string, Principal> = {
    agency: partner(sender.organizationId),
    recipient: partner(recipient.organizationId),
    other: partner(other.organizationId),
    dpo: staff(sender.organizationId, 'data-protection-officer'),
    operator: staff(sender.organizationId, 'operator'),
    caseworker: staff(sender.organizationId, 'caseworker'),
    colleague: {
      ...staff(sender.organizationId, 'caseworker'),
      actor: { type: 'staff', id: '7e57bbbb-0000-4000-8000-000000000002', organizationId: sender.organizationId },
    },
    reader: staff(recipient.organizationId, 'caseworker'),
    stranger: staff(other.organizationId, 'caseworker'),
  };
  const { app } = createTestApp({ story, principals });
  /** The server of a test ends with it, so each call asks for one. */
  const http = (who = 'agency') => api(serve(app), who);
  const pool = database.pool('relais_identity');
  const sessions = createAccessSessions({ pool, masterKey: database.masterKey, audit: insertEntry });
  const newAccessDoor = () => createAccessDoor({ publicUrl: PUBLIC_URL, sessions, clock: systemClock });
  /** Somebody without an account: the pages of links, with whatever cookie they are given. */
  const visit = (accessDoor = newAccessDoor()) => {
    const started = startHttp({ story, principals, accessDoor, publicUrl: PUBLIC_URL });
    return { ...started, ...api(started.server) };
  };
  return {
    database,
    store: database.store,
    story,
    partners,
    principals,
    sender,
    recipient,
    other,
    agreement,
    door,
    http,
    visit,
    close: () => database.drop(),

    /** A case of the demo, changed; its person is new unless a key is given. */
    putCase: async (change: (record: Plain) => void = () => undefined, caseId = `case-${randomUUID().slice(0, 8)}`) => {
      const record = JSON.parse(GRACE) as Plain;
      (record['person'] as Plain)['id'] = caseId;
      change(record);
      const answer = await http().put(`/api/v1/cases/${caseId}`).send(record);
      if (answer.status >= 300) throw new Error(answer.text);
      return { caseId, personId: answer.body.personId as string };
    },
    ask: (caseId: string, more: Plain = {}) =>
      http()
        .post('/api/v1/transfers')
        .set('Idempotency-Key', randomUUID())
        .send({
          caseId,
          recipientOrganizationId: recipient.organizationId,
          purpose: 'HOUSING',
          ground: { kind: 'consent' },
          ...more,
        }),
    /** Whatever is to be announced now, to the agency's software or to past recipients. */
    announce: async (postman?: Postman) => {
      for (const { id } of await database.store.dispatch.takeDue(100, 'announcement')) {
        const deps = {
          store: database.store,
          door,
          ...(postman !== undefined && { postman }),
          labelRules: shippedRules,
          frame: testFrame,
          leaseMs: 3_000,
          retryDelayMs: () => 0,
        };
        await deliverAnnouncement(deps, id, AbortSignal.timeout(10_000));
      }
    },
    deliver: async (id: string, postman?: Postman): Promise<DeliveryOutcome> => {
      await handOut(database, id as TransferId);
      return deliverTransfer(
        {
          store: database.store,
          door,
          ...(postman !== undefined && { postman }),
          sign: testSign,
          labelRules: shippedRules,
          retryDelayMs: () => 0,
          leaseMs: 3_000,
          maxAttempts: 3,
          frame: testFrame,
        },
        id as TransferId,
        AbortSignal.timeout(10_000),
      );
    },
  };
}
export type TestGateway = Awaited<ReturnType<typeof openGateway>>;

function agreementOf(sender: OrganizationId, recipients: readonly OrganizationId[]): Agreement {
  const purpose = (code: PurposeOfUse): Agreement['purposes'][number] => ({
    purpose: code,
    senders: [sender],
    recipients,
    categories: ['identity', 'contact', 'household', 'housing', 'income', 'health'],
    sensitivities: [],
    dataProtectionBasis: 'public-task',
    secrecyGrounds: ['consent', 'care-team', 'statute', 'safeguarding'],
  });
  return {
    id: newId<AgreementId>(),
    version: 1,
    title: { en: 'Access to housing', fr: 'Accès au logement' },
    status: 'active',
    parties: [sender, ...recipients],
    purposes: [purpose('HOUSING'), purpose('COC')],
    validFrom: instant('2026-01-01T00:00:00Z'),
    purgeAfterDays: 30,
  };
}

let lastDecision = Date.parse('2026-02-01T09:00:00Z');

/** A FHIR R4 Consent as a test needs it; each later one was decided a minute later. */
export function consentFor(
  personId: string,
  recipient: string,
  {
    type = 'permit',
    purpose = 'HOUSING',
    labels = ['identity', 'contact', 'housing'],
    performer = [{ reference: `Patient/${personId}` }],
    supersedes = [],
    decision,
    ...more
  }: Plain & {
    type?: 'permit' | 'deny';
    purpose?: string;
    labels?: readonly string[];
    performer?: readonly Plain[];
    supersedes?: readonly string[];
    decision?: Plain[];
  } = {},
): Plain {
  const own = 'https://relais.example/fhir';
  lastDecision += 60_000;
  const extension = [
    ...supersedes.map((id) => ({
      url: `${own}/StructureDefinition/consent-supersedes`,
      valueReference: { reference: `Consent/${id}` },
    })),
    ...(decision === undefined ? [] : [{ url: `${own}/StructureDefinition/consent-decision`, extension: decision }]),
  ];
  return {
    resourceType: 'Consent',
    status: 'active',
    ...(extension.length > 0 && { extension }),
    scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
    category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
    patient: { reference: `Patient/${personId}` },
    dateTime: instant(lastDecision),
    performer,
    policyRule: {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: type === 'permit' ? 'OPTIN' : 'OPTOUT' },
      ],
    },
    provision: {
      type,
      actor: [
        {
          role: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' }] },
          reference: { reference: `Organization/${recipient}` },
        },
      ],
      purpose: [
        purpose === 'COC'
          ? { system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'COC' }
          : { system: `${own}/CodeSystem/purpose-of-use`, code: purpose },
      ],
      ...(type === 'permit' && {
        securityLabel: labels.map((code) => ({ system: `${own}/CodeSystem/data-label`, code })),
      }),
    },
    ...more,
  };
}
