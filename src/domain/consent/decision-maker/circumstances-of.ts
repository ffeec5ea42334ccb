import type { Case } from '../../case/case.js';
import type { PersonCircumstances } from './standing.js';

/** What a case says of who may decide: codes, dates and keys; no name, number or note goes with it. */
export function circumstancesOf({ person, representation }: Case): PersonCircumstances {
  const authority = representation?.parentalAuthority;
  return {
    ...(person.birthDate !== undefined && person.birthDatePrecision !== 'estimated' && { birthDate: person.birthDate }),
    measures: (representation?.measures ?? []).map(
      ({ id, kind, status, scope, acts, holderKind, instrument, startDate, endDate }) => ({
        id,
        kind,
        status,
        scope,
        ...(acts !== undefined && { acts }),
        ...(holderKind !== undefined && { holderKind }),
        ...(instrument !== undefined && { instrument }),
        ...(startDate !== undefined && { startDate }),
        ...(endDate !== undefined && { endDate }),
      }),
    ),
    ...(authority !== undefined && {
      parentalAuthority: {
        holders: (authority.holders ?? []).map(({ id, role, exercise, restrictions, restrictionsUntil }) => ({
          id,
          role,
          ...(exercise !== undefined && { exercise }),
          ...(restrictions !== undefined && { restrictions }),
          ...(restrictionsUntil !== undefined && { restrictionsUntil }),
        })),
        // Which service it is does not matter here.
        ...(authority.entrustedService !== undefined && { entrustedService: 'a service' }),
        ...(authority.entrustedSince !== undefined && { entrustedSince: authority.entrustedSince }),
        ...(authority.entrustedUntil !== undefined && { entrustedUntil: authority.entrustedUntil }),
      },
    }),
  };
}
