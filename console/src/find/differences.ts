import type { Candidate } from '../api/views.js';

/** In what the candidates are not all the same: shown so that the eye goes there first. */
export function differences(found: readonly Candidate[]): { readonly birthDate: boolean; readonly names: boolean } {
  const differ = (of: (candidate: Candidate) => unknown): boolean =>
    new Set(found.map((candidate) => JSON.stringify(of(candidate)))).size > 1;
  return { birthDate: differ(({ birthDate }) => birthDate), names: differ(({ names }) => names) };
}
