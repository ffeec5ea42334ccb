import { notFound, RelaisError, type Violation } from '../kernel/errors.js';
import { newId, type ConsentId, type PersonId } from '../kernel/ids.js';
import { readJson, writeJson, type JsonValue } from '../kernel/json.js';
import type { AuditAction } from '../domain/audit/entry.js';
import { readConsent } from '../domain/consent/read-consent.js';
import { cannotReplace, isBySame, unconfirmed } from '../domain/consent/supersede.js';
import type { ConsentRule, ConsentTerms } from '../domain/consent/terms.js';
import { toViolation } from '../domain/fhir/issue.js';
import { validateResource } from '../domain/fhir/validate.js';
import { awaitLiveDeliveries } from './await-live-deliveries.js';
import type { OrganizationTx, Store } from './ports.js';
import type { Principal } from './principal.js';

export interface RecordedConsent {
  readonly id: ConsentId;
  readonly version: number;
  /** The resource as stored, with `id` and `meta.versionId`. */
  readonly resource: JsonValue;
  /** True when its rules cannot be understood: it is kept, and it denies. */
  readonly unreadable: boolean;
}

/**
 * Records a consent or a refusal (FHIR R4 Consent), as a new version that nothing overwrites.
 *
 * An organization records only for its own persons, and a partner's system never names its own organization as the
 * recipient: nobody writes themselves a permission (threat 20).
 *
 * A permission that would replace an earlier decision of the same decision-maker is recorded only when it names that one
 * (domain/consent/supersede): the 409 says which. Whether it counts is decided when something is to leave, because who
 * decides may change (domain/consent/decision-maker).
 *
 * The same resource a second time is a client that did not hear the answer: it gets the consent that is there, withdrawn or
 * not. Two would both have to be withdrawn, by a person who gave one.
 *
 * @param id null for a new consent
 * @param expectedVersion from If-Match; another newest version is a 409
 * @throws RelaisError 422 `consent.invalid`, `consent.other-person`, `consent.other-decision-maker` or
 *   `consent.cannot-supersede`, 403 `consent.not-your-person` or `consent.self-serving`, 404, 409 `consent.unconfirmed`
 *   or `consent.version-conflict`
 */
export async function recordConsent(
  { store, patienceMs }: { readonly store: Store; readonly patienceMs: number },
  principal: Principal,
  id: ConsentId | null,
  resource: JsonValue,
  expectedVersion: number | undefined,
  requestId: string,
): Promise<RecordedConsent> {
  const consentId = id ?? newId<ConsentId>();
  const terms = readConsent(resource, consentId);
  requireValidFhir(resource);
  if (
    principal.via === 'access-token' &&
    terms.status !== 'inactive' &&
    terms.rules.some((rule) => permitsTo(rule, principal.organizationId))
  ) {
    throw new RelaisError(
      'consent.self-serving',
      403,
      'forbidden',
      'A partner may not record a consent that names itself as the recipient.',
    );
  }
  const recorded = await store.asOrganization(principal.organizationId, async (tx) => {
    if (!(await tx.personExists(terms.personId))) {
      throw new RelaisError(
        'consent.not-your-person',
        403,
        'forbidden',
        'Consents are recorded by the organization that keeps the case.',
      );
    }
    const same = id === null ? await alreadyRecorded(tx, terms.personId, resource) : null;
    if (same !== null) return same;
    const known = id === null ? null : await tx.loadConsent(id);
    if (id !== null && known === null) throw notFound();
    if (known !== null && known.terms.personId !== terms.personId) {
      throw new RelaisError(
        'consent.other-person',
        422,
        'business-rule',
        'A consent stays with the person who gave it.',
      );
    }
    if (known !== null && terms.status !== 'inactive' && known.terms.status !== 'unreadable') {
      if (!isBySame(terms as ConsentTerms, known.terms)) throw otherDecisionMaker();
    }
    const stored = { ...(resource as Record<string, JsonValue>), id: consentId };
    const { version } = await tx.putConsent({
      id: consentId,
      personId: terms.personId,
      resource: writeJson(stored),
      terms,
      actor: principal.actor,
      ...(expectedVersion !== undefined && { expectedVersion }),
    });
    // After the write, which holds the person's lock: of two at once, the second sees the first.
    await supersede(tx, { ...terms, version });
    await tx.audit({
      action: actionOf(terms),
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      personId: terms.personId,
      consentId,
      requestId,
      codes: { version, status: terms.status },
    });
    return {
      id: consentId,
      version,
      resource: { ...stored, meta: { versionId: String(version) } },
      unreadable: terms.status === 'unreadable',
    };
  });
  // It may narrow or refuse what is on its way right now.
  await awaitLiveDeliveries({ store, patienceMs }, principal.organizationId, { personId: terms.personId });
  return recorded;
}

/** The person's consent that says this word for word, the moment of the decision included; it may be withdrawn since. */
async function alreadyRecorded(
  tx: OrganizationTx,
  personId: PersonId,
  given: JsonValue,
): Promise<RecordedConsent | null> {
  const words = (resource: JsonValue): string => writeJson({ ...(resource as Record<string, JsonValue>), id: '' });
  const wanted = words(given);
  for (const { resource, terms } of await tx.listConsents(personId)) {
    const stored = readJson(resource) as Record<string, JsonValue>;
    const asGiven =
      stored['status'] === 'inactive' ? { ...stored, status: (given as Record<string, JsonValue>)['status']! } : stored;
    if (words(asGiven) !== wanted) continue;
    const { id, version, status } = terms;
    return {
      id,
      version,
      resource: { ...stored, meta: { versionId: String(version) } },
      unreadable: status === 'unreadable',
    };
  }
  return null;
}

/** @throws RelaisError 409 `consent.unconfirmed`, 422 `consent.cannot-supersede` */
async function supersede(tx: OrganizationTx, terms: ConsentTerms): Promise<void> {
  if (terms.status === 'inactive') return;
  const all = (await tx.listConsents(terms.personId)).map((listed) => listed.terms);
  const others = all.filter(({ id }) => id !== terms.id);
  const at = await tx.now();
  const impossible = cannotReplace(terms, others, at);
  if (impossible.length > 0) {
    throw new RelaisError(
      'consent.cannot-supersede',
      422,
      'business-rule',
      'A decision that is named as replaced is not an earlier one of the same decision-maker about no more than this one.',
      { violations: impossible.map((id) => naming('consent.cannot-supersede', id)) },
    );
  }
  const asked = unconfirmed(terms, others, at);
  if (asked.length > 0) {
    throw new RelaisError(
      'consent.unconfirmed',
      409,
      'conflict',
      'This would replace an earlier decision: read it to the one who decides, and name it once they confirm.',
      {
        violations: asked.map(({ id }) => naming('consent.unconfirmed', id)),
        details: { supersedes: asked.map(({ id }) => `Consent/${id}`) },
      },
    );
  }
  // What waits stands on the new decision from now on, so that its withdrawal finds it.
  await tx.standOn(terms.id, (terms.supersedes ?? []) as readonly ConsentId[]);
}

/** Ids of the caller's own persons' consents: no content. */
function naming(rule: string, id: string): Violation {
  return {
    path: `Consent/${id}`,
    rule,
    message:
      'Read this earlier decision to the one who decides; name it (extension consent-supersedes) once they confirm.',
  };
}

function otherDecisionMaker(): RelaisError {
  return new RelaisError(
    'consent.other-decision-maker',
    422,
    'business-rule',
    'A decision is changed by the one who took it. Record another’s decision as one of its own.',
  );
}

/** A refusal is recorded as one. */
function actionOf({ status, rules }: Pick<ConsentTerms, 'status' | 'rules'>): AuditAction {
  if (status === 'inactive') return 'consent.withdrawn';
  const refuses = status === 'rejected' || (rules.length > 0 && rules.every(({ type }) => type === 'deny'));
  return refuses ? 'consent.refused' : 'consent.recorded';
}

function requireValidFhir(resource: JsonValue): void {
  const errors = validateResource(resource).filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  throw new RelaisError('consent.invalid', 422, 'invalid', 'This is not a valid FHIR R4 Consent.', {
    violations: errors.map(toViolation),
  });
}

/** Names it, as a permission. (A rule without recipients cannot reach the organization that keeps the case.) */
function permitsTo(rule: ConsentRule, organizationId: string): boolean {
  const named = rule.recipients?.some((recipient) => recipient === organizationId) ?? false;
  return (
    (rule.type === 'permit' && named) || (rule.exceptions ?? []).some((nested) => permitsTo(nested, organizationId))
  );
}
