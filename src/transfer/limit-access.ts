import { RelaisError } from '../kernel/errors.js';
import { isCaseId, type PersonId, type TransferId } from '../kernel/ids.js';
import type { AccessLimits, Admission, UnusualAccess, UnusualKind } from './limit-ports.js';
import type { OrganizationTx, Store } from './ports.js';
import type { Principal } from './principal.js';

interface Deps {
  readonly store: Store;
  readonly limits: AccessLimits;
}

/** What is about to be shown: a case, whatever is kept of a person, or a transfer with what it sent. */
type File = { readonly caseId: string } | { readonly personId: PersonId } | { readonly transferId: TransferId };

/**
 * Before a member of staff is shown a file: may they open one more to which nothing ties them? Browsing is what access
 * rights do not see (every caseworker of an agency may open each of its files), so it is bounded, and said to the
 * data-protection officer. In a transaction of its own: a refusal is written down, and the file is not read.
 *
 * An agency's software has no caseload and is not bounded here; a file that does not exist is answered by whoever reads it.
 *
 * @throws RelaisError 429 `file.too-many`
 */
async function requireFile(deps: Deps, principal: Principal, file: File, requestId: string | undefined): Promise<void> {
  if (principal.via !== 'staff-session') return;
  const { store, limits } = deps;
  const most = limits.filesPerHour;
  const admission = await store.asOrganization(principal.organizationId, async (tx): Promise<Admission> => {
    const id = await fileIdOf(tx, file);
    if (id === null) return { outcome: 'admitted' };
    const answer = await tx.openFile({ staffId: principal.actor.id, file: id, most });
    if (answer.outcome === 'over') await tell(tx, principal, 'files', most, requestId);
    return answer;
  });
  if (admission.outcome === 'admitted') return;
  throw new RelaisError('file.too-many', 429, 'throttled', 'Too many files were opened within an hour.', {
    retryAfterSeconds: admission.retryAfterSeconds,
    details: { most },
  });
}

/** What shows a file, asked for only by whoever may open one more (`requireFile`). */
export const openingWithin =
  (deps: Deps) =>
  async <T>(principal: Principal, file: File, requestId: string | undefined, show: () => Promise<T>): Promise<T> => {
    await requireFile(deps, principal, file, requestId);
    return show();
  };

/**
 * Before a search for persons: whoever tries names by the thousand learns who is known to the agency.
 *
 * @throws RelaisError 429 `person.too-many-searches`
 */
export async function requireSearch(deps: Deps, principal: Principal, requestId: string): Promise<void> {
  const { store, limits } = deps;
  const most = limits.searchesPerHour;
  const admission = await store.asOrganization(principal.organizationId, async (tx) => {
    const answer = await tx.countSearch({ actorId: principal.actor.id, most });
    if (answer.outcome === 'over') await tell(tx, principal, 'searches', most, requestId);
    return answer;
  });
  if (admission.outcome === 'admitted') return;
  throw new RelaisError('person.too-many-searches', 429, 'throttled', 'Too many searches within an hour.', {
    retryAfterSeconds: admission.retryAfterSeconds,
    details: { most },
  });
}

/** Who asked for more than the limits, for the data-protection officer. Reading it is audited. */
export function listUnusualAccess(
  { store }: Pick<Deps, 'store'>,
  principal: Principal,
  requestId: string,
): Promise<readonly UnusualAccess[]> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const found = await tx.listUnusual();
    await tx.audit({
      action: 'access.unusual-read',
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      requestId,
      codes: { lines: found.length },
    });
    return found;
  });
}

/** One entry of the log for each series of refusals, not one for each. */
async function tell(
  tx: OrganizationTx,
  { actor, organizationId }: Principal,
  kind: UnusualKind,
  most: number,
  requestId: string | undefined,
): Promise<void> {
  if (!(await tx.noteUnusual({ kind, actor, most }))) return;
  await tx.audit({
    action: 'access.unusual',
    outcome: 'refused',
    actor,
    organizations: [organizationId],
    ...(requestId !== undefined && { requestId }),
    codes: { kind, most },
  });
}

async function fileIdOf(tx: OrganizationTx, file: File): Promise<PersonId | TransferId | null> {
  if ('caseId' in file) return isCaseId(file.caseId) ? tx.personOfCase(file.caseId) : null;
  if ('personId' in file) return (await tx.personExists(file.personId)) ? file.personId : null;
  const transfer = await tx.loadTransfer(file.transferId);
  if (transfer === null) return null;
  return transfer.senderOrganizationId === tx.organizationId ? transfer.personId : transfer.id;
}
