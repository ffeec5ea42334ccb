import { notFound, RelaisError } from '../kernel/errors.js';
import { isCaseId, type CaseId, type PersonId } from '../kernel/ids.js';
import { readJson, writeJson, type JsonValue } from '../kernel/json.js';
import { indexedIdentity, isDeceased } from '../domain/case/identity.js';
import { circumstancesOf } from '../domain/consent/decision-maker/circumstances-of.js';
import { parseCase } from '../domain/case/parse-case.js';
import type { WrittenEntry } from './entry-ports.js';
import type { OrganizationTx, Store } from './ports.js';
import type { StoredResidue } from './stored-case.js';
import type { Principal } from './principal.js';
import type { TakenOver } from './take-over-ports.js';
import { isSamePerson } from './review-break-glass.js';

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
 * @param options.residue what is kept beside it of a bundle that it came as
 * @param options.expectedVersion the newest version that was read
 * @throws RelaisError 409 `case.version-conflict` when there is another by now
 */
export async function storeCase(
  tx: OrganizationTx,
  principal: Principal,
  caseId: CaseId,
  value: JsonValue,
  requestId?: string,
  { residue, expectedVersion }: { readonly residue?: StoredResidue; readonly expectedVersion?: number } = {},
): Promise<PutCaseResult> {
  const record = parseCase(value);
  const { personId, version, changed } = await tx.putCase({
    caseId,
    agencyPersonKey: record.person.id,
    content: writeJson(value),
    ...(residue !== undefined && { residue }),
    ...(expectedVersion !== undefined && { expectedVersion }),
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

/** Two tabs, or a colleague: whoever comes second reads again. */
export function versionConflict(current: number): RelaisError {
  return new RelaisError('case.version-conflict', 409, 'conflict', 'This case was changed since it was read.', {
    details: { version: current },
  });
}

/** What was written into it in Relais, as its reader may see it: whether it is theirs, never whose. */
export interface OwnEntry extends Omit<WrittenEntry, 'author'> {
  readonly mine: boolean;
}

/**
 * Gives an organization its own case back, as it was sent, in its newest or an earlier version. Reading is audited.
 *
 * @throws RelaisError 404
 */
export async function getCase(
  { store }: { readonly store: Store },
  principal: Principal,
  caseId: string,
  requestId: string,
  earlier?: number,
): Promise<{
  caseId: CaseId;
  personId: PersonId;
  version: number;
  document: JsonValue;
  written: readonly OwnEntry[];
  takenOver: TakenOver | null;
}> {
  if (!isCaseId(caseId)) throw notFound();
  return store.asOrganization(principal.organizationId, async (tx) => {
    const stored = await tx.loadCase(caseId, earlier);
    if (stored === null) throw notFound();
    const { personId, version } = stored;
    const [entries, takenOver] = await Promise.all([tx.listWrittenEntries(caseId), tx.takenOver({ caseId })]);
    await tx.audit({
      action: 'case.read',
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      personId,
      requestId,
      codes: { version },
    });
    const written = entries.map(({ author, ...rest }) => ({ ...rest, mine: isSamePerson(author, principal.actor) }));
    return { caseId, personId, version, document: readJson(stored.content), written, takenOver };
  });
}
