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

/** What a literal reference says about its target (https://hl7.org/fhir/R4/references.html#literal). */
export function readReference(reference: string): ReferenceFinding {
  const first = reference.charCodeAt(0);
  if (first === 35 || reference.length > LONGEST || reference.startsWith('urn:')) return NOTHING;
  const match = RELATIVE.exec(reference);
  if (match === null) return NOTHING;
  const name = match[1]!;
  if (isResourceType(name)) {
    let finding = findings.get(name);
    if (finding === undefined) findings.set(name, (finding = { type: name, isUnknownType: false }));
    return finding;
  }
  // An absolute URL may be anything (a web page); a relative one is a resource on the same server.
  return reference.startsWith('http') ? NOTHING : UNKNOWN;
}
