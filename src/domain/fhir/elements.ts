import { codesOf, typeInfo, type ElementInfo, type TypeInfo } from './model.js';

export { nearest } from './nearest.js';

/** What the standard says of one element; for checks of mappings before they run. */
export interface ElementFacts {
  /** FHIR types; a nested element by its path (`Patient.contact`). More than one only for a choice. */
  readonly types: readonly string[];
  readonly min: number;
  /** Infinity for `*`. */
  readonly max: number;
  /** In JSON the element is an array. */
  readonly isArray: boolean;
  /** The path names the choice itself (`deceased`), not one of its types (`deceasedBoolean`). */
  readonly isOpenChoice: boolean;
  /** Resource types that a Reference may point to; undefined when any, or no Reference. */
  readonly targets: readonly string[] | undefined;
  /** Canonical URL of the required value set, and its codes by system when the set is finite. */
  readonly binding:
    { readonly valueSet: string; readonly codes: ReadonlyMap<string, ReadonlySet<string>> | undefined } | undefined;
}

/**
 * @param type a resource, datatype or nested element: `Patient`, `HumanName`, `Patient.contact`
 * @param path JSON member names with dots, without indexes: `contact.name.family`, `deceasedBoolean`; the choice
 *   itself may be named with or without `[x]`. May begin with the type.
 * @returns undefined when R4 defines no such element
 */
export function elementOf(type: string, path: string): ElementFacts | undefined {
  const names = path.split('.');
  if (names[0] === type && names.length > 1) names.shift();
  let info: TypeInfo | undefined = typeInfo(type);
  let facts: ElementFacts | undefined;
  for (const name of names) {
    const found = info === undefined ? undefined : findElement(info, name);
    if (found === undefined) return undefined;
    facts = found;
    info = found.types.length === 1 ? typeInfo(found.types[0]!) : undefined;
  }
  return facts;
}

function findElement(info: TypeInfo, name: string): ElementFacts | undefined {
  const chosen = info.byKey.get(name);
  if (chosen !== undefined) return factsOf(chosen.element, [chosen.type.name], chosen.type.targets, false);
  const element = info.byName.get(name.replace(/\[x\]$/, ''));
  if (element === undefined || (name.endsWith('[x]') && !element.isChoice)) return undefined;
  const targets = element.types.flatMap((type) => type.targets ?? []);
  const types = element.types.map((type) => type.name);
  return factsOf(element, types, targets.length > 0 ? targets : undefined, element.isChoice);
}

function factsOf(
  { min, max, binding }: ElementInfo,
  types: readonly string[],
  targets: readonly string[] | undefined,
  isOpenChoice: boolean,
): ElementFacts {
  const bound = binding === undefined ? undefined : { valueSet: binding, codes: codesOf(binding) };
  return { types, min, max, isArray: max > 1, isOpenChoice, targets, binding: bound };
}
