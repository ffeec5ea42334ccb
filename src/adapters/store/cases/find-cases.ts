import type { IndexedIdentity, StoredCase } from '../../../transfer/stored-case.js';
import { tokensOf } from '../crypto/blind-index.js';
import type { TxContext } from '../tx-context.js';
import { decryptCase, type CaseRow } from './load-case.js';

const MOST = 50;

/** Best matches first, so that what is cut off is what says least. */
const FIND = `
  with wanted as (
    select token, weight from unnest($2::bytea[], $3::integer[]) as wanted (token, weight)
  ), hit as (
    select i.person_id, sum(i.weight) as score
      from (
        select distinct i.person_id, w.token, w.weight
          from wanted w join person_index i on i.organization_id = $1 and i.token = w.token
      ) i
     group by i.person_id
    having sum(i.weight) >= $4
     order by score desc, i.person_id
     limit ${MOST}
  )
  select c.case_id, c.person_id, c.version, c.content, c.stored_at, p.wrapped_key
    from hit
    join person p on p.organization_id = $1 and p.id = hit.person_id and p.erased_at is null
    cross join lateral (
      select distinct on (case_id) * from case_version
       where organization_id = $1 and person_id = hit.person_id order by case_id, version desc
    ) c
   where not exists (
     select from case_version newer
      where newer.organization_id = $1 and newer.case_id = c.case_id and newer.version > c.version)
   order by hit.score desc, c.case_id
   limit ${MOST}`;

/** Candidates by blind index. They match by sound and in part: the caller decrypts, compares and shows the differences. */
export async function findCases(tx: TxContext, identity: IndexedIdentity): Promise<readonly StoredCase[]> {
  const tokens = tokensOf(tx.keyring, tx.organizationId, identity);
  if (tokens.length === 0) return [];
  // Where a family name or an identifier is given, the same given name alone is no candidate.
  const selective = identity.identifiers.length > 0 || identity.names.some(({ family }) => family !== undefined);
  const { rows } = await tx.client.query<CaseRow>({
    name: 'find-cases',
    text: FIND,
    values: [
      tx.organizationId,
      tokens.map(({ token }) => token),
      tokens.map(({ weight }) => weight),
      selective ? 4 : 1,
    ],
  });
  return rows.map((row) => decryptCase(tx, row));
}
