import { isUuid, type ConsentId, type OrganizationId, type PersonId } from '../../../kernel/ids.js';
import type { ConsentTerms } from '../../../domain/consent/terms.js';
import { open, type Place } from '../crypto/envelope.js';
import { withDecided } from './decided.js';
import { rememberDataKey, type TxContext } from '../tx-context.js';

interface Row {
  readonly consent_id: ConsentId;
  readonly version: number;
  readonly person_id: PersonId;
  readonly resource: Buffer;
  readonly terms: Omit<ConsentTerms, 'version'>;
  readonly decided: Buffer | null;
  readonly wrapped_key: Buffer;
}

const COLUMNS = 'c.consent_id, c.version, c.person_id, c.resource, c.terms, c.decided, p.wrapped_key';
const PERSON = 'join person p on p.organization_id = c.organization_id and p.id = c.person_id and p.erased_at is null';

/** The newest version. */
export async function loadConsent(
  tx: TxContext,
  id: ConsentId,
): Promise<{ resource: string; terms: ConsentTerms } | null> {
  if (!isUuid(id)) return null;
  const { rows } = await tx.client.query<Row>({
    name: 'load-consent',
    text: `select ${COLUMNS} from consent_version c ${PERSON}
            where c.organization_id = $1 and c.consent_id = $2 order by c.version desc limit 1`,
    values: [tx.organizationId, id],
  });
  return rows[0] === undefined ? null : decrypt(tx, rows[0]);
}

/** The newest version of each of the person's consents, latest recorded first. */
export async function listConsents(
  tx: TxContext,
  personId: PersonId,
): Promise<readonly { resource: string; terms: ConsentTerms }[]> {
  if (!isUuid(personId)) return [];
  const { rows } = await tx.client.query<Row>({
    name: 'list-consents',
    text: `select * from (
             select distinct on (c.consent_id) ${COLUMNS}, c.recorded_at from consent_version c ${PERSON}
              where c.organization_id = $1 and c.person_id = $2 order by c.consent_id, c.version desc
           ) newest order by recorded_at desc, consent_id`,
    values: [tx.organizationId, personId],
  });
  return rows.map((row) => decrypt(tx, row));
}

function decrypt(tx: TxContext, row: Row): { resource: string; terms: ConsentTerms } {
  const key = rememberDataKey(tx, row.person_id, row.wrapped_key);
  const resource = open(key, row.resource, consentPlace(tx.organizationId, row.consent_id, row.version));
  const terms = withDecided(key, tx.organizationId, { ...row.terms, version: row.version }, row.decided);
  return { resource: resource.toString('utf8'), terms };
}

export function consentPlace(organizationId: OrganizationId, id: ConsentId, version: number): Place {
  return { table: 'consent_version', row: `${organizationId}/${id}`, version };
}
