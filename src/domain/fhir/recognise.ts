import { fixedOf } from '../../kernel/json/fixed.js';
import { JsonNumber } from '../../kernel/json/value.js';
import { isMembers, type Members } from './members.js';
import { codesOf, isResourceType, typeInfo, type ElementInfo, type TypeInfo, type TypeRef } from './model.js';
import { readNarrative } from './narrative.js';
import { STEPS_OF_ELEMENT } from './native-rules.js';
import { isText, isUri, PRIMITIVE_CHECKS, type PrimitiveCheck } from './primitives.js';
import { isReference, type Walk } from './recognise-reference.js';
import { bitOf, ruleBitsOf, rulesOf } from './rule-bits.js';
import type { Rule } from './invariants.js';

/**
 * Recognises what is valid beyond doubt, without a place, a message or a scope to carry: most of what is validated is
 * valid, and needs no more. It says nothing of what it does not recognise (`_` siblings of lists and choices, rules that
 * need a FHIRPath evaluator): for that there is checkResource, which decides.
 * The tests hold the two together: what is recognised has no issue there.
 */
export function isSurelyValid(resource: Members, name: string, limits: Limits): boolean {
  const { maxElements, maxSteps, maxDepth } = limits;
  const walk: Walk = {
    elementsLeft: maxElements,
    stepsLeft: maxSteps,
    maxDepth,
    beyond: 0,
    bundle: null,
    container: null,
    fullUrls: null,
  };
  try {
    return isResource(resource, name, walk, 0);
  } catch (error) {
    if (error === TOO_LONG) return false;
    throw error;
  }
}

interface Limits {
  readonly maxDepth: number;
  readonly maxElements: number;
  /** Steps that rules may take; narratives are the only rules here that can be long. */
  readonly maxSteps: number;
}

/** A narrative that takes more steps than are left: checkResource says where. */
const TOO_LONG = new Error('The narratives are too long to be recognised');

type Holds = (value: unknown) => boolean;

/** Numbers, because a switch over them is a jump. */
const KIND = {
  doubt: 0,
  text: 1,
  uri: 2,
  code: 3,
  primitive: 4,
  narrative: 5,
  complex: 6,
  resource: 7,
  typeName: 8,
  contained: 9,
} as const;
type Kinds = (typeof KIND)[keyof typeof KIND];

/** One JSON member name of a type. Flat, because each field more to follow is felt in every element. */
interface Slot {
  readonly name: string;
  readonly kind: Kinds;
  readonly isList: boolean;
  /** A small integer for `*` too: numbers of one kind are compared faster. */
  readonly max: number;
  readonly choiceBit: number;
  readonly requiredBit: number;
  readonly ruleBits: number;
  readonly isContent: boolean;
  readonly check: PrimitiveCheck;
  readonly codes: ReadonlySet<unknown> | null;
  readonly typeName: string;
  /** Made when first met: types contain one another. */
  shape: Shape | null;
  /** What stood after it the last time: elements of one type mostly have the same members in the same order. */
  next: Slot | null;
  /** What the element asks beyond its type. */
  readonly extra: ((value: Members, walk: Walk) => boolean) | null;
}

interface Shape {
  /** Stands before the first member. */
  readonly start: Slot;
  readonly slots: ReadonlyMap<string, Slot>;
  readonly isResource: boolean;
  readonly allRequired: number;
  readonly always: number;
  /** The rules of severity `error`. */
  readonly rules: readonly { readonly bit: number; readonly holds: Holds }[];
}

const shapes = new Map<string, Shape>();

function shapeOf(typeName: string): Shape {
  let shape = shapes.get(typeName);
  if (shape === undefined) shapes.set(typeName, (shape = build(typeInfo(typeName)!)));
  return shape;
}

function isResource(value: Members, name: string, walk: Walk, depth: number): boolean {
  if (name === 'Bundle') {
    if (depth > 0) return false;
    walk.bundle = value;
  }
  const around = walk.container;
  const contained = containedIn(value);
  const linked = contained === null ? NOTHING : new Set<Members>();
  walk.container = { type: name, contained, linked, within: null };
  const isValid = isElement(value, shapeOf(name), walk, depth);
  walk.container = around;
  // Rule dom-3: what is contained is referred to from within the resource, or refers to it.
  return isValid && (contained === null || linked.size === (value.contained as unknown[]).length);
}

const NOTHING = new Set<Members>();

function containedIn({ contained }: Members): ReadonlyMap<unknown, Members> | null {
  return Array.isArray(contained) ? new Map(contained.filter(isMembers).map((one) => [one.id, one])) : null;
}

/** Rule dom-2: nothing contains what contains something. */
function isContained(value: unknown, walk: Walk, depth: number): boolean {
  if (!isMembers(value) || value.contained !== undefined || walk.container === null) return false;
  const { resourceType } = value;
  if (typeof resourceType !== 'string' || resourceType === 'Bundle' || !isResourceType(resourceType)) return false;
  walk.container.within = value;
  const isValid = isElement(value, shapeOf(resourceType), walk, depth);
  walk.container.within = null;
  return isValid;
}

function isElement(value: Members, shape: Shape, walk: Walk, depth: number): boolean {
  if ((walk.elementsLeft -= 1) < 0 || depth >= walk.maxDepth) return false;
  let before = shape.start;
  let hasContent = shape.isResource;
  let values = 0;
  let seen = 0;
  let choices = 0;
  let asked = shape.always;
  for (const key in value) {
    const member = value[key];
    if (member === undefined) continue;
    let slot = before.next;
    if (slot === null || slot.name !== key) {
      slot = shape.slots.get(key) ?? null;
      if (slot === null) return false;
      before.next = slot;
    }
    before = slot;
    if ((choices & slot.choiceBit) !== 0) return false;
    choices |= slot.choiceBit;
    seen |= slot.requiredBit;
    asked |= slot.ruleBits;
    hasContent ||= slot.isContent;
    if (!slot.isList) {
      // Most members are texts: they are asked here, without a call.
      if (slot.kind === KIND.text) {
        if (typeof member !== 'string' || !isText(member)) return false;
        values += 1;
        continue;
      }
      if (slot.kind < KIND.complex) values += 1;
      if (!isValue(member, slot, walk, depth)) return false;
    } else {
      if (!Array.isArray(member) || member.length === 0 || member.length > slot.max) return false;
      if (slot.kind < KIND.complex) values += member.length;
      for (let index = 0; index < member.length; index += 1) {
        if (!isValue(member[index], slot, walk, depth)) return false;
      }
    }
  }
  if (!hasContent || seen !== shape.allRequired || (walk.elementsLeft -= values) < 0) return false;
  if (asked !== 0) {
    const { rules } = shape;
    for (let index = 0; index < rules.length; index += 1) {
      const { bit, holds } = rules[index]!;
      if ((asked & bit) !== 0 && !holds(value)) return false;
    }
  }
  return true;
}

function isValue(value: unknown, slot: Slot, walk: Walk, depth: number): boolean {
  switch (slot.kind) {
    case KIND.text:
      return typeof value === 'string' && isText(value);
    case KIND.uri:
      return typeof value === 'string' && isUri(value);
    case KIND.code:
      return slot.codes!.has(value);
    case KIND.primitive:
      return slot.check(value) === null;
    case KIND.narrative:
      return isNarrative(value, walk);
    case KIND.complex:
      if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof JsonNumber)
        return false;
      return isComplex(value as Members, slot, walk, depth + 1);
    case KIND.resource: {
      const name = isMembers(value) ? value.resourceType : undefined;
      return typeof name === 'string' && isResourceType(name) && isResource(value as Members, name, walk, depth + 1);
    }
    case KIND.contained:
      return isContained(value, walk, depth + 1);
    case KIND.typeName:
      return true;
    case KIND.doubt:
      return false;
  }
}

/** What never changes (`fix`) is recognised once, unless that depends on what is around it. */
function isComplex(value: Members, slot: Slot, walk: Walk, depth: number): boolean {
  const fixed = fixedOf(value);
  if (fixed !== undefined && fixed.validAs === slot && depth + fixed.levels <= walk.maxDepth)
    return (walk.elementsLeft -= fixed.elements) >= 0;
  const { elementsLeft, beyond } = walk;
  if (!isElement(value, (slot.shape ??= shapeOf(slot.typeName)), walk, depth)) return false;
  if (slot.extra !== null && !slot.extra(value, walk)) return false;
  if (fixed !== undefined && walk.beyond === beyond) {
    fixed.validAs = slot;
    fixed.elements = elementsLeft - walk.elementsLeft;
  }
  return true;
}

function build(info: TypeInfo): Shape {
  const required = info.elements.filter(({ min }) => min > 0);
  const { rules, always, errors, of } = ruleBitsOf(info);
  const asked = rules.filter(({ rule }) => rule.severity === 'error' && !ELSEWHERE.has(rule.key));
  const slots = new Map<string, Slot>();
  let nextBit = 1;
  for (const element of info.elements) {
    const choiceBit = element.isChoice ? nextBit : 0;
    if (element.isChoice) nextBit *= 2;
    const requiredBit = element.min > 0 ? bitOf(required.indexOf(element)) : 0;
    const ruleBits = of(element.name) & errors;
    const add = (name: string, typeName: string, kind: Kind): void => {
      const max = element.max;
      slots.set(
        name,
        slotOf(name, typeName, kind, { max, choiceBit, requiredBit, ruleBits, isContent: element.name !== 'id' }),
      );
    };
    for (const type of element.types) {
      add(type.key, type.name, kindOf(element, type));
      const hasSibling = typeInfo(type.name)?.kind === 'primitive' && !type.isAttribute;
      if (hasSibling && element.max === 1 && !element.isChoice) add(`_${type.key}`, 'Element', SIBLING);
    }
  }
  const isResource = info.kind === 'resource';
  if (isResource) slots.set('resourceType', slotOf('resourceType', 'code', { kind: KIND.typeName }, ONCE));
  const start = slotOf('', '', DOUBT, ONCE);
  const allRequired = required.reduce((bits, _, index) => bits | bitOf(index), 0);
  return {
    start,
    slots,
    isResource,
    allRequired,
    always: always & errors,
    rules: asked.map(({ rule, bit }) => ({ bit, holds: rule.holdsSurely })),
  };
}

/** Rules that ask beyond the element, and are answered while the resource is walked (isResource, isReference). */
const ELSEWHERE: ReadonlySet<string> = new Set(['dom-2', 'dom-3', 'ref-1']);

type Bounds = Pick<Slot, 'max' | 'choiceBit' | 'requiredBit' | 'ruleBits' | 'isContent'>;
const ONCE: Bounds = { max: 1, choiceBit: 0, requiredBit: 0, ruleBits: 0, isContent: true };

/** One literal makes all slots: the walk reads them for every element, and one layout is read several times faster. */
function slotOf(name: string, typeName: string, { kind, check, codes, extra }: Kind, bounds: Bounds): Slot {
  const { max, choiceBit, requiredBit, ruleBits, isContent } = bounds;
  return {
    name: asKey(name),
    kind,
    isList: max !== 1,
    max: Math.min(max, MANY),
    choiceBit,
    requiredBit,
    ruleBits,
    isContent,
    check: check ?? REFUSE,
    codes: codes ?? null,
    typeName,
    shape: null,
    next: null,
    extra: extra ?? null,
  };
}

/** `*`: more than a document can hold. */
const MANY = 2 ** 30 - 1;

/** The name as engines keep those of members: two such are compared by where they are, not letter by letter. */
const asKey = (name: string): string => Object.keys({ [name]: 0 })[0]!;

interface Kind {
  readonly kind: Slot['kind'];
  readonly check?: PrimitiveCheck;
  readonly codes?: ReadonlySet<unknown>;
  readonly extra?: Slot['extra'];
}

const DOUBT: Kind = { kind: KIND.doubt };
/** Beside a primitive stand extensions; an id alone says nothing where the value is absent. */
const SIBLING: Kind = { kind: KIND.complex, extra: ({ extension }) => extension !== undefined };
const TEXTS = new Set(['string', 'markdown']);
const URIS = new Set(['uri', 'url', 'canonical']);

function kindOf(element: ElementInfo, type: TypeRef): Kind {
  const profile = type.profile === undefined ? [] : (typeInfo(type.profile)?.invariants ?? []);
  const rules = rulesOf([...element.invariants, ...profile], type.name);
  if (element.max === 0) return DOUBT;
  if (element.name === 'contained') return { kind: KIND.contained };
  if (type.name === 'Resource') return { kind: KIND.resource };
  if (typeInfo(type.name)?.kind !== 'primitive') return { kind: KIND.complex, extra: extraOf(element, type, rules) };
  if (type.name === 'xhtml') return { kind: KIND.narrative };
  if (rules.length > 0) return DOUBT;
  const codes = element.binding === undefined ? undefined : codesOf(element.binding);
  if (codes !== undefined) return { kind: KIND.code, codes: allOf(codes) };
  if (TEXTS.has(type.name)) return { kind: KIND.text };
  return URIS.has(type.name) ? { kind: KIND.uri } : { kind: KIND.primitive, check: PRIMITIVE_CHECKS[type.name]! };
}

const REFUSE: PrimitiveCheck = () => 'fhir.format';

/** Codes of a required value set that are codes by their form too. */
function allOf(codes: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<unknown> {
  const isCode = PRIMITIVE_CHECKS.code!;
  return new Set([...codes.values()].flatMap((set) => [...set]).filter((code) => isCode(code) === null));
}

function isNarrative(value: unknown, walk: Walk): boolean {
  walk.beyond += 1;
  if (PRIMITIVE_CHECKS.xhtml!(value) !== null) return false;
  const { isSafe, hasContent } = readNarrative(value as string, () => {
    if ((walk.stepsLeft -= STEPS_OF_ELEMENT) < 0) throw TOO_LONG;
  });
  return isSafe && hasContent;
}

function extraOf(element: ElementInfo, type: TypeRef, rules: readonly Rule[]): Slot['extra'] {
  const errors = rules.filter(({ severity }) => severity === 'error').map(({ holdsSurely }) => holdsSurely);
  const own = ownCheck(element, type);
  if (errors.length === 0) return own;
  const holds: Holds = errors.length === 1 ? errors[0]! : (value) => errors.every((rule) => rule(value));
  return own === null ? holds : (value, walk) => own(value, walk) && holds(value);
}

function ownCheck(element: ElementInfo, type: TypeRef): Slot['extra'] {
  if (type.name === 'Reference') {
    const targets = type.targets === undefined ? null : new Set(type.targets);
    return (value, walk) => isReference(value, targets, walk);
  }
  const codes = element.binding === undefined ? undefined : codesOf(element.binding);
  if (codes === undefined) return null;
  const isIn = ({ system, code }: Members): boolean => codes.get(system as string)?.has(code as string) === true;
  if (type.name === 'Coding') return isIn;
  if (type.name !== 'CodeableConcept') return null;
  return ({ coding }) => Array.isArray(coding) && coding.some(isIn);
}
