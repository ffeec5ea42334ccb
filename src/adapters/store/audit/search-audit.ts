import type { ConsentId, OrganizationId, PersonId, TaskId, TransferId } from '../../../kernel/ids.js';
import type { SaltedEntry } from '../../../domain/audit/chain.js';
import type { Audited } from '../../../domain/audit/fhir/audited.js';
import type { GroundKind } from '../../../domain/decision/ground.js';
import type { PurposeOfUse } from '../../../domain/decision/purpose.js';
import type { AuditSearch } from '../../../transfer/audit-view-ports.js';
import type { TxContext } from '../tx-context.js';

/** Row level security says which entries and which transfers there are; the recipient does not learn our id of the person. */
const SEARCH = `
  select e.entry, t.id as transfer_id, t.task_id, t.sender_organization_id, t.recipient_organization_id, t.purpose,
         case when t.sender_organization_id = $1 then t.person_id end as person_id,
         case when t.sender_organization_id = $1 and t.status <> 'refused' then t.ground_kind end as ground_kind,
         coalesce(
           (select array_agg(named ->> 'id') from jsonb_array_elements(t.ground #> '{secrecy,consents}') as named
             where t.sender_organization_id = $1),
           (select array(select jsonb_array_elements(d.receipt -> 'consents') ->> 'id') from decision d
             where d.organization_id = $1 and d.transfer_id = t.id order by d.decided_at desc, d.id limit 1),
           '{}') as consents
    from audit_entry e
    left join transfer t on t.id = e.transfer_id
   where ($2::uuid is null or e.person_id = $2
          or e.transfer_id in (select id from transfer where sender_organization_id = $1 and person_id = $2))
     and ($3::uuid is null or e.transfer_id = $3 or e.person_id = $3 or e.entry ->> 'consentId' = $3::text
          or e.transfer_id in (select id from transfer where task_id = $3))
     and ($4::text is null or e.at >= $4) and ($5::text is null or e.at < $5)
     and ($6::text is null or (e.at, e.id) < ($6, $7::uuid))
     and ($9::text is null or e.entry ->> 'action' <> $9)
   order by e.at desc, e.id desc
   limit $8`;

interface Row {
  readonly entry: SaltedEntry;
  readonly transfer_id: TransferId | null;
  readonly task_id: TaskId | null;
  readonly sender_organization_id: OrganizationId;
  readonly recipient_organization_id: OrganizationId;
  readonly purpose: PurposeOfUse;
  readonly person_id: PersonId | null;
  readonly ground_kind: GroundKind | null;
  readonly consents: readonly ConsentId[];
}

/** What this organization may read of the log, newest first, with what it may know of the transfers named there. */
export async function searchAudit(tx: TxContext, search: AuditSearch): Promise<readonly Audited[]> {
  const { rows } = await tx.client.query<Row>(SEARCH, [
    tx.organizationId,
    search.personId ?? null,
    search.entity ?? null,
    search.from ?? null,
    search.until ?? null,
    search.before?.at ?? null,
    search.before?.id ?? null,
    search.limit,
    search.without ?? null,
  ]);
  return rows.map(({ entry: { salt: _salt, ...entry }, ...row }) => ({
    entry,
    transfer:
      row.transfer_id === null
        ? null
        : {
            id: row.transfer_id,
            taskId: row.task_id,
            senderOrganizationId: row.sender_organization_id,
            recipientOrganizationId: row.recipient_organization_id,
            personId: row.person_id,
            purpose: row.purpose,
            ground: row.ground_kind,
            consents: row.consents,
          },
  }));
}
