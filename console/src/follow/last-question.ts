import type { TransferView } from '../api/views.js';

/** What the recipient asked last, and whether the sender has answered since, in words. */
export function lastQuestion({ timeline }: Pick<TransferView, 'timeline'>): {
  readonly words: string | null;
  readonly answered: boolean;
} {
  const thread = timeline.filter(({ status }) => status === 'message' || status.startsWith('referral:'));
  return {
    words: thread.findLast(({ status }) => status !== 'message')?.message ?? null,
    answered: thread.at(-1)?.status === 'message',
  };
}
