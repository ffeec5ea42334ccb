import { R4_CODES } from './generated/r4-codes.js';
import { R4_TYPES } from './generated/r4-types.js';

/**
 * The R4 definitions as objects, read lazily: one line of generated JSON per type, parsed when the type is first asked
 * for. Types are resources (`Patient`), datatypes (`HumanName`), nested elements by path (`Patient.contact`) and
 * primitives (`dateTime`).
 */
export interface TypeInfo {
  readonly name: string;
  readonly kind: 'resource' | 'complex' | 'nested' | 'primitive';
  readonly base: TypeInfo | null;
  /** All elements, inherited ones first, in the order of the standard. */
  readonly elements: readonly ElementInfo[];
  /** By name without `[x]`. */
  readonly byName: ReadonlyMap<string, ElementInfo>;
  /** By JSON member name: `deceasedBoolean` → the element and the type that this name chooses. */
  readonly byKey: ReadonlyMap<string, { readonly element: ElementInfo; readonly type: TypeRef }>;
  /** Names in R4_INVARIANTS, inherited ones included. */
  readonly invariants: readonly string[];
}

export interface ElementInfo {
  /** Without `[x]`. */
  readonly name: string;
  readonly isChoice: boolean;
  readonly types: readonly TypeRef[];
  readonly min: number;
  /** Infinity for `*`. */
  readonly max: number;
  /** Canonical URL of the value set of a required binding. */
  readonly binding: string | undefined;
  readonly invariants: readonly string[];
}

export interface TypeRef {
  readonly name: string;
  /** JSON member name of the element in this type: `value` → `valueQuantity`. */
  readonly key: string;
  /** `SimpleQuantity` or `MoneyQuantity` where the standard demands that profile of Quantity. */
  readonly profile: string | undefined;
  /** Resource types that a Reference may point to; undefined: any. */
  readonly targets: readonly string[] | undefined;
  /** An XML attribute (Extension.url, Element.id): has no `_` sibling, hence no extensions. */
  readonly isAttribute: boolean;
}

const KINDS = { r: 'resource', c: 'complex', b: 'nested', p: 'primitive', x: 'complex' } as const;
type Row = [keyof typeof KINDS, string | null, [string, string, number, number, string?, string[]?][], string[]];

const ABSTRACT = new Set(['Resource', 'DomainResource']);
const types = new Map<string, TypeInfo>();

/** @param name a type name or the path of a nested element; undefined for what R4 does not define */
export function typeInfo(name: string): TypeInfo | undefined {
  const known = types.get(name);
  if (known !== undefined) return known;
  if (!Object.hasOwn(R4_TYPES, name)) return undefined;
  const info = readType(name, JSON.parse(R4_TYPES[name]!) as Row);
  types.set(name, info);
  return info;
}

/** True for the name of a resource that can exist (not the abstract Resource and DomainResource). */
export function isResourceType(name: string): boolean {
  if (resourceTypes.has(name)) return true;
  if (!isResourceName(name)) return false;
  resourceTypes.add(name);
  return true;
}
const resourceTypes = new Set<string>();

function isResourceName(name: string): boolean {
  return Object.hasOwn(R4_TYPES, name) && R4_TYPES[name]!.startsWith('["r"') && !ABSTRACT.has(name);
}

/** Names of all types of a kind, sorted. */
export function typeNames(kind: TypeInfo['kind']): string[] {
  return Object.keys(R4_TYPES).filter((name) => KINDS[R4_TYPES[name]![2] as keyof typeof KINDS] === kind);
}

/** True when `name` is `ancestor` or is derived from it (a `code` is a `string`, a Patient a DomainResource). */
export function isKindOf(name: string, ancestor: string): boolean {
  for (let type = typeInfo(name) ?? null; type !== null; type = type.base) if (type.name === ancestor) return true;
  return false;
}

function readType(name: string, [kind, baseName, rows, rules]: Row): TypeInfo {
  const base = baseName === null ? null : typeInfo(baseName)!;
  const elements = [...(base?.elements ?? []), ...rows.map(readElement)];
  const byName = new Map(elements.map((element) => [element.name, element]));
  const byKey = new Map(
    elements.flatMap((element) => element.types.map((type) => [type.key, { element, type }] as const)),
  );
  const invariants = [...new Set([...(base?.invariants ?? []), ...rules])];
  return { name, kind: KINDS[kind], base, elements, byName, byKey, invariants };
}

function readElement([rawName, typeList, min, max, binding, invariants]: Row[2][number]): ElementInfo {
  const isChoice = rawName.endsWith('[x]');
  const name = isChoice ? rawName.slice(0, -3) : rawName;
  return {
    name,
    isChoice,
    types: typeList.split('|').map((text) => readTypeRef(text, name, isChoice)),
    min,
    max: max < 0 ? Infinity : max,
    binding: binding || undefined,
    invariants: invariants ?? [],
  };
}

/** `@uri`, `Reference(Patient,Group)`, `Quantity~SimpleQuantity`, `HumanName`. */
function readTypeRef(text: string, elementName: string, isChoice: boolean): TypeRef {
  const [, attribute, name, , targets, , profile] = /^(@?)([\w.]+)(\(([\w,]+)\))?(~(\w+))?$/.exec(text)!;
  return {
    name: name!,
    key: isChoice ? elementName + name!.charAt(0).toUpperCase() + name!.slice(1) : elementName,
    profile,
    targets: targets?.split(','),
    isAttribute: attribute === '@',
  };
}

/** The codes of a value set by code system; undefined when the set is open (media types, units) or unknown. */
export function codesOf(valueSet: string): ReadonlyMap<string, ReadonlySet<string>> | undefined {
  const known = codes.get(valueSet);
  if (known !== undefined) return known;
  if (!Object.hasOwn(R4_CODES, valueSet)) return undefined;
  const row = JSON.parse(R4_CODES[valueSet]!) as (string | string[])[];
  const bySystem = new Map<string, Set<string>>();
  for (let index = 0; index < row.length; index += 2) {
    const system = row[index] as string;
    bySystem.set(system, new Set([...(bySystem.get(system) ?? []), ...(row[index + 1] as string[])]));
  }
  codes.set(valueSet, bySystem);
  return bySystem;
}
const codes = new Map<string, ReadonlyMap<string, ReadonlySet<string>>>();
