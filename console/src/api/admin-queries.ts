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
