import { notFound } from '../kernel/errors.js';
import { say, type Lang, type Text } from '../kernel/i18n.js';
import type { PersonId } from '../kernel/ids.js';
import { CATEGORIES, labelsOf } from '../domain/labels/labels.js';
import { labelText } from '../domain/labels/label-texts.js';
import { PURPOSES } from '../domain/decision/purpose.js';
import { createPresenter, dayInWords } from './present-reasons.js';
import type { Contest, ContestOutcome, Notice, NoticeAnswer } from './notice-ports.js';
import type { DisclosureRow, Store, Transfer } from './ports.js';
import type { Principal } from './principal.js';
import type { TransferStatus } from './status.js';

/** One line of what a person may read: who, what, when, why, on what ground, until when, and what became of it. */
export interface DisclosureLine {
  readonly reference: string;
  readonly outcome: TransferStatus;
  readonly recipient: string;
  /** When it left; for what never left, when it was asked. ISO 8601. */
  readonly at: string;
  readonly purpose: string;
  /** In plain words; empty when nothing left. */
  readonly categories: readonly string[];
  readonly ground: string | null;
  /** Day on which Relais' copy of the content is or was deleted, ISO 8601. */
  readonly contentKeptUntil: string | null;
  /** One sentence that says it all. */
  readonly sentence: string;
  readonly reasons: readonly { readonly code: string; readonly text: string }[];
  /** What the recipient was told since, and what it answered; one sentence each. */
  readonly followUps: readonly string[];
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

export interface DisclosureReport {
  readonly personId: PersonId;
  readonly lang: Lang;
  readonly disclosures: readonly DisclosureLine[];
  readonly contests: readonly ContestLine[];
}

const SENTENCES: Readonly<Record<TransferStatus, Text>> = {
  delivered: {
    en: '{recipient} received this on {date}, for {purpose}.',
    fr: "{recipient} l'a reçu le {date}, pour : {purpose}.",
  },
  refused: {
    en: 'On {date} somebody asked to pass this on to {recipient}; it was refused and nothing left.',
    fr: "Le {date}, une transmission à {recipient} a été demandée ; elle a été refusée et rien n'est parti.",
  },
  stopped: {
    en: 'A transfer to {recipient} was stopped on {date}; nothing left.',
    fr: "Un transfert à {recipient} a été arrêté le {date} ; rien n'est parti.",
  },
  cancelled: {
    en: 'A transfer to {recipient} was cancelled by its author on {date}; nothing left.',
    fr: "Un transfert à {recipient} a été annulé par son auteur le {date} ; rien n'est parti.",
  },
  'needs-review': {
    en: 'A transfer to {recipient} waits for a person to look at it again; nothing left.',
    fr: "Un transfert à {recipient} attend d'être réexaminé ; rien n'est parti.",
  },
  failed: {
    en: "{recipient}'s system did not confirm that it received this.",
    fr: "Le système de {recipient} n'a pas confirmé la réception.",
  },
  held: {
    en: 'A transfer to {recipient} is prepared and has not left.',
    fr: "Un transfert à {recipient} est préparé et n'est pas encore parti.",
  },
  queued: {
    en: 'A transfer to {recipient} is on its way.',
    fr: 'Un transfert à {recipient} est en cours.',
  },
  sending: {
    en: 'A transfer to {recipient} is on its way.',
    fr: 'Un transfert à {recipient} est en cours.',
  },
};

const GROUNDS: Readonly<Record<string, Text>> = {
  consent: { en: 'your consent', fr: 'votre consentement' },
  'care-team': { en: 'same care team, you did not object', fr: 'même équipe, vous ne vous y êtes pas opposé·e' },
  statute: { en: 'the law: {citation}', fr: 'la loi : {citation}' },
  safeguarding: { en: 'protection of somebody in danger', fr: "protection d'une personne en danger" },
  'vital-interest': { en: 'life or health was at stake', fr: 'votre vie ou votre santé était en jeu' },
  'break-glass': { en: 'an emergency', fr: 'une urgence' },
};

const FOLLOW_UPS = {
  'stop-using': {
    en: 'On {date} {recipient} was asked to stop using it, and to return it, delete it or state its ground by {due}.',
    fr: 'Le {date}, {recipient} a été invité à ne plus l’utiliser, et à le restituer, le supprimer ou indiquer son fondement au plus tard le {due}.',
  },
  corrected: {
    en: 'On {date} {recipient} was told that something in it was corrected, to be done there by {due}.',
    fr: 'Le {date}, {recipient} a été averti qu’une donnée y a été rectifiée, à faire aussi chez lui au plus tard le {due}.',
  },
} as const satisfies Record<Notice['kind'], Text>;
const ANSWERS: Readonly<Record<NoticeAnswer, Text>> = {
  returned: { en: 'It answered on {date}: returned.', fr: 'Réponse du {date} : restitué.' },
  deleted: { en: 'It answered on {date}: deleted.', fr: 'Réponse du {date} : supprimé.' },
  corrected: { en: 'It answered on {date}: corrected.', fr: 'Réponse du {date} : rectifié.' },
  kept: {
    en: 'It answered on {date} that it keeps it, on this ground: {words}',
    fr: 'Réponse du {date} : conservé, sur ce fondement : {words}',
  },
};
const OVERDUE: Text = {
  en: 'It has not answered in time; somebody looks after it.',
  fr: 'Pas de réponse dans le délai ; quelqu’un s’en occupe.',
};
const CONTESTS: Readonly<Record<`${Contest['kind']} ${ContestOutcome | 'open'}`, Text>> = {
  'objection open': {
    en: 'You objected on {date}. Nothing is passed on meanwhile; somebody answers by {due}.',
    fr: 'Vous vous êtes opposé·e le {date}. Rien n’est transmis dans l’intervalle ; une réponse vous sera donnée au plus tard le {due}.',
  },
  'objection upheld': {
    en: 'You objected on {date}. Your objection stands: nothing is passed on.',
    fr: 'Vous vous êtes opposé·e le {date}. Votre opposition est retenue : rien n’est transmis.',
  },
  'objection declined': {
    en: 'You objected on {date}. Your objection was not followed; the answer says why.',
    fr: 'Vous vous êtes opposé·e le {date}. Votre opposition n’a pas été suivie ; la réponse dit pourquoi.',
  },
  'objection corrected': { en: 'You objected on {date}.', fr: 'Vous vous êtes opposé·e le {date}.' },
  'correction open': {
    en: 'On {date} you said that something is wrong; somebody answers by {due}.',
    fr: 'Le {date}, vous avez signalé une erreur ; une réponse vous sera donnée au plus tard le {due}.',
  },
  'correction upheld': {
    en: 'On {date} you said that something is wrong.',
    fr: 'Le {date}, vous avez signalé une erreur.',
  },
  'correction declined': {
    en: 'On {date} you said that something is wrong. It was not changed; the answer says why.',
    fr: 'Le {date}, vous avez signalé une erreur. Rien n’a été modifié ; la réponse dit pourquoi.',
  },
  'correction corrected': {
    en: 'On {date} you said that something is wrong. It was corrected, and whoever had received it was told.',
    fr: 'Le {date}, vous avez signalé une erreur. Elle a été rectifiée, et ceux qui l’avaient reçue en ont été avertis.',
  },
};

/**
 * The disclosure report (GDPR art. 15(1)(c): recipients are named): deliveries, refusals and stops, newest first. Reading it is itself
 * audited.
 *
 * @throws RelaisError 404 when the organization does not keep this person's record
 */
export async function disclosureReport(
  { store }: { readonly store: Store },
  principal: Principal,
  personId: PersonId,
  lang: Lang,
  requestId: string,
): Promise<DisclosureReport> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    if (!(await tx.personExists(personId))) throw notFound();
    const rows = await tx.disclosuresOf(personId);
    const notices = await tx.listNotices({ as: 'sender', personId });
    const contests = await tx.listContests({ personId });
    const present = createPresenter(await tx.listOrganizations());
    await tx.audit({
      action: 'report.read',
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      personId,
      requestId,
      codes: { lines: rows.length },
    });
    const line = (row: DisclosureRow): DisclosureLine => {
      const { transfer, recipientName } = row;
      const at = whenOf(transfer);
      const purpose = say(PURPOSES[transfer.purpose].text, lang);
      return {
        reference: transfer.reference,
        outcome: transfer.status,
        recipient: recipientName,
        at,
        purpose,
        categories: transfer.status === 'delivered' ? categoriesInWords(transfer, lang) : [],
        ground: groundInWords(transfer, lang),
        contentKeptUntil: transfer.contentPurgedAt ?? transfer.purgeAt,
        sentence: say(SENTENCES[transfer.status], lang, {
          recipient: recipientName,
          date: dayInWords(at, lang),
          purpose,
        }),
        reasons: reasonsOf(transfer).map((reason) => ({ code: reason.code, text: present(reason, lang) })),
        followUps: notices
          .filter(({ transferId }) => transferId === transfer.id)
          .flatMap((notice) => followUpsOf(notice, recipientName, lang)),
      };
    };
    const referenceOf = (id: string | null): string | null =>
      rows.find(({ transfer }) => transfer.id === id)?.transfer.reference ?? null;
    return {
      personId,
      lang,
      disclosures: rows.map(line),
      contests: contests.map((contest) => contestLine(contest, referenceOf(contest.transferId), lang)),
    };
  });
}

function followUpsOf(notice: Notice, recipient: string, lang: Lang): string[] {
  const told = say(FOLLOW_UPS[notice.kind], lang, {
    recipient,
    date: dayInWords(notice.createdAt, lang),
    due: dayInWords(notice.dueAt, lang),
  });
  if (notice.answer === null || notice.answeredAt === null) return notice.overdue ? [told, say(OVERDUE, lang)] : [told];
  const date = dayInWords(notice.answeredAt, lang);
  return [told, say(ANSWERS[notice.answer], lang, { date, words: notice.words ?? '' })];
}

function contestLine(contest: Contest, reference: string | null, lang: Lang): ContestLine {
  const { kind, outcome, recordedAt, dueAt, words, answer } = contest;
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

function whenOf(transfer: Transfer): string {
  const stopped = transfer.timeline.findLast(({ status }) => status === transfer.status);
  return transfer.deliveredAt ?? stopped?.at ?? transfer.requestedAt;
}

/** Why it came to its present state: what stopped a transfer, not what had permitted it. */
function reasonsOf(transfer: Transfer): Transfer['reasons'] {
  const last = transfer.timeline.findLast(({ status }) => status === transfer.status);
  return last === undefined || last.reasons.length === 0 ? transfer.reasons : last.reasons;
}

function categoriesInWords({ permitted }: Transfer, lang: Lang): string[] {
  const categories: readonly string[] = CATEGORIES;
  return labelsOf(permitted)
    .filter((label) => categories.includes(label))
    .map((label) => say(labelText(label), lang));
}

function groundInWords({ ground }: Transfer, lang: Lang): string | null {
  const text = ground === null ? undefined : GROUNDS[ground.secrecy.kind];
  if (ground === null || text === undefined) return null;
  return say(text, lang, ground.secrecy.kind === 'statute' ? { citation: ground.secrecy.citation } : {});
}
