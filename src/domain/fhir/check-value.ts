import { codesOf, isKindOf, typeInfo, type ElementInfo, type TypeRef } from './model.js';
import { countElement, report, type CheckState } from './check-state.js';
import { isMembers, type Members } from './members.js';
import { containedTypes } from './native-rules.js';
import { PRIMITIVE_CHECKS } from './primitives.js';
import { readReference } from './references.js';

/** Checks one value (not an array of them) at the current place. */
export type ValueCheck = (value: unknown, state: CheckState) => void;

/** A primitive: its JSON kind, its format, its code when the binding is required. */
export function primitiveCheck(type: TypeRef, element: ElementInfo): ValueCheck {
  const check = PRIMITIVE_CHECKS[type.name]!;
  const parameters = { type: type.name };
  const codes = element.binding === undefined ? undefined : codesOf(element.binding);
  const allowed = codes === undefined ? undefined : new Set([...codes.values()].flatMap((set) => [...set]));
  return (value, state) => {
    countElement(state);
    const code = check(value);
    if (code !== null) {
      report(state, code, parameters);
      return;
    }
    if (allowed !== undefined && !allowed.has(value as string))
      report(state, 'fhir.code', { valueSet: element.binding! });
  };
}

/**
 * What the element adds to its datatype: the required value set of a CodeableConcept or Coding, the targets of a
 * Reference. Undefined when it adds nothing.
 */
export function elementCheck(type: TypeRef, element: ElementInfo): ValueCheck | undefined {
  if (type.name === 'Reference') return referenceCheck(type);
  const codes = element.binding === undefined ? undefined : codesOf(element.binding);
  if (codes === undefined) return undefined;
  const isIn = (coding: unknown): boolean =>
    isMembers(coding) &&
    typeof coding.system === 'string' &&
    typeof coding.code === 'string' &&
    codes.get(coding.system)?.has(coding.code) === true;
  const parameters = { valueSet: element.binding! };
  if (type.name === 'Coding') {
    return (value, state) => {
      if (!isIn(value) && !hasExtension(value)) report(state, 'fhir.code', parameters);
    };
  }
  if (type.name !== 'CodeableConcept') return undefined;
  return (value, state) => {
    const coding = isMembers(value) ? value.coding : undefined;
    if (Array.isArray(coding) ? coding.some(isIn) : hasExtension(value)) return;
    if (!hasExtension(value)) report(state, 'fhir.code', parameters);
  };
}

/** An extension may say why there is no code (data-absent-reason). */
function hasExtension(value: unknown): boolean {
  return isMembers(value) && value.extension !== undefined;
}

function referenceCheck({ targets }: TypeRef): ValueCheck {
  const allowed = targets === undefined ? undefined : new Set(targets);
  const parameters = { targets: targets?.join(', ') ?? '' };
  return (value, state) => {
    if (!isMembers(value)) return;
    const { reference, type } = value;
    let target: string | undefined;
    if (typeof reference === 'string') {
      const finding = readReference(reference);
      if (finding.isUnknownType) report(state, 'fhir.reference-type', undefined, 'reference');
      target = finding.type ?? containedType(reference, state) ?? bundledType(reference, state);
    }
    if (typeof type === 'string' && typeInfo(type)?.kind === 'resource') {
      if (target !== undefined && !isKindOf(target, type)) report(state, 'fhir.reference-type', undefined, 'type');
      target ??= type;
    }
    if (allowed !== undefined && target !== undefined && !allowed.has(target)) {
      report(state, 'fhir.reference-target', parameters);
    }
  };
}

function containedType(reference: string, state: CheckState): string | undefined {
  if (reference.charCodeAt(0) !== 35) return undefined;
  const root = state.scope.rootResource.value as Members;
  if (reference === '#') return typeof root.resourceType === 'string' ? root.resourceType : undefined;
  return containedTypes(state.scope).get(reference.slice(1)) || undefined;
}

/** A urn is resolved within its Bundle (https://hl7.org/fhir/R4/bundle.html#references). */
function bundledType(reference: string, state: CheckState): string | undefined {
  const { bundle } = state;
  if (bundle === null || !reference.startsWith('urn:')) return undefined;
  state.fullUrls ??= fullUrlsOf(bundle);
  return state.fullUrls.get(reference);
}

/** Resource types by fullUrl. */
export function fullUrlsOf(bundle: Members): Map<string, string> {
  const types = new Map<string, string>();
  for (const entry of Array.isArray(bundle.entry) ? (bundle.entry as unknown[]) : []) {
    if (!isMembers(entry) || typeof entry.fullUrl !== 'string' || !isMembers(entry.resource)) continue;
    const { resourceType } = entry.resource;
    if (typeof resourceType === 'string') types.set(entry.fullUrl, resourceType);
  }
  return types;
}
