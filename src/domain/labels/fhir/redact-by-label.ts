import type { Resource } from 'fhir/r4.js';
import { permits, type LabelMask } from '../labels.js';
import type { LabelRules } from '../rules/rules.js';
import { labelsOfSecurity } from '../security-labels.js';
import type { Condition, ElementRule, FhirSituation, ProfileRules } from './fhir-rules.js';
import { hear, isPlain, labelsSaid, lastOf, valueOf, type Plain, type Said } from './said.js';

/** What is left of a resource (itself, where all of it is), and the labels of everything that is left. */
export interface Left {
  readonly resource: Resource;
  readonly labels: LabelMask;
}

interface Pass {
  readonly rules: LabelRules;
  readonly permitted: LabelMask;
  readonly itemCodes: boolean;
  /** The labels of what was kept. */
  found: LabelMask;
}

/** Base: what the path says, replaced by the next rule below. Added: what codes and conditions say, never taken back. */
interface Masks {
  readonly base: LabelMask;
  readonly added: LabelMask;
}

/**
 * The second pass: takes out of FHIR resources whatever the permitted labels do not cover. It goes by the rules of
 * config/labels/fhir.yaml, by the codes that stand in the resources and by their `meta.security`, and knows nothing of the maps
 * nor of what the first pass (withhold, generated mapping) thought: one that is wrong is caught by the other.
 *
 * Fail closed: a resource of an unknown kind, or with a security label that is not understood, goes. Narratives have no
 * labels of their own and go; so do contained resources that no rule names. What must exist in FHIR is not looked at here.
 *
 * Laws (tested): idempotent; nothing outside the permit is left; nothing hidden decides on what is left.
 */
export function redactByLabel(rules: LabelRules, permitted: LabelMask, resources: readonly Resource[]): Left[] {
  const plain = resources as unknown as readonly Plain[];
  const profiles = plain.map((resource) => profileOf(rules, resource));
  const { said, situations } = hear(rules, plain);
  const masks = labelsOfResources(rules, plain, profiles, said);
  return plain.flatMap((resource, index) => {
    const mask = masks[index];
    const profile = profiles[index];
    if (profile === null || profile === undefined) return [];
    if (mask === null || mask === undefined || !permits(permitted, mask)) return [];
    const pass: Pass = { rules, permitted, itemCodes: profile.itemCodes, found: mask };
    const left = keepResource(pass, profile, situations, resource);
    return left === null ? [] : [{ resource: left as unknown as Resource, labels: pass.found }];
  });
}

/** What each resource says as a whole; null where its security label is not understood. */
function labelsOfResources(
  rules: LabelRules,
  resources: readonly Plain[],
  profiles: readonly (ProfileRules | null)[],
  said: readonly Said[],
): readonly (LabelMask | null)[] {
  const own = resources.map((resource, at) => {
    const profile = profiles[at] ?? null;
    let mask = profile?.itemCodes === true ? 0 : (said[at]?.labels ?? 0);
    for (const condition of profile?.root.when ?? []) if (holds(condition, resource)) mask |= condition.labels;
    return mask;
  });
  const masks = passedOn(rules, resources, said, own);
  return resources.map(({ meta }, at) => {
    const security = isPlain(meta) ? labelsOfSecurity(meta['security']) : 0;
    return security === null ? null : security | (masks[at] ?? 0);
  });
}

/** Labels with those of what a resource refers to, where that passes its labels on. */
function passedOn(
  rules: LabelRules,
  resources: readonly Plain[],
  said: readonly Said[],
  own: LabelMask[],
): readonly LabelMask[] {
  const index = new Map<string, number>();
  resources.forEach((resource, at) => {
    if (rules.fhir.passingOn.has(profileName(resource) ?? '')) index.set(nameOf(resource), at);
    else index.delete(nameOf(resource));
  });
  if (index.size === 0) return own;
  const targets = said.map(({ references }) =>
    references.flatMap((reference) => {
      const at = index.get(reference);
      return at === undefined ? [] : [at];
    }),
  );
  for (let changed = true; changed;) {
    changed = false;
    targets.forEach((names, at) => {
      const before = own[at] ?? 0;
      const after = names.reduce((mask, target) => mask | (own[target] ?? 0), before);
      if (after !== before) [own[at], changed] = [after, true];
    });
  }
  return own;
}

const nameOf = ({ resourceType, id }: Plain): string => `${String(resourceType)}/${String(id)}`;

const OWN_PROFILES = 'https://relais.example/fhir/StructureDefinition/';

function profileName({ meta }: Plain): string | undefined {
  const profiles = isPlain(meta) && Array.isArray(meta['profile']) ? (meta['profile'] as unknown[]) : [];
  const own = profiles.find((url): url is string => typeof url === 'string' && url.startsWith(OWN_PROFILES));
  return own === undefined ? undefined : lastOf(own);
}

/** The rules of a resource: of its own profile, else of its type; null where nobody wrote any. */
export function profileOf({ fhir }: LabelRules, resource: Plain): ProfileRules | null {
  const name = profileName(resource);
  if (name !== undefined) return fhir.profiles.get(name) ?? null;
  const type = fhir.types.get(String(resource['resourceType']));
  return type === undefined ? null : { root: { labels: type, when: [], inner: new Map() }, itemCodes: false };
}

/** Says what the whole resource says, again. */
const NARRATIVE = 'text';
const NOTHING_HIDDEN: readonly FhirSituation[] = [];

function keepResource(
  pass: Pass,
  { root }: ProfileRules,
  situations: readonly FhirSituation[],
  resource: Plain,
): Plain | null {
  const { neutral } = pass.rules.fhir;
  const isPerson = resource['resourceType'] === 'Patient';
  const above: Masks = { base: root.labels ?? 0, added: 0 };
  const left: Record<string, unknown> = {};
  let hasContent = false;
  let isWhole = true;
  for (const name in resource) {
    const member = resource[name];
    if (neutral.has(name)) {
      left[name] = member;
      continue;
    }
    if (name === NARRATIVE) {
      isWhole = false;
      continue;
    }
    const hiding = isPerson ? situations.filter(({ hides }) => hides.has(name)) : NOTHING_HIDDEN;
    const content = name === 'contained' ? namedByRule(root, member) : member;
    const kept = keepMember(pass, name, content, root, above, hiding);
    if (kept !== member) isWhole = false;
    if (kept === undefined) continue;
    left[name] = kept;
    // A key alone tells that there is something, and nothing else.
    if (name !== 'identifier') hasContent = true;
  }
  // Where nothing was taken, it is there for others to refer to.
  return isWhole ? resource : hasContent ? left : null;
}

/** Contained resources of the kinds that a rule speaks of. */
function namedByRule({ inner }: ElementRule, contained: unknown): unknown {
  const items = Array.isArray(contained) ? (contained as unknown[]) : [];
  return items.filter((item) => inner.has(segmentOf('contained', item)));
}

/** @returns the value itself where all of it is kept */
function keepMember(
  pass: Pass,
  name: string,
  value: unknown,
  rule: ElementRule | undefined,
  above: Masks,
  hiding: readonly FhirSituation[] = NOTHING_HIDDEN,
): unknown {
  if (!Array.isArray(value)) return keepItem(pass, name, value, rule, above, hiding);
  const items = value as readonly unknown[];
  let isWhole = true;
  // Primitives and what stands beside them (`_given`) are one: positions count.
  let hasPositions = true;
  const isSibling = name.charCodeAt(0) === UNDERSCORE;
  const kept = items.map((item) => {
    const left = keepItem(pass, name, item, rule, above, hiding);
    if (left !== item) isWhole = false;
    if (hasPositions && !isSibling && isPlain(item)) hasPositions = false;
    return left;
  });
  if (hasPositions) {
    if (kept.every((item) => item === undefined || item === null)) return undefined;
    return isWhole && !kept.includes(undefined) ? value : kept.map((item) => item ?? null);
  }
  if (isWhole && kept.length > 0) return value;
  const left = kept.filter((item) => item !== undefined);
  return left.length === 0 ? undefined : left;
}

const UNDERSCORE = 0x5f;

function keepItem(
  pass: Pass,
  name: string,
  item: unknown,
  rule: ElementRule | undefined,
  above: Masks,
  hiding: readonly FhirSituation[],
): unknown {
  if (item === null) return null;
  const bare = name.charCodeAt(0) === UNDERSCORE ? name.slice(1) : name;
  const { anywhere } = pass.rules.fhir;
  const isObject = isPlain(item);
  const segment = isObject ? segmentOf(bare, item) : bare;
  const own = rule?.inner.get(segment) ?? rule?.inner.get(bare);
  let added = above.added | (anywhere.get(bare) ?? 0) | (segment === bare ? 0 : (anywhere.get(segment) ?? 0));
  if (own !== undefined) for (const condition of own.when) if (holds(condition, item)) added |= condition.labels;
  for (const { unless, labels } of hiding) if (unless === null || !holds(unless, item)) added |= labels;
  if (!isObject) return keepLeaf(pass, item, (own?.labels ?? above.base) | added);
  if (pass.itemCodes) added |= labelsSaid(pass.rules, item);
  const masks: Masks = { base: own?.labels ?? above.base, added };

  let left: Record<string, unknown> | undefined;
  let isHollow = true;
  for (const inner in item) {
    const kept = keepMember(pass, inner, item[inner], own, masks);
    if (kept !== item[inner]) left ??= membersBefore(item, inner);
    if (kept === undefined) continue;
    if (left !== undefined) left[inner] = kept;
    if (inner !== 'id' && inner !== 'url' && inner !== 'resourceType') isHollow = false;
  }
  return isHollow ? undefined : (left ?? item);
}

/** The members that stand before one, all of which were kept. */
function membersBefore(item: Plain, end: string): Record<string, unknown> {
  const before: Record<string, unknown> = {};
  for (const name in item) {
    if (name === end) break;
    if (item[name] !== undefined) before[name] = item[name];
  }
  return before;
}

function keepLeaf(pass: Pass, value: unknown, mask: LabelMask): unknown {
  if (!permits(pass.permitted, mask)) return undefined;
  pass.found |= mask;
  return value;
}

/**
 * How rules call an item: by the URL of an extension, the code of a component, the system or kind of an identifier, the
 * system of a concept's first code, the type of a contained resource.
 */
function segmentOf(name: string, item: unknown): string {
  if (!isPlain(item)) return name;
  if (name === 'extension' || name === 'modifierExtension') return `extension(${lastOf(String(item['url']))})`;
  if (name === 'component') return `component(${firstCoding(item['code'], 'code')})`;
  if (name === 'identifier') {
    const { system, type } = item;
    return `identifier(${typeof system === 'string' ? lastOf(system) : firstCoding(type, 'code')})`;
  }
  if (name === 'contained') return `contained(${String(item['resourceType'])})`;
  return 'coding' in item ? `${name}(${lastOf(firstCoding(item, 'system'))})` : name;
}

function firstCoding(concept: unknown, member: 'code' | 'system'): string {
  const coding = isPlain(concept) && Array.isArray(concept['coding']) ? (concept['coding'] as unknown[])[0] : undefined;
  return isPlain(coding) ? String(coding[member]) : '';
}

function holds({ has, is }: Omit<Condition, 'labels'>, item: unknown): boolean {
  return valuesAt(item, has.split('.')).includes(is);
}

/** What stands at a path of members and extensions below an element; an extension stands for its value at the end. */
function valuesAt(item: unknown, [segment, ...rest]: readonly string[]): unknown[] {
  if (segment === undefined) return [isPlain(item) && typeof item['url'] === 'string' ? valueOf(item) : item];
  if (!isPlain(item)) return [];
  const named = /^extension\((.+)\)$/.exec(segment)?.[1];
  const { extension } = item;
  if (named === undefined) return [item[segment]].flat().flatMap((one) => valuesAt(one, rest));
  if (!Array.isArray(extension)) return [];
  return (extension as unknown[])
    .filter((one) => isPlain(one) && lastOf(String(one['url'])) === named)
    .flatMap((one) => valuesAt(one, rest));
}
