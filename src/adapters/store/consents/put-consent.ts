import { RelaisError, notFound } from '../../../kernel/errors.js';
import { isUuid, type ConsentId, type OrganizationId, type PersonId } from '../../../kernel/ids.js';
import type { ConsentRule, ConsentTerms } from '../../../domain/consent/terms.js';
import type { OrganizationTx } from '../../../transfer/ports.js';
import { seal } from '../crypto/envelope.js';
import { rememberDataKey, type TxContext } from '../tx-context.js';
import { decidedPlace, sealDecided } from './decided.js';
import { consentPlace } from './load-consent.js';

/** The person's row is locked: versions of one person's consents are written one after the other. */
const LOCK = `
  select p.wrapped_key,
         (select max(version) from consent_version where organization_id = $1 and consent_id = $3) as version,
         exists (select from consent_version
                  where organization_id = $1 and consent_id = $3 and person_id <> $2) as of_another
    from person p
   where p.organization_id = $1 and p.id = $2 and p.erased_at is null
     for update`;

/** Nothing when the version was taken while the statement above waited: this one sees it. */
const INSERT = `
  insert into consent_version (organization_id, consent_id, version, person_id, resource, terms, recipients, actor, decided)
  select $1, $2, $3, $4, $5, $6, $7, $8, $9
   where not exists (select from consent_version where organization_id = $1 and consent_id = $2 and version >= $3)`;

/**
 * Appends a version.
 *
 * @throws RelaisError 404 for a person or consent that is not this organization's, 409 `consent.version-conflict`
 */
export async function putConsent(
  tx: TxContext,
  input: Parameters<OrganizationTx['putConsent']>[0],
): Promise<{ version: number }> {
  const { id, personId, terms, expectedVersion } = input;
  if (!isUuid(id) || !isUuid(personId)) throw notFound();
  for (;;) {
    const { rows } = await tx.client.query<{ wrapped_key: Buffer; version: number | null; of_another: boolean }>({
      name: 'put-consent-lock',
      text: LOCK,
      values: [tx.organizationId, personId, id],
    });
    const found = rows[0];
    if (found === undefined || found.of_another) throw notFound();
    const current = found.version ?? 0;
    if (expectedVersion !== undefined && expectedVersion !== current) throw versionConflict(current);
    const version = current + 1;
    const key = rememberDataKey(tx, personId, found.wrapped_key);
    const resource = seal(key, input.resource, consentPlace(tx.organizationId, id, version));
    const stored = await tx.client.query({
      name: 'put-consent',
      text: INSERT,
      values: [
        tx.organizationId,
        id,
        version,
        personId,
        resource,
        storedTerms(id, personId, terms),
        recipientsOf(terms),
        input.actor,
        sealDecided(key, terms, decidedPlace(tx.organizationId, id, version)),
      ],
    });
    if (stored.rowCount === 1) return { version };
  }
}

/** Ids, codes and times in the clear. Who decided is somebody's name or number: that is encrypted beside it. */
function storedTerms(
  id: ConsentId,
  personId: PersonId,
  terms: Omit<ConsentTerms, 'version'>,
): Omit<ConsentTerms, 'version'> {
  const { status, decidedAt, rules, supersedes } = terms;
  return { id, personId, status, decidedAt, rules, ...(supersedes !== undefined && { supersedes }) };
}

/**
 * Whom the consent could concern, for the index; null: everybody. What cannot be read, or names nobody, concerns
 * everybody: leaving a consent out could turn a refusal into silence.
 */
function recipientsOf(terms: Omit<ConsentTerms, 'version'>): readonly OrganizationId[] | null {
  if (terms.status === 'unreadable' || terms.rules.length === 0) return null;
  const named = new Set<OrganizationId>();
  const collect = (rule: ConsentRule): boolean => {
    if (rule.recipients === undefined) return false;
    rule.recipients.forEach((recipient) => named.add(recipient));
    return true;
  };
  // An exception stays within the rule that it is an exception to; whom it names beyond is added all the same.
  const walk = (rule: ConsentRule): void => {
    collect(rule);
    rule.exceptions?.forEach(walk);
  };
  if (!terms.rules.every(collect)) return null;
  terms.rules.forEach(walk);
  return [...named].every(isUuid) ? [...named] : null;
}

function versionConflict(current: number): RelaisError {
  const message = 'This consent was changed meanwhile: read it again.';
  return new RelaisError('consent.version-conflict', 409, 'conflict', message, { details: { version: current } });
}
