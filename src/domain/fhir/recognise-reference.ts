import { fullUrlsOf } from './check-value.js';
import type { Members } from './members.js';
import { readReference } from './references.js';

/** One walk over a resource that recognises what is valid (recognise.ts). */
export interface Walk {
  elementsLeft: number;
  stepsLeft: number;
  readonly maxDepth: number;
  /** References and narratives met: what comes of them does not rest with the element that they are in. */
  beyond: number;
  bundle: Members | null;
  /** The resource that is looked at, and neither one around it nor one that it contains; for references within it. */
  container: Container | null;
  /** Resource types by fullUrl, made when a urn is first looked up. */
  fullUrls: ReadonlyMap<string, string> | null;
}

export interface Container {
  readonly type: string;
  /** What it contains by id; null where it contains nothing. */
  readonly contained: ReadonlyMap<unknown, Members> | null;
  /** Contained resources that references within it name, or that refer to it. */
  readonly linked: Set<Members>;
  /** The contained resource that is looked at. */
  within: Members | null;
}

/** A plain `Type/id` or a urn of the Bundle, of a type that the element takes; or nothing but display or identifier. */
export function isReference({ reference, type }: Members, targets: ReadonlySet<string> | null, walk: Walk): boolean {
  walk.beyond += 1;
  if (type !== undefined) return false;
  if (reference === undefined) return true;
  if (typeof reference !== 'string') return false;
  if (reference.charCodeAt(0) === 35) return isLocal(reference.slice(1), targets, walk);
  const finding = readReference(reference);
  if (finding.isUnknownType) return false;
  const target = finding.type ?? bundledType(reference, walk);
  return targets === null || target === undefined || targets.has(target);
}

/** Rule ref-1: a fragment names what the resource contains, or the resource itself. */
function isLocal(id: string, targets: ReadonlySet<string> | null, { container }: Walk): boolean {
  if (container === null) return false;
  const target = id === '' ? container.within : container.contained?.get(id);
  if (target != null) container.linked.add(target);
  const type = id === '' ? container.type : target?.resourceType;
  return typeof type === 'string' && (targets === null || targets.has(type));
}

function bundledType(reference: string, walk: Walk): string | undefined {
  if (walk.bundle === null || !reference.startsWith('urn:')) return undefined;
  return (walk.fullUrls ??= fullUrlsOf(walk.bundle)).get(reference);
}
