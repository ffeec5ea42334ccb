import { isCaseId, isUuid, type CaseId, type PartnerId, type PersonId } from '../../../kernel/ids.js';
import type { Instant } from '../../../kernel/clock.js';
import type { Agreement } from '../../../domain/agreement/agreement.js';
import type { PersonCircumstances } from '../../../domain/consent/decision-maker/standing.js';
import type { ConsentTerms } from '../../../domain/consent/terms.js';
import type { Origin } from '../../../domain/decision/onward.js';
import type { DisclosureRequest, Terms } from '../../../domain/decision/decision.js';
import { circumstancesPlace } from '../cases/load-case.js';
import { withDecided } from '../consents/decided.js';
import { open } from '../crypto/envelope.js';
import { RECEIVING_PARTNER_ORDER } from '../directory/partner-of.js';
import { rememberDataKey, type TxContext } from '../tx-context.js';

interface Row {
  readonly position: number;
  readonly at: Instant;
  readonly person_id: PersonId | null;
  readonly version: number | null;
  readonly deceased: boolean | null;
  readonly wrapped_key: Buffer | null;
  readonly recipient_known: boolean;
  readonly partner_id: PartnerId | null;
  readonly partner_status: 'active' | 'suspended' | null;
  readonly agreements: readonly Agreement[];
  readonly circumstances: Buffer | null;
  readonly objections: readonly string[];
  readonly origin: Origin | null;
  readonly consents: readonly StoredTerms[];
}

/** The codes of a consent in the clear, and who decided it: base64 of the sealed bytes. */
export interface StoredTerms {
  readonly terms: ConsentTerms;
  readonly decided: string | null;
}

/** Everything that decisions look at, in one round trip; the records themselves are not read. */
const LOAD = `
  select asked.position, clock_timestamp() as at, subject.*,
         exists (select from organization where id = asked.recipient) as recipient_known,
         receiver.id as partner_id, receiver.status as partner_status,
         (select coalesce(jsonb_agg(v.content order by a.id), '[]')
            from agreement a
            join agreement_version v on v.agreement_id = a.id and v.version = a.in_force
           where $1 = any (a.parties) and asked.recipient = any (a.parties)) as agreements,
         (select coalesce(jsonb_agg(jsonb_build_object('decided', encode(newest.decided, 'base64'),
                    'terms', newest.terms || jsonb_build_object('version', newest.version)) order by newest.consent_id), '[]')
            from (
              select distinct on (consent_id) consent_id, version, terms, recipients, decided
                from consent_version
               where organization_id = $1 and person_id = subject.person_id
               order by consent_id, version desc
            ) newest
           where newest.recipients is null or asked.recipient = any (newest.recipients)) as consents,
         (select coalesce(jsonb_agg(id order by id), '[]') from contest
           where organization_id = $1 and person_id = subject.person_id and kind = 'objection'
             and (outcome is null or outcome = 'upheld')
             and (recipient_organization_id is null or recipient_organization_id = asked.recipient)) as objections,
         (select jsonb_build_object('from', from_organization_id, 'onward', onward) from taken_over
           where organization_id = $1 and case_id = asked.case_id) as origin
    from unnest($2::uuid[], $3::text[]) with ordinality as asked (recipient, case_id, position)
    left join lateral (
      select c.person_id, c.version, c.circumstances, p.deceased, p.wrapped_key
        from case_version c
        join person p on p.organization_id = c.organization_id and p.id = c.person_id
       where c.organization_id = $1 and c.case_id = asked.case_id
       order by c.version desc
       limit 1
    ) subject on true
    left join lateral (
      select id, status from partner where organization_id = asked.recipient order by ${RECEIVING_PARTNER_ORDER} limit 1
    ) receiver on true`;

type Asked = Omit<DisclosureRequest, 'ground' | 'requested'>;

/**
 * @param requests senders must be the transaction's organization
 * @returns for each; `subject: null` for a case that is not this organization's, or whose person was erased
 */
export async function loadTerms(tx: TxContext, requests: readonly Asked[]): Promise<readonly Terms[]> {
  // Ids that no row can have are asked as an id that no row has: one path, one round trip.
  const recipients = requests.map(({ recipientOrganizationId: id }) => (isUuid(id) ? id : NOBODY));
  const cases = requests.map(({ caseId }) => (isCaseId(caseId) ? caseId : ''));
  const { rows } = await tx.client.query<Row>({
    name: 'load-terms',
    text: LOAD,
    values: [tx.organizationId, recipients, cases],
  });
  const terms = new Map(rows.map((row) => [row.position, row]));
  return requests.map((request, index) => toTerms(tx, request, terms.get(index + 1)!));
}

function toTerms(tx: TxContext, request: Asked, row: Row): Terms {
  const readable = row.person_id !== null && row.wrapped_key !== null;
  const key = readable ? rememberDataKey(tx, row.person_id, row.wrapped_key) : null;
  return {
    at: row.at,
    subject: readable ? { personId: row.person_id, caseVersion: row.version!, deceased: row.deceased! } : null,
    recipient: row.recipient_known
      ? { partnerId: row.partner_id, partnerActive: row.partner_status === 'active' }
      : null,
    agreements: row.agreements,
    objections: row.objections,
    ...(row.origin !== null && { origin: row.origin }),
    consents: row.consents.map((stored) => openTerms(tx, key, stored)),
    circumstances:
      key === null || row.circumstances === null
        ? null
        : openCircumstances(tx, key, { caseId: request.caseId, version: row.version! }, row.circumstances),
  };
}

/** @param key the person's data key; null once it was destroyed */
export function openTerms(tx: TxContext, key: Buffer | null, { terms, decided }: StoredTerms): ConsentTerms {
  if (key === null || decided === null) return terms;
  return withDecided(key, tx.organizationId, terms, Buffer.from(decided, 'base64'));
}

export function openCircumstances(
  tx: TxContext,
  key: Buffer,
  of: { readonly caseId: CaseId; readonly version: number },
  sealed: Buffer,
): PersonCircumstances {
  const place = circumstancesPlace(tx.organizationId, of.caseId, of.version);
  return JSON.parse(open(key, sealed, place).toString('utf8')) as PersonCircumstances;
}

const NOBODY = '00000000-0000-0000-0000-000000000000';
