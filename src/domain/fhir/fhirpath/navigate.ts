import { JsonNumber } from '../../../kernel/json/value.js';
import { typeInfo } from '../model.js';
import { AttributeNode, isPrimitiveValue, Node, NotDecidable, spend, type Item, type Scope } from './items.js';

type Members = Record<string, unknown>;

/** `Patient` after a point stays at what is a Patient: `entry.resource.Patient`. */
export function isResourceNamed({ value }: Node, name: string): boolean {
  return isObject(value) && value['resourceType'] === name;
}

/** The elements of that name, choice types included (FHIRPath 2.0.0 section 3.2; FHIR R4 fhirpath.html#types). */
export function childrenNamed(node: Node, name: string, out: Item[], scope: Scope): void {
  const { value } = node;
  if (isResourceNamed(node, name)) {
    out.push(node);
    return;
  }
  if (isPrimitiveValue(value) || value === undefined || value === null) {
    const isOfElement = name === 'extension' || name === 'id';
    if (
      !isOfElement &&
      (typeof value === 'string' ? name in String.prototype : typeof value !== 'boolean' && value != null)
    )
      throw new NotDecidable('A primitive has an id and extensions only');
    if (isObject(node.sibling)) pushFrom(node.sibling, 'Element', name, out, scope);
    return;
  }
  if (isObject(value)) pushFrom(value, node.type, name, out, scope);
}

function pushFrom(value: Members, type: string, name: string, out: Item[], scope: Scope): void {
  const element = typeInfo(type)?.byName.get(name);
  if (element === undefined) {
    // Not an element of the type, yet it is there: `valueQuantity` for `value`, or JSON that is not FHIR.
    if (Object.hasOwn(value, name)) throw new NotDecidable('Not the name of an element');
    return;
  }
  for (const { key, name: elementType, isAttribute } of element.types) {
    if (isAttribute || key === 'id') pushAttribute(value, key, elementType, out);
    else if (Object.hasOwn(value, key) || Object.hasOwn(value, `_${key}`)) {
      push(value[key], value[`_${key}`], elementType, out, scope);
    }
  }
}

function pushAttribute(value: Members, key: string, type: string, out: Item[]): void {
  const sibling = value[`_${key}`];
  if (value[key] != null || isObject(sibling)) out.push(new AttributeNode(value[key], sibling, type));
}

function push(value: unknown, sibling: unknown, type: string, out: Item[], scope: Scope): void {
  if (Array.isArray(value) || Array.isArray(sibling)) {
    const values = Array.isArray(value) ? (value as unknown[]) : [];
    const siblings = Array.isArray(sibling) ? (sibling as unknown[]) : [];
    const length = Math.max(values.length, siblings.length);
    spend(scope, length);
    for (let index = 0; index < length; index += 1) pushOne(values[index], siblings[index], type, out);
    return;
  }
  spend(scope, 1);
  pushOne(value, sibling, type, out);
}

function pushOne(value: unknown, sibling: unknown, type: string, out: Item[]): void {
  if ((value === undefined || value === null) && !isObject(sibling)) return;
  if (type !== 'Resource') {
    out.push(new Node(value, sibling, type));
    return;
  }
  const actual = isObject(value) ? value.resourceType : undefined;
  out.push(new Node(value, sibling, typeof actual === 'string' && typeInfo(actual) ? actual : 'Resource'));
}

/** Every child element, in the order of the JSON members. */
export function children(node: Node, out: Item[], scope: Scope): void {
  const isPrimitive = isPrimitiveValue(node.value) || node.value === undefined || node.value === null;
  const value = isPrimitive ? node.sibling : node.value;
  if (!isObject(value)) return;
  const info = typeInfo(isPrimitive ? 'Element' : node.type);
  for (const key of Object.keys(value)) {
    const isSibling = key.startsWith('_');
    const name = isSibling ? key.slice(1) : key;
    if (isSibling && Object.hasOwn(value, name)) continue;
    const found = info?.byKey.get(name);
    if (found === undefined) continue;
    if (found.type.isAttribute || name === 'id') pushAttribute(value, name, found.type.name, out);
    else push(value[name], value[`_${name}`], found.type.name, out, scope);
  }
}

/** Children, their children and so on (FHIRPath 2.0.0 section 5.8.2), level by level, without recursion. */
export function descendants(input: readonly Item[], scope: Scope): Item[] {
  const all: Item[] = [];
  for (const item of input) if (item instanceof Node) children(item, all, scope);
  // The list grows while it is walked.
  for (let next = 0; next < all.length; next += 1) {
    const item = all[next]!;
    if (item instanceof Node) children(item, all, scope);
  }
  return all;
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);
}
