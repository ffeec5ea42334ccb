import type { AuditEvent, Provenance } from 'fhir/r4.js';
import type { Instant } from '../kernel/clock.js';
import { notFound } from '../kernel/errors.js';
import type { AuditEntryId, TaskId } from '../kernel/ids.js';
import type { Audited, AuditReader } from '../domain/audit/fhir/audited.js';
import { toAuditEvent } from '../domain/audit/fhir/to-audit-event.js';
import { toProvenance } from '../domain/audit/fhir/to-provenance.js';
import type { ProvenEntry } from '../domain/audit/proven-entry.js';
import type { AuditProofReader } from './audit-ports.js';
import { auditTransferReads } from './audit-read.js';
import type { AuditSearch } from './audit-view-ports.js';
import type { BundleFrame } from './pin-bundle.js';
import type { Organization } from './partner.js';
import type { OrganizationTx, Store } from './ports.js';
import type { Principal } from './principal.js';
import { senderFace } from './sender-face.js';

interface Deps {
  readonly store: Store;
  readonly frame: BundleFrame;
}

export interface AuditPage {
  readonly events: readonly AuditEvent[];
  /** Where the next page begins; null at the end. */
  readonly next: AuditSearch['before'] | null;
}

/**
 * The log as IHE BALP AuditEvents, newest first: what row level security lets this organization read, with everybody else
 * as they are called before it. Looking is audited, and commits before the answer.
 */
export function viewAudit(
  { store, frame }: Deps,
  principal: Principal,
  search: AuditSearch,
  requestId: string,
): Promise<AuditPage> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    // What a member of staff is said to have looked at too much is for the officer, not for whoever runs a software.
    const hidden = principal.via === 'staff-session' ? {} : ({ without: 'access.unusual' } as const);
    const found = await tx.searchAudit({ ...search, ...hidden });
    const { personId } = search;
    const known = personId !== undefined && (await tx.personExists(personId));
    await tx.audit({
      action: 'audit.searched',
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      ...(known && { personId }),
      requestId,
      codes: { found: found.length },
    });
    const reader = await readerOf(frame, tx);
    const last = found.length === search.limit ? found.at(-1) : undefined;
    return {
      events: found.map((audited) => toAuditEvent(reader, audited)),
      next: last === undefined ? null : { at: last.entry.at, id: last.entry.id },
    };
  });
}

export type EntryProof = ProvenEntry & { readonly checkpoint: string };

/**
 * One entry that this organization may read, with its way to a signed checkpoint. Looking is audited.
 *
 * @throws RelaisError 404, also while no checkpoint is over it: a second later one is
 */
export async function proveEntry(
  { store }: { readonly store: Store & Pick<AuditProofReader, 'auditProofs'> },
  principal: Principal,
  id: AuditEntryId,
  requestId: string,
): Promise<EntryProof> {
  const proofs = await store.auditProofs(principal.organizationId, { entryIds: [id] });
  const proven = proofs?.entries[0];
  if (proofs === null || proven === undefined) throw notFound();
  const { personId } = proven.entry;
  await store.asOrganization(principal.organizationId, async (tx) => {
    const known = personId !== undefined && (await tx.personExists(personId));
    await tx.audit({
      action: 'audit.searched',
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      ...(known && { personId }),
      requestId,
      codes: { found: 1 },
    });
  });
  return { checkpoint: proofs.checkpoint, ...proven };
}

/**
 * Provenance of what one transfer sent, for its sender and its recipient.
 *
 * @throws RelaisError 404, also before it was delivered
 */
export function viewProvenance(
  { store, frame }: Deps,
  principal: Principal,
  taskId: TaskId,
  requestId: string,
): Promise<readonly Provenance[]> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const transfer = await tx.findTransferByTask(taskId);
    if (transfer === null || transfer.deliveredAt === null) throw notFound();
    await auditTransferReads(tx, { principal, requestId }, 'provenance', [transfer]);
    const reports = transfer.timeline.filter(({ status }) => status.startsWith('referral:'));
    return toProvenance(await readerOf(frame, tx), {
      transfer: { ...transfer, ground: transfer.ground?.secrecy.kind ?? null, consents: [] },
      deliveredAt: transfer.deliveredAt,
      reports: reports.map(({ at }): Instant => at),
      jws: (await tx.proofsOf(transfer.id))?.signature ?? null,
    });
  });
}

async function readerOf(frame: BundleFrame, tx: OrganizationTx): Promise<AuditReader> {
  const known = new Map<string, Organization>((await tx.listOrganizations()).map((one) => [one.id, one]));
  const calledAs = (organizationId: string, transfer: Audited['transfer']): string => {
    if (organizationId === tx.organizationId || transfer?.senderOrganizationId !== organizationId)
      return organizationId;
    return senderFace(frame, transfer, known.get(organizationId) ?? null).id;
  };
  return { publicUrl: frame.publicUrl, organizationId: tx.organizationId, calledAs };
}
