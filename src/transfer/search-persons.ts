import type { CaseId, PersonId } from '../kernel/ids.js';
import { readJson } from '../kernel/json.js';
import { indexedIdentity } from '../domain/case/identity.js';
import type { Case } from '../domain/case/schema.js';
import type { Store } from './ports.js';
import type { IndexedIdentity } from './stored-case.js';
import type { Principal } from './principal.js';

export interface Candidate {
  readonly personId: PersonId;
  readonly caseId: CaseId;
  readonly names: readonly { readonly family?: string; readonly given: readonly string[]; readonly kind: string }[];
  readonly birthDate: string | null;
  /** What speaks for this candidate, so that a person can compare and confirm; nothing is ever merged by itself. */
  readonly agrees: readonly ('identifier' | 'family' | 'given' | 'birthDate')[];
}

const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** As the index folds it: a number is the same however it is spaced. */
const number = ({ system, value }: IndexedIdentity['identifiers'][number]): string =>
  `${system}|${fold(value).replace(/[^\p{L}\p{N}]/gu, '')}`;

/**
 * Finds persons of one's own organization by identifier, or by a name that sounds alike with or without the birth date.
 * The search runs on keyed hashes; candidates are decrypted to show how they differ. Audited with the number found.
 */
export async function searchPersons(
  { store }: { readonly store: Store },
  principal: Principal,
  query: IndexedIdentity,
  requestId: string,
): Promise<readonly Candidate[]> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const cases = await tx.findCases(query);
    const candidates = cases.map((stored) => {
      const { person } = readJson(stored.content) as unknown as Case;
      return { personId: stored.personId, caseId: stored.caseId, ...compare(person, query) };
    });
    await tx.audit({
      action: 'person.searched',
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      requestId,
      codes: { found: candidates.length },
    });
    return candidates.sort((a, b) => b.agrees.length - a.agrees.length);
  });
}

/** By what a person is told from another. */
export function shownAs(person: Case['person']): Pick<Candidate, 'names' | 'birthDate'> {
  const names = (person.names ?? []).map(({ family, given, kind }) => ({
    ...(family !== undefined && { family }),
    given: given ?? [],
    kind,
  }));
  return { names, birthDate: person.birthDate ?? null };
}

function compare(person: Case['person'], query: IndexedIdentity): Omit<Candidate, 'personId' | 'caseId'> {
  const { names, birthDate } = shownAs(person);
  const families = new Set(names.flatMap(({ family }) => (family === undefined ? [] : [fold(family)])));
  const givens = new Set(names.flatMap(({ given }) => given.map(fold)));
  const identifiers = new Set(indexedIdentity({ person }).identifiers.map(number));
  const agrees: Candidate['agrees'][number][] = [];
  if (query.identifiers.some((one) => identifiers.has(number(one)))) agrees.push('identifier');
  if (query.names.some(({ family }) => family !== undefined && families.has(fold(family)))) agrees.push('family');
  if (query.names.some(({ given }) => given.some((name) => givens.has(fold(name))))) agrees.push('given');
  if (query.birthDate !== undefined && query.birthDate === birthDate) agrees.push('birthDate');
  return { names, birthDate, agrees };
}
