import { createHash } from 'node:crypto';
import type { Instant } from '../kernel/clock.js';
import { notFound, RelaisError } from '../kernel/errors.js';
import type { TransferId } from '../kernel/ids.js';
import type { LabelRules } from '../domain/labels/rules/rules.js';
import { auditTransferReads } from './audit-read.js';
import { againstNow, issueReminder, standingOf } from './issue-reminder.js';
import type { BundleFrame } from './pin-bundle.js';
import type { OrganizationTx, Store } from './ports.js';
import type { Transfer } from './transfer.js';
import type { Principal } from './principal.js';
import type { Reminder, ReminderState } from './reminder-ports.js';
import {
  byHandFrom,
  nextReminder,
  periodByHand,
  type AgainstReminding,
  type ReminderSettings,
} from './reminder-rule.js';

export interface ByHandDeps {
  readonly store: Store;
  readonly frame: BundleFrame;
  readonly labelRules: LabelRules;
  readonly settings: ReminderSettings;
  readonly wake: () => void;
}

/** What its sender sees of the reminders of one transfer. */
export interface TransferReminders {
  readonly transferId: TransferId;
  readonly quietSince: Instant | null;
  /** Since when the recipient waits for an answer of the sender, which pauses reminders; null: it does not. */
  readonly waitsSince: Instant | null;
  /** When Relais would remind by itself, as far as the rule says; null: not any more, or not as it stands. */
  readonly nextAt: Instant | null;
  /** Oldest first. */
  readonly reminders: readonly Reminder[];
}

/** @throws RelaisError 404 for what is not this sender's */
export function readReminders(
  deps: Pick<ByHandDeps, 'store' | 'settings'>,
  principal: Principal,
  transferId: TransferId,
  requestId: string,
): Promise<TransferReminders> {
  return deps.store.asOrganization(principal.organizationId, async (tx) => {
    const { transfer, state } = await loadOwn(tx, transferId);
    await auditTransferReads(tx, { principal, requestId }, 'reminders', [transfer]);
    return view(deps.settings, transfer, state);
  });
}

/**
 * Reminds the recipient now, because somebody asks for it: under the same rule but for the calendar, and a day after the last
 * one at the earliest. The same key again does nothing more.
 *
 * @throws RelaisError 404; 409 `reminder.not-delivered`, `reminder.answered`, `reminder.asked`, `reminder.quiet`, `reminder.not-kept`,
 *   `reminder.stop-using`, `reminder.no-longer-permitted`, `reminder.stopped`, `reminder.too-soon`,
 *   `transfer.idempotency-conflict`
 */
export async function remindByHand(
  { store, frame, labelRules, settings, wake }: ByHandDeps,
  principal: Principal,
  transferId: TransferId,
  idempotencyKey: string,
  requestId: string,
): Promise<TransferReminders> {
  const reminded = await store.asOrganization(principal.organizationId, async (tx) => {
    await tx.lockReferral(transferId);
    const { transfer, state } = await loadOwn(tx, transferId);
    const digest = createHash('sha256').update(transferId).digest('hex');
    const reserved = await tx.reserveIdempotencyKey(`reminder/${idempotencyKey}`, digest, transferId);
    if (reserved.kind === 'conflict') {
      const message = 'This Idempotency-Key was used with another request.';
      throw new RelaisError('transfer.idempotency-conflict', 409, 'conflict', message);
    }
    if (reserved.kind === 'new') {
      const against = await againstNow(labelRules, tx, transfer, state);
      if (against !== null) throw refused(against);
      const standing = standingOf(transfer, state);
      if (standing.stopped) throw refused('stopped');
      const from = byHandFrom(standing);
      if (from !== null) throw refused('too-soon', { from });
      const period = periodByHand(standing);
      const issue = { period, at: state.at, actor: principal.actor, requestId };
      if (!(await issueReminder(tx, frame, transfer, issue))) throw refused('too-soon');
    }
    const after = await loadOwn(tx, transferId);
    return view(settings, after.transfer, after.state);
  });
  wake();
  return reminded;
}

/**
 * Switches reminders of one transfer off, or on again: the person may have asked for quiet. What was decided on and has not
 * left does not leave.
 *
 * @throws RelaisError 404
 */
export async function switchReminders(
  { store, settings }: Pick<ByHandDeps, 'store' | 'settings'>,
  principal: Principal,
  transferId: TransferId,
  on: boolean,
  requestId: string,
): Promise<TransferReminders> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    await tx.lockReferral(transferId);
    const { transfer } = await loadOwn(tx, transferId);
    if (await tx.setQuiet(transferId, !on, principal.actor)) {
      await tx.audit({
        action: 'reminder.switched',
        outcome: 'success',
        actor: principal.actor,
        organizations: [principal.organizationId],
        ...(transfer.personId !== null && { personId: transfer.personId }),
        transferId,
        requestId,
        codes: { on },
      });
      await tx.lookAgainAt(transferId, on ? await tx.now() : null);
    }
    const { state } = await loadOwn(tx, transferId);
    return view(settings, transfer, state);
  });
}

async function loadOwn(
  tx: OrganizationTx,
  transferId: TransferId,
): Promise<{ readonly transfer: Transfer; readonly state: ReminderState }> {
  const [transfer, state] = await Promise.all([tx.loadTransfer(transferId), tx.loadReminders(transferId)]);
  if (transfer === null || state === null) throw notFound();
  return { transfer, state };
}

function view(settings: ReminderSettings, transfer: Transfer, state: ReminderState): TransferReminders {
  const standing = standingOf(transfer, state);
  const next = nextReminder(standing, settings);
  return {
    transferId: transfer.id,
    quietSince: state.quietSince,
    waitsSince: next.kind === 'paused' ? standing.waitsSince : null,
    nextAt: next.kind === 'later' ? next.at : next.kind === 'due' ? state.at : null,
    reminders: state.reminders,
  };
}

const REFUSALS: Readonly<Record<AgainstReminding | 'stopped' | 'too-soon', string>> = {
  'not-delivered': 'It has not arrived yet: there is nothing to remind anybody of.',
  answered: 'The recipient has answered.',
  asked: 'The recipient asked something and waits for the answer.',
  quiet: 'Reminders of this transfer are switched off.',
  'not-kept': 'What was sent is no longer kept.',
  'stop-using': 'The recipient was told to stop using it.',
  'no-longer-permitted': 'It could not be sent today as it was: nobody is reminded of it.',
  stopped: 'Deliveries are stopped at the moment.',
  'too-soon': 'The last reminder was less than a day ago.',
};

function refused(why: keyof typeof REFUSALS, details: Readonly<Record<string, string>> = {}): RelaisError {
  return new RelaisError(`reminder.${why}`, 409, 'business-rule', REFUSALS[why], { details });
}
