import type { Actor } from '../kernel/actor.js';
import { addMs, type Instant } from '../kernel/clock.js';
import type { TransferId } from '../kernel/ids.js';
import type { LabelRules } from '../domain/labels/rules/rules.js';
import { againstNow, issueReminder, standingOf } from './issue-reminder.js';
import type { BundleFrame } from './pin-bundle.js';
import type { OrganizationTx, Store } from './ports.js';
import type { ReminderWatch } from './reminder-ports.js';
import { DAY_MS, nextReminder, type Reminding, type ReminderSettings } from './reminder-rule.js';

export interface RemindDeps {
  readonly store: Store & ReminderWatch;
  readonly frame: BundleFrame;
  readonly labelRules: LabelRules;
  readonly settings: ReminderSettings;
  /** One could not be looked at; it is looked at again. */
  readonly onFailure: (transferId: TransferId, error: unknown) => void;
}

const CALENDAR: Actor = { type: 'system', id: 'calendar', organizationId: null };
const AT_ONCE = 100;

/**
 * Looks at what has not been answered and may be late by now, and reminds its recipients where the rule says so
 * (reminder-rule). Any number of workers may: each is taken by one, and decided in one transaction, by the database's
 * time, after the referral's lock: an answer comes before it or after it.
 *
 * @returns how many are to be reminded
 */
export async function remindLate(deps: RemindDeps): Promise<number> {
  let reminded = 0;
  for (;;) {
    const taken = await deps.store.takeUnanswered(AT_ONCE);
    for (const { transferId, organizationId } of taken) {
      const isReminded = await deps.store
        .asOrganization(organizationId, (tx) => remindIfDue(deps, tx, transferId))
        .catch((error: unknown) => {
          deps.onFailure(transferId, error);
          return false;
        });
      if (isReminded) reminded += 1;
    }
    if (taken.length < AT_ONCE) return reminded;
  }
}

/** And says when to look again. */
export async function remindIfDue(
  { frame, labelRules, settings }: Pick<RemindDeps, 'frame' | 'labelRules' | 'settings'>,
  tx: OrganizationTx,
  transferId: TransferId,
): Promise<boolean> {
  await tx.lockReferral(transferId);
  const [transfer, state] = await Promise.all([tx.loadTransfer(transferId), tx.loadReminders(transferId)]);
  if (transfer === null || state === null) {
    await tx.lookAgainAt(transferId, null);
    return false;
  }
  const next = nextReminder(standingOf(transfer, state), settings);
  if (next.kind !== 'due') {
    await tx.lookAgainAt(transferId, lookAgain(next, state.at));
    return false;
  }
  if ((await againstNow(labelRules, tx, transfer, state)) !== null) {
    // A suspended agreement may be resumed; what ended for good is looked at until its periods are over.
    await tx.lookAgainAt(transferId, addMs(state.at, DAY_MS));
    return false;
  }
  const { period } = next;
  const isIssued = await issueReminder(tx, frame, transfer, { period, at: state.at, actor: CALENDAR });
  await tx.lookAgainAt(transferId, addMs(state.at, settings.everyDays * DAY_MS));
  return isIssued;
}

/** Of a question nobody tells the calendar when it is answered; nobody is reminded within a day of that. */
function lookAgain(next: Exclude<Reminding, { readonly kind: 'due' }>, at: Instant): Instant | null {
  switch (next.kind) {
    case 'later':
      return next.at;
    case 'paused':
      return addMs(at, DAY_MS);
    case 'never':
      return null;
  }
}
