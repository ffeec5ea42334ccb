// The case that is measured: needs and goals of one person, about 13 kB as JSON, thirty resources. The hand-written
// mapping of these two kinds is in by-hand.mjs; kinds that are not written by hand are not in the ratio.
const CATEGORIES = ['housing', 'food', 'income', 'debt', 'isolation', 'mobility', 'digital', 'language'];
const STATUSES = ['identified', 'active', 'on-hold', 'met', 'not-met', 'withdrawn'];
const GOAL_STATUSES = ['proposed', 'accepted', 'active', 'on-hold', 'achieved', 'partly-achieved', 'cancelled'];
const SEVERITIES = ['low', 'moderate', 'high', 'urgent'];
const SENTENCE =
  'Loyer impayé depuis trois mois; la personne a demandé un échéancier et attend une réponse du bailleur avant la fin du mois.';

/** A case by its number; no two are alike. */
export function caseOf(n) {
  const needs = Array.from({ length: 20 }, (_, i) => ({
    id: `need-${n}-${i}`,
    category: CATEGORIES[(n + i) % CATEGORIES.length],
    status: STATUSES[(n * 7 + i) % STATUSES.length],
    ...(i % 3 !== 0 && { severity: SEVERITIES[(n + i) % SEVERITIES.length] }),
    ...(i % 2 === 0 && { priority: 1 + (i % 5) }),
    expressedBy: 'person',
    description: `${SENTENCE} (${n}.${i})`,
    identifiedOn: `2025-0${1 + (i % 9)}-1${i % 10}`,
    resolvedOn: `2026-0${1 + (i % 9)}-1${i % 10}`,
    ...(i % 4 !== 0 && { note: `${SENTENCE} ${SENTENCE}` }),
  }));
  const goals = Array.from({ length: 10 }, (_, i) => ({
    id: `goal-${n}-${i}`,
    category: CATEGORIES[(n + i) % CATEGORIES.length],
    status: GOAL_STATUSES[(n + i) % GOAL_STATUSES.length],
    expressedBy: 'person',
    startDate: `2025-0${1 + (i % 9)}-01`,
    targetDate: `202${6 + (i % 2)}`,
    ...(i % 2 === 0 && { endedOn: `2026-0${1 + (i % 9)}-01` }),
    needIds: [needs[i].id, needs[i + 10].id],
    description: `${SENTENCE} (${n}.${i})`,
    ...(i % 4 !== 0 && { note: SENTENCE }),
  }));
  return { person: { id: `person-${n}`, birthDate: '1984-05-02', sex: 'female' }, needs, goals };
}

let next = 0;
const ids = new Map();
/** Ids as a run asks for them: looked up, so that neither side pays for a digest. */
export const context = {
  identifierBase: 'https://relais.example/organizations/agency',
  resourceId(type, key) {
    const name = `${type}\n${key}`;
    let id = ids.get(name);
    if (id === undefined) ids.set(name, (id = `00000000-0000-8000-8000-${(next++).toString(16).padStart(12, '0')}`));
    return id;
  },
};

export const bundleOf = (resources) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({
    fullUrl: `https://relais.example/fhir/${resource.resourceType}/${resource.id}`,
    resource,
  })),
});
