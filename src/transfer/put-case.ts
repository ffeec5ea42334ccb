import { notFound, RelaisError } from '../kernel/errors.js';
import { isCaseId, type CaseId, type PersonId } from '../kernel/ids.js';
import { readJson, writeJson, type JsonValue } from '../kernel/json.js';
import { indexedIdentity, isDeceased } from '../domain/case/identity.js';
import { circumstancesOf } from '../domain/consent/decision-maker/circumstances-of.js';
import { parseCase } from '../domain/case/parse-case.js';
import type { OrganizationTx, Store, StoredResidue } from './ports.js';
import type { Principal } from './principal.js';

export interface PutCaseResult {
  readonly caseId: CaseId;
  readonly personId: PersonId;
  readonly version: number;
  /** False when the same document is already the newest version. */
  readonly changed: boolean;
}

/**
 * Takes a case in the agency's own model: checked as a whole, stored encrypted as a new version, or not at all.
 *
 * @throws RelaisError 422 `case.invalid` (places and rules, no content), 404 for an id that no case can have
 */
export async function putCase(
  { store }: { readonly store: Store },
  principal: Principal,
  caseId: string,
  value: JsonValue,
  requestId: string,
): Promise<PutCaseResult> {
  assertCaseId(caseId);
  return store.asOrganization(principal.organizationId, (tx) => storeCase(tx, principal, caseId, value, requestId));
}

/** @throws RelaisError 422 `case.id` */
export function assertCaseId(caseId: string): asserts caseId is CaseId {
  if (isCaseId(caseId)) return;
  throw new RelaisError('case.id', 422, 'value', 'A case id has 1 to 64 of A-Z a-z 0-9 . _ -', {
    violations: [{ path: '/id', rule: 'case.id', message: '1 to 64 of A-Z a-z 0-9 . _ -' }],
  });
}

/**
 * The same within a transaction of the caller's (imports store many).
 *
 * @param residue what is kept beside it of a bundle that it came as
 */
export async function storeCase(
  tx: OrganizationTx,
  principal: Principal,
  caseId: CaseId,
  value: JsonValue,
  requestId?: string,
  residue?: StoredResidue,
): Promise<PutCaseResult> {
  const record = parseCase(value);
  const { personId, version, changed } = await tx.putCase({
    caseId,
    agencyPersonKey: record.person.id,
    content: writeJson(value),
    ...(residue !== undefined && { residue }),
    circumstances: circumstancesOf(record),
    deceased: isDeceased(record),
    identity: indexedIdentity(record),
    actor: principal.actor,
  });
  if (changed) {
    await tx.audit({
      action: 'case.stored',
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      personId,
      ...(requestId !== undefined && { requestId }),
      codes: { version },
    });
  }
  return { caseId, personId, version, changed };
}

/**
 * Gives an organization its own case back, as it was sent. Reading is audited.
 *
 * @throws RelaisError 404
 */
export async function getCase(
  { store }: { readonly store: Store },
  principal: Principal,
  caseId: string,
  requestId: string,
): Promise<{ caseId: CaseId; personId: PersonId; version: number; document: JsonValue }> {
  if (!isCaseId(caseId)) throw notFound();
  return store.asOrganization(principal.organizationId, async (tx) => {
    const stored = await tx.loadCase(caseId);
    if (stored === null) throw notFound();
    await tx.audit({
      action: 'case.read',
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      personId: stored.personId,
      requestId,
      codes: { version: stored.version },
    });
    return { caseId, personId: stored.personId, version: stored.version, document: readJson(stored.content) };
  });
}
