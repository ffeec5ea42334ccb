import type { Resource } from 'fhir/r4.js';
import { permits, type LabelMask } from '../labels.js';
import type { LabelRules } from '../rules/rules.js';
import { labelsOfSecurity } from '../security-labels.js';
import type { Condition, ElementRule, FhirSituation, ProfileRules } from './fhir-rules.js';
import { isPlain, labelsSaid, lastOf, objectsIn, situationsIn, valueOf, type Plain } from './said.js';

/** What is left of a resource, and the labels of everything that is left. */
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
  const situations = situationsIn(rules, plain);
  const said = labelsOfResources(rules, plain);
  return plain.flatMap((resource, index) => {
    const mask = said[index];
    const profile = profileOf(rules, resource);
    if (profile === null || mask === null || mask === undefined || !permits(permitted, mask)) return [];
    const pass: Pass = { rules, permitted, itemCodes: profile.itemCodes, found: mask };
    const left = keepResource(pass, profile, situations, resource);
    return left === null ? [] : [{ resource: left as unknown as Resource, labels: pass.found }];
  });
}

/** What each resource says as a whole; null where its security label is not understood. */
function labelsOfResources(rules: LabelRules, resources: readonly Plain[]): readonly (LabelMask | null)[] {
  const said = passedOn(
    rules,
    resources,
    resources.map((resource) => {
      const profile = profileOf(rules, resource);
      const { meta: _labels, ...content } = resource;
      const met = (profile?.root.when ?? []).filter((condition) => holds(condition, resource));
      const codes = profile?.itemCodes === true ? 0 : labelsSaid(rules, content);
      return met.reduce((mask, { labels }) => mask | labels, codes);
    }),
  );
  return resources.map(({ meta }, at) => {
    const security = isPlain(meta) ? labelsOfSecurity(meta['security']) : 0;
    return security === null ? null : security | (said[at] ?? 0);
  });
}

/** Labels with those of what a resource refers to, where that passes its labels on. */
function passedOn(rules: LabelRules, resources: readonly Plain[], own: LabelMask[]): readonly LabelMask[] {
  const index = new Map(resources.map((resource, at) => [nameOf(resource), at]));
  const passes = resources.map((resource) => rules.fhir.passingOn.has(profileName(resource) ?? ''));
  const targets = resources.map((resource) =>
    [...objectsIn(resource)].flatMap(({ reference }) => {
      const at = typeof reference === 'string' ? index.get(reference) : undefined;
      return at === undefined || passes[at] !== true ? [] : [at];
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

function keepResource(
  pass: Pass,
  { root }: ProfileRules,
  situations: readonly FhirSituation[],
  resource: Plain,
): Plain | null {
  const { neutral } = pass.rules.fhir;
  const isPerson = resource['resourceType'] === 'Patient';
  const left: Record<string, unknown> = {};
  let hasContent = false;
  for (const name in resource) {
    if (neutral.has(name)) {
      left[name] = resource[name];
      continue;
    }
    if (name === NARRATIVE) continue;
    const hiding = isPerson ? situations.filter(({ hides }) => hides.has(name)) : [];
    const content = name === 'contained' ? namedByRule(root, resource[name]) : resource[name];
    const kept = keepMember(pass, name, content, root, { base: root.labels ?? 0, added: 0 }, hiding);
    if (kept === undefined) continue;
    left[name] = kept;
    // A key alone tells that there is something, and nothing else.
    if (name !== 'identifier') hasContent = true;
  }
  return hasContent ? left : null;
}

/** Contained resources of the kinds that a rule speaks of. */
function namedByRule({ inner }: ElementRule, contained: unknown): unknown {
  const items = Array.isArray(contained) ? (contained as unknown[]) : [];
  return items.filter((item) => inner.has(segmentOf('contained', item)));
}

function keepMember(
  pass: Pass,
  name: string,
  value: unknown,
  rule: ElementRule | undefined,
  above: Masks,
  hiding: readonly FhirSituation[] = [],
): unknown {
  if (!Array.isArray(value)) return keepItem(pass, name, value, rule, above, hiding);
  const kept = value.map((item: unknown) => keepItem(pass, name, item, rule, above, hiding));
  // Primitives and what stands beside them (`_given`) are one: positions count.
  if (value.every((item) => !isPlain(item) || name.startsWith('_'))) {
    return kept.every((item) => item === undefined || item === null) ? undefined : kept.map((item) => item ?? null);
  }
  const left = kept.filter((item) => item !== undefined);
  return left.length === 0 ? undefined : left;
}

function keepItem(
  pass: Pass,
  name: string,
  item: unknown,
  rule: ElementRule | undefined,
  above: Masks,
  hiding: readonly FhirSituation[],
): unknown {
  if (item === null) return null;
  const bare = name.startsWith('_') ? name.slice(1) : name;
  const segment = segmentOf(bare, item);
  const own = rule?.inner.get(segment) ?? rule?.inner.get(bare);
  const { anywhere } = pass.rules.fhir;
  let added = above.added | (anywhere.get(bare) ?? 0) | (segment === bare ? 0 : (anywhere.get(segment) ?? 0));
  for (const condition of own?.when ?? []) if (holds(condition, item)) added |= condition.labels;
  for (const { unless, labels } of hiding) if (unless === null || !holds(unless, item)) added |= labels;
  if (pass.itemCodes && isPlain(item)) added |= labelsSaid(pass.rules, item);
  const masks: Masks = { base: own?.labels ?? above.base, added };
  if (!isPlain(item)) return keepLeaf(pass, item, masks);

  const left: Record<string, unknown> = {};
  let isHollow = true;
  for (const inner in item) {
    const kept = keepMember(pass, inner, item[inner], own, masks);
    if (kept === undefined) continue;
    left[inner] = kept;
    if (inner !== 'id' && inner !== 'url' && inner !== 'resourceType') isHollow = false;
  }
  return isHollow ? undefined : left;
}

function keepLeaf(pass: Pass, value: unknown, { base, added }: Masks): unknown {
  const mask = base | added;
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
