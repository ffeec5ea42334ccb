import { notFound, RelaisError } from '../kernel/errors.js';
import type { NoticeId } from '../kernel/ids.js';
import type { Notice, NoticeAnswer } from './notice-ports.js';
import type { Store } from './ports.js';
import type { Principal } from './principal.js';

/**
 * The recipient says what it did: returned, deleted, corrected, or kept on a ground of its own that it states. Kept at the
 * sender, whose person it is about.
 *
 * @throws RelaisError 404 for a notice that is not this recipient's, 422 `notice.ground-missing`, 409 `notice.answered`
 */
export async function answerNotice(
  { store }: { readonly store: Store },
  principal: Principal,
  id: NoticeId,
  { answer, words }: { readonly answer: NoticeAnswer; readonly words: string | null },
  requestId: string,
): Promise<Notice> {
  const seen = await store.asOrganization(principal.organizationId, (tx) => tx.loadNotice(id));
  if (seen === null || seen.recipientOrganizationId !== principal.organizationId) throw notFound();
  if (answer === 'kept' && words === null) {
    throw new RelaisError('notice.ground-missing', 422, 'business-rule', 'Whoever keeps it states the ground.', {
      violations: [{ path: '/words', rule: 'notice.ground-missing', message: 'State the ground.' }],
    });
  }
  return store.asOrganization(seen.senderOrganizationId, async (tx) => {
    if (!(await tx.answerNotice(id, answer, words, principal.actor))) {
      throw new RelaisError('notice.answered', 409, 'conflict', 'This notice was answered before.');
    }
    await tx.audit({
      action: 'notice.answered',
      outcome: 'success',
      actor: principal.actor,
      organizations: [seen.senderOrganizationId, seen.recipientOrganizationId],
      transferId: seen.transferId,
      requestId,
      codes: { notice: id, answer, withWords: words !== null },
    });
    return (await tx.loadNotice(id)) ?? seen;
  });
}
