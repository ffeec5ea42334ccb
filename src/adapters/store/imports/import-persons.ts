import { HMIS_PERSONAL_ID } from '../../../domain/hmis/identity.js';
import type { IndexedIdentity } from '../../../transfer/stored-case.js';
import { newId, type PersonId } from '../../../kernel/ids.js';
import { tokensOf } from '../crypto/blind-index.js';
import type { ImportContext, ImportPerson } from './import-context.js';

const MOST_REMEMBERED = 20_000;

/** Index rows of HMIS clients stand beside those of cases; a case id never has a colon. */
const INDEX_OWNER = 'hmis:Client';

const FIND = 'select id, key_hash, wrapped_key from person where organization_id = $1 and key_hash = any ($2::bytea[])';
const INSERT = `
  insert into person (id, organization_id, key_hash, wrapped_key)
  select id, $1, key_hash, wrapped_key
    from unnest($2::uuid[], $3::bytea[], $4::bytea[]) as new (id, key_hash, wrapped_key)
  on conflict (organization_id, key_hash) do nothing`;

/**
 * The persons of these PersonalIDs, made where they are new. A PersonalID is a name of its own: it never meets the
 * agency's key of a case by chance.
 */
export async function ensurePersons(
  context: ImportContext,
  personalIds: ReadonlySet<string>,
): Promise<ReadonlyMap<string, ImportPerson>> {
  const { tx, persons } = context;
  const found = new Map<string, ImportPerson>();
  const wanted = new Map<string, string>();
  for (const personalId of personalIds) {
    const known = persons.get(personalId);
    if (known === undefined) wanted.set(keyHash(context, personalId).toString('hex'), personalId);
    else found.set(personalId, known);
  }
  for (let round = 0; wanted.size > 0; round += 1) {
    const hashes = [...wanted.keys()].map((hash) => Buffer.from(hash, 'hex'));
    const { rows } = await tx.client.query<{ id: PersonId; key_hash: Buffer; wrapped_key: Buffer }>({
      name: 'import-find-persons',
      text: FIND,
      values: [tx.organizationId, hashes],
    });
    for (const row of rows) {
      const hash = row.key_hash.toString('hex');
      const personalId = wanted.get(hash)!;
      const dataKey = tx.keyring.unwrap(row.wrapped_key, { table: 'person', row: row.id, version: 1 });
      const person = { personId: row.id, dataKey };
      found.set(personalId, person);
      remember(persons, personalId, person);
      wanted.delete(hash);
    }
    if (wanted.size > 0) await insertPersons(context, [...wanted.keys()]);
  }
  return found;
}

async function insertPersons({ tx }: ImportContext, hashes: readonly string[]): Promise<void> {
  const ids = hashes.map(() => newId<PersonId>());
  const wrapped = ids.map((id) => tx.keyring.wrap(tx.keyring.newDataKey(), { table: 'person', row: id, version: 1 }));
  const keyHashes = hashes.map((hash) => Buffer.from(hash, 'hex'));
  await tx.client.query({
    name: 'import-put-persons',
    text: INSERT,
    values: [tx.organizationId, ids, keyHashes, wrapped],
  });
}

function keyHash({ tx }: ImportContext, personalId: string): Buffer {
  return tx.keyring.blind(tx.organizationId, 'agency-person-key', `${HMIS_PERSONAL_ID}|${personalId}`);
}

function remember(persons: Map<string, ImportPerson>, personalId: string, person: ImportPerson): void {
  if (persons.size >= MOST_REMEMBERED) persons.delete(persons.keys().next().value!);
  persons.set(personalId, person);
}

/** Replaces what these persons can be found by. */
export async function indexPersons(
  { tx }: ImportContext,
  identities: readonly { readonly personId: PersonId; readonly identity: IndexedIdentity }[],
): Promise<void> {
  if (identities.length === 0) return;
  const persons = [...new Set(identities.map(({ personId }) => personId))];
  const owners: PersonId[] = [];
  const tokens: Buffer[] = [];
  for (const { personId, identity } of identities) {
    for (const { token } of tokensOf(tx.keyring, tx.organizationId, identity)) {
      owners.push(personId);
      tokens.push(token);
    }
  }
  await tx.client.query({
    name: 'import-unindex',
    text: 'delete from person_index where organization_id = $1 and case_id = $2 and person_id = any ($3::uuid[])',
    values: [tx.organizationId, INDEX_OWNER, persons],
  });
  await tx.client.query({
    name: 'import-index',
    text: `insert into person_index (organization_id, token, person_id, case_id)
           select $1, token, person_id, $2 from unnest($3::bytea[], $4::uuid[]) as new (token, person_id)
           on conflict do nothing`,
    values: [tx.organizationId, INDEX_OWNER, tokens, owners],
  });
}
