import { addMs } from '../kernel/clock.js';
import { notFound, RelaisError } from '../kernel/errors.js';
import type { PersonId, TransferId } from '../kernel/ids.js';
import type { GroundKind } from '../domain/decision/ground.js';
import { auditOwnRead } from './audit-read.js';
import type { NoticeDeferral } from './oversight-ports.js';
import type { OrganizationTx, Store } from './ports.js';
import type { Principal } from './principal.js';
import { isSamePerson } from './review-break-glass.js';

interface Deps {
  readonly store: Store;
}

export interface DeferralCommand {
  readonly reason: string;
  /** `YYYY-MM-DD`, within 90 days. */
  readonly reviewOn: string;
}

const MOST_MS = 90 * 24 * 3_600_000;
/** Whoever consented, or was told and did not object, knows of it. */
const KNOWN: ReadonlySet<GroundKind> = new Set(['consent', 'care-team']);

/**
 * Defers the notice to the person in the transaction that makes the transfer, so that there is no moment at which the
 * report shows it (GDPR art. 23(1); a notice can endanger). It lapses after 72 hours unless a second reader confirms it,
 * and ends on its review date in any case.
 *
 * @throws RelaisError 422 `notice.known` for grounds of which the person knows, `notice.review-date`
 */
export async function deferNotice(
  tx: OrganizationTx,
  principal: Principal,
  transfer: { readonly id: TransferId; readonly personId: PersonId | null; readonly ground: GroundKind },
  { reason, reviewOn }: DeferralCommand,
  requestId: string,
): Promise<void> {
  const { id: transferId, personId, ground } = transfer;
  if (KNOWN.has(ground)) throw refused('notice.known', '/deferNotice', 'The person knows of this ground.');
  const at = await tx.now();
  if (reviewOn <= at.slice(0, 10) || reviewOn > addMs(at, MOST_MS).slice(0, 10)) {
    throw refused('notice.review-date', '/deferNotice/reviewOn', 'The review is after today, within 90 days.');
  }
  // Nobody's report can show a case that nobody has.
  if (personId === null) return;
  await tx.deferNotice({ transferId, personId, reason, reviewOn, actor: principal.actor });
  await auditNotice(tx, principal, 'notice.deferred', { transferId, personId, reviewOn }, requestId);
}

/**
 * The same afterwards, for a transfer that is there.
 *
 * @throws RelaisError 404, 422, 409 `notice.deferred` while a deferral is in effect, `notice.unconfirmed` when one lapsed
 *   without a second reader: nobody defers alone for ever
 */
export async function deferNoticeOf(
  { store }: Deps,
  principal: Principal,
  transferId: TransferId,
  command: DeferralCommand,
  requestId: string,
): Promise<NoticeDeferral> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const transfer = await tx.noticeOf(transferId);
    if (transfer === null) throw notFound();
    if ((await tx.loadDeferral(transferId)) !== null) {
      throw new RelaisError('notice.deferred', 409, 'conflict', 'The notice is deferred already.');
    }
    if (transfer.unconfirmed) {
      throw new RelaisError('notice.unconfirmed', 409, 'business-rule', 'No second reader agreed the last time.');
    }
    await deferNotice(tx, principal, { id: transferId, ...transfer }, command, requestId);
    return (await tx.loadDeferral(transferId)) ?? notFoundAfterwards();
  });
}

/** Those in effect, with their reasons; reading them is audited. */
export async function listDeferrals(
  { store }: Deps,
  principal: Principal,
  requestId: string,
): Promise<readonly NoticeDeferral[]> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const deferrals = await tx.listDeferrals();
    await auditOwnRead(tx, { principal, requestId }, 'notice.deferrals-read', {}, deferrals.length);
    return deferrals;
  });
}

/**
 * The second reader agrees: it holds until its review date. Never the one who deferred it; where a software did, only the
 * data-protection officer, because anybody may be behind it.
 *
 * @throws RelaisError 404, 403 `notice.own`
 */
export async function confirmDeferral(
  { store }: Deps,
  principal: Principal,
  transferId: TransferId,
  requestId: string,
): Promise<NoticeDeferral> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const deferral = await tx.loadDeferral(transferId);
    if (deferral === null) throw notFound();
    const bySoftware = deferral.actor.type !== 'staff';
    if (
      isSamePerson(deferral.actor, principal.actor) ||
      (bySoftware && !principal.roles.has('data-protection-officer'))
    ) {
      throw new RelaisError('notice.own', 403, 'forbidden', 'The second reader is another person.');
    }
    await tx.confirmDeferral(transferId, principal.actor);
    await auditNotice(tx, principal, 'notice.confirmed', deferral, requestId);
    return (await tx.loadDeferral(transferId)) ?? notFoundAfterwards();
  });
}

/**
 * Ends it before its date: from now on the report shows the transfer.
 *
 * @throws RelaisError 404
 */
export async function liftDeferral(
  { store }: Deps,
  principal: Principal,
  transferId: TransferId,
  requestId: string,
): Promise<void> {
  await store.asOrganization(principal.organizationId, async (tx) => {
    const deferral = await tx.loadDeferral(transferId);
    if (deferral === null) throw notFound();
    await tx.liftDeferral(transferId, principal.actor);
    await auditNotice(tx, principal, 'notice.lifted', deferral, requestId);
  });
}

async function auditNotice(
  tx: OrganizationTx,
  principal: Principal,
  action: 'notice.deferred' | 'notice.confirmed' | 'notice.lifted',
  of: Pick<NoticeDeferral, 'transferId' | 'personId' | 'reviewOn'>,
  requestId: string,
): Promise<void> {
  await tx.audit({
    action,
    outcome: 'success',
    actor: principal.actor,
    organizations: [principal.organizationId],
    personId: of.personId,
    transferId: of.transferId,
    requestId,
    codes: { reviewOn: of.reviewOn },
  });
}

function refused(code: string, path: string, message: string): RelaisError {
  return code === 'notice.known'
    ? new RelaisError('notice.known', 422, 'business-rule', message, { violations: [{ path, rule: code, message }] })
    : new RelaisError('notice.review-date', 422, 'value', message, { violations: [{ path, rule: code, message }] });
}

function notFoundAfterwards(): never {
  throw notFound();
}
