import { isResourceType } from './model.js';

const RELATIVE = /^(?:https?:\/\/[^?#]*\/)?([A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/** No server has addresses beyond this; what is longer is not taken apart. */
const LONGEST = 4_096;

export interface ReferenceFinding {
  /** The resource type that the literal names; undefined when it names none (urn:uuid, a query, a fragment). */
  readonly type: string | undefined;
  /** A relative literal `Type/id` whose type is no resource of R4. */
  readonly isUnknownType: boolean;
}

const NOTHING: ReferenceFinding = { type: undefined, isUnknownType: false };
const UNKNOWN: ReferenceFinding = { type: undefined, isUnknownType: true };
const findings = new Map<string, ReferenceFinding>();

/** The `Type` of a plain `Type/id`; undefined for every other form. */
function typeOfRelative(reference: string): string | undefined {
  const slash = reference.indexOf('/');
  const { length } = reference;
  if (slash < 1 || length - slash < 2 || length - slash > 65) return undefined;
  for (let index = 0; index < length; index += 1) {
    const code = reference.charCodeAt(index);
    const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
    const isIdOnly = (code >= 48 && code <= 57) || code === 45 || code === 46;
    if (!isLetter && index !== slash && !(isIdOnly && index > slash)) return undefined;
  }
  return reference.slice(0, slash);
}

/** Every resource of a bundle refers to one person: the reference that was read last. */
let last = { reference: '', finding: NOTHING };

/** What a literal reference says about its target (https://hl7.org/fhir/R4/references.html#literal). */
export function readReference(reference: string): ReferenceFinding {
  if (reference.length > LONGEST) return NOTHING;
  if (last.reference !== reference) last = { reference, finding: findingOf(reference) };
  return last.finding;
}

function findingOf(reference: string): ReferenceFinding {
  const first = reference.charCodeAt(0);
  if (first === 35 || reference.startsWith('urn:')) return NOTHING;
  const name = typeOfRelative(reference) ?? RELATIVE.exec(reference)?.[1];
  if (name === undefined) return NOTHING;
  const known = findings.get(name);
  if (known !== undefined) return known;
  if (isResourceType(name)) {
    const finding = { type: name, isUnknownType: false };
    findings.set(name, finding);
    return finding;
  }
  // An absolute URL may be anything (a web page); a relative one is a resource on the same server.
  return reference.startsWith('http') ? NOTHING : UNKNOWN;
}
