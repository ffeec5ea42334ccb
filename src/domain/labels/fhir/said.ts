import type { LabelMask } from '../labels.js';
import { labelsOfCode, type LabelRules } from '../rules/rules.js';
import { V3_ACT_CODE } from '../security-labels.js';
import { OWN_CODE_SYSTEMS, type FhirSituation } from './fhir-rules.js';

export type Plain = Readonly<Record<string, unknown>>;

export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** What an object says itself, of what is looked for: texts of these names. */
interface Saying {
  system: string | undefined;
  code: string | undefined;
  url: string | undefined;
  valueCode: string | undefined;
  reference: string | undefined;
}

/**
 * Every object of a value, with what it says itself. Its members are asked once, while it is looked through for objects
 * within: asking for five names apiece, of objects that are all made differently, is most of what a walk costs.
 *
 * @param but a member of the value itself that is passed over
 */
function eachObject(value: unknown, hear: (saying: Saying, object: Plain) => void, but?: string): void {
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[])
      if (typeof item === 'object' && item !== null) eachObject(item, hear);
    return;
  }
  if (!isPlain(value)) return;
  const saying: Saying = {
    system: undefined,
    code: undefined,
    url: undefined,
    valueCode: undefined,
    reference: undefined,
  };
  for (const name in value) {
    const member = value[name];
    if (typeof member === 'object') {
      if (member !== null && name !== but) eachObject(member, hear);
    } else if (typeof member === 'string') {
      if (name === 'system') saying.system = member;
      else if (name === 'code') saying.code = member;
      else if (name === 'url') saying.url = member;
      else if (name === 'valueCode') saying.valueCode = member;
      else if (name === 'reference') saying.reference = member;
    }
  }
  hear(saying, value);
}

/**
 * What the codes of a value say: codings of public systems, codings of our own code systems (called as the tables of
 * case.yaml), and extensions that are called as a table.
 */
export function labelsSaid(rules: LabelRules, value: unknown): LabelMask {
  let mask: LabelMask = 0;
  eachObject(value, (saying) => (mask |= labelsOfSaying(rules, saying)));
  return mask;
}

function labelsOfSaying(rules: LabelRules, { system, code, url, valueCode }: Saying): LabelMask {
  let mask: LabelMask = 0;
  if (code !== undefined && system !== undefined) mask |= labelsOfCoding(rules, system, code);
  if (url !== undefined && valueCode !== undefined) mask |= rules.case.tables.get(lastOf(url))?.get(valueCode) ?? 0;
  return mask;
}

function labelsOfCoding({ case: { tables }, terminology }: LabelRules, system: string, code: string): LabelMask {
  const own = system.startsWith(OWN_CODE_SYSTEMS) ? tables.get(system.slice(OWN_CODE_SYSTEMS.length))?.get(code) : 0;
  return (own ?? 0) | labelsOfCode(terminology, system, code);
}

/** What a resource says as a whole. */
export interface Said {
  /** By its codes; what its security labels say is not among it. */
  readonly labels: LabelMask;
  /** References within it, as they are written. */
  readonly references: readonly string[];
}

/** What resources say, each and together, in one walk through all of them. */
export function hear(
  rules: LabelRules,
  resources: readonly Plain[],
): { readonly said: readonly Said[]; readonly situations: readonly FhirSituation[] } {
  const situations = new Set<FhirSituation>();
  const said = resources.map((resource) => {
    const references: string[] = [];
    let labels: LabelMask = 0;
    const hearAny = (saying: Saying, object: Plain): void => {
      if (saying.reference !== undefined) references.push(saying.reference);
      for (const situation of rules.fhir.situations) if (isSaid(situation, saying, object)) situations.add(situation);
    };
    const hearContent = (saying: Saying, object: Plain): void => {
      labels |= labelsOfSaying(rules, saying);
      hearAny(saying, object);
    };
    eachObject(resource, hearContent, 'meta');
    eachObject(resource['meta'], hearAny);
    return { labels, references };
  });
  return { said, situations: [...situations] };
}

function isSaid({ codes, extensions, security }: FhirSituation, { system, code, url }: Saying, object: Plain): boolean {
  if (system !== undefined && code !== undefined) {
    if (codes.get(system)?.has(code) === true) return true;
    if (system === V3_ACT_CODE && security.has(code)) return true;
  }
  if (url === undefined) return false;
  const name = lastOf(url);
  return extensions.has(name) && valueOf(object) === extensions.get(name);
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
