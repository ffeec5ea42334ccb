import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

/** Looking at what others sent is in the log and in the person's report: not at every event, and not by itself. */
const LOOK_AGAIN_MS = 20_000;

/** Server-sent events say that something changed, never what; the pages that show it ask again. */
export function useChanges(): void {
  const client = useQueryClient();
  useEffect(() => {
    const source = new EventSource('/api/v1/events');
    let timer: number | undefined;
    let wasOpen = false;
    const lookAgain = (): void => {
      timer ??= window.setTimeout(() => {
        timer = undefined;
        refresh(client, ['worklist'], ['transfers']);
      }, LOOK_AGAIN_MS);
    };
    source.addEventListener('changed', ({ data }: MessageEvent<string>) => {
      const changed = JSON.parse(data) as { readonly kind: string; readonly id?: string };
      if (changed.id !== undefined) refresh(client, ['transfer', changed.id]);
      lookAgain();
    });
    // After a gap something may have been missed.
    source.addEventListener('open', () => {
      if (wasOpen) lookAgain();
      wasOpen = true;
    });
    return () => {
      window.clearTimeout(timer);
      source.close();
    };
  }, [client]);
}

function refresh(client: QueryClient, ...keys: readonly (readonly string[])[]): void {
  for (const queryKey of keys) void client.invalidateQueries({ queryKey, refetchType: 'active' });
}
