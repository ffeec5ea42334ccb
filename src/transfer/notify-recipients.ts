import type { Bundle, Task } from 'fhir/r4.js';
import type { Actor } from '../kernel/actor.js';
import { addMs, type Instant } from '../kernel/clock.js';
import { say, type Text } from '../kernel/i18n.js';
import { newId, type ConsentId, type NoticeId, type TransferId } from '../kernel/ids.js';
import { losesCover } from '../domain/consent/loses-cover.js';
import { hearConsents } from '../domain/decision/hear-consents.js';
import type { BundleFrame } from './pin-bundle.js';
import { senderFace } from './sender-face.js';
import type { NewNotice } from './notice-ports.js';
import type { OrganizationTx } from './ports.js';
import type { Transfer } from './transfer.js';

/** Days to answer where the agreement says nothing (docs/decisions.md, "Withdrawal"). */
export const ANSWER_WITHIN_DAYS = 30;
const DAY_MS = 24 * 3_600_000;

/** All that a notice says: no reason, nobody's name, nothing of what was sent. */
export const NOTICE_TEXTS: Readonly<Record<NewNotice['kind'], Text>> = {
  'stop-using': {
    en: 'Stop using transfer {reference}. Return it, delete it, or state your ground for keeping it, by {date}.',
    fr: 'Cessez d’utiliser le transfert {reference}. Restituez-le, supprimez-le ou indiquez le fondement qui vous permet de le conserver, au plus tard le {date}.',
  },
  corrected: {
    en: 'Transfer {reference} holds something that was corrected{by}. Correct or delete what you keep of it by {date}.',
    fr: 'Le transfert {reference} contient une donnée rectifiée depuis{by}. Rectifiez ou supprimez ce que vous en conservez au plus tard le {date}.',
  },
};

export interface Notified {
  readonly id: NoticeId;
  readonly transferId: TransferId;
}

/** Days within which the agreement of a transfer wants an answer: as it is in force, whatever is negotiated beside it. */
export async function answerDays(tx: OrganizationTx, transfer: Transfer | null): Promise<number> {
  const agreement = transfer?.agreement == null ? null : await tx.overviewOf(transfer.agreement.id);
  return agreement?.current.answerWithinDays ?? ANSWER_WITHIN_DAYS;
}

/**
 * Tells whoever received something that stood on a withdrawn consent, and on nothing else that the person still permits.
 * Done again, it tells nobody twice.
 *
 * The duty comes from the agreement: GDPR art. 19 is about rectification, erasure and restriction, not withdrawal.
 */
export async function notifyOfWithdrawal(
  tx: OrganizationTx,
  frame: BundleFrame,
  consentId: ConsentId,
  actor: Actor,
): Promise<readonly Notified[]> {
  const consent = await tx.loadConsent(consentId);
  if (consent === null) return [];
  const told: Notified[] = [];
  for (const transfer of await tx.deliveriesOf(consent.terms.personId)) {
    if (transfer.ground?.secrecy.kind !== 'consent') continue;
    const { recipientOrganizationId: recipient, purpose, permitted, caseId, senderOrganizationId } = transfer;
    const terms = await tx.loadTerms({
      senderOrganizationId,
      recipientOrganizationId: recipient,
      caseId,
      purpose,
    });
    const heard = hearConsents(terms, { at: terms.at, recipient, purpose }, permitted);
    const sent = {
      recipient,
      purpose,
      permitted,
      deliveredAt: transfer.deliveredAt ?? terms.at,
      consents: transfer.ground.secrecy.consents.map(({ id }) => id),
    };
    if (!losesCover(sent, consent.terms, heard.permitted & ~heard.denied)) continue;
    const notice = await notify(tx, frame, transfer, 'stop-using', null, actor);
    if (notice !== null) told.push(notice);
  }
  return told;
}

/** @returns null when the recipient was told the same before */
export async function notify(
  tx: OrganizationTx,
  frame: BundleFrame,
  transfer: Transfer,
  kind: NewNotice['kind'],
  corrected: NewNotice['corrected'],
  actor: Actor,
): Promise<Notified | null> {
  const { id: transferId, reference, recipientOrganizationId, personId } = transfer;
  if (personId === null) return null;
  const at = await tx.now();
  const dueAt = addMs(at, (await answerDays(tx, transfer)) * DAY_MS);
  const told = {
    id: newId<NoticeId>(),
    kind,
    transferId,
    recipientOrganizationId,
    personId,
    reference,
    corrected,
    dueAt,
  };
  const face = senderFace(frame, transfer, await tx.loadOrganization(transfer.senderOrganizationId));
  const message = toMessage(frame, transfer, face.id, told, at) as unknown as NewNotice['message'];
  if (!(await tx.putNotice({ ...told, message }))) return null;
  await tx.audit({
    action: 'notice.issued',
    outcome: 'success',
    actor,
    organizations: [transfer.senderOrganizationId, recipientOrganizationId],
    transferId,
    codes: { notice: told.id, kind, due: dueAt },
  });
  return { id: told.id, transferId };
}

/** @param dueAt the last day is named, in UTC */
export function sayNotice(
  { kind, reference, corrected, dueAt }: Pick<NewNotice, 'kind' | 'reference' | 'corrected' | 'dueAt'>,
  lang: 'en' | 'fr',
  dayInWords: (day: string, lang: 'en' | 'fr') => string,
): string {
  const by = corrected === null ? '' : lang === 'en' ? ` by ${corrected.reference}` : ` par ${corrected.reference}`;
  return say(NOTICE_TEXTS[kind], lang, { reference, by, date: dayInWords(dueAt, lang) });
}

/** The Task that the recipient's system gets; answered at `POST /api/v1/notices/{id}/answer`. */
function toMessage(
  { publicUrl }: BundleFrame,
  { id }: Transfer,
  sender: string,
  notice: Omit<NewNotice, 'message' | 'personId'>,
  at: Instant,
): Bundle {
  const logical = (path: string, value: string) => ({ identifier: { system: `${publicUrl}/${path}`, value } });
  const task: Task = {
    resourceType: 'Task',
    id: notice.id,
    identifier: [{ system: `${publicUrl}/notices`, value: notice.id }],
    status: 'requested',
    intent: 'order',
    code: {
      coding: [{ system: 'https://relais.example/fhir/CodeSystem/notice', code: notice.kind }],
      text: sayNotice(notice, 'en', (day) => day.slice(0, 10)),
    },
    focus: { type: 'ServiceRequest', ...logical('transfers', id) },
    authoredOn: at,
    requester: logical('organizations', sender),
    owner: logical('organizations', notice.recipientOrganizationId),
    restriction: { period: { end: notice.dueAt } },
  };
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ fullUrl: `urn:uuid:${notice.id}`, resource: task, request: { method: 'POST', url: 'Task' } }],
  };
}
