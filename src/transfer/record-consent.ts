import { notFound, RelaisError } from '../kernel/errors.js';
import { newId, type ConsentId } from '../kernel/ids.js';
import { writeJson, type JsonValue } from '../kernel/json.js';
import { readConsent } from '../domain/consent/read-consent.js';
import type { ConsentRule } from '../domain/consent/terms.js';
import { toViolation } from '../domain/fhir/issue.js';
import { validateResource } from '../domain/fhir/validate.js';
import { awaitLiveDeliveries } from './await-live-deliveries.js';
import type { Store } from './ports.js';
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
 * @param id null for a new consent
 * @param expectedVersion from If-Match; another newest version is a 409
 * @throws RelaisError 422 `consent.invalid`, 403 `consent.not-your-person` or `consent.self-serving`, 404, 409
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
    const stored = { ...(resource as Record<string, JsonValue>), id: consentId };
    const { version } = await tx.putConsent({
      id: consentId,
      personId: terms.personId,
      resource: writeJson(stored),
      terms,
      actor: principal.actor,
      ...(expectedVersion !== undefined && { expectedVersion }),
    });
    await tx.audit({
      action: terms.status === 'inactive' ? 'consent.withdrawn' : 'consent.recorded',
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
