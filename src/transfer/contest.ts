import { notFound, RelaisError } from '../kernel/errors.js';
import { addMs } from '../kernel/clock.js';
import { newId, type ContestId, type OrganizationId, type PersonId, type TransferId } from '../kernel/ids.js';
import type { Reason } from '../domain/decision/reasons.js';
import { awaitLiveDeliveries } from './await-live-deliveries.js';
import { isAgainstDanger } from '../domain/decision/ground.js';
import { answerDays, notify, type Notified } from './notify-recipients.js';
import type { Contest, ContestOutcome } from './notice-ports.js';
import type { OrganizationTx, Store } from './ports.js';
import type { Transfer } from './transfer.js';
import type { BundleFrame } from './pin-bundle.js';
import type { Principal } from './principal.js';

export interface ContestCommand {
  /** Chosen by whoever may send the same twice; then it is recorded once. */
  readonly id?: ContestId;
  readonly personId: PersonId;
  readonly kind: Contest['kind'];
  /** The line of the report that the person contests. */
  readonly transferId?: TransferId;
  /** Whom an objection is about; without it and without a transfer: everybody. */
  readonly recipientOrganizationId?: OrganizationId;
  readonly words: string;
  readonly requestId: string;
}

const OBJECTS: Reason = { code: 'deny.person-objects' };

/**
 * Records that the person objects (GDPR art. 21) or says that something is wrong (art. 16). A human answers within the
 * agreement's term. From an objection on nothing leaves to whom it is about: what waits goes back to its author in the
 * same transaction, and what is on the wire is waited for.
 *
 * @throws RelaisError 404, or 503 `consent.delivery-live` (the objection itself stands)
 */
export async function recordContest(
  { store, patienceMs }: { readonly store: Store; readonly patienceMs: number },
  principal: Principal,
  command: ContestCommand,
): Promise<{ readonly contest: Contest; readonly stopped: readonly TransferId[] }> {
  const { personId, kind, requestId } = command;
  const recorded = await store.asOrganization(principal.organizationId, async (tx) => {
    if (!(await tx.personExists(personId))) throw notFound();
    const transfer = command.transferId === undefined ? null : await tx.loadTransfer(command.transferId);
    if (command.transferId !== undefined && transfer?.personId !== personId) throw notFound();
    const id = command.id ?? newId<ContestId>();
    const recipient = command.recipientOrganizationId ?? transfer?.recipientOrganizationId ?? null;
    const isNew = await tx.putContest({
      id,
      personId,
      kind,
      transferId: transfer?.id ?? null,
      recipientOrganizationId: recipient,
      words: command.words,
      actor: principal.actor,
      dueAt: addMs(await tx.now(), (await answerDays(tx, transfer)) * 24 * 3_600_000),
    });
    if (!isNew) {
      const known = await tx.loadContest(id);
      if (known?.personId !== personId) throw notFound();
      return { contest: known, stopped: [] };
    }
    const stopped = kind === 'objection' ? await sendBack(tx, principal, personId, recipient) : [];
    await tx.audit({
      action: 'contest.recorded',
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      personId,
      ...(transfer !== null && { transferId: transfer.id }),
      requestId,
      codes: { contest: id, kind, stopped: stopped.length },
    });
    const contest = await tx.loadContest(id);
    if (contest === null) throw new RelaisError('contest.vanished', 500, 'exception', 'It could not be loaded.');
    return { contest, stopped };
  });
  if (kind === 'objection') await awaitLiveDeliveries({ store, patienceMs }, principal.organizationId, { personId });
  return recorded;
}

async function sendBack(
  tx: OrganizationTx,
  principal: Principal,
  personId: PersonId,
  recipient: OrganizationId | null,
): Promise<readonly TransferId[]> {
  const stopped: TransferId[] = [];
  for (const transferId of await tx.lockWaiting(personId, recipient)) {
    const transfer = await tx.loadTransfer(transferId);
    // Somebody in danger is protected also against their word; a human judges that (docs/decisions.md, "Objection").
    if (transfer?.ground != null && isAgainstDanger(transfer.ground.secrecy.kind)) continue;
    if (!(await tx.stopTransfer(transferId, 'needs-review', [OBJECTS], principal.actor))) continue;
    stopped.push(transferId);
    await tx.audit({
      action: 'transfer.needs-review',
      outcome: 'refused',
      actor: principal.actor,
      organizations: [principal.organizationId],
      transferId,
      codes: { reasons: [OBJECTS.code] },
    });
    await tx.announce(transferId, 'transfer.status');
  }
  return stopped;
}

export interface ContestAnswer {
  readonly outcome: ContestOutcome;
  readonly words: string;
  /** Transfers that carry what was corrected, one for each past recipient that still may receive it. */
  readonly correctedTransferIds: readonly TransferId[];
}

/**
 * A human answers. An objection that is upheld goes on stopping; one that is declined, with compelling grounds in words,
 * stops no more. A correction reaches every past recipient (GDPR art. 19), with the reference of the transfer that
 * carries it where there is one.
 *
 * @throws RelaisError 404, 422 `contest.outcome` or `contest.transfer`, 409 `contest.answered`
 */
export async function answerContest(
  { store, frame }: { readonly store: Store; readonly frame: BundleFrame },
  principal: Principal,
  id: ContestId,
  { outcome, words, correctedTransferIds }: ContestAnswer,
  requestId: string,
): Promise<{ readonly contest: Contest; readonly notified: readonly Notified[] }> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const contest = await tx.loadContest(id);
    if (contest === null) throw notFound();
    requireFitting(contest, outcome);
    const corrections = outcome === 'corrected' ? await correctionsOf(tx, contest, correctedTransferIds) : [];
    if (!(await tx.answerContest(id, outcome, words, principal.actor))) {
      throw new RelaisError('contest.answered', 409, 'conflict', 'A human has answered this before.');
    }
    const notified =
      outcome === 'corrected' ? await tellPastRecipients(tx, frame, principal, contest, corrections) : [];
    await tx.audit({
      action: 'contest.answered',
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      personId: contest.personId,
      requestId,
      codes: { contest: id, kind: contest.kind, outcome, notified: notified.length },
    });
    return { contest: (await tx.loadContest(id)) ?? contest, notified };
  });
}

/** @throws RelaisError 422 `contest.outcome` */
function requireFitting({ kind }: Contest, outcome: ContestOutcome): void {
  if (outcome === 'declined' || (kind === 'objection') === (outcome === 'upheld')) return;
  throw new RelaisError('contest.outcome', 422, 'business-rule', 'This answer does not fit what was asked.', {
    violations: [
      { path: '/outcome', rule: 'contest.outcome', message: 'Objections are upheld, corrections made; or declined.' },
    ],
  });
}

/** @throws RelaisError 422 `contest.transfer` for one that is not about this person, or was asked for before */
async function correctionsOf(
  tx: OrganizationTx,
  contest: Contest,
  ids: readonly TransferId[],
): Promise<readonly Transfer[]> {
  const found: Transfer[] = [];
  for (const [index, id] of ids.entries()) {
    const transfer = await tx.loadTransfer(id);
    const isOnItsWay = ['held', 'queued', 'sending', 'delivered'].includes(transfer?.status ?? '');
    if (transfer?.personId !== contest.personId || !isOnItsWay || transfer.requestedAt < contest.recordedAt) {
      throw new RelaisError('contest.transfer', 422, 'business-rule', 'This transfer cannot carry the correction.', {
        violations: [
          {
            path: `/correctedTransferIds/${index}`,
            rule: 'contest.transfer',
            message: 'A transfer about this person, asked for since, on its way or delivered.',
          },
        ],
      });
    }
    found.push(transfer);
  }
  return found;
}

async function tellPastRecipients(
  tx: OrganizationTx,
  frame: BundleFrame,
  principal: Principal,
  contest: Contest,
  corrections: readonly Transfer[],
): Promise<readonly Notified[]> {
  const notified: Notified[] = [];
  for (const past of await tx.deliveriesOf(contest.personId)) {
    if (past.requestedAt >= contest.recordedAt || corrections.some(({ id }) => id === past.id)) continue;
    const by = corrections.find(
      ({ recipientOrganizationId, purpose }) =>
        recipientOrganizationId === past.recipientOrganizationId && purpose === past.purpose,
    );
    const corrected = by === undefined ? null : { id: by.id, reference: by.reference };
    const notice = await notify(tx, frame, past, 'corrected', corrected, principal.actor);
    if (notice !== null) notified.push(notice);
  }
  return notified;
}
