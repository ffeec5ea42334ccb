import { useMutation, useQuery, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { useRef } from 'react';
import { call } from '../api/call.js';
import { isProblem, type Problem } from '../api/problem.js';
import { serverNowMs } from '../api/server-time.js';
import type { Preview, SentTransfer } from '../api/views.js';

/** What is asked, for the preview and for the transfer alike. */
export interface Asked {
  readonly caseId: string;
  readonly recipientOrganizationId: string;
  readonly purpose: string;
  readonly ground: Readonly<Record<string, unknown>> & { readonly kind: string };
  /** What is sent at most; needed in an emergency, else whatever agreement and ground permit. */
  readonly categories?: readonly string[];
  readonly withhold?: readonly string[];
  readonly answerExpectedBy?: string;
  readonly follows?: string;
}

/** How long a sent transfer is held, and can be taken back with one click. */
export const UNDO_SECONDS = 10;

/** What would leave; asked again whenever something of it changes. A refusal is an answer, with its reasons. */
export function usePreview(asked: Asked | null): {
  readonly preview: Preview | undefined;
  readonly refusal: Problem | null;
  readonly error: unknown;
  readonly isAsking: boolean;
  readonly again: () => void;
} {
  const query = useQuery({
    queryKey: ['preview', asked],
    queryFn: ({ signal }) => call<Preview>('POST', '/api/v1/transfers/preview', { body: asked, signal }),
    enabled: asked !== null,
    retry: false,
    // Another recipient starts anew; withholding a line keeps what is shown until the answer is there.
    placeholderData: (shown, before) => {
      const asBefore = before?.queryKey[1] as Asked | null | undefined;
      return asBefore?.recipientOrganizationId === asked?.recipientOrganizationId ? shown : undefined;
    },
    staleTime: 30 * 60_000,
    gcTime: 0,
  });
  const refused = isProblem(query.error, 'preview.refused') ? query.error : null;
  return {
    preview: refused === null ? query.data : undefined,
    refusal: refused,
    error: refused === null ? query.error : null,
    isAsking: query.isFetching,
    again: () => void query.refetch(),
  };
}

interface Attempt {
  readonly content: string;
  readonly key: string;
  readonly body: unknown;
}

/**
 * Sends exactly what was shown. The same content asked twice is one transfer: key and body stay, its moment included,
 * until something of it changes (draft-ietf-httpapi-idempotency-key-header).
 */
export function useSend(
  onSent: (transfer: SentTransfer) => void,
): UseMutationResult<SentTransfer, Error, { readonly asked: Asked; readonly digest: string }> {
  const client = useQueryClient();
  const attempt = useRef<Attempt | null>(null);
  return useMutation({
    mutationFn: ({ asked, digest }) => {
      const content = JSON.stringify([asked, digest]);
      if (attempt.current?.content !== content) {
        const sendAfter = new Date(serverNowMs() + UNDO_SECONDS * 1000).toISOString();
        attempt.current = { content, key: crypto.randomUUID(), body: { ...asked, digest, sendAfter } };
      }
      const { key, body } = attempt.current;
      return call<SentTransfer>('POST', '/api/v1/transfers', { body, headers: { 'idempotency-key': `"${key}"` } });
    },
    onSuccess: async (transfer) => {
      onSent(transfer);
      // The one that this follows names it from now on.
      if (transfer.follows !== null) await client.invalidateQueries({ queryKey: ['transfer', transfer.follows.id] });
      await client.invalidateQueries({ queryKey: ['worklist'] });
    },
  });
}
