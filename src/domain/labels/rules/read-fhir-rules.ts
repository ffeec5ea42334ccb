import { isResourceType } from '../../fhir/model.js';
import { nearest, type Report } from '../../mapping/finding.js';
import type { MapTree, Tree } from '../../mapping/template/yaml-tree.js';
import {
  OWN_CODE_SYSTEMS,
  type Condition,
  type ElementRule,
  type FhirLabelRules,
  type FhirSituation,
  type ProfileRules,
} from '../fhir/fhir-rules.js';
import type { LabelMask } from '../labels.js';
import { asList, asMap, member, needed, readLabels, scalars, textAt } from './read-tree.js';

export const FHIR_KEYS = [
  ...['labels', 'about', 'neutral', 'anywhere', 'passingOn', 'adolescent', 'situations', 'sender', 'profiles', 'types'],
] as const;
export const PROFILE_KEYS = ['default', 'when', 'itemCodes', 'elements'] as const;
export const ELEMENT_KEYS = ['labels', 'when'] as const;
export const CONDITION_KEYS = ['has', 'is', 'labels'] as const;
export const FHIR_SITUATION_KEYS = [...['id', 'codes', 'extensions', 'security', 'hides', 'unless', 'labels']] as const;

/**
 * config/labels/fhir.yaml
 *
 * @param tables names of the tables of case.yaml: Relais' own code systems
 */
export function readFhirRules(root: MapTree, tables: ReadonlySet<string>, report: Report): FhirLabelRules {
  asMap(root, FHIR_KEYS, report);
  const profiles = new Map(
    entries(needed(root, 'profiles', report), report).map(
      ({ key, value }) => [key, readProfile(value, report)] as const,
    ),
  );
  return {
    neutral: new Set(scalars(member(root, 'neutral'), report).map(({ value }) => String(value))),
    anywhere: new Map(
      entries(member(root, 'anywhere'), report).map(({ key, value }) => [key, readLabels(value, report)]),
    ),
    passingOn: readNames(member(root, 'passingOn'), profiles, report),
    adolescent: readAges(member(root, 'adolescent'), report),
    situations: asList(member(root, 'situations'), report).flatMap((tree) => readSituation(tree, tables, report) ?? []),
    sender: readSender(member(root, 'sender'), profiles, report),
    profiles,
    types: readTypes(member(root, 'types'), report),
  };
}

function entries(tree: Tree | undefined, report: Report): MapTree['entries'] {
  return asMap(tree, null, report)?.entries ?? [];
}

function readNames(
  tree: Tree | undefined,
  profiles: ReadonlyMap<string, unknown>,
  report: Report,
): ReadonlySet<string> {
  return new Set(
    scalars(tree, report).map(({ value, place }) => {
      const name = String(value);
      if (!profiles.has(name)) report(place, `There is no profile ${name}.`, nearest(name, profiles.keys()));
      return name;
    }),
  );
}

function readSender(
  tree: Tree | undefined,
  profiles: ReadonlyMap<string, unknown>,
  report: Report,
): FhirLabelRules['sender'] {
  const map = asMap(tree, ['publicSystems', 'elements'], report);
  const texts = (one: Tree | undefined): string[] => scalars(one, report).map(({ value }) => String(value));
  if (map === null) return { publicSystems: [], elements: new Map() };
  const elements = entries(member(map, 'elements'), report).map(({ key, keyPlace, value }) => {
    if (!profiles.has(key)) report(keyPlace, `There is no profile ${key}.`, nearest(key, profiles.keys()));
    return [key, texts(value)] as const;
  });
  return { publicSystems: texts(member(map, 'publicSystems')), elements: new Map(elements) };
}

function readTypes(tree: Tree | undefined, report: Report): ReadonlyMap<string, LabelMask> {
  return new Map(
    entries(tree, report).map(({ key, keyPlace, value }) => {
      if (!isResourceType(key)) report(keyPlace, `FHIR R4 has no resource ${key}.`);
      return [key, readLabels(value, report)];
    }),
  );
}

function readAges(tree: Tree | undefined, report: Report): FhirLabelRules['adolescent'] {
  const map = asMap(tree, ['from', 'until'], report);
  if (map === null) return null;
  const age = (key: string): number => {
    const found = needed(map, key, report);
    if (found?.kind === 'scalar' && typeof found.value === 'number') return found.value;
    report(map.place, `${key} is an age in years.`);
    return 0;
  };
  return { from: age('from'), until: age('until') };
}

function readProfile(tree: Tree, report: Report): ProfileRules {
  const none: ProfileRules = { root: { labels: 0, when: [], inner: new Map() }, itemCodes: false };
  const map = asMap(tree, PROFILE_KEYS, report);
  if (map === null) return none;
  const root = draft(readLabels(needed(map, 'default', report), report));
  root.when = readConditions(member(map, 'when'), report);
  for (const { key, keyPlace, value } of entries(member(map, 'elements'), report)) {
    let at = root;
    for (const segment of key.split('.')) {
      if (!SEGMENT.test(segment)) report(keyPlace, `${key} is no path of FHIR elements.`);
      const next = at.inner.get(segment) ?? draft(null);
      at.inner.set(segment, next);
      at = next;
    }
    readElement(at, value, report);
  }
  const itemCodes = member(map, 'itemCodes');
  return { root, itemCodes: itemCodes?.kind === 'scalar' && itemCodes.value === true };
}

const SEGMENT = /^[A-Za-z]+(?:\([A-Za-z0-9-]+\))?$/;

interface Draft extends ElementRule {
  labels: LabelMask | null;
  when: readonly Condition[];
  readonly inner: Map<string, Draft>;
}

const draft = (labels: LabelMask | null): Draft => ({ labels, when: [], inner: new Map() });

function readElement(at: Draft, tree: Tree, report: Report): void {
  if (tree.kind === 'list') {
    at.labels = readLabels(tree, report);
    return;
  }
  const map = asMap(tree, ELEMENT_KEYS, report);
  if (map === null) return;
  at.labels = readLabels(needed(map, 'labels', report), report);
  at.when = readConditions(member(map, 'when'), report);
}

function readConditions(tree: Tree | undefined, report: Report): Condition[] {
  return asList(tree, report).flatMap((one) => {
    const condition = asMap(one, CONDITION_KEYS, report);
    if (condition === null) return [];
    const read = readCondition(condition, report);
    return read === null ? [] : [{ ...read, labels: readLabels(needed(condition, 'labels', report), report) }];
  });
}

function readCondition(map: MapTree, report: Report): Omit<Condition, 'labels'> | null {
  const has = textAt(map, 'has', report);
  const is = needed(map, 'is', report);
  if (has === undefined || is?.kind !== 'scalar' || is.value === null) {
    report(map.place, 'A condition says which member it looks at (has) and what must stand there (is).');
    return null;
  }
  return { has, is: typeof is.value === 'boolean' ? is.value : String(is.value) };
}

function readSituation(tree: Tree, tables: ReadonlySet<string>, report: Report): FhirSituation | null {
  const map = asMap(tree, FHIR_SITUATION_KEYS, report);
  if (map === null) return null;
  const codes = entries(member(map, 'codes'), report).map(({ key, keyPlace, value }) => {
    const isOwn = !key.includes(':');
    if (isOwn && !tables.has(key)) report(keyPlace, `There is no table ${key}.`, nearest(key, tables));
    const known = scalars(value, report).map((scalar) => String(scalar.value));
    return [isOwn ? `${OWN_CODE_SYSTEMS}${key}` : key, new Set(known)] as const;
  });
  const extensions = entries(member(map, 'extensions'), report).flatMap(({ key, value }) =>
    value.kind === 'scalar' && value.value !== null
      ? [[key, typeof value.value === 'boolean' ? value.value : String(value.value)] as const]
      : [],
  );
  const unless = asMap(member(map, 'unless'), ['has', 'is'], report);
  return {
    id: textAt(map, 'id', report) ?? '',
    codes: new Map(codes),
    extensions: new Map(extensions),
    security: new Set(scalars(member(map, 'security'), report).map(({ value }) => String(value))),
    hides: new Set(scalars(needed(map, 'hides', report), report).map(({ value }) => String(value))),
    unless: unless === null ? null : readCondition(unless, report),
    labels: readLabels(needed(map, 'labels', report), report),
  };
}
