import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Holds a resource against a FHIR R4 StructureDefinition and those it is derived from: cardinalities, fixed values and
 * patterns, slices by value (`type`, `$this`), required bindings and reference targets. It reads nothing but the
 * definitions, so that what they ask for is not said a second time here.
 */
type Node = Record<string, unknown>;
interface Element {
  readonly id: string;
  readonly min?: number;
  readonly max?: string;
  readonly slicing?: { readonly discriminator: readonly { readonly type: string; readonly path: string }[] };
  readonly type?: readonly { readonly code: string; readonly targetProfile?: readonly string[] }[];
  readonly binding?: { readonly strength: string; readonly valueSet: string };
  readonly [more: string]: unknown;
}
interface Definition {
  readonly url: string;
  readonly baseDefinition: string;
  readonly differential: { readonly element: readonly Element[] };
}
interface ValueSet {
  readonly url: string;
  readonly compose: { readonly include: readonly { system: string; concept?: readonly { code: string }[] }[] };
}

export interface ProfileChecker {
  readonly has: (profile: string) => boolean;
  /** What the resource breaks; empty when it follows the profile. */
  readonly check: (resource: object, profile: string) => string[];
}

/** @param folder StructureDefinitions and ValueSets, one a file */
export function createProfileChecker(folder: string): ProfileChecker {
  const files = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Node);
  const of = <T extends { url: string }>(type: string): Map<string, T> =>
    new Map(files.filter((file) => file['resourceType'] === type).map((file) => [(file as T).url, file as T]));
  const definitions = of<Definition>('StructureDefinition');
  const valueSets = of<ValueSet>('ValueSet');

  const elementsOf = (url: string): Map<string, Element> => {
    const definition = definitions.get(url);
    if (definition === undefined) return new Map();
    const all = elementsOf(definition.baseDefinition);
    for (const element of definition.differential.element) {
      all.set(element.id, { ...all.get(element.id), ...element });
    }
    return all;
  };

  const inSet = (url: string, coding: Node): boolean =>
    valueSets
      .get(url)
      ?.compose.include.some(
        ({ system, concept }) =>
          coding['system'] === system && (concept === undefined || concept.some(({ code }) => code === coding['code'])),
      ) ?? true;
  const codingsOf = (value: unknown): Node[] =>
    typeof value === 'object' && value !== null && 'coding' in value ? (value.coding as Node[]) : [value as Node];

  return {
    has: (profile) => definitions.has(profile),
    check: (resource, profile) => {
      const elements = elementsOf(profile);
      if (elements.size === 0) throw new Error(`No such profile: ${profile}`);
      const broken: string[] = [];

      const holds = (element: Element | undefined, value: unknown): boolean => {
        if (element === undefined) return false;
        const fixed = Object.entries(element).find(([name]) => /^(fixed|pattern)[A-Z]/.test(name));
        if (fixed !== undefined) return contains(value, fixed[1]);
        const { binding } = element;
        return binding?.strength !== 'required' || codingsOf(value).some((one) => inSet(binding.valueSet, one));
      };
      const belongs = (id: string, discriminators: readonly { path: string }[], child: unknown): boolean =>
        discriminators.every(({ path }) =>
          path === '$this'
            ? holds(elements.get(id), child)
            : holds(elements.get(`${id}.${path}`), (child as Node)[path]),
        );
      /** Children of one node under the last step of an element's id. */
      const childrenOf = (id: string, node: Node): unknown[] => {
        const step = id.slice(id.lastIndexOf('.') + 1);
        const [name = '', slice] = step.split(':');
        const value = node[name];
        const children = value === undefined ? [] : Array.isArray(value) ? value : [value];
        if (slice === undefined) return children;
        const discriminators = elements.get(id.slice(0, id.lastIndexOf(':')))?.slicing?.discriminator ?? [];
        return children.filter((child) => belongs(id, discriminators, child));
      };
      const nodesOf = (id: string): unknown[] => {
        if (!id.includes('.')) return [resource];
        return nodesOf(id.slice(0, id.lastIndexOf('.'))).flatMap((node) => childrenOf(id, node as Node));
      };

      for (const element of elements.values()) {
        const { id, min = 0, max = '*', type = [] } = element;
        if (!id.includes('.')) continue;
        for (const parent of nodesOf(id.slice(0, id.lastIndexOf('.')))) {
          const children = childrenOf(id, parent as Node);
          if (children.length < min) broken.push(`${id}: ${children.length} where ${min} are needed`);
          if (max !== '*' && children.length > Number(max))
            broken.push(`${id}: ${children.length} where ${max} may be`);
          for (const child of children) {
            if (!holds(element, child)) broken.push(`${id}: not the value that the profile asks for`);
            const targets = type.flatMap(({ targetProfile = [] }) => targetProfile).map((url) => url.split('/').at(-1));
            const { reference = '', type: stated } = (typeof child === 'object' ? child : {}) as Record<string, string>;
            if (targets.length > 0 && !targets.includes(stated ?? reference.split('/')[0])) {
              broken.push(`${id}: refers to another type`);
            }
          }
        }
      }
      return broken;
    },
  };
}

/** FHIR pattern[x]: everything that the pattern has is there; more may be. */
function contains(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern)) {
    return Array.isArray(value) && pattern.every((wanted) => value.some((one) => contains(one, wanted)));
  }
  if (typeof pattern === 'object' && pattern !== null) {
    return (
      typeof value === 'object' &&
      value !== null &&
      Object.entries(pattern).every(([name, wanted]) => contains((value as Node)[name], wanted))
    );
  }
  return value === pattern;
}
