import type { Case } from '../../../src/domain/case/case.js';
import { circumstancesOf } from '../../../src/domain/consent/decision-maker/circumstances-of.js';
import type { Jurisdiction, Party } from '../../../src/domain/consent/decision-maker/circumstances.js';
import { judgeStanding } from '../../../src/domain/consent/decision-maker/standing.js';
import { sayStop } from '../../../src/domain/consent/decision-maker/stops.js';
import type { DataLabel } from '../../../src/domain/labels/labels.js';
import type { CaseDocument } from '../api/views.js';
import { currentLang } from '../texts/i18n.js';
import type { TypedDecider } from './decider.js';

/**
 * Would a yes of these count? The gateway's own rules, asked before anything is recorded; the gateway asks them again.
 *
 * @param document a case that the gateway has checked
 * @returns null when it counts; else why a human must decide, in the language of the page
 */
export function whyNotCounted(
  { jurisdiction, capacity, by, view, ofAge }: TypedDecider,
  document: CaseDocument,
  labels: readonly string[],
  today: string,
): string | null {
  const answers = by.map((party) => ({ by: partyOf(party), answer: 'yes' as const }));
  const judged = judgeStanding(
    {
      ...(jurisdiction !== '' && { jurisdiction: jurisdiction as Jurisdiction }),
      capacity: capacity === '' ? 'not-assessed' : capacity,
      ofAge,
      expressed: { personView: by.includes('person') ? 'agrees' : view === '' ? 'not-sought' : view, answers },
    },
    circumstancesOf(document as unknown as Case),
    labels as readonly DataLabel[],
    today,
  );
  return judged.outcome === 'valid' ? null : sayStop(judged.stop, currentLang());
}

function partyOf(party: string): Party {
  const [kind = '', ...rest] = party.split('/');
  return kind === 'measure' || kind === 'holder' ? { kind, id: rest.join('/') } : { kind: 'person' };
}
