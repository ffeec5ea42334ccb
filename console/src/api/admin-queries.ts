import { queryOptions } from '@tanstack/react-query';
import type { AgreementChange } from '../admin/agreements/diff-lines.js';
import { call } from './call.js';
import type { Agreement, ReasonView } from './views.js';

/** What the admin pages read, by key; like api/queries. */
export const agreement = (id: string) =>
  queryOptions({
    queryKey: ['agreement', id],
    queryFn: ({ signal }) => call<Agreement>('GET', `/api/v1/agreements/${id}`, { signal }),
  });

/** A version never changes. */
export const agreementVersion = (id: string, version: number) =>
  queryOptions({
    queryKey: ['agreement-version', id, version],
    queryFn: ({ signal }) => call<Agreement>('GET', `/api/v1/agreements/${id}?version=${version}`, { signal }),
    staleTime: Infinity,
  });

export interface AgreementAlert {
  readonly agreementId: string;
  readonly title: string;
  readonly kind: 'ends' | 'review';
  readonly on: string;
  readonly daysLeft: number;
  readonly level: 'over' | 'urgent' | 'soon' | 'later';
}

export const agreementAlerts = (lang: string) =>
  queryOptions({
    queryKey: ['agreement-alerts', lang],
    queryFn: async ({ signal }) =>
      (await call<{ alerts: AgreementAlert[] }>('GET', '/api/v1/agreements/alerts', { signal })).alerts,
  });

export const agreementDiff = (id: string, from: number, to: number, lang: string) =>
  queryOptions({
    queryKey: ['agreement-diff', id, from, to, lang],
    queryFn: ({ signal }) =>
      call<{ wider: boolean; changes: AgreementChange[] }>(
        'GET',
        `/api/v1/agreements/${id}/diff?from=${from}&to=${to}`,
        { signal },
      ),
    staleTime: Infinity,
  });

export interface SimulatedTransfer {
  readonly outcome: 'refused' | 'shrunk' | 'unknown';
  readonly transferId: string | null;
  readonly reference: string | null;
  readonly at: string;
  readonly recipientOrganizationId: string;
  readonly purpose: string;
  readonly labels: readonly string[];
  readonly reasons: readonly ReasonView[];
}

export interface Simulation {
  readonly days: number;
  readonly decided: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly shrunk: number;
  readonly unknown: number;
  readonly transfers: readonly SimulatedTransfer[];
}

export interface BrokenGlass {
  readonly transferId: string;
  readonly reference: string;
  readonly recipientOrganizationId: string;
  readonly purpose: string;
  readonly categories: readonly string[];
  readonly requestedAt: string;
  readonly reason: string | null;
  readonly dueAt: string;
  readonly overdue: boolean;
}

export const brokenGlass = queryOptions({
  queryKey: ['broken-glass'],
  queryFn: async ({ signal }) =>
    (await call<{ waiting: BrokenGlass[] }>('GET', '/api/v1/break-glass', { signal })).waiting,
});

export interface UnusualAccess {
  readonly kind: 'files' | 'searches';
  readonly by: 'staff' | 'software';
  readonly id: string;
  readonly name: string | null;
  readonly most: number;
  readonly refused: number;
  readonly beganAt: string;
  readonly lastAt: string;
}

export const unusualAccess = queryOptions({
  queryKey: ['unusual-access'],
  queryFn: async ({ signal }) =>
    (await call<{ unusual: UnusualAccess[] }>('GET', '/api/v1/unusual-access', { signal })).unusual,
});

export interface Deferral {
  readonly transferId: string;
  readonly reference: string;
  readonly reason: string | null;
  readonly reviewOn: string;
  readonly deferredAt: string;
  readonly confirmedAt: string | null;
  readonly lapsesAt: string | null;
}

export const deferrals = queryOptions({
  queryKey: ['deferrals'],
  queryFn: async ({ signal }) =>
    (await call<{ deferred: Deferral[] }>('GET', '/api/v1/deferred-notices', { signal })).deferred,
});

export interface Contest {
  readonly id: string;
  readonly personId: string;
  readonly kind: 'objection' | 'correction';
  readonly recipientOrganizationId: string | null;
  readonly words: string;
  readonly recordedAt: string;
  readonly by: string;
  readonly state: 'open' | 'answered' | 'overdue';
}

/** Those that a human has not answered; what is late first. */
export const openContests = queryOptions({
  queryKey: ['contests'],
  queryFn: ({ signal }) =>
    unanswered(
      async (state) =>
        (await call<{ contests: Contest[] }>('GET', `/api/v1/contests?state=${state}`, { signal })).contests,
    ),
});

export interface SentNotice {
  readonly id: string;
  readonly text: string;
  readonly reference: string;
  readonly recipientOrganizationId: string;
  readonly by: string;
  readonly deliveredAt: string | null;
  readonly state: 'open' | 'answered' | 'overdue';
}

export const openNotices = (lang: string) =>
  queryOptions({
    queryKey: ['notices-sent', lang],
    queryFn: ({ signal }) =>
      unanswered(
        async (state) =>
          (await call<{ notices: SentNotice[] }>('GET', `/api/v1/notices/sent?state=${state}`, { signal })).notices,
      ),
  });

/** Each list ends at 200: what is late is asked for by itself, so that it is never beyond the end. */
async function unanswered<T extends { readonly id: string; readonly by: string }>(
  list: (state: 'open' | 'overdue') => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const found = (await Promise.all([list('overdue'), list('open')])).flat();
  const once = new Map(found.map((one) => [one.id, one]));
  return [...once.values()].sort((a, b) => a.by.localeCompare(b.by));
}

export interface Verification {
  readonly verified: boolean;
  readonly entries: number;
  readonly unsequenced: number;
  readonly firstBadEntry: number | null;
}

export const checkpoint = queryOptions({
  queryKey: ['checkpoint'],
  queryFn: ({ signal }) =>
    call<{ checkpoint: string | null; keys: string[] }>('GET', '/api/v1/audit/checkpoint', { signal }),
});

export const processingRegister = (lang: string) =>
  queryOptions({
    queryKey: ['register', lang],
    queryFn: async ({ signal }) =>
      (await call<{ processings: Record<string, string>[] }>('GET', '/api/v1/processing-register', { signal }))
        .processings,
  });

export interface PartnerDeliveries {
  readonly partnerId: string;
  readonly organizationId: string;
  readonly name: string;
  readonly suspended: boolean;
  readonly waiting: number;
  readonly inFlight: number;
  readonly onTheWire: number;
  readonly oldestDueAt: string | null;
  readonly failures: number;
  readonly breaker: 'closed' | 'open' | 'half-open';
  readonly pausedUntil: string | null;
  readonly stoppedAt: string | null;
  readonly limits: {
    readonly maxInFlight: number;
    readonly ratePerSecond: number;
    readonly breakerFailures: number;
  };
}

export interface Deliveries {
  readonly stoppedAt: string | null;
  readonly partners: readonly PartnerDeliveries[];
}

/** Counts move while deliveries run: asked again while somebody looks. */
export const deliveries = queryOptions({
  queryKey: ['deliveries'],
  queryFn: ({ signal }) => call<Deliveries>('GET', '/api/v1/deliveries', { signal }),
  refetchInterval: 10_000,
});

export interface Figures {
  readonly days: number;
  readonly transfers: readonly { readonly on: string; readonly status: string; readonly count: number }[];
  readonly answers: readonly {
    readonly organizationId: string;
    readonly answered: number;
    readonly waiting: number;
    readonly medianSeconds: number | null;
    readonly p90Seconds: number | null;
  }[];
  readonly failed: readonly {
    readonly organizationId: string;
    readonly partnerId: string | null;
    readonly cause: string;
    readonly count: number;
  }[];
}

export const figures = (days: number) =>
  queryOptions({
    queryKey: ['figures', days],
    queryFn: ({ signal }) => call<Figures>('GET', `/api/v1/figures?days=${days}`, { signal }),
    staleTime: 60_000,
  });

export interface DeadLetter {
  readonly transferId: string;
  readonly reference: string;
  readonly status:
    'held' | 'queued' | 'sending' | 'delivered' | 'failed' | 'stopped' | 'needs-review' | 'cancelled' | 'refused';
  readonly recipientOrganizationId: string;
  /** When it last moved. */
  readonly at: string;
  readonly cause: { readonly code: string; readonly text: string };
  readonly attempts: number;
  readonly contentKept: boolean;
}

const ON_ITS_WAY: ReadonlySet<DeadLetter['status']> = new Set(['held', 'queued', 'sending']);

/** Asked again while something that was sent again is on its way. */
export const deadLetters = (lang: string) =>
  queryOptions({
    queryKey: ['dead-letters', lang],
    queryFn: ({ signal }) =>
      call<{ deadLetters: DeadLetter[]; more: boolean }>('GET', '/api/v1/deliveries/failed', { signal }),
    refetchInterval: ({ state }) =>
      state.data?.deadLetters.some(({ status }) => ON_ITS_WAY.has(status)) === true ? 2_000 : false,
  });
