import { newId, type CaseId, type PersonId } from '../../../kernel/ids.js';
import type { NewCase } from '../../../transfer/stored-case.js';
import { versionConflict } from '../../../transfer/put-case.js';
import { tokensOf } from '../crypto/blind-index.js';
import { seal } from '../crypto/envelope.js';
import { contentHash } from '../crypto/keyring.js';
import { rememberDataKey, type TxContext } from '../tx-context.js';
import { casePlace, circumstancesPlace } from './load-case.js';
import { residuePlace } from './load-residue.js';

interface Found {
  readonly person_id: PersonId | null;
  readonly wrapped_key: Buffer | null;
  readonly version: number | null;
  readonly content_hash: Buffer | null;
  readonly case_person_id: PersonId | null;
}

/** The person's row is locked, so that two versions for one person are written one after the other. */
const FIND = `
  with known as materialized (
    select id, wrapped_key from person where organization_id = $1 and key_hash = $2 for update
  )
  select known.id as person_id, known.wrapped_key, newest.version, newest.content_hash, newest.person_id as case_person_id
    from (select) as always
    left join known on true
    left join lateral (
      select version, content_hash, person_id from case_version
       where organization_id = $1 and case_id = $3 order by version desc limit 1
    ) newest on true`;

const INSERT_PERSON = `
  insert into person (id, organization_id, key_hash, wrapped_key) values ($1, $2, $3, $4)
  on conflict (organization_id, key_hash) do nothing
  returning id`;

/**
 * Nothing when the version has been taken meanwhile: the statement that waited for the lock did not see what its holder
 * wrote, this one does. Only tokens that change are touched: a row deleted and inserted by one statement would be a
 * conflict.
 */
const INSERT_VERSION = `
  with stored as (
    insert into case_version (organization_id, case_id, version, person_id, content, content_hash, deceased, actor, circumstances)
    select $1, $2, $3, $4, $5, $6, $7, $8, $10
     where not exists (select from case_version where organization_id = $1 and case_id = $2 and version >= $3)
    returning 1
  ), forgotten as (
    delete from person_index
     where organization_id = $1 and case_id = $2 and (person_id <> $4 or token <> all ($9::bytea[]))
       and exists (select from stored)
  ), indexed as (
    insert into person_index (organization_id, token, person_id, case_id)
    select $1, token, $4, $2 from unnest($9::bytea[]) as token where exists (select from stored)
    on conflict do nothing
  )
  update person p
     set deceased = $7 or exists (
           select from (
             select distinct on (case_id) deceased from case_version
              where organization_id = $1 and person_id = $4 and case_id <> $2 order by case_id, version desc
           ) other where other.deceased)
   where p.organization_id = $1 and p.id = $4 and exists (select from stored)`;

const INSERT_RESIDUE = `
  insert into residue (organization_id, case_id, version, person_id, source, mapping_version, content)
  values ($1, $2, $3, $4, 'fhir-r4', $5, $6)`;

/**
 * Appends a version when the content, or what was kept aside with it, differs from the newest one.
 *
 * @throws RelaisError 409 `case.version-conflict`
 */
export async function putCase(
  tx: TxContext,
  input: NewCase,
): Promise<{ personId: PersonId; version: number; changed: boolean }> {
  const tokens = tokensOf(tx.keyring, tx.organizationId, input.identity).map(({ token }) => token);
  for (;;) {
    const found = await findOrCreatePerson(tx, input.agencyPersonKey, input.caseId);
    const { personId } = found;
    const key = rememberDataKey(tx, personId, found.wrappedKey);
    const hash = contentHash(key, wholeOf(input));
    if (found.casePersonId === personId && found.contentHash?.equals(hash) === true) {
      return { personId, version: found.version, changed: false };
    }
    // Under the person's lock: of two that read the same version, the second finds another.
    if (input.expectedVersion !== undefined && input.expectedVersion !== found.version) {
      throw versionConflict(found.version);
    }
    const version = found.version + 1;
    const content = seal(key, input.content, casePlace(tx.organizationId, input.caseId, version));
    const known = input.circumstances;
    const circumstances =
      known === undefined
        ? null
        : seal(key, JSON.stringify(known), circumstancesPlace(tx.organizationId, input.caseId, version));
    const stored = await tx.client.query({
      name: 'put-case',
      text: INSERT_VERSION,
      values: [
        tx.organizationId,
        input.caseId,
        version,
        personId,
        content,
        hash,
        input.deceased,
        input.actor,
        tokens,
        circumstances,
      ],
    });
    if (stored.rowCount === 1) {
      await insertResidue(tx, input, { personId, version, key });
      return { personId, version, changed: true };
    }
  }
}

/** The same record with other residue is another version: residue follows the versions of its case. */
const wholeOf = ({ content, residue }: NewCase): string =>
  residue === undefined ? content : `${content}\n${residue.mappingVersion}\n${residue.content}`;

async function insertResidue(
  tx: TxContext,
  { caseId, residue }: NewCase,
  { personId, version, key }: { readonly personId: PersonId; readonly version: number; readonly key: Buffer },
): Promise<void> {
  if (residue === undefined) return;
  const content = seal(key, residue.content, residuePlace(tx.organizationId, caseId, version));
  await tx.client.query({
    name: 'put-residue',
    text: INSERT_RESIDUE,
    values: [tx.organizationId, caseId, version, personId, residue.mappingVersion, content],
  });
}

interface Person {
  readonly personId: PersonId;
  readonly wrappedKey: Buffer;
  /** 0 for a new case. */
  readonly version: number;
  readonly contentHash: Buffer | null;
  readonly casePersonId: PersonId | null;
}

async function findOrCreatePerson(tx: TxContext, agencyPersonKey: string, caseId: CaseId): Promise<Person> {
  const keyHash = tx.keyring.blind(tx.organizationId, 'agency-person-key', agencyPersonKey);
  for (;;) {
    const { rows } = await tx.client.query<Found>({
      name: 'put-case-find',
      text: FIND,
      values: [tx.organizationId, keyHash, caseId],
    });
    const found = rows[0]!;
    const rest = { version: found.version ?? 0, contentHash: found.content_hash, casePersonId: found.case_person_id };
    if (found.person_id !== null && found.wrapped_key !== null) {
      return { personId: found.person_id, wrappedKey: found.wrapped_key, ...rest };
    }
    const personId = newId<PersonId>();
    const wrappedKey = tx.keyring.wrap(tx.keyring.newDataKey(), { table: 'person', row: personId, version: 1 });
    const inserted = await tx.client.query({
      name: 'put-person',
      text: INSERT_PERSON,
      values: [personId, tx.organizationId, keyHash, wrappedKey],
    });
    // Otherwise a concurrent import has just committed the same person: read it.
    if (inserted.rowCount === 1) return { personId, wrappedKey, ...rest };
  }
}
