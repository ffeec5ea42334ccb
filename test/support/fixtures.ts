import { createHash } from 'node:crypto';
import type { Bundle } from 'fhir/r4.js';
import type { Actor } from '../../src/kernel/actor.js';
import { instant } from '../../src/kernel/clock.js';
import {
  newId,
  type AgreementId,
  type CaseId,
  type ConsentId,
  type OrganizationId,
  type PartnerId,
  type PersonId,
  type TaskId,
  type TransferId,
} from '../../src/kernel/ids.js';
import type { Agreement } from '../../src/domain/agreement/agreement.js';
import type { ConsentTerms } from '../../src/domain/consent/terms.js';
import type { Permit } from '../../src/domain/decision/decision.js';
import { maskOf } from '../../src/domain/labels/labels.js';
import type { PartnerEndpoint } from '../../src/transfer/partner.js';
import type { NewCase } from '../../src/transfer/stored-case.js';
import type { NewTransfer } from '../../src/transfer/transfer.js';
import type { Disclosable } from '../../src/transfer/steps.js';
import type { TestDatabase } from './database.js';
import { ADULT, OWN_DECISION } from './terms.js';

/** A value that is content: it may be found nowhere but in what is decrypted. */
export const CANARY = 'Quetzalcoatl-Zyxw';

export interface SeededOrganization {
  readonly organizationId: OrganizationId;
  readonly partnerId: PartnerId;
}

export interface Seeded {
  readonly sender: SeededOrganization;
  readonly recipient: SeededOrganization;
  readonly agreement: Agreement;
  readonly personId: PersonId;
  readonly caseId: CaseId;
  readonly consentId: ConsentId;
  readonly actor: Actor;
}

export async function seedOrganization(
  database: TestDatabase,
  name: string,
  sector: 'social' | 'health' | 'housing',
  endpoint?: Partial<PartnerEndpoint>,
): Promise<SeededOrganization> {
  const organizationId = newId<OrganizationId>();
  const partnerId = newId<PartnerId>();
  await database.query(
    `insert into organization (id, name, sector, function_en, function_fr, secrecy)
     values ($1, $2, $3, 'service', 'service', 'professional-secrecy')`,
    [organizationId, name, sector],
  );
  const address: PartnerEndpoint = {
    url: 'https://partner.example/fhir',
    tokenUrl: 'https://partner.example/token',
    clientId: 'relais',
    scope: 'system/Bundle.c',
    idempotency: 'key',
    ...endpoint,
  };
  await database.query(
    `insert into partner (id, organization_id, name, status, client_id, issuer, scopes, endpoint, webhook)
     values ($1, $2, $3, 'active', $4, 'relais', $5, $6, $6)`,
    [
      partnerId,
      organizationId,
      `${name}'s system`,
      `client-${partnerId}`,
      ['relais/Case.cru', 'relais/Transfer.cru'],
      address,
    ],
  );
  return { organizationId, partnerId };
}

export function caseOf(name: { family: string; given: string }, change: Partial<NewCase> = {}): NewCase {
  const caseId = change.caseId ?? (`case-${newId<string>().slice(0, 8)}` as CaseId);
  return {
    caseId,
    agencyPersonKey: `person-of-${caseId}`,
    content: JSON.stringify({ name, note: CANARY, amount: 0.1 }),
    circumstances: ADULT,
    deceased: false,
    identity: {
      names: [{ family: name.family, given: [name.given] }],
      birthDate: '1991-05-17',
      identifiers: [{ system: 'https://agency.example/id', value: `No ${caseId}` }],
    },
    actor: { type: 'system', id: 'test', organizationId: null },
    ...change,
  };
}

/** Two organizations with a system each, an agreement between them, a person with a small case and a consent. */
export async function seed(database: TestDatabase): Promise<Seeded> {
  const sender = await seedOrganization(database, 'CCAS de Valmont', 'social');
  const recipient = await seedOrganization(database, 'Toit Commun', 'housing');
  return seedBetween(database, sender, recipient);
}

export async function seedBetween(
  database: TestDatabase,
  sender: SeededOrganization,
  recipient: SeededOrganization,
): Promise<Seeded> {
  const actor: Actor = { type: 'partner', id: sender.partnerId, organizationId: sender.organizationId };
  const agreement = agreementBetween(sender.organizationId, recipient.organizationId);
  const consentId = newId<ConsentId>();
  const input = caseOf({ family: 'Okafor', given: 'Grace' });
  const personId = await database.store.asOrganization(sender.organizationId, async (tx) => {
    await tx.putAgreement(agreement, actor);
    const residue = { content: JSON.stringify([{ value: CANARY }]), mappingVersion: 'test' };
    const { personId } = await tx.putCase({ ...input, actor, residue });
    await tx.putConsent({
      id: consentId,
      personId,
      resource: JSON.stringify({ resourceType: 'Consent', text: CANARY }),
      terms: termsOf(consentId, personId, recipient.organizationId),
      actor,
    });
    return personId;
  });
  return { sender, recipient, agreement, personId, caseId: input.caseId, consentId, actor };
}

export function agreementBetween(sender: OrganizationId, recipient: OrganizationId): Agreement {
  return {
    id: newId<AgreementId>(),
    version: 1,
    title: { en: 'Access to housing', fr: 'Accès au logement' },
    status: 'active',
    parties: [sender, recipient],
    purposes: [
      {
        purpose: 'HOUSING',
        senders: [sender],
        recipients: [recipient],
        categories: ['identity', 'contact', 'household', 'housing', 'income'],
        sensitivities: [],
        dataProtectionBasis: 'public-task',
        secrecyGrounds: ['consent', 'statute'],
      },
    ],
    validFrom: instant('2026-01-01T00:00:00Z'),
    purgeAfterDays: 30,
  };
}

export function termsOf(id: ConsentId, personId: PersonId, recipient: OrganizationId): Omit<ConsentTerms, 'version'> {
  return {
    id,
    personId,
    status: 'active',
    decidedAt: instant('2026-02-09T10:15:00Z'),
    rules: [
      {
        type: 'permit',
        recipients: [recipient],
        purposes: ['HOUSING'],
        labels: ['identity', 'contact', 'household', 'housing'],
      },
    ],
    decisionMakers: [`Patient/${personId}`],
    supersedes: [],
    decision: OWN_DECISION,
  };
}

/**
 * A transfer as the story commits it, for tests of the store alone: permit and disclosable are made here by hand, which
 * the story's own types do not allow.
 */
export function newTransfer(seeded: Seeded, change: Partial<NewTransfer> = {}): NewTransfer {
  const wire = Buffer.from(JSON.stringify({ resourceType: 'Bundle', note: CANARY }));
  const permit = {
    request: {
      senderOrganizationId: seeded.sender.organizationId,
      recipientOrganizationId: seeded.recipient.organizationId,
      caseId: seeded.caseId,
      purpose: 'HOUSING',
      ground: { kind: 'consent' },
    },
    personId: seeded.personId,
    caseVersion: 1,
    recipientPartnerId: seeded.recipient.partnerId,
    agreement: { id: seeded.agreement.id, version: 1, purgeAfterDays: 30 },
    ground: {
      dataProtectionBasis: 'public-task',
      secrecy: { kind: 'consent', consents: [{ id: seeded.consentId, version: 1 }] },
      personId: seeded.personId,
    },
    permitted: maskOf(['identity', 'contact']),
    decidedAt: instant('2026-02-09T10:20:00Z'),
  } as unknown as Permit;
  const disclosable = {
    permit,
    bundle: { resourceType: 'Bundle', type: 'transaction' } satisfies Bundle,
    wire,
    digest: createHash('sha256').update(wire).digest('hex'),
    withheldElements: 3,
  } as unknown as Disclosable;
  return {
    id: newId<TransferId>(),
    taskId: newId<TaskId>(),
    permit,
    disclosable,
    mappingVersion: 'mapping-1',
    reasons: [{ code: 'permit.consent', parameters: { date: '2026-02-09', recipient: 'Toit Commun' } }],
    commitmentSalt: Buffer.alloc(16),
    actor: seeded.actor,
    sendAfter: null,
    answerExpectedBy: null,
    ...change,
  };
}

/** As a relay leaves it: handed out, so that it can be claimed. For tests in which whose turn it is is not the point. */
export async function handOut(database: TestDatabase, id: TransferId): Promise<void> {
  await database.query('update outbox set enqueued_at = clock_timestamp() where transfer_id = $1 and open', [id]);
}

/** One more person of the sender, with a case; for transfers that are not in one person's order. */
export async function anotherPerson(database: TestDatabase, seeded: Seeded): Promise<Seeded> {
  const input = caseOf({ family: 'Okafor', given: 'Amara' });
  const { personId } = await database.store.asOrganization(seeded.sender.organizationId, (tx) =>
    tx.putCase({ ...input, actor: seeded.actor }),
  );
  return { ...seeded, personId, caseId: input.caseId };
}
