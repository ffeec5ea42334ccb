import { queryOptions } from '@tanstack/react-query';
import type { GuestContact } from '../../../src/transfer/guest-ports.js';
import type { OnboardingStep } from '../../../src/transfer/onboarding.js';
import type { ProbeStepName } from '../../../src/transfer/partner-ports.js';
import { call } from './call.js';

export interface Endpoint {
  readonly url: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly audience?: string;
  readonly scope: string;
  readonly idempotency: 'key' | 'query' | 'none';
}

export interface ShownKeys {
  readonly url: string | null;
  readonly keyIds: readonly string[];
}

export interface EndpointTest {
  readonly id: string;
  readonly startedAt: string;
  readonly state: 'running' | 'passed' | 'failed' | 'interrupted';
  readonly current: boolean;
  readonly steps: readonly {
    readonly step: ProbeStepName;
    readonly result: 'passed' | 'noted' | 'failed';
    readonly cause: string | null;
    readonly text: string | null;
    readonly ms: number;
  }[];
}

export interface Partner {
  readonly id: string;
  readonly name: string;
  readonly status: 'active' | 'suspended';
  readonly organization: {
    readonly id: string;
    readonly name: string;
    readonly function: { readonly en: string; readonly fr: string };
  };
  readonly clientId: string;
  readonly guest: boolean;
  /** Of a guest, how it is told. */
  readonly contact: GuestContact | null;
  readonly keys: ShownKeys | null;
  readonly formerKeys: (ShownKeys & { readonly endAt: string }) | null;
  readonly endpoint: Endpoint | null;
  readonly steps: readonly OnboardingStep[];
  readonly lastTest: EndpointTest | null;
}

/** The words of a test are in the language in which they were asked for. */
export const partners = (lang: string) =>
  queryOptions({
    queryKey: ['partners', lang],
    queryFn: async ({ signal }) =>
      (await call<{ partners: Partner[] }>('GET', '/api/v1/partners', { signal })).partners,
  });

const WHILE_TESTING_MS = 400;

/** Asked again while a test runs: its steps come one by one. */
export const partner = (id: string, lang: string) =>
  queryOptions({
    queryKey: ['partner', id, lang],
    queryFn: ({ signal }) => call<Partner>('GET', `/api/v1/partners/${id}`, { signal }),
    refetchInterval: ({ state }) => (state.data?.lastTest?.state === 'running' ? WHILE_TESTING_MS : false),
  });

/** Steps that have to be done before a record can be sent. */
export function openSteps({ steps }: Pick<Partner, 'steps'>): readonly OnboardingStep[] {
  return steps.filter(({ state }) => state !== 'done' && state !== 'none');
}
