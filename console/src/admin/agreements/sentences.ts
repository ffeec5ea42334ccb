import { NEEDED_CLAUSES } from '../../../../src/domain/agreement/check-agreement.js';
import type { Agreement } from '../../api/views.js';
import type { Words } from '../say.js';

export type AgreementText = Omit<Agreement, 'pending'>;
type Purpose = Agreement['purposes'][number];

/** One heading of the text and what stands under it, sentence by sentence. */
export interface Section {
  readonly key: string;
  readonly heading: string;
  readonly sentences: readonly string[];
}

/** A data-sharing agreement as somebody reads it who knows no codes. Pure. */
export function sentencesOf(agreement: AgreementText, words: Words): Section[] {
  const { say, nameOf, list } = words;
  const missing = NEEDED_CLAUSES.filter((clause) => agreement[clause] === undefined);
  const sections: Section[] = [
    {
      key: 'who',
      heading: say('sentence.who'),
      sentences: [say('sentence.parties', { parties: list(agreement.parties.map(nameOf)) })],
    },
    ...agreement.purposes.map((purpose, index) => ({
      key: `purpose-${index}`,
      heading: say('sentence.purpose', { purpose: words.purpose(purpose.purpose) }),
      sentences: sentencesOfPurpose(purpose, words),
    })),
    { key: 'time', heading: say('sentence.time'), sentences: timesOf(agreement, words) },
    { key: 'after', heading: say('sentence.after'), sentences: onwardOf(agreement, words) },
    { key: 'emergency', heading: say('sentence.emergency'), sentences: emergencyOf(agreement, words) },
    {
      key: 'duties',
      heading: say('sentence.duties'),
      sentences: [
        ...dutiesOf(agreement, words),
        ...(missing.length > 0
          ? [say('sentence.missing', { clauses: list(missing.map((clause) => say(`clause.${clause}`))) })]
          : []),
      ],
    },
  ];
  return sections.filter(({ sentences }) => sentences.length > 0);
}

function sentencesOfPurpose(purpose: Purpose, { say, nameOf, list }: Words): string[] {
  const { senders, recipients, categories, sensitivities, article9Condition, roles = [] } = purpose;
  const labels = (codes: readonly (typeof categories)[number][] | typeof sensitivities): string =>
    codes.map((code) => say(`label.${code}`)).join(', ');
  return [
    say('sentence.send', {
      count: senders.length,
      senders: list(senders.map(nameOf)),
      recipients: list(recipients.map(nameOf)),
      categories: labels(categories),
    }),
    sensitivities.length === 0
      ? say('sentence.noSensitive')
      : say('sentence.sensitive', { sensitivities: labels(sensitivities) }),
    say('sentence.basis', { basis: say(`basis.${purpose.dataProtectionBasis}`) }),
    ...(article9Condition === undefined ? [] : [say('sentence.article9', { letter: article9Condition })]),
    say('sentence.secrecy', {
      grounds: list(
        purpose.secrecyGrounds.map((ground) => say(`secrecy.${ground}`)),
        'disjunction',
      ),
    }),
    ...(['controller', 'joint-controller', 'processor'] as const).flatMap((role) => {
      const parties = roles.filter((one) => one.role === role).map(({ party }) => nameOf(party));
      if (parties.length === 0) return [];
      const called = parties.length === 1 ? say(`role.${role}`) : say(`roleMany.${role}`);
      return [say('sentence.role', { count: parties.length, parties: list(parties), role: called })];
    }),
    ...functionsOf(purpose, { say, list }),
  ];
}

/** Functions are written in both languages; which one is read follows from the language of the page. */
function functionsOf({ recipientFunctions = [] }: Purpose, { say, list }: Pick<Words, 'say' | 'list'>): string[] {
  if (recipientFunctions.length === 0) return [];
  const lang = langOf({ say });
  return [say('sentence.functions', { functions: list(recipientFunctions.map((text) => text[lang])) })];
}

/** The language of the words: titles and functions come in both. */
export function langOf({ say }: Pick<Words, 'say'>): 'en' | 'fr' {
  return say('lang') === 'fr' ? 'fr' : 'en';
}

function timesOf(agreement: AgreementText, { say, date }: Words): string[] {
  const { validFrom, validUntil, purgeAfterDays, retention, reviewOn } = agreement;
  const from = date(validFrom.slice(0, 10));
  return [
    validUntil === undefined
      ? say('sentence.validOpen', { from })
      : say('sentence.valid', { from, until: date(validUntil.slice(0, 10)) }),
    say('sentence.purge', { count: purgeAfterDays }),
    ...(retention === undefined
      ? []
      : [
          say('sentence.retention', {
            days: say('sentence.days', { count: retention.days }),
            then: say(retention.then === 'return' ? 'sentence.retentionReturn' : 'sentence.retentionDelete'),
          }) + (retention.certificate ? ` ${say('sentence.certificate')}` : ''),
        ]),
    ...(reviewOn === undefined ? [] : [say('sentence.review', { date: date(reviewOn) })]),
  ];
}

function onwardOf({ onward, thirdCountries }: AgreementText, { say, list }: Words): string[] {
  const sentences: string[] = [];
  if (onward?.kind === 'forbidden') sentences.push(say('sentence.onwardForbidden'));
  if (onward?.kind === 'consented') sentences.push(say('sentence.onwardConsented'));
  if (onward?.kind === 'listed') {
    sentences.push(say('sentence.onwardListed', { recipients: list(onward.recipients) }));
  }
  if (thirdCountries?.length === 0) sentences.push(say('sentence.noThirdCountries'));
  if (thirdCountries !== undefined && thirdCountries.length > 0) {
    const names = new Intl.DisplayNames([langOf({ say })], { type: 'region' });
    const countries = list(thirdCountries.map((code) => names.of(code) ?? code));
    sentences.push(say('sentence.thirdCountries', { countries }));
  }
  return sentences;
}

function emergencyOf({ emergency }: AgreementText, { say }: Words): string[] {
  if (emergency === undefined) return [];
  if (!emergency.allowed) return [say('sentence.emergencyNot')];
  return [
    say('sentence.emergencyMay', {
      categories: emergency.categories.map((code) => say(`label.${code}`)).join(', '),
      hours: say('sentence.hours', { count: emergency.maxHours }),
      days: say('sentence.days', { count: emergency.reviewWithinDays }),
    }),
  ];
}

function dutiesOf(agreement: AgreementText, words: Words): string[] {
  const { say } = words;
  const { dpia, breachNotice, auditRight, answerWithinDays, adhesion } = agreement;
  const days = (count: number): string => say('sentence.days', { count });
  return [
    ...(dpia === undefined ? [] : [sayDpia(dpia, words)]),
    ...(breachNotice === undefined
      ? []
      : [say('sentence.breach', { hours: say('sentence.hours', { count: breachNotice.withinHours }) })]),
    ...(auditRight === undefined ? [] : [say('sentence.audit', { days: days(auditRight.noticeDays) })]),
    say('sentence.answers', { days: days(answerWithinDays ?? 30) }),
    ...(adhesion === undefined ? [] : [sayAdhesion(adhesion, words)]),
  ];
}

function sayDpia(dpia: NonNullable<Agreement['dpia']>, { say }: Words): string {
  const parts = [say('sentence.dpia', { opinion: say(`opinion.${dpia.opinion}`) })];
  if (dpia.reference !== undefined) parts.push(say('sentence.dpiaReference', { reference: dpia.reference }));
  if (dpia.reason !== undefined) parts.push(say('sentence.dpiaReason', { reason: dpia.reason.replace(/\.$/, '') }));
  return parts.join(' ');
}

export function sayAdhesion(adhesion: NonNullable<Agreement['adhesion']>, { say, list, purpose }: Words): string {
  if (!adhesion.open) return say('sentence.adhesionClosed');
  const places = adhesion.places.map((place) =>
    say('sentence.place', {
      as: say(`as.${place.as}`),
      purpose: purpose(place.purpose),
      role: say(`role.${place.role}`),
    }),
  );
  return say('sentence.adhesionOpen', { places: list(places, 'disjunction') });
}
