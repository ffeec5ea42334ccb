import type { FhirResource } from 'fhir/r4.js';
import { decide } from '../domain/decision/decide.js';
import { receiptOf } from '../domain/decision/receipt.js';
import type { LabelRules } from '../domain/labels/rules/rules.js';
import { notFound, RelaisError } from '../kernel/errors.js';
import { readJson, type JsonObject } from '../kernel/json.js';
import { newId, type DecisionId, type TransferId } from '../kernel/ids.js';
import type { AccessLink, LinkPrincipal } from './access-link-ports.js';
import { newCode } from './access-links.js';
import { whatShrank } from './deliver-transfer.js';
import type { Notice } from './notice-ports.js';
import type { BundleFrame } from './pin-bundle.js';
import type { GuestContact } from './guest-ports.js';
import type { Store } from './ports.js';
import type { Transfer } from './transfer.js';
import type { Principal } from './principal.js';
import type { RecordMapping } from './map-record.js';
import { recordIn } from './read-content.js';
import { asSeenBy, senderFace } from './sender-face.js';
import { updateReferral, type ReferralReport } from './update-referral.js';

interface Deps {
  readonly store: Store;
  readonly labelRules: LabelRules;
  readonly frame: BundleFrame;
  readonly wake: () => void;
}

export interface AccessCode {
  readonly link: AccessLink;
  /** Told once, to be told on. */
  readonly code: string;
  readonly channel: GuestContact['channel'];
}

/**
 * The code for a guest, told by the sender's caseworker on another way than the mail. A new one voids the one before and
 * lets the same link be opened once more.
 *
 * @throws RelaisError 404 for what is not this sender's, 409 `access.not-waiting` for what no guest was told of
 */
export async function makeAccessCode(
  { store }: Pick<Deps, 'store'>,
  principal: Principal,
  transferId: TransferId,
  requestId: string,
): Promise<AccessCode> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const transfer = await tx.loadTransfer(transferId);
    if (transfer?.senderOrganizationId !== principal.organizationId) throw notFound();
    const partner = await tx.partnerOf(transfer.recipientOrganizationId);
    const code = newCode();
    const isWaiting = transfer.status === 'delivered' && partner?.guest !== undefined && partner.status === 'active';
    if (!isWaiting || !(await tx.renewGuestCode(transferId, code))) {
      throw new RelaisError('access.not-waiting', 409, 'conflict', 'No notice of this transfer waits at a guest.');
    }
    const link = await tx.loadGuestLink(transferId);
    if (link === null) throw notFound();
    await tx.audit({
      action: 'access-link.made',
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      personId: link.personId,
      transferId,
      requestId,
      codes: { link: link.id, kind: 'guest', expiresAt: link.expiresAt, channel: partner.guest.channel.kind },
    });
    return { link, code, channel: partner.guest.channel };
  });
}

/** What a guest sees of one transfer. */
export interface ReceivedPage {
  readonly transfer: Transfer;
  /** null: it may not be read any more, or is not kept any more. */
  readonly resources: readonly FhirResource[] | null;
  /** The same in the words of the case model; null also where the maps cannot read it back. */
  readonly record: JsonObject | null;
  readonly notices: readonly Notice[];
  /** Name of who sent it; null where the name itself would reveal. */
  readonly sender: string | null;
}

/**
 * What was sent to a guest leaves when it is read: so it is **decided again** at each reading, and a consent that was
 * withdrawn, an objection or a mark since then shows nothing (docs/access-links.md). What is shown is written down before
 * its first byte, under the eyes of both organizations.
 *
 * @throws RelaisError 404
 */
export async function readReceived(
  { store, labelRules, frame, mapping }: Deps & { readonly mapping: RecordMapping },
  principal: LinkPrincipal,
  requestId: string,
): Promise<ReceivedPage> {
  const { holder, actor, organizationId } = principal;
  const transferId = holder.transferId!;
  const wire = await store.asOrganization(holder.organizationId, async (tx) => {
    const received = await tx.loadReceived(transferId);
    const reasons = ['content.purged'];
    let isShown = false;
    if (received !== null) {
      const terms = await tx.loadTerms(received.request);
      const decision = decide(terms, received.request);
      await tx.recordDecision(
        receiptOf(newId<DecisionId>(), 'delivery', transferId, terms, received.request, decision),
      );
      const against =
        decision.outcome === 'deny' ? decision.reasons : await whatShrank(labelRules, tx, received, decision.permit);
      reasons.splice(0, 1, ...against.map(({ code }) => code));
      isShown = against.length === 0;
    }
    await tx.audit({
      action: isShown ? 'transfer.read' : 'access.refused',
      outcome: isShown ? 'success' : 'refused',
      actor,
      organizations: [organizationId, holder.organizationId],
      transferId,
      requestId,
      codes: { as: 'recipient', what: 'transfer', ...(!isShown && { reasons }) },
    });
    return isShown ? received!.wire : null;
  });
  return store.asOrganization(organizationId, async (tx) => {
    const transfer = await tx.loadTransfer(transferId);
    if (transfer === null) throw notFound();
    const notices = (await tx.listNotices({ as: 'recipient' })).filter((notice) => notice.transferId === transferId);
    const bundle =
      wire === null ? null : (JSON.parse(wire.toString('utf8')) as { entry: { resource: FhirResource }[] });
    const sender = await tx.loadOrganization(transfer.senderOrganizationId);
    const face = senderFace(frame, transfer, sender);
    // What the sender wrote may be read as long as what it sent may.
    const timeline = transfer.timeline.filter(({ status }) => wire !== null || status !== 'message');
    return {
      transfer: await asSeenBy(frame, tx, { ...transfer, timeline }),
      record: wire === null ? null : recordIn(mapping, transfer, face, readJson(wire) as JsonObject),
      resources: bundle === null ? null : bundle.entry.map(({ resource }) => resource),
      notices,
      sender: face.hidden === null ? (sender?.name ?? null) : null,
    };
  });
}

/**
 * The guest's answer, on the way of every recipient's.
 *
 * @throws RelaisError 404, 409 `task.transition`
 */
export async function answerReceived(
  { store, wake, frame }: Deps,
  principal: LinkPrincipal,
  report: ReferralReport,
  requestId: string,
): Promise<Transfer> {
  const { transferId } = principal.holder;
  const found = await store.asOrganization(principal.organizationId, (tx) => tx.loadTransfer(transferId!));
  if (found?.taskId == null) throw notFound();
  const updated = await updateReferral({ store, wake }, principal, found.taskId, report, requestId);
  return store.asOrganization(principal.organizationId, (tx) => asSeenBy(frame, tx, updated));
}
