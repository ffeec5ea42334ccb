import { notFound } from '../kernel/errors.js';
import { say, type Lang, type Text } from '../kernel/i18n.js';
import type { PersonId, TransferId } from '../kernel/ids.js';
import { CATEGORIES, labelsOf } from '../domain/labels/labels.js';
import { labelText } from '../domain/labels/label-texts.js';
import { PURPOSES } from '../domain/decision/purpose.js';
import {
  ANSWERS,
  ASKED_BY,
  CONTESTS,
  DECLINED,
  DECLINED_BECAUSE,
  FOLLOW_UPS,
  GLASS_REVIEWS,
  GROUNDS,
  MESSAGE,
  MESSAGE_SENT,
  NEVER_LEFT,
  OVERDUE,
  READ_BY,
  READ_OFTEN,
  READ_ONCE,
  SECRECY,
  SENTENCES,
  TAKEN_OVER,
  UNCONFIRMED,
  WORDS_AT_THE_DESK,
} from './report-texts.js';
import type { DeclinedShare } from './decline-ports.js';
import { createPresenter, dayInWords } from './present-reasons.js';
import { isDeskOnly, revealsByName } from './desk-only.js';
import { mayHaveLeft } from './doubt.js';
import { howLong } from './how-long.js';
import type { Contest, Notice } from './notice-ports.js';
import type { Organization } from './partner.js';
import type { Store } from './ports.js';
import type { DisclosureRow, Transfer, TransferAccess } from './transfer.js';
import type { Principal } from './principal.js';
import type { TransferStatus } from './status.js';

/** One line of what a person may read: who, what, when, why, on what ground, until when, and what became of it. */
export interface DisclosureLine {
  readonly reference: string;
  readonly outcome: TransferStatus;
  readonly recipient: string;
  /** What the recipient is, and whether it is bound to secrecy. */
  readonly recipientIs: string;
  /** When it left; for what never left, when it was asked. ISO 8601. */
  readonly at: string;
  readonly requestedAt: string;
  /** By role; by name where the organization decided so. */
  readonly requestedBy: string;
  readonly purpose: string;
  /** In plain words; empty when nothing left. */
  readonly categories: readonly string[];
  readonly ground: string | null;
  /** Until when the ground lasts, ISO 8601; null when it names no end or nothing left. */
  readonly allowedUntil: string | null;
  /** Day on which the recipient has to have deleted or returned it, by the agreement. ISO 8601. */
  readonly recipientKeepsUntil: string | null;
  /** Day on which Relais' copy of the content is or was deleted, ISO 8601. */
  readonly contentKeptUntil: string | null;
  /** One sentence that says it all. */
  readonly sentence: string;
  readonly reasons: readonly { readonly code: string; readonly text: string }[];
  /** What the recipient was told since, and what it answered; for an emergency, its review. One sentence each. */
  readonly followUps: readonly string[];
  /** Who else looked it up afterwards; a sentence for each day. */
  readonly readings: readonly string[];
}

/** What the person objected to or called wrong, and the answer of a human. */
export interface ContestLine {
  readonly kind: Contest['kind'];
  readonly reference: string | null;
  readonly recordedAt: string;
  readonly words: string;
  readonly sentence: string;
  readonly answer: string | null;
}

/** A professional declined to share: to whom, why in plain words, never in their own. */
export interface DeclinedLine {
  readonly recipient: string;
  readonly purpose: string;
  readonly recordedAt: string;
  readonly sentence: string;
  readonly reason: string;
}

export interface DisclosureReport {
  readonly personId: PersonId;
  readonly lang: Lang;
  /** Whose records the report is about. */
  readonly organization: string;
  /** Day, `YYYY-MM-DD`. */
  readonly madeOn: string;
  readonly disclosures: readonly DisclosureLine[];
  readonly contests: readonly ContestLine[];
  /** What professionals chose not to pass on; nothing left, and nothing of it is told to whom it would have gone. */
  readonly declined: readonly DeclinedLine[];
}

/** Beside a professional or on paper, or on a telephone by a link. */
export type ReadAt = 'desk' | 'link';

export interface DisclosureReportDeps {
  readonly store: Store;
  /** Names of staff by their ids, where the organization wants them in the report; absent: staff appear by role. */
  readonly staffNames?: ((ids: readonly string[]) => Promise<ReadonlyMap<string, string>>) | undefined;
}

/**
 * The disclosure report (GDPR art. 15(1)(c): recipients are named): deliveries, refusals and stops, newest first, with
 * what others looked up since; and what professionals declined to share. What is made of a transfer whose notice is
 * deferred is made of nothing: no order, count or name can tell of it. The same holds of what was declined because sharing
 * would endanger (nothing left, so nothing has to be told: GDPR art. 15(1)(c), 15(4)), and by a link of what is a matter for the desk (desk-only), and of all free words.
 * Reading the report is itself audited.
 *
 * @throws RelaisError 404 when the organization does not keep this person's record
 */
export async function disclosureReport(
  { store, staffNames }: DisclosureReportDeps,
  principal: Principal,
  personId: PersonId,
  lang: Lang,
  requestId: string,
  readAt: ReadAt = 'desk',
): Promise<DisclosureReport> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    if (!(await tx.personExists(personId))) throw notFound();
    const organizations = await tx.listOrganizations();
    const organizationOf = (id: string | null): Organization | undefined => organizations.find((one) => one.id === id);
    const rows = (await tx.disclosuresOf(personId)).filter(
      ({ transfer }) => readAt === 'desk' || !isDeskOnly(transfer, organizationOf(transfer.recipientOrganizationId)),
    );
    const notices = await tx.listNotices({ as: 'sender', personId });
    const contests = (await tx.listContests({ personId })).filter(
      (contest) => readAt === 'desk' || isAboutShown(contest, rows, organizationOf),
    );
    const declined = (await tx.listDeclinedShares(personId)).filter(
      ({ reason, recipientOrganizationId: to }) =>
        reason !== 'would-endanger' && (readAt === 'desk' || !revealsByName(organizationOf(to))),
    );
    const accesses = await tx.accessesTo(rows.map(({ transfer }) => transfer.id));
    const until = await howLong(tx, personId, rows);
    const present = createPresenter(organizations);
    const madeOn = (await tx.now()).slice(0, 10);
    const names = await staffNames?.(rows.map(({ transfer }) => askerOf(transfer)?.id ?? ''));
    await tx.audit({
      action: 'report.read',
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      personId,
      requestId,
      codes: { lines: rows.length, ...(readAt === 'link' && { by: 'link' }) },
    });
    const own = nameOfKeeper(organizationOf(principal.organizationId), readAt);
    const line = (row: DisclosureRow): DisclosureLine => {
      const { transfer, recipientName } = row;
      const at = whenOf(transfer);
      const purpose = say(PURPOSES[transfer.purpose].text, lang);
      const about = accesses.filter(({ transferId }) => transferId === transfer.id);
      return {
        reference: transfer.reference,
        outcome: transfer.status,
        recipient: recipientName,
        recipientIs: recipientInWords(organizationOf(transfer.recipientOrganizationId), lang),
        at,
        requestedAt: transfer.requestedAt,
        requestedBy: askerInWords(transfer, own, names, lang),
        purpose,
        categories: mayHaveLeft(transfer) ? categoriesInWords(transfer, lang) : [],
        ground: groundInWords(transfer, lang),
        ...(mayHaveLeft(transfer) ? until(transfer) : { allowedUntil: null, recipientKeepsUntil: null }),
        contentKeptUntil: transfer.contentPurgedAt ?? transfer.purgeAt,
        sentence: say(sentenceOf(transfer), lang, { recipient: recipientName, date: dayInWords(at, lang), purpose }),
        reasons: reasonsOf(transfer).map((reason) => ({ code: reason.code, text: present(reason, lang) })),
        followUps: [
          ...threadInWords(transfer, recipientName, lang),
          ...glassInWords(transfer, about, lang),
          ...notices
            .filter(({ transferId }) => transferId === transfer.id)
            .flatMap((notice) => followUpsOf(notice, recipientName, lang, readAt)),
        ],
        readings: readingsOf(about, (id) => organizationOf(id)?.name ?? '', lang),
      };
    };
    const referenceOf = (id: TransferId | null): string | null =>
      rows.find(({ transfer }) => transfer.id === id)?.transfer.reference ?? null;
    return {
      personId,
      lang,
      organization: own,
      madeOn,
      disclosures: rows.map(line),
      contests: contests.map((contest) => contestLine(contest, referenceOf(contest.transferId), lang, readAt)),
      declined: declined.map((one) => declinedLine(one, organizationOf(one.recipientOrganizationId), lang)),
    };
  });
}

/** What is said to have ended must not be said to have stayed when an attempt before may have arrived. */
function sentenceOf(transfer: Transfer): Text {
  const { status } = transfer;
  if (status === 'failed') return mayHaveLeft(transfer) ? SENTENCES.failed : NEVER_LEFT;
  if ((status === 'stopped' || status === 'needs-review') && mayHaveLeft(transfer)) return UNCONFIRMED[status];
  return SENTENCES[status];
}

const askerOf = ({ timeline }: Transfer): Transfer['timeline'][number]['actor'] | undefined => timeline[0]?.actor;

function askerInWords(
  transfer: Transfer,
  organization: string,
  names: ReadonlyMap<string, string> | undefined,
  lang: Lang,
): string {
  const actor = askerOf(transfer);
  if (actor === undefined || actor.type === 'system') return say(ASKED_BY.system, lang, { organization });
  if (actor.type === 'partner') {
    if (actor.onBehalfOf === undefined) return say(ASKED_BY.software, lang, { organization });
    return names === undefined
      ? say(ASKED_BY['through-software'], lang, { organization })
      : say(ASKED_BY.named, lang, { organization, name: actor.onBehalfOf });
  }
  const name = names?.get(actor.id);
  return name === undefined || name === ''
    ? say(ASKED_BY.staff, lang, { organization })
    : say(ASKED_BY.named, lang, { organization, name });
}

function recipientInWords(organization: Organization | undefined, lang: Lang): string {
  if (organization === undefined) return '';
  return [say(organization.function, lang), say(SECRECY[organization.secrecy], lang)].filter(Boolean).join(', ');
}

function glassInWords({ ground, status }: Transfer, about: readonly TransferAccess[], lang: Lang): string[] {
  if (ground?.secrecy.kind !== 'break-glass' || status === 'refused') return [];
  const review = about.find((access) => access.kind === 'review');
  if (review === undefined) return [say(GLASS_REVIEWS.open, lang)];
  const outcome = review.outcome === 'justified' ? 'justified' : 'not-justified';
  return [say(GLASS_REVIEWS[outcome], lang, { date: dayInWords(review.at, lang) })];
}

/** One sentence for each reader and day: a system that polls would fill pages. */
function readingsOf(about: readonly TransferAccess[], nameOf: (id: string) => string, lang: Lang): string[] {
  return about
    .filter((access) => access.kind === 'read')
    .map(({ by, organizationId, at, count }) => {
      const who = say(READ_BY[by === 'staff' || by === 'guest' ? 'staff' : 'software'], lang, {
        organization: nameOf(organizationId),
      });
      const date = dayInWords(at, lang);
      return count === 1
        ? say(READ_ONCE, lang, { who, date })
        : say(READ_OFTEN, lang, { who, date, count: String(count) });
    });
}

/** That something was written, or taken over, and when; what was said stands in the thread, for professionals. */
function threadInWords({ timeline }: Transfer, recipient: string, lang: Lang): string[] {
  return timeline
    .filter(({ status }) => status === 'message' || status === 'taken-over')
    .map(({ at, status }) =>
      say(status === 'message' ? MESSAGE_SENT : TAKEN_OVER, lang, { recipient, date: dayInWords(at, lang) }),
    );
}

function followUpsOf(notice: Notice, recipient: string, lang: Lang, readAt: ReadAt): string[] {
  const told = say(FOLLOW_UPS[notice.kind], lang, {
    recipient,
    date: dayInWords(notice.createdAt, lang),
    due: dayInWords(notice.dueAt, lang),
  });
  if (notice.answer === null || notice.answeredAt === null) return notice.overdue ? [told, say(OVERDUE, lang)] : [told];
  const date = dayInWords(notice.answeredAt, lang);
  const words = readAt === 'link' ? say(WORDS_AT_THE_DESK, lang) : (notice.words ?? '');
  return [told, say(ANSWERS[notice.answer], lang, { date, words })];
}

/** By a link: about a line that is shown, or about nobody in particular. */
function isAboutShown(
  { transferId, recipientOrganizationId }: Contest,
  rows: readonly DisclosureRow[],
  organizationOf: (id: string | null) => Organization | undefined,
): boolean {
  if (transferId !== null && !rows.some(({ transfer }) => transfer.id === transferId)) return false;
  return recipientOrganizationId === null || !revealsByName(organizationOf(recipientOrganizationId));
}

/** The person knows who gave them the link; whoever looks over their shoulder need not. */
function nameOfKeeper(organization: Organization | undefined, readAt: ReadAt): string {
  return readAt === 'link' && revealsByName(organization) ? '' : (organization?.name ?? '');
}

function contestLine(contest: Contest, reference: string | null, lang: Lang, readAt: ReadAt): ContestLine {
  const { kind, outcome, recordedAt, dueAt } = contest;
  // What was said at the desk was said to a professional.
  const [words, answer] = readAt === 'link' ? ['', null] : [contest.words, contest.answer];
  return {
    kind,
    reference,
    recordedAt,
    words,
    sentence: say(CONTESTS[`${kind} ${outcome ?? 'open'}`], lang, {
      date: dayInWords(recordedAt, lang),
      due: dayInWords(dueAt, lang),
    }),
    answer,
  };
}

function declinedLine(
  { purpose, reason, recordedAt }: DeclinedShare,
  organization: Organization | undefined,
  lang: Lang,
): DeclinedLine {
  const recipient = organization?.name ?? '';
  const why = say(PURPOSES[purpose].text, lang);
  return {
    recipient,
    purpose: why,
    recordedAt,
    sentence: say(DECLINED, lang, { recipient, date: dayInWords(recordedAt, lang), purpose: why }),
    reason: say(DECLINED_BECAUSE[reason], lang),
  };
}

function whenOf(transfer: Transfer): string {
  const stopped = transfer.timeline.findLast(({ status }) => status === transfer.status);
  return transfer.deliveredAt ?? stopped?.at ?? transfer.requestedAt;
}

/** Why it came to its present state: what stopped a transfer, not what had permitted it. */
function reasonsOf(transfer: Transfer): Transfer['reasons'] {
  const last = transfer.timeline.findLast(({ status }) => status === transfer.status);
  return last === undefined || last.reasons.length === 0 ? transfer.reasons : last.reasons;
}

function categoriesInWords({ permitted, timeline }: Transfer, lang: Lang): string[] {
  const categories: readonly string[] = CATEGORIES;
  return [
    ...labelsOf(permitted)
      .filter((label) => categories.includes(label))
      .map((label) => say(labelText(label), lang)),
    ...(timeline.some(({ status }) => status === 'message') ? [say(MESSAGE, lang)] : []),
  ];
}

function groundInWords({ ground }: Transfer, lang: Lang): string | null {
  const text = ground === null ? undefined : GROUNDS[ground.secrecy.kind];
  if (ground === null || text === undefined) return null;
  return say(text, lang, ground.secrecy.kind === 'statute' ? { citation: ground.secrecy.citation } : {});
}
