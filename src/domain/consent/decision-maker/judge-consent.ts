import { ageOn, type Circumstances, type Expressed, type Jurisdiction, type Party } from './circumstances.js';
import { measureRule, reachesDisclosure } from './measure-rules.js';
import { MAJORITY } from './minor-rules.js';
import type { StopCode } from './stops.js';
import { whoDecides, type Decider } from './who-decides.js';

export type ConsentJudged =
  | { readonly outcome: 'valid'; readonly decider: Exclude<Decider, { by: 'nobody' }> }
  /** Nothing is passed on, and a human is called. */
  | { readonly outcome: 'stop'; readonly stop: StopCode };

const stop = (code: StopCode): ConsentJudged => ({ outcome: 'stop', stop: code });

/**
 * Was this consent given by the one who decides? Pure. The person's own objection stops whatever others said, whoever
 * decides, at any age and under any measure (docs/decision-maker.md).
 */
export function judgeConsent(circumstances: Circumstances, expressed: Expressed): ConsentJudged {
  const { answers, personView } = expressed;
  const ofPerson = answers.filter(({ by }) => by.kind === 'person');
  if (personView === 'objects' || ofPerson.some(({ answer }) => answer === 'no')) return stop('person-objects');
  const decider = whoDecides(circumstances);
  switch (decider.by) {
    case 'nobody':
      return stop(decider.stop);
    case 'person':
      return ofPerson.length > 0 ? { outcome: 'valid', decider } : stop(whyNotThem(circumstances, answers));
    case 'representative':
      return judgeOthers(circumstances, expressed, decider, {
        deciders: decider.measureIds.map((id) => ({ kind: 'measure', id })),
        needed: 'all',
      });
    case 'holders':
      return judgeOthers(circumstances, expressed, decider, {
        deciders: decider.holderIds.map((id) => ({ kind: 'holder', id })),
        needed: decider.needed,
      });
  }
}

function judgeOthers(
  circumstances: Circumstances,
  { answers, personView }: Expressed,
  decider: Exclude<Decider, { by: 'nobody' }>,
  { deciders, needed }: { readonly deciders: readonly Party[]; readonly needed: 'one' | 'all' },
): ConsentJudged {
  const given = deciders.map((party) => answers.filter(({ by }) => isSameParty(by, party)).map(({ answer }) => answer));
  const yes = given.filter((own) => own.includes('yes')).length;
  if (given.some((own) => own.includes('no'))) return stop(yes > 0 ? 'deciders-disagree' : 'said-no');
  if (yes === 0) return stop(whyNotThem(circumstances, answers));
  if (needed === 'all' && yes < deciders.length) return stop('nobody-said-yes');
  if (personView === 'not-sought') return stop('view-not-sought');
  return { outcome: 'valid', decider };
}

export function isSameParty(a: Party, b: Party): boolean {
  return a.kind === b.kind && (!('id' in a) || ('id' in b && a.id === b.id));
}

/** The yes that is there is not one of those who decide; what is it worth? */
function whyNotThem({ jurisdiction, measures }: Circumstances, answers: Expressed['answers']): StopCode {
  for (const { by, answer } of answers) {
    if (answer !== 'yes') continue;
    if (by.kind !== 'measure') return by.kind === 'person' ? 'nobody-said-yes' : 'not-theirs-to-give';
    const measure = measures.find(({ id }) => id === by.id);
    const rule = measure === undefined || jurisdiction === undefined ? null : measureRule(jurisdiction, measure.kind);
    if (measure === undefined || rule === null) return 'not-theirs-to-give';
    if (rule.effect === 'assists') return 'assistance-never-replaces';
    if (rule.effect === 'never' || !reachesDisclosure(measure)) return 'property-only';
    return 'not-theirs-to-give';
  }
  return 'nobody-said-yes';
}

/**
 * Has the consent that others gave for a minor lapsed? From the day on which the person is of age only their own counts;
 * so it does when the day is not known.
 */
export function hasLapsedAtMajority(
  decider: Decider,
  {
    jurisdiction,
    birthDate,
    on,
  }: { readonly jurisdiction: Jurisdiction; readonly birthDate?: string; readonly on: string },
): boolean {
  if (decider.by !== 'holders') return false;
  const age = ageOn(birthDate, on);
  return age === null || age >= MAJORITY[jurisdiction].age;
}
