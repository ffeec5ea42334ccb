import { randomUUID } from 'node:crypto';
import type { Actor } from '../../../kernel/actor.js';
import type { Instant } from '../../../kernel/clock.js';
import { notFound } from '../../../kernel/errors.js';
import { isUuid, type ConsentId, type OrganizationId, type PersonId } from '../../../kernel/ids.js';
import type { Evidence, RecordedEvidence } from '../../../transfer/consent-evidence.js';
import { open, seal, type Place } from '../crypto/envelope.js';
import { rememberDataKey, type TxContext } from '../tx-context.js';

const NEWEST = `
  select c.version, c.person_id, p.wrapped_key
    from consent_version c
    join person p on p.organization_id = c.organization_id and p.id = c.person_id and p.erased_at is null
   where c.organization_id = $1 and c.consent_id = $2
   order by c.version desc limit 1`;

const INSERT = `
  insert into consent_evidence (organization_id, id, consent_id, consent_version, person_id, kind, copy_given, content, actor)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning recorded_at`;

/** @throws RelaisError 404 for a consent that is not this organization's, or whose person was erased */
export async function putEvidence(
  tx: TxContext,
  consentId: ConsentId,
  evidence: Evidence,
  actor: Actor,
): Promise<RecordedEvidence> {
  if (!isUuid(consentId)) throw notFound();
  const newest = await tx.client.query<{ version: number; person_id: PersonId; wrapped_key: Buffer }>(NEWEST, [
    tx.organizationId,
    consentId,
  ]);
  const consent = newest.rows[0];
  if (consent === undefined) throw notFound();
  const id = randomUUID();
  const { kind, copyGiven, ...words } = evidence;
  const key = rememberDataKey(tx, consent.person_id, consent.wrapped_key);
  const { rows } = await tx.client.query<{ recorded_at: Instant }>(INSERT, [
    tx.organizationId,
    id,
    consentId,
    consent.version,
    consent.person_id,
    kind,
    copyGiven,
    seal(key, JSON.stringify(words), evidencePlace(tx.organizationId, id, consent.version)),
    actor,
  ]);
  return { ...evidence, id, consentVersion: consent.version, recordedAt: rows[0]!.recorded_at, recordedBy: actor };
}

interface Row {
  readonly id: string;
  readonly consent_version: number;
  readonly person_id: PersonId;
  readonly kind: Evidence['kind'];
  readonly copy_given: boolean;
  readonly content: Buffer;
  readonly actor: Actor;
  readonly recorded_at: Instant;
  readonly wrapped_key: Buffer;
}

const LIST = `
  select e.id, e.consent_version, e.person_id, e.kind, e.copy_given, e.content, e.actor, e.recorded_at, p.wrapped_key
    from consent_evidence e
    join person p on p.organization_id = e.organization_id and p.id = e.person_id and p.erased_at is null
   where e.organization_id = $1 and e.consent_id = $2
   order by e.recorded_at, e.id`;

/** Of all versions of the consent, oldest first. */
export async function listEvidence(tx: TxContext, consentId: ConsentId): Promise<readonly RecordedEvidence[]> {
  if (!isUuid(consentId)) return [];
  const { rows } = await tx.client.query<Row>(LIST, [tx.organizationId, consentId]);
  return rows.map((row) => {
    const key = rememberDataKey(tx, row.person_id, row.wrapped_key);
    const place = evidencePlace(tx.organizationId, row.id, row.consent_version);
    const words = JSON.parse(open(key, row.content, place).toString('utf8')) as Omit<Evidence, 'kind' | 'copyGiven'>;
    return {
      id: row.id,
      kind: row.kind,
      copyGiven: row.copy_given,
      ...words,
      consentVersion: row.consent_version,
      recordedAt: row.recorded_at,
      recordedBy: row.actor,
    };
  });
}

function evidencePlace(organizationId: OrganizationId, id: string, version: number): Place {
  return { table: 'consent_evidence', row: `${organizationId}/${id}`, version };
}
