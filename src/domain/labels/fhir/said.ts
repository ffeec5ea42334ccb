import type { LabelMask } from '../labels.js';
import { labelsOfCode, type LabelRules } from '../rules/rules.js';
import { OWN_CODE_SYSTEMS, type FhirSituation } from './fhir-rules.js';

export type Plain = Readonly<Record<string, unknown>>;

export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Every object of a value, itself first. */
export function* objectsIn(value: unknown): Generator<Plain> {
  if (Array.isArray(value)) for (const item of value) yield* objectsIn(item);
  else if (isPlain(value)) {
    yield value;
    for (const name in value) {
      const member = value[name];
      if (typeof member === 'object' && member !== null) yield* objectsIn(member);
    }
  }
}

/**
 * What the codes of a value say: codings of public systems, codings of our own code systems (called as the tables of
 * case.yaml), and extensions that are called as a table.
 */
export function labelsSaid(rules: LabelRules, value: unknown): LabelMask {
  let mask: LabelMask = 0;
  for (const object of objectsIn(value)) {
    const { system, code, url, valueCode } = object;
    if (typeof code === 'string' && typeof system === 'string') mask |= labelsOfCoding(rules, system, code);
    if (typeof url === 'string' && typeof valueCode === 'string') {
      mask |= rules.case.tables.get(lastOf(url))?.get(valueCode) ?? 0;
    }
  }
  return mask;
}

function labelsOfCoding({ case: { tables }, terminology }: LabelRules, system: string, code: string): LabelMask {
  const own = system.startsWith(OWN_CODE_SYSTEMS) ? tables.get(system.slice(OWN_CODE_SYSTEMS.length))?.get(code) : 0;
  return (own ?? 0) | labelsOfCode(terminology, system, code);
}

/** The situations that resources are in, by what any of them says. */
export function situationsIn(rules: LabelRules, resources: readonly Plain[]): FhirSituation[] {
  const open = new Set(rules.fhir.situations);
  const found: FhirSituation[] = [];
  for (const resource of resources) {
    for (const object of objectsIn(resource)) {
      for (const situation of open) {
        if (!isSaid(situation, object)) continue;
        found.push(situation);
        open.delete(situation);
      }
      if (open.size === 0) return found;
    }
  }
  return found;
}

function isSaid({ codes, extensions, security }: FhirSituation, object: Plain): boolean {
  const { system, code, url } = object;
  if (typeof system === 'string' && typeof code === 'string') {
    if (codes.get(system)?.has(code) === true) return true;
    if (system === 'http://terminology.hl7.org/CodeSystem/v3-ActCode' && security.has(code)) return true;
  }
  return typeof url === 'string' && extensions.has(lastOf(url)) && valueOf(object) === extensions.get(lastOf(url));
}

/** The value of an extension. */
export function valueOf(extension: Plain): unknown {
  for (const name in extension) if (name.startsWith('value')) return extension[name];
  return undefined;
}

/** The last part of a URL, by which extensions, profiles and code systems are called. */
export function lastOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
