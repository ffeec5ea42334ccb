import { JsonNumber } from '../../../kernel/json/value.js';
import { isKindOf } from '../model.js';
import { readTemporal, Temporal } from './temporal.js';

/**
 * What a FHIRPath collection holds. System values: boolean, string, number (an Integer), Decimal, Temporal, Quantity;
 * everything that comes from a resource is a Node, which knows its FHIR type and its `_` sibling.
 */
export type Item = boolean | string | number | Decimal | Temporal | Quantity | Node;
export type SystemValue = Exclude<Item, Node>;

export class Decimal {
  /** @param text as it was written: `1.0` */
  constructor(
    readonly value: number,
    readonly text: string = String(value),
  ) {}
}

export class Quantity {
  /** @param unit a UCUM code in quotes (`'mg'`) or a calendar word (`days`) */
  constructor(
    readonly value: number,
    readonly unit: string,
    /** The number as it was written: `1.10`. */
    readonly text: string = String(value),
  ) {}
}

export class Node {
  constructor(
    readonly value: unknown,
    /** `_name` beside a primitive `name`: id and extensions (https://hl7.org/fhir/R4/json.html#primitive). */
    readonly sibling: unknown,
    /** Name of the FHIR type, or the path of a nested element. */
    readonly type: string,
  ) {}
}

/** `id` of resources and elements, and Extension.url: FHIR gives them a type, the definitions one of FHIRPath. */
export class AttributeNode extends Node {}

/** The evaluation of one expression: the resources it may ask for, and how much work it may do. */
export interface Scope {
  resource: Node;
  rootResource: Node;
  context: Node;
  /** Items visited so far; TooCostly is thrown beyond `maxSteps`. */
  steps: number;
  readonly maxSteps: number;
  /** Set when a comparison was left open: dates of unequal precision, quantities of unequal units. */
  undecided: boolean;
  index: number;
  /** What was worked out once for this walk: see native-rules. */
  readonly memo: Memo;
}

export interface Memo {
  containedIn: Node | null;
  /** Resource types by id of what `containedIn` contains. */
  contained: ReadonlyMap<string, string>;
  narrative: string | null;
  narrativeFindings: { readonly isSafe: boolean; readonly hasContent: boolean } | null;
}

/** `$index` outside any function that goes through items. */
export const NO_INDEX = -1;

export function newScope(root: Node, maxSteps: number): Scope {
  return {
    resource: root,
    rootResource: root,
    context: root,
    steps: 0,
    maxSteps,
    undecided: false,
    index: NO_INDEX,
    memo: { containedIn: null, contained: new Map(), narrative: null, narrativeFindings: null },
  };
}

export class TooCostly extends Error {}
/** The value met at run time needs what this compiler leaves out (unit conversion, for instance). */
export class NotDecidable extends Error {}

/** An expression on which evaluators differ: nobody is asked instead. */
export class Ambiguous extends NotDecidable {}

export function spend(scope: Scope, steps: number): void {
  scope.steps += steps;
  if (scope.steps > scope.maxSteps) throw new TooCostly('The expression visits too many elements');
}

/** The type of a resource or of an object of unknown type. */
export function resourceNode(value: unknown): Node {
  const type = (value as { resourceType?: unknown } | null)?.resourceType;
  return new Node(value, undefined, typeof type === 'string' ? type : 'Resource');
}

const SYSTEM_KIND = new Map<string, 'date' | 'dateTime' | 'time' | 'integer' | 'decimal' | 'other'>();
function systemKind(type: string): 'date' | 'dateTime' | 'time' | 'integer' | 'decimal' | 'other' {
  let kind = SYSTEM_KIND.get(type);
  if (kind === undefined) {
    if (type === 'date' || type === 'time' || type === 'decimal') kind = type;
    else if (type === 'dateTime' || type === 'instant') kind = 'dateTime';
    else kind = isKindOf(type, 'integer') ? 'integer' : 'other';
    SYSTEM_KIND.set(type, kind);
  }
  return kind;
}

/** A primitive as System value; a Quantity as Quantity; undefined for other complex values and for no value. */
export function toSystem(item: Item): SystemValue | undefined {
  if (!(item instanceof Node)) return item;
  const { value } = item;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    const kind = systemKind(item.type);
    if (kind !== 'date' && kind !== 'dateTime' && kind !== 'time') return value;
    return readTemporal(kind, value) ?? value;
  }
  if (typeof value === 'number' || value instanceof JsonNumber) {
    const number = Number(value);
    const isInteger =
      systemKind(item.type) === 'integer' || (systemKind(item.type) !== 'decimal' && Number.isInteger(number));
    return isInteger ? number : new Decimal(number, String(value));
  }
  return isKindOf(item.type, 'Quantity') ? quantityOf(value) : undefined;
}

const UCUM = 'http://unitsofmeasure.org';
const CALENDAR: Readonly<Record<string, string>> = {
  a: 'year',
  mo: 'month',
  wk: 'week',
  d: 'day',
  h: 'hour',
  min: 'minute',
  s: 'second',
};

/** Units count only as UCUM codes (https://hl7.org/fhir/R4/fhirpath.html#quantity). */
function quantityOf(value: unknown): Quantity | undefined {
  const { value: number, system, code, comparator } = (value ?? {}) as Record<string, unknown>;
  const isNumber = typeof number === 'number' || number instanceof JsonNumber;
  if (!isNumber || comparator !== undefined) return undefined;
  if (system !== UCUM || typeof code !== 'string') return undefined;
  return new Quantity(Number(number), `'${code}'`);
}

/** `days` and `day` are one; seconds are also `'s'`. */
export function sameUnit(a: string, b: string): boolean {
  return a === b || normalUnit(a) === normalUnit(b);
}
function normalUnit(unit: string): string {
  if (unit.startsWith("'")) {
    const code = unit.slice(1, -1);
    return code === 's' || code === 'min' || code === 'h' || code === 'd' || code === 'wk' ? CALENDAR[code]! : unit;
  }
  return unit.replace(/s$/, '');
}

export function isPrimitiveValue(value: unknown): boolean {
  return (
    typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number' || value instanceof JsonNumber
  );
}

/** The number in an Integer or Decimal. */
export function numberOf(value: SystemValue | undefined): number | undefined {
  return typeof value === 'number' ? value : value instanceof Decimal ? value.value : undefined;
}

/** An item as plain JSON: what callers get. */
export function toJson(item: Item): unknown {
  if (item instanceof Node) return item.value ?? null;
  if (item instanceof Decimal) return item.value;
  if (item instanceof Temporal) return item.text;
  if (item instanceof Quantity) return `${item.text} ${item.unit}`;
  return item;
}
