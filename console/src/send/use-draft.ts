import { useCallback } from 'react';
import { useKeptDraft } from '../api/use-kept-draft.js';
import type { TypedGround } from './stated-ground.js';

/** What has been chosen and not sent. */
export interface Draft {
  readonly recipientId: string | null;
  readonly purpose: string | null;
  /** YYYY-MM-DD, empty for none. */
  readonly answerBy: string;
  /** null while the caseworker has not chosen one of several. */
  readonly ground: (Readonly<Record<string, unknown>> & { readonly kind: string }) | null;
  /** What was typed for a ground that is not consent, complete or not. */
  readonly typed: TypedGround | null;
  readonly withhold: readonly string[];
  /** The transfer whose recipient asked for this one. */
  readonly follows: Follows | null;
}

export interface Follows {
  readonly id: string;
  readonly reference: string;
  readonly recipientId: string;
}

export const EMPTY: Draft = {
  recipientId: null,
  purpose: null,
  answerBy: '',
  ground: { kind: 'consent' },
  typed: null,
  withhold: [],
  follows: null,
};

/** The draft of a transfer, gone when it is sent. */
export function useDraft(caseId: string): {
  readonly isReady: boolean;
  readonly kept: Draft;
  readonly keep: (draft: Draft) => void;
} {
  const { isReady, kept, keep } = useKeptDraft<Draft>(caseId, 'send');
  return {
    isReady,
    kept: { ...EMPTY, ...kept },
    keep: useCallback((draft: Draft) => keep(draft.recipientId === null ? null : draft), [keep]),
  };
}
