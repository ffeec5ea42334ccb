import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { call } from '../api/call.js';

/** What has been chosen and not sent. Kept by the gateway, encrypted, never by the browser. */
export interface Draft {
  readonly recipientId: string | null;
  readonly purpose: string | null;
  /** YYYY-MM-DD, empty for none. */
  readonly answerBy: string;
  /** null while the caseworker has not chosen one of several. */
  readonly ground: (Readonly<Record<string, unknown>> & { readonly kind: string }) | null;
  readonly withhold: readonly string[];
}

const SAVE_AFTER_MS = 800;

export const EMPTY: Draft = {
  recipientId: null,
  purpose: null,
  answerBy: '',
  ground: { kind: 'consent' },
  withhold: [],
};

/** The draft of a case: found again on any machine, saved while one works, gone when it is sent. */
export function useDraft(caseId: string): {
  readonly isReady: boolean;
  readonly kept: Draft;
  readonly keep: (draft: Draft) => void;
} {
  const path = `/api/v1/drafts/${encodeURIComponent(caseId)}`;
  const query = useQuery({
    queryKey: ['draft', caseId],
    queryFn: async ({ signal }) => (await call<{ draft: Partial<Draft> | null }>('GET', path, { signal })).draft ?? {},
    retry: false,
    gcTime: 0,
    staleTime: Infinity,
  });
  const timer = useRef<number | undefined>(undefined);
  const waiting = useRef<(() => void) | null>(null);
  const keep = useCallback(
    (draft: Draft) => {
      window.clearTimeout(timer.current);
      const save = (): void => {
        waiting.current = null;
        // A draft that could not be saved is still on the page; the next change tries again.
        call('PUT', path, { body: draft.recipientId === null ? {} : draft, keepalive: true }).catch(() => undefined);
      };
      waiting.current = save;
      timer.current = window.setTimeout(save, SAVE_AFTER_MS);
    },
    [path],
  );
  useEffect(
    () => () => {
      window.clearTimeout(timer.current);
      waiting.current?.();
    },
    [],
  );
  return { isReady: !query.isPending, kept: { ...EMPTY, ...query.data }, keep };
}
