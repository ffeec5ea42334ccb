import { descendants } from './fhirpath/navigate.js';
import { Node, spend, type Scope } from './fhirpath/items.js';
import { isKindOf } from './model.js';
import { checkDate } from './primitives.js';
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
  'dom-4': noneContained('versionId', 'lastUpdated'),
  'dom-5': noneContained('security'),
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

/**
 * What makes a rule hold for sure, asked before its FHIRPath is evaluated: the common case at a fraction of the cost.
 * False says nothing; the tests hold these to the evaluator too.
 */
export const HOLDS_SURELY: Readonly<Record<string, (value: unknown) => boolean>> = {
  /** start.hasValue().not() or end.hasValue().not() or (start <= end) */
  'per-1': (value) => {
    const { start, end, _start, _end } = value as Members;
    if ((start === undefined && _start === undefined) || (end === undefined && _end === undefined)) return true;
    return isDate(start) && isDate(end) && isNotAfter(start, end);
  },
  /** code.exists() implies ((system = %ucum) and value.exists()) */
  'drt-1': (value) => {
    const { code, _code, system, value: amount } = value as Members;
    if (code === undefined) return _code === undefined;
    return system === 'http://unitsofmeasure.org' && amount !== undefined && amount !== null;
  },
  /** value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty() */
  'obs-7': (value) => {
    const { code, component } = value as Members;
    if (component === undefined) return true;
    if (!Array.isArray(component) || !isMembers(code) || !Array.isArray(code.coding)) return false;
    const own = code.coding as unknown[];
    return component.every((one: unknown) => {
      const inner = isMembers(one) && isMembers(one.code) ? one.code.coding : null;
      // Codings of different codes are not equal, whatever else they say.
      return Array.isArray(inner) && inner.every((a) => own.every((b) => isOfOtherCode(a, b)));
    });
  },
  'dom-4': noneContained('versionId', 'lastUpdated'),
  'dom-5': noneContained('security'),
  /** (identifier.count() + name.count()) > 0 */
  'org-1': (value) => {
    const { identifier, name } = value as Members;
    return identifier !== undefined || name !== undefined;
  },
  /** low.empty() or high.empty() or (low <= high) */
  'rng-2': (value) => {
    const { low, high } = value as Members;
    return low === undefined || high === undefined;
  },
  /** lastModified.exists().not() or authoredOn.exists().not() or lastModified >= authoredOn */
  'Task.inv-1': (value) => {
    const { lastModified, _lastModified, authoredOn, _authoredOn } = value as Members;
    return (
      (lastModified === undefined && _lastModified === undefined) ||
      (authoredOn === undefined && _authoredOn === undefined)
    );
  },
  'tim-4': isWithout('duration'),
  'tim-5': isWithout('period'),
  'tim-9': isWithout('offset'),
  /** extension.exists() != value.exists(), of an extension whose members are known to be members of one. */
  'ext-1': (value) => {
    let values = 0;
    for (const name in value as Members) {
      if (name.charCodeAt(0) === UNDERSCORE) return false;
      if (name.charCodeAt(0) === LETTER_V && (value as Members)[name] !== undefined) values += 1;
    }
    return (values === 0) === ((value as Members).extension !== undefined);
  },
  'ref-1': (value) => {
    const { reference } = value as Members;
    return typeof reference === 'string' && reference.charCodeAt(0) !== 35;
  },
  /** entry.all(request.exists() = …): batches, transactions and histories have requests, and nothing else has. */
  'bdl-3': (value) => entriesOf(value).every(({ request }) => (request !== undefined) === isOneOf(value, BATCHES)),
  'bdl-4': (value) => entriesOf(value).every(({ response }) => (response !== undefined) === isOneOf(value, RESPONSES)),
  /** (type = 'history') or entry.where(fullUrl.exists()).select(fullUrl&resource.meta.versionId).isDistinct() */
  'bdl-7': (value) => {
    const urls = entriesOf(value).map(({ fullUrl }) => fullUrl);
    return urls.every((url) => typeof url === 'string') && new Set(urls).size === urls.length && !hasVersions(value);
  },
  'bdl-8': (value) => {
    const { fullUrl } = value as Members;
    return typeof fullUrl === 'string' && !fullUrl.includes('/_history/');
  },
  'bdl-11': isCollection,
  'bdl-12': isCollection,
};

const UNDERSCORE = 0x5f;
const LETTER_V = 0x76;
const BATCHES = new Set(['batch', 'transaction', 'history']);
const RESPONSES = new Set(['batch-response', 'transaction-response', 'history']);

function isOneOf(value: unknown, types: ReadonlySet<string>): boolean {
  const { type } = value as Members;
  return typeof type === 'string' && types.has(type);
}

/** Neither a document nor a message: the rules of their first entries say nothing. */
function isCollection(value: unknown): boolean {
  const { type } = value as Members;
  return typeof type === 'string' && type !== 'document' && type !== 'message';
}

function entriesOf(value: unknown): readonly Members[] {
  const { entry } = value as Members;
  return Array.isArray(entry) ? entry.filter(isMembers) : NO_RESOURCES;
}

const hasVersions = (bundle: unknown): boolean =>
  entriesOf(bundle).some(({ resource }) => isMembers(resource) && has(resource.meta, 'versionId'));

const isDate = (value: unknown): value is string => typeof value === 'string' && checkDate(value) === null;

/** Dates of unequal precision are compared as far as both go, and what is equal that far is not told here. */
function isNotAfter(start: string, end: string): boolean {
  if (start.length === end.length) return start <= end;
  const length = Math.min(start.length, end.length);
  return start.slice(0, length) < end.slice(0, length);
}

function isOfOtherCode(a: unknown, b: unknown): boolean {
  if (!isMembers(a) || !isMembers(b)) return false;
  return typeof a.code === 'string' && typeof b.code === 'string' && a.code !== b.code;
}

const CONTAINED: ReadonlySet<string> = new Set(['contained']);
/** The elements that a native rule looks at, where these are few. */
export const NATIVE_READS: Readonly<Record<string, ReadonlySet<string>>> = {
  'dom-2': CONTAINED,
  'dom-3': CONTAINED,
  'dom-4': CONTAINED,
  'dom-5': CONTAINED,
  'ref-1': new Set(['reference']),
  'que-7': new Set(['operator', 'answer']),
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
export const STEPS_OF_ELEMENT = 2;

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

/** The rule asks nothing where the element, and what could stand beside it, is absent. */
function isWithout(name: string): (value: unknown) => boolean {
  return (value) => (value as Members)[name] === undefined && (value as Members)[`_${name}`] === undefined;
}

/** No contained resource says this of itself. */
function noneContained(...names: readonly string[]): (value: unknown) => boolean {
  return (value) => contained(value).every(({ meta }) => !names.some((name) => has(meta, name)));
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
