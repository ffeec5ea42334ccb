import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { call } from './call.js';

const SAVE_AFTER_MS = 800;

/**
 * What one has begun: found again on any machine, saved while one works, kept by the gateway and never by the browser.
 *
 * @param part what is being prepared; each has a draft of its own
 */
export function useKeptDraft<T extends object>(
  caseId: string,
  part: 'send' | 'entry',
): {
  readonly isReady: boolean;
  readonly kept: Partial<T>;
  /** null takes it away. */
  readonly keep: (draft: T | null) => void;
} {
  const path = `/api/v1/drafts/${encodeURIComponent(caseId)}?part=${part}`;
  const query = useQuery({
    queryKey: ['draft', caseId, part],
    queryFn: async ({ signal }) => (await call<{ draft: Partial<T> | null }>('GET', path, { signal })).draft ?? {},
    retry: false,
    gcTime: 0,
    staleTime: Infinity,
  });
  const timer = useRef<number | undefined>(undefined);
  const waiting = useRef<(() => void) | null>(null);
  const keep = useCallback(
    (draft: T | null) => {
      window.clearTimeout(timer.current);
      const save = (): void => {
        waiting.current = null;
        // A draft that could not be saved is still on the page; the next change tries again.
        call('PUT', path, { body: draft ?? {}, keepalive: true }).catch(() => undefined);
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
  return { isReady: !query.isPending, kept: query.data ?? {}, keep };
}
