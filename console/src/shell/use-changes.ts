import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

/** Server-sent events say that something changed, never what; the pages ask again. */
export function useChanges(): void {
  const client = useQueryClient();
  useEffect(() => {
    const source = new EventSource('/api/v1/events');
    source.addEventListener('changed', () => {
      for (const key of ['worklist', 'transfer', 'transfers']) void client.invalidateQueries({ queryKey: [key] });
    });
    // After a gap something may have been missed.
    source.addEventListener('open', () => void client.invalidateQueries({ queryKey: ['worklist'] }));
    return () => source.close();
  }, [client]);
}
