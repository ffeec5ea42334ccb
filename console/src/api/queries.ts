import { queryOptions } from '@tanstack/react-query';
import { call, rememberCsrfToken } from './call.js';
import type {
  AccessLink,
  Agreement,
  Caller,
  ConsentResource,
  DeclinedShare,
  Organization,
  RemindersView,
  ShownConsent,
  StoredCase,
  TakeOver,
  TransferContent,
  TransferView,
  WorklistItem,
} from './views.js';

/** Everything that the pages read, by key: what changes something says which keys it made old. */
export const me = queryOptions({
  queryKey: ['me'],
  // Known before any page is shown: what a page does first may already need it.
  queryFn: async ({ signal }) => {
    const caller = await call<Caller>('GET', '/me', { signal });
    rememberCsrfToken(caller.csrfToken);
    return caller;
  },
  staleTime: Infinity,
});

export const organizations = queryOptions({
  queryKey: ['organizations'],
  queryFn: async ({ signal }) =>
    (await call<{ organizations: Organization[] }>('GET', '/api/v1/organizations', { signal })).organizations,
  staleTime: 5 * 60_000,
});

export const agreements = queryOptions({
  queryKey: ['agreements'],
  queryFn: async ({ signal }) =>
    (await call<{ agreements: Agreement[] }>('GET', '/api/v1/agreements', { signal })).agreements,
});

export const worklist = queryOptions({
  queryKey: ['worklist'],
  queryFn: async ({ signal }) =>
    (await call<{ items: WorklistItem[] }>('GET', '/api/v1/worklist?limit=200', { signal })).items,
});

export const caseFile = (caseId: string) =>
  queryOptions({
    queryKey: ['case', caseId],
    queryFn: ({ signal }) => call<StoredCase>('GET', `/api/v1/cases/${encodeURIComponent(caseId)}`, { signal }),
    staleTime: 60_000,
  });

/** A version never changes. */
export const caseVersion = (caseId: string, version: number) =>
  queryOptions({
    queryKey: ['case-version', caseId, version],
    queryFn: ({ signal }) =>
      call<StoredCase>('GET', `/api/v1/cases/${encodeURIComponent(caseId)}?version=${version}`, { signal }),
    staleTime: Infinity,
  });

export const transfersOf = (personId: string) =>
  queryOptions({
    queryKey: ['transfers', personId],
    queryFn: async ({ signal }) =>
      (await call<{ transfers: TransferView[] }>('GET', `/api/v1/transfers?personId=${personId}&limit=100`, { signal }))
        .transfers,
  });

export const transfer = (id: string) =>
  queryOptions({
    queryKey: ['transfer', id],
    queryFn: ({ signal }) => call<TransferView>('GET', `/api/v1/transfers/${id}`, { signal }),
  });

/** @param steps of the timeline: with each, there may be another reminder */
export const remindersOf = (id: string, steps: number) =>
  queryOptions({
    queryKey: ['reminders', id, steps],
    queryFn: ({ signal }) => call<RemindersView>('GET', `/api/v1/transfers/${id}/reminders`, { signal }),
  });

export const transferContent = (id: string) =>
  queryOptions({
    queryKey: ['content', id],
    queryFn: ({ signal }) => call<TransferContent>('GET', `/api/v1/transfers/${id}/content`, { signal }),
    staleTime: Infinity,
  });

/** Reads what was sent, until it was taken over: asked after a click. */
export const takeOver = (id: string) =>
  queryOptions({
    queryKey: ['take-over', id],
    queryFn: ({ signal }) => call<TakeOver>('GET', `/api/v1/transfers/${id}/take-over`, { signal }),
    staleTime: Infinity,
  });

export interface DecisionOfPerson {
  readonly resource: ConsentResource;
  readonly shown: ShownConsent;
}

/** Recorded consents and refusals of a person with what each is worth now, newest first. */
export const consentsOf = (personId: string) =>
  queryOptions({
    queryKey: ['consents', personId],
    queryFn: async ({ signal }): Promise<DecisionOfPerson[]> => {
      const found = await call<{ entry?: { resource: ConsentResource }[] }>(
        'GET',
        `/fhir/Consent?patient=${encodeURIComponent(`Patient/${personId}`)}`,
        { signal },
      );
      const decisions = await Promise.all(
        (found.entry ?? []).map(async ({ resource }) => ({
          resource,
          shown: await call<ShownConsent>('GET', `/api/v1/consents/${resource.id}`, { signal }),
        })),
      );
      return decisions.sort((a, b) => b.shown.decidedAt.localeCompare(a.shown.decidedAt));
    },
  });

/** What was not shared, by somebody's decision, the newest first. */
export const declinedSharesOf = (personId: string) =>
  queryOptions({
    queryKey: ['declined', personId],
    queryFn: async ({ signal }) =>
      (await call<{ declined: DeclinedShare[] }>('GET', `/api/v1/persons/${personId}/declined-shares`, { signal }))
        .declined,
  });

/** Links that were made for a person, the newest first; no secret among them. */
export const accessLinksOf = (personId: string) =>
  queryOptions({
    queryKey: ['access-links', personId],
    queryFn: async ({ signal }) =>
      (await call<{ links: AccessLink[] }>('GET', `/api/v1/persons/${personId}/access-links`, { signal })).links,
  });
