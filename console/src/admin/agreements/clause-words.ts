import type { Words } from '../say.js';
import { langOf, sayAdhesion, type AgreementText } from './sentences.js';

/** One clause in a few words, as it stands in a list of differences; null where the text has none. */
export function clauseWords(agreement: AgreementText, clause: string, words: Words): string | null {
  const { say, date, list } = words;
  const days = (count: number): string => say('sentence.days', { count });
  const of: Readonly<Record<string, () => string | null>> = {
    title: () => agreement.title[langOf(words)],
    validFrom: () => date(agreement.validFrom.slice(0, 10)),
    validUntil: () => (agreement.validUntil === undefined ? null : date(agreement.validUntil.slice(0, 10))),
    purgeAfterDays: () => days(agreement.purgeAfterDays),
    answerWithinDays: () => (agreement.answerWithinDays === undefined ? null : days(agreement.answerWithinDays)),
    auditRight: () => (agreement.auditRight === undefined ? null : days(agreement.auditRight.noticeDays)),
    breachNotice: () =>
      agreement.breachNotice === undefined
        ? null
        : say('sentence.hours', { count: agreement.breachNotice.withinHours }),
    reviewOn: () => (agreement.reviewOn === undefined ? null : date(agreement.reviewOn)),
    thirdCountries: () =>
      agreement.thirdCountries === undefined
        ? null
        : agreement.thirdCountries.length === 0
          ? say('sentence.noThirdCountries')
          : list(agreement.thirdCountries),
    dpia: () => {
      const { dpia } = agreement;
      if (dpia === undefined) return null;
      return [say(`opinion.${dpia.opinion}`), dpia.reference, dpia.reason].filter((part) => part != null).join(', ');
    },
    retention: () => {
      const { retention } = agreement;
      if (retention === undefined) return null;
      const then = say(retention.then === 'return' ? 'sentence.retentionReturn' : 'sentence.retentionDelete');
      const sentence = say('sentence.retention', { days: days(retention.days), then });
      return retention.certificate ? `${sentence} ${say('sentence.certificate')}` : sentence;
    },
    onward: () => {
      const { onward } = agreement;
      if (onward === undefined) return null;
      if (onward.kind === 'listed') return say('sentence.onwardListed', { recipients: list(onward.recipients) });
      return say(onward.kind === 'forbidden' ? 'sentence.onwardForbidden' : 'sentence.onwardConsented');
    },
    emergency: () => {
      const { emergency } = agreement;
      if (emergency === undefined) return null;
      if (!emergency.allowed) return say('sentence.emergencyNot');
      return say('sentence.emergencyMay', {
        categories: emergency.categories.map((code) => say(`label.${code}`)).join(', '),
        hours: say('sentence.hours', { count: emergency.maxHours }),
        days: days(emergency.reviewWithinDays),
      });
    },
    adhesion: () => (agreement.adhesion === undefined ? null : sayAdhesion(agreement.adhesion, words)),
  };
  return of[clause]?.() ?? null;
}
