import { countElement, report, reportRule, Stop, type CheckState } from './check-state.js';
import { elementCheck, primitiveCheck, type ValueCheck } from './check-value.js';
import { Node } from './fhirpath/items.js';
import { isMembers, type Members } from './members.js';
import { isResourceType, typeInfo, type ElementInfo, type TypeInfo, type TypeRef } from './model.js';
import { nearest } from './nearest.js';
import { bitOf, ruleBitsOf, rulesOf } from './rule-bits.js';

/** One JSON member name of a type. */
interface Field {
  readonly element: ElementInfo;
  readonly isSibling: boolean;
  readonly isPrimitive: boolean;
  readonly isMany: boolean;
  /** Distinguishes the choice elements of one type; 0 for elements without choice. */
  readonly choiceBit: number;
  /** Distinguishes the required elements of one type; 0 for those that may be absent. */
  readonly requiredBit: number;
  /** The rules of the type that look at this element. */
  readonly ruleBits: number;
  /** `_name` for `name` and the reverse. */
  readonly partner: string;
  readonly check: ValueCheck;
}

type ObjectCheck = (value: Members, state: CheckState) => void;

const checks = new Map<string, ObjectCheck>();

/** The check of one complex type as a closure, made when the type is first met. */
export function checkOf(typeName: string): ObjectCheck {
  let check = checks.get(typeName);
  if (check === undefined) {
    // Types contain one another: the name must be known before the fields are made.
    const later: { run?: ObjectCheck } = {};
    checks.set(typeName, (value, state) => (later.run ??= build(typeInfo(typeName)!))(value, state));
    later.run = build(typeInfo(typeName)!);
    check = later.run;
    checks.set(typeName, check);
  }
  return check;
}

function build(info: TypeInfo): ObjectCheck {
  const required = info.elements.filter(({ min }) => min > 0);
  const allRequired = required.reduce((bits, _, index) => bits | bitOf(index), 0);
  const { rules, always, errors, of } = ruleBitsOf(info);
  const fields = fieldsOf(info, required, of);
  const isResource = info.kind === 'resource';
  // The `_` sibling of a value may hold nothing but an id; without the value that is too little (checkField).
  const isSiblingType = info.name === 'Element';
  return (value, state) => {
    countElement(state);
    if (state.depth >= state.limits.maxDepth) {
      report(state, 'fhir.too-deep', { max: String(state.limits.maxDepth) });
      throw new Stop();
    }
    state.depth += 1;
    let present = 0;
    let choices = 0;
    let seen = 0;
    let asked = always;
    for (const key in value) {
      const member = value[key];
      if (member === undefined || (isResource && key === 'resourceType')) continue;
      const field = fields.get(key);
      if (field === undefined) {
        reportUnknown(state, info, key);
        present += 1;
        continue;
      }
      if (key !== 'id' || isSiblingType) present += 1;
      seen |= field.requiredBit;
      asked |= field.ruleBits;
      if (field.choiceBit !== 0 && !(field.isSibling && value[field.partner] !== undefined)) {
        if ((choices & field.choiceBit) !== 0) report(state, 'fhir.choice', undefined, field.element.name);
        choices |= field.choiceBit;
      }
      state.path.push(field.element.name);
      checkField(field, member, value, state);
      state.path.pop();
    }
    if (present === 0 && !isResource) report(state, 'fhir.empty');
    if (seen !== allRequired) {
      for (let index = 0; index < required.length; index += 1) {
        if ((seen & bitOf(index)) === 0) report(state, 'fhir.required', undefined, required[index]!.name);
      }
    }
    if (!state.withWarnings) asked &= errors;
    if (asked !== 0) {
      for (const { rule, bit } of rules) {
        if ((asked & bit) !== 0 && (rule.severity === 'error' || state.withWarnings))
          if (!rule.holds(value, undefined, state.scope)) reportRule(state, rule);
      }
    }
    state.depth -= 1;
  };
}

/** The name that was sent is not repeated (it may be anything); the nearest name of the standard is. */
function reportUnknown(state: CheckState, info: TypeInfo, key: string): void {
  const name = nearest(info.name, key);
  const hint =
    name === undefined ? { en: '', fr: '' } : { en: ` Did you mean ${name}?`, fr: ` Vouliez-vous dire ${name} ?` };
  report(state, 'fhir.unknown-element', { type: info.name, hint });
}

function fieldsOf(
  info: TypeInfo,
  required: readonly ElementInfo[],
  ruleBitsFor: (element: string) => number,
): Map<string, Field> {
  const fields = new Map<string, Field>();
  let nextBit = 1;
  for (const element of info.elements) {
    const choiceBit = element.isChoice ? nextBit : 0;
    if (element.isChoice) nextBit *= 2;
    const requiredBit = element.min > 0 ? bitOf(required.indexOf(element)) : 0;
    const ruleBits = ruleBitsFor(element.name);
    for (const type of element.types) {
      const isPrimitive = typeInfo(type.name)?.kind === 'primitive';
      // One literal makes all fields: they are read for every element, and one layout is read several times faster.
      const add = (key: string, partner: string, isSibling: boolean, check: ValueCheck): void => {
        const isMany = element.max > 1;
        fields.set(key, { element, isSibling, isPrimitive, isMany, choiceBit, requiredBit, ruleBits, partner, check });
      };
      add(type.key, `_${type.key}`, false, valueCheckOf(type, element, isPrimitive));
      if (isPrimitive && !type.isAttribute) add(`_${type.key}`, type.key, true, checkSibling);
    }
  }
  return fields;
}

function valueCheckOf(type: TypeRef, element: ElementInfo, isPrimitive: boolean): ValueCheck {
  const rules = rulesOf([...element.invariants, ...(typeInfo(type.profile ?? '')?.invariants ?? [])], type.name);
  const checkRules = (value: unknown, state: CheckState) => {
    for (const rule of rules) {
      if (rule.severity === 'error' || state.withWarnings)
        if (!rule.holds(value, undefined, state.scope)) reportRule(state, rule);
    }
  };
  if (isPrimitive) {
    const check = primitiveCheck(type, element);
    if (rules.length === 0) return check;
    return (value, state) => {
      check(value, state);
      checkRules(value, state);
    };
  }
  if (type.name === 'Resource') return checkNestedResource;
  const extra = elementCheck(type, element);
  let nested: ObjectCheck | undefined;
  return (value, state) => {
    if (!isMembers(value)) {
      report(state, 'fhir.not-an-object');
      return;
    }
    (nested ??= checkOf(type.name))(value, state);
    if (extra !== undefined) extra(value, state);
    if (rules.length > 0) checkRules(value, state);
  };
}

const checkSibling: ValueCheck = (value, state) => {
  if (isMembers(value)) checkOf('Element')(value, state);
  else report(state, 'fhir.not-an-object');
};

function checkField(field: Field, member: unknown, owner: Members, state: CheckState): void {
  if (field.element.max === 0) {
    report(state, 'fhir.prohibited');
    return;
  }
  if (!field.isMany) {
    if (Array.isArray(member)) report(state, 'fhir.not-single');
    else if (member === null) report(state, 'fhir.null');
    else checkOne(field, member, field.isSibling ? owner[field.partner] : undefined, state);
    return;
  }
  if (!Array.isArray(member)) {
    report(state, 'fhir.not-an-array');
    return;
  }
  const partner = field.isPrimitive ? owner[field.partner] : undefined;
  if (member.length === 0) report(state, 'fhir.empty');
  if (member.length > field.element.max) report(state, 'fhir.too-many', { max: String(field.element.max) });
  if (Array.isArray(partner) && partner.length !== member.length && !field.isSibling) {
    report(state, 'fhir.sibling-length');
  }
  const depth = state.path.length;
  state.path.push(0);
  for (let index = 0; index < member.length; index += 1) {
    const item: unknown = member[index];
    state.path[depth] = index;
    if (item !== null && item !== undefined)
      checkOne(field, item, Array.isArray(partner) ? partner[index] : undefined, state);
    else if (!Array.isArray(partner) || partner[index] === null || partner[index] === undefined) {
      // Both null is reported once, at the value; an array of extensions alone has nothing opposite.
      if (!field.isSibling || !Array.isArray(partner)) report(state, 'fhir.null');
    }
  }
  state.path.pop();
}

/** ele-1 for a primitive without value: an id alone says nothing. */
function checkOne(field: Field, value: unknown, partner: unknown, state: CheckState): void {
  field.check(value, state);
  if (!field.isSibling) return;
  const hasPartner = partner !== undefined && partner !== null;
  if (!hasPartner && isMembers(value) && value.extension === undefined && value.id !== undefined) {
    report(state, 'fhir.empty');
  }
}

const checkNestedResource: ValueCheck = (value, state) => {
  const name = isMembers(value) ? value.resourceType : undefined;
  if (!isMembers(value)) report(state, 'fhir.not-an-object');
  else if (typeof name !== 'string' || !isResourceType(name)) report(state, 'fhir.unknown-resource');
  else checkResource(value, name, state);
};

/** A resource at the current place: %resource is itself; %rootResource is its container when it is contained. */
export function checkResource(value: Members, name: string, state: CheckState): void {
  const { scope, bundle, fullUrls } = state;
  const { resource, rootResource } = scope;
  const node = new Node(value, undefined, name);
  // path: … 'contained', index
  const isContained = state.path.length > 2 && state.path[state.path.length - 2] === 'contained';
  scope.resource = node;
  if (!isContained) scope.rootResource = node;
  if (name === 'Bundle') {
    state.bundle = value;
    state.fullUrls = null;
  }
  checkOf(name)(value, state);
  scope.resource = resource;
  scope.rootResource = rootResource;
  state.bundle = bundle;
  state.fullUrls = name === 'Bundle' ? fullUrls : state.fullUrls;
}
