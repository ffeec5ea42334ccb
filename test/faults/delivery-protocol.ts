/**
 * The protocol of a delivery as a small state machine: what a gateway, two workers, the queue, a person and a partner can
 * do to one or two transfers, in every order, with crashes, lost and repeated queue entries, leases that run out at any
 * moment and answers that never come. `explore` visits every state that can be reached.
 *
 * A guard that is named in `without` is taken out, as in faults/mutant-list.mjs.
 */
export type Guard =
  | 'no-fence-before-the-write'
  | 'an-old-yes-counts'
  | 'lease-not-checked-at-claim'
  | 'decided-once'
  | 'shrunk-permission-ignored'
  | 'withdrawal-does-not-wait'
  | 'no-key-for-the-partner'
  | 'key-of-the-caller-ignored'
  | 'no-intent'
  | 'intent-after-the-bytes'
  | 'acknowledged-before-the-commit'
  | 'outbox-row-after-the-commit'
  | 'no-reconciler'
  | 'any-success-is-a-receipt';

/** L nothing acknowledged is lost, D one effect, U no byte without a valid decision, A an intent before every byte. */
export type Invariant = 'L' | 'D' | 'U' | 'A';

interface Transfer {
  /** The caller: has not asked, is being served, committed and not answered, answered; answered by who then forgot it. */
  asked: 'no' | 'open' | 'committed' | 'answered' | 'forgotten';
  /** Transfers that exist for the one key. */
  made: number;
  /** `late`: still to be written, by the gateway that committed the transfer. */
  row: 'none' | 'late' | 'open' | 'closed';
  /** Bytes may have left: a withdrawal leaves the end to the next claim. */
  sending: boolean;
  end: 'none' | 'delivered' | 'stopped';
  fence: number;
  leased: boolean;
  /** Handed to the queue, as the row says. */
  enqueued: boolean;
  /** Entries that the queue really has. */
  jobs: number;
  consent: 'given' | 'withdrawn' | 'acknowledged';
  narrowed: boolean;
  effects: number;
}

interface Worker {
  at: 'idle' | 'claimed' | 'decided' | 'yes' | 'wrote' | 'received' | 'failed' | 'page';
  of: number;
  fence: number;
  /** The lease that it got has not run out. */
  live: boolean;
  /** What the decision of this claim should have said. */
  valid: boolean;
  intent: boolean;
}

/** How often each can happen on one path, and how many of all of them. */
interface Budgets {
  all: number;
  workerCrashes: number;
  gatewayCrashes: number;
  losses: number;
  repeats: number;
  expiries: number;
  brokenAnswers: number;
  withdrawals: number;
  relabellings: number;
}

interface State {
  readonly transfers: readonly Transfer[];
  readonly workers: readonly Worker[];
  readonly left: Budgets;
}

export interface Found {
  readonly states: number;
  readonly broken: ReadonlySet<Invariant>;
}

const IDLE: Worker = { at: 'idle', of: 0, fence: 0, live: false, valid: false, intent: false };
const FRESH: Transfer = {
  asked: 'no',
  made: 0,
  row: 'none',
  sending: false,
  end: 'none',
  fence: 0,
  leased: false,
  enqueued: false,
  jobs: 0,
  consent: 'given',
  narrowed: false,
  effects: 0,
};

/** One step: the state after it, the invariants that it broke, and whether it was a fault or somebody's change of mind. */
interface Step {
  readonly next: State;
  readonly broken: readonly Invariant[];
  readonly fault: boolean;
}

export function explore(options: {
  readonly transfers: number;
  readonly budgets: Budgets;
  /** Entries of one transfer that the queue holds at once. */
  readonly mostJobs?: number;
  readonly without?: Guard;
}): Found {
  const { transfers, budgets, mostJobs = 1, without } = options;
  const first: State = {
    transfers: Array.from({ length: transfers }, () => FRESH),
    workers: [IDLE, IDLE],
    left: budgets,
  };
  const index = new Map<string, number>([[keyOf(first), 0]]);
  const states: State[] = [first];
  /** For L: who leads here without a fault. */
  const before: number[][] = [[]];
  const broken = new Set<Invariant>();
  for (let at = 0; at < states.length; at += 1) {
    for (const { next, broken: breaks, fault } of stepsFrom(states[at]!, mostJobs, without)) {
      for (const invariant of breaks) broken.add(invariant);
      const key = keyOf(next);
      let found = index.get(key);
      if (found === undefined) {
        found = states.push(next) - 1;
        index.set(key, found);
        before.push([]);
      }
      if (!fault) before[found]!.push(at);
    }
  }
  if (!allCanEnd(states, before)) broken.add('L');
  return { states: states.length, broken };
}

/** From every state a good end can be reached without any more faults. */
function allCanEnd(states: readonly State[], before: readonly (readonly number[])[]): boolean {
  const good = states.flatMap((state, at) => (state.transfers.every(isSettled) ? [at] : []));
  const reached = new Set(good);
  for (let next = good.pop(); next !== undefined; next = good.pop()) {
    for (const at of before[next]!) {
      if (reached.has(at)) continue;
      reached.add(at);
      good.push(at);
    }
  }
  return reached.size === states.length;
}

/** What was acknowledged was delivered, and is there; or it was stopped because it may not leave any more. */
function isSettled({ asked, end, effects, consent, narrowed }: Transfer): boolean {
  if (asked !== 'answered') return asked !== 'forgotten';
  return end === 'delivered' ? effects > 0 : end === 'stopped' && (consent !== 'given' || narrowed);
}

function keyOf({ transfers, workers, left }: State): string {
  return [transfers, workers, [left]].map((list) => list.map((each) => Object.values(each).join()).join('|')).join('/');
}

function stepsFrom(state: State, mostJobs: number, without: Guard | undefined): Step[] {
  const steps: Step[] = [];
  const guarded = (guard: Guard): boolean => without !== guard;
  const go: Moves['go'] = (change, spends) => {
    if (spends !== undefined && (state.left[spends] === 0 || state.left.all === 0)) return;
    const draft = {
      transfers: state.transfers.map((each) => ({ ...each })),
      workers: state.workers.map((each) => ({ ...each })),
      left: { ...state.left },
    };
    if (spends !== undefined) {
      draft.left[spends] -= 1;
      draft.left.all -= 1;
    }
    const told = change(draft);
    const breaks = Array.isArray(told) ? told : [];
    const doubled = draft.transfers.some(({ effects, made }) => effects > 1 || made > 1);
    steps.push({ next: draft, broken: doubled ? [...breaks, 'D'] : breaks, fault: spends !== undefined });
  };
  const moves = { state, go, guarded, mostJobs };
  state.transfers.forEach((transfer, t) => {
    callerSteps(transfer, t, moves);
    queueSteps(transfer, t, moves);
    personSteps(transfer, t, moves);
  });
  state.workers.forEach((worker, w) => workerSteps(worker, w, moves));
  return steps;
}

interface Draft {
  readonly transfers: Transfer[];
  readonly workers: Worker[];
  readonly left: Budgets;
}

type Spent = Exclude<keyof Budgets, 'all'>;

interface Moves {
  readonly state: State;
  /** `spends`: it is a fault, or somebody's change of mind, and happens only as often as there is left. */
  readonly go: (change: (draft: Draft) => Invariant[] | undefined | void, spends?: Spent) => void;
  readonly guarded: (guard: Guard) => boolean;
  readonly mostJobs: number;
}

/** Asked, committed, answered; a gateway that dies makes the caller ask again with the same key. */
function callerSteps({ asked, made, row }: Transfer, t: number, { go, guarded }: Moves): void {
  const commit = (draft: Transfer): void => {
    // The reserved key leads a second request to the first one's transfer.
    if (draft.made > 0 && guarded('key-of-the-caller-ignored')) return;
    draft.made += 1;
    if (draft.made === 1) draft.row = guarded('outbox-row-after-the-commit') ? 'open' : 'late';
  };
  const crash = (change: (draft: Transfer) => void): void => {
    go(({ transfers }) => change(transfers[t]!), 'gatewayCrashes');
  };
  if (asked === 'no') go(({ transfers }) => void (transfers[t]!.asked = 'open'));
  if (asked === 'open') {
    go(({ transfers }) => {
      commit(transfers[t]!);
      transfers[t]!.asked = 'committed';
    });
    if (!guarded('acknowledged-before-the-commit')) go(({ transfers }) => void (transfers[t]!.asked = 'answered'));
  }
  if (row === 'late') go(({ transfers }) => void (transfers[t]!.row = 'open'));
  if (asked === 'committed') {
    if (row !== 'late') go(({ transfers }) => void (transfers[t]!.asked = 'answered'));
    crash((draft) => Object.assign(draft, { asked: 'open', row: draft.row === 'late' ? 'none' : draft.row }));
  }
  if (asked === 'answered' && made === 0) {
    go(({ transfers }) => commit(transfers[t]!));
    // It was told yes, and asks no more.
    crash((draft) => (draft.asked = 'forgotten'));
  }
}

/** The relay, the reconciler, and what a queue can do: lose everything, bring back what was done. */
function queueSteps(
  { row, enqueued, leased, jobs, fence }: Transfer,
  t: number,
  { state, go, guarded, mostJobs }: Moves,
): void {
  if (row === 'open' && !enqueued && jobs < mostJobs) {
    go(({ transfers }) => {
      transfers[t]!.enqueued = true;
      transfers[t]!.jobs += 1;
    });
  }
  if (row === 'open' && enqueued && !leased && guarded('no-reconciler')) {
    go(({ transfers }) => void (transfers[t]!.enqueued = false));
  }
  if (jobs > 0) {
    go(({ transfers }) => {
      for (const each of transfers) each.jobs = 0;
    }, 'losses');
  }
  if (row !== 'none' && jobs < mostJobs) go(({ transfers }) => void (transfers[t]!.jobs += 1), 'repeats');
  // A lease runs out: its worker died, or was stopped for longer than it lasts.
  const held = (worker: Worker): boolean => worker.at !== 'idle' && worker.of === t && worker.fence === fence;
  if (leased && !state.workers.some(held)) go(({ transfers }) => void (transfers[t]!.leased = false));
  else if (leased) {
    go(({ transfers, workers }) => {
      transfers[t]!.leased = false;
      for (const worker of workers.filter(held)) worker.live = false;
    }, 'expiries');
  }
}

/** The person withdraws; the answer comes when nothing is live. Or a newer version of the case keeps something back. */
function personSteps(transfer: Transfer, t: number, { go, guarded }: Moves): void {
  const { consent, leased, row } = transfer;
  if (consent === 'given') {
    go(({ transfers }) => {
      const draft = transfers[t]!;
      draft.consent = 'withdrawn';
      if (draft.row === 'open' && !draft.leased && !draft.sending) {
        draft.row = 'closed';
        draft.end = 'stopped';
      }
    }, 'withdrawals');
  }
  if (consent === 'withdrawn' && (row !== 'open' || !leased || !guarded('withdrawal-does-not-wait'))) {
    go(({ transfers }) => void (transfers[t]!.consent = 'acknowledged'));
  }
  if (!transfer.narrowed) go(({ transfers }) => void (transfers[t]!.narrowed = true), 'relabellings');
}

function workerSteps(worker: Worker, w: number, moves: Moves): void {
  const { state, go, guarded } = moves;
  if (worker.at === 'idle') {
    state.transfers.forEach(({ jobs }, t) => {
      if (jobs > 0) go(({ transfers, workers }) => claim(transfers[t]!, workers[w]!, t, guarded));
    });
    return;
  }
  go(({ workers }) => void (workers[w] = IDLE), 'workerCrashes');
  const { of: t, fence } = worker;
  const holds = ({ row, fence: current, leased }: Transfer): boolean => row === 'open' && current === fence && leased;
  switch (worker.at) {
    case 'claimed':
      return go(({ transfers, workers }) => decide(transfers[t]!, workers, w, holds, guarded));
    case 'decided':
      return go(({ workers, transfers }) => {
        if (guarded('no-fence-before-the-write') && !holds(transfers[t]!)) workers[w] = IDLE;
        else workers[w]!.at = 'yes';
      });
    case 'yes':
      go(({ transfers, workers }) => write(transfers[t]!, workers, w, 'takes', guarded));
      return go(({ transfers, workers }) => write(transfers[t]!, workers, w, 'shows a page', guarded), 'brokenAnswers');
    case 'wrote':
      go(({ workers }) => void (workers[w]!.at = 'received'));
      return go(({ workers }) => void (workers[w]!.at = 'failed'), 'brokenAnswers');
    case 'received':
    case 'failed':
    case 'page':
      return go(({ transfers, workers }) => settle(transfers[t]!, workers, w, guarded));
  }
}

function claim(transfer: Transfer, worker: Worker, t: number, guarded: Moves['guarded']): void {
  transfer.jobs -= 1;
  if (transfer.row !== 'open' || (transfer.leased && guarded('lease-not-checked-at-claim'))) return;
  transfer.fence += 1;
  transfer.leased = true;
  Object.assign(worker, { ...IDLE, at: 'claimed', of: t, fence: transfer.fence, live: true });
}

type Holds = (transfer: Transfer) => boolean;

/** Decision and intent are one transaction, under the row's lock. */
function decide(transfer: Transfer, workers: Worker[], w: number, holds: Holds, guarded: Moves['guarded']): void {
  if (!holds(transfer)) {
    workers[w] = IDLE;
    return;
  }
  const denied = transfer.consent !== 'given' && guarded('decided-once');
  const shrunk = transfer.narrowed && guarded('shrunk-permission-ignored') && guarded('decided-once');
  if (denied || shrunk) {
    Object.assign(transfer, { row: 'closed', end: 'stopped', leased: false });
    workers[w] = IDLE;
    return;
  }
  transfer.sending = true;
  Object.assign(workers[w]!, {
    at: 'decided',
    valid: transfer.consent === 'given' && !transfer.narrowed,
    intent: guarded('no-intent') && guarded('intent-after-the-bytes'),
  });
}

/** The bytes leave. The partner makes one effect for a key, or it answers with a page and makes none. */
function write(
  transfer: Transfer,
  workers: Worker[],
  w: number,
  partner: 'takes' | 'shows a page',
  guarded: Moves['guarded'],
): Invariant[] | undefined {
  const worker = workers[w]!;
  if (!worker.live && guarded('an-old-yes-counts') && guarded('no-fence-before-the-write')) {
    workers[w] = IDLE;
    return undefined;
  }
  const broken: Invariant[] = [];
  if (!worker.valid || transfer.consent === 'acknowledged') broken.push('U');
  if (!worker.intent) broken.push('A');
  if (partner === 'shows a page') {
    worker.at = 'page';
    return broken;
  }
  if (transfer.effects === 0 || !guarded('no-key-for-the-partner')) transfer.effects += 1;
  worker.at = 'wrote';
  return broken;
}

/** Ends the lease of this very fence, or writes nothing. */
function settle(transfer: Transfer, workers: Worker[], w: number, guarded: Moves['guarded']): void {
  const { at, fence } = workers[w]!;
  workers[w] = IDLE;
  if (transfer.row !== 'open' || transfer.fence !== fence) return;
  transfer.leased = false;
  if (at === 'received' || (at === 'page' && !guarded('any-success-is-a-receipt'))) {
    Object.assign(transfer, { row: 'closed', end: 'delivered' });
  } else {
    Object.assign(transfer, { enqueued: false, sending: false });
  }
}
