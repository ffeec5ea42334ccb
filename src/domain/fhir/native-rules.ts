import { descendants } from './fhirpath/navigate.js';
import { Node, spend, type Scope } from './fhirpath/items.js';
import { isKindOf } from './model.js';
import { readNarrative, type NarrativeFindings } from './narrative.js';

type Holds = (value: unknown, sibling: unknown, scope: Scope) => boolean;
type Members = Readonly<Record<string, unknown>>;

/**
 * Rules written by hand: because their FHIRPath would visit the whole resource once per element, because it cannot be
 * evaluated (`htmlChecks()`), or because the structure check says the same (ele-1). Each cites what it stands for; the
 * tests hold dom-3 and ref-1 to the answers of a full FHIRPath evaluator.
 */
export const NATIVE_RULES: Readonly<Record<string, Holds>> = {
  /** hasValue() or (children().count() > id.count()): the structure check reports empty elements itself. */
  'ele-1': () => true,
  'dom-2': (value) => contained(value).every((resource) => resource.contained === undefined),
  'dom-3': everyContainedIsReferenced,
  'dom-4': (value) => contained(value).every(({ meta }) => !has(meta, 'versionId') && !has(meta, 'lastUpdated')),
  'dom-5': (value) => contained(value).every(({ meta }) => !has(meta, 'security')),
  /** reference.startsWith('#').not() or (reference.substring(1) in %rootResource.contained.id); `#` is the container. */
  'ref-1': (value, _, scope) => {
    const reference = (value as Members).reference;
    if (typeof reference !== 'string' || reference.charCodeAt(0) !== 35 || reference === '#') return true;
    return containedTypes(scope).has(reference.slice(1));
  },
  /** operator = 'exists' implies (answer is Boolean): FHIR's boolean is meant, there is no other in a resource. */
  'que-7': (value) => {
    const { operator, answerBoolean, _answerBoolean: sibling } = value as Members;
    return operator !== 'exists' || answerBoolean !== undefined || sibling !== undefined;
  },
  /** Their text looks up the first element once per element: a snapshot of 816 elements would be 666,000 steps. */
  'sdf-8': (value, _, scope) => {
    const [first = '', ...others] = pathsOf(value);
    const { kind, type } = scope.resource.value as Members;
    return (
      (kind === 'logical' || (first !== '' && first === type)) && others.every((path) => path.startsWith(`${first}.`))
    );
  },
  'sdf-8a': (value, _, scope) => {
    const [first = '', ...others] = pathsOf(value);
    const { kind, type } = scope.resource.value as Members;
    const root = first.split('.', 1)[0]!;
    return (
      (kind === 'logical' || (first !== '' && typeof type === 'string' && first.startsWith(type))) &&
      others.every((path) => path.startsWith(`${root}.`))
    );
  },
  'txt-1': (value, _, scope) => typeof value !== 'string' || narrativeOf(value, scope).isSafe,
  'txt-2': (value, _, scope) => typeof value !== 'string' || narrativeOf(value, scope).hasContent,
};

/** Paths of the elements of a snapshot or a differential; the empty text where there is none. */
function pathsOf(value: unknown): string[] {
  const elements = (value as Members).element;
  if (!Array.isArray(elements)) return [];
  return elements.map((element: unknown) => {
    const path = isMembers(element) ? element.path : undefined;
    return typeof path === 'string' ? path : '';
  });
}

/** Resource types by id of what the current root resource contains. */
export function containedTypes({ rootResource, memo }: Scope): ReadonlyMap<string, string> {
  if (memo.containedIn !== rootResource) {
    const types = new Map<string, string>();
    for (const { id, resourceType } of contained(rootResource.value)) {
      if (typeof id === 'string') types.set(id, typeof resourceType === 'string' ? resourceType : '');
    }
    memo.contained = types;
    memo.containedIn = rootResource;
  }
  return memo.contained;
}

/** What reading one element of a narrative costs beside a step of FHIRPath. */
const STEPS_OF_ELEMENT = 2;

function narrativeOf(text: string, scope: Scope): NarrativeFindings {
  const { memo } = scope;
  if (memo.narrative !== text || memo.narrativeFindings === null) {
    memo.narrativeFindings = readNarrative(text, () => spend(scope, STEPS_OF_ELEMENT));
    memo.narrative = text;
  }
  return memo.narrativeFindings;
}

const NO_RESOURCES: readonly Members[] = [];

function contained(value: unknown): readonly Members[] {
  const list = (value as Members | null | undefined)?.contained;
  return Array.isArray(list) ? list.filter(isMembers) : NO_RESOURCES;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function has(value: unknown, key: string): boolean {
  return isMembers(value) && value[key] !== undefined;
}

/**
 * dom-3: a contained resource is referred to from the resource that contains it (`reference`, or a canonical, uri or
 * url), or itself refers to its container. One walk over the resource, whatever the number of contained ones.
 */
function everyContainedIsReferenced(value: unknown, _: unknown, scope: Scope): boolean {
  const resources = contained(value);
  if (resources.length === 0) return true;
  const named = new Set<string>();
  const node = new Node(value, undefined, String((value as Members).resourceType));
  for (const item of descendants([node], scope)) {
    if (!(item instanceof Node)) continue;
    if (typeof item.value === 'string') {
      if (item.value.startsWith('#') && isKindOf(item.type, 'uri')) named.add(item.value.slice(1));
    } else if (item.type === 'Reference' && isMembers(item.value) && typeof item.value.reference === 'string') {
      if (item.value.reference.startsWith('#')) named.add(item.value.reference.slice(1));
    }
  }
  return resources.every((resource) => {
    if (typeof resource.id === 'string' && named.has(resource.id)) return true;
    const own = descendants([new Node(resource, undefined, String(resource.resourceType))], scope);
    return own.some(
      (item) =>
        item instanceof Node &&
        ((item.value === '#' && item.type !== 'string') || (isMembers(item.value) && item.value.reference === '#')),
    );
  });
}
