import type { ConsentPolicy, Provision } from '../policy.js';
import type { RefusalCode, ResidualQuestion } from './residual.js';

export type Concerned =
  | { readonly outcome: 'none'; readonly code: RefusalCode; readonly location: string }
  | {
      readonly outcome: 'concerned';
      /** Exceptions in force that concern the requester, in the order of the consent. */
      readonly permissions: readonly Provision[];
      readonly denials: readonly Provision[];
    };

/**
 * Which parts of a consent concern the one who asks, now.
 *
 * Groups are not resolved here: who belongs to one is for the caller to vouch for. When nobody is named, the question is
 * about whoever the consent names, provided that this can be one and the same recipient; otherwise the requester has to
 * be named, because the sum of what several recipients may have is what none of them may.
 */
export function concerning({ root }: ConsentPolicy, question: ResidualQuestion): Concerned {
  const isConcerned = ({ actors }: Provision): boolean =>
    actors === undefined ||
    question.requester === undefined ||
    actors.some((actor) => question.requester?.some((one) => isSame(actor, one, question.base)));
  if (!isConcerned(root)) return { outcome: 'none', code: 'residual.other-requester', location: root.location };

  const exceptions = root.exceptions
    .filter(
      ({ from, until }) =>
        !(from !== undefined && question.at < from) && !(until !== undefined && question.at >= until),
    )
    .filter(isConcerned);
  const permissions = exceptions.filter(({ type }) => type === 'permit');
  const denials = exceptions.filter(({ type }) => type === 'deny');
  if (question.requester === undefined) {
    const naming = [root, ...permissions].filter(({ actors }) => actors !== undefined);
    const [first, ...others] = naming;
    const shared = first?.actors?.filter((actor) =>
      others.every(({ actors }) => actors?.some((other) => isSame(actor, other, question.base))),
    );
    if (first !== undefined && shared?.length === 0)
      return { outcome: 'none', code: 'residual.requester-needed', location: first.location };
  }
  return { outcome: 'concerned', permissions, denials };
}

/** The same resource, relative to the server or not, in whatever version. */
function isSame(a: string, b: string, base: string | undefined): boolean {
  return normal(a, base) === normal(b, base);
}

function normal(reference: string, base: string | undefined): string {
  const unversioned = reference.replace(/\/_history\/[^/]+$/, '');
  const prefix = base === undefined ? '' : `${base.replace(/\/+$/, '')}/`;
  return prefix !== '' && unversioned.startsWith(prefix) ? unversioned.slice(prefix.length) : unversioned;
}
