import type { Resource } from 'fhir/r4.js';
import type { Way } from './difference.js';
import { isStandardExtension } from './standard-extensions.js';

/**
 * How well a value is at home in FHIR, best first. Whoever reads FHIR understands a standard element; an extension of a
 * published guide, whoever knows the guide; an own extension, whoever reads our profile; a generic carrier is a list of
 * fields under another name. `residue` is only kept aside, and `lost` does not come back.
 */
export const TIERS = [
  'standard-element',
  'standard-extension',
  'own-extension',
  'generic',
  'residue',
  'lost',
] as const;
export type Tier = (typeof TIERS)[number];

/** Tiers that FHIR itself carries. */
export const CARRYING: readonly Tier[] = ['standard-element', 'standard-extension', 'own-extension', 'generic'];

export interface TierRules {
  /** Base of the agency's own identifier systems. */
  readonly identifierBase: string;
  /** Names of the source's columns: a code, an address or a system of that name only says which column it was. */
  readonly columns: ReadonlySet<string>;
}

const OWN = 'https://relais.example/';

type Plain = Readonly<Record<string, unknown>>;

/** The tier of one leaf of a resource. */
export function tierOf(resource: Resource, way: Way, rules: TierRules): Tier {
  const owners = ownersOf(resource, way);
  const extension = owners.find(({ list }) => list === 'extension' || list === 'modifierExtension')?.item;
  if (extension !== undefined) return extensionTier(extension, rules);
  const component = owners.find(({ list }) => list === 'component')?.item;
  if (component !== undefined) return isCodedByStandard(component['code']) ? 'standard-element' : 'generic';
  const identifier = owners.find(({ list }) => list === 'identifier')?.item;
  if (identifier !== undefined) return isKnownIdentifier(identifier, rules) ? 'standard-element' : 'generic';
  const keyed = resource.resourceType === 'Observation' && isColumnCode((resource as unknown as Plain)['code'], rules);
  return keyed ? 'generic' : 'standard-element';
}

interface Owner {
  readonly list: string;
  readonly item: Plain;
}

/** The items of lists (and single identifiers) on the way to a leaf, outermost first. */
function ownersOf(resource: Resource, way: Way): Owner[] {
  const owners: Owner[] = [];
  let at: unknown = resource;
  let list = '';
  for (const step of way) {
    if (typeof step === 'string') list = step;
    at = (at as Record<string | number, unknown> | undefined)?.[step];
    if (typeof at === 'object' && at !== null && !Array.isArray(at)) owners.push({ list, item: at as Plain });
  }
  return owners;
}

/** An own extension has one meaning, unless what it holds says which column it is of. */
function extensionTier(extension: Plain, rules: TierRules): Tier {
  const url = String(extension['url']);
  if (isStandardExtension(url)) return 'standard-extension';
  return namesColumn(extension, rules) ? 'generic' : 'own-extension';
}

/** Members that say what something is, rather than how much or when. */
const NAMING = new Set(['code', 'url', 'valueCode']);

function namesColumn(value: unknown, { columns }: TierRules): boolean {
  const visit = (at: unknown, name: string): boolean => {
    if (Array.isArray(at)) return at.some((item) => visit(item, name));
    if (typeof at === 'object' && at !== null) {
      return Object.entries(at).some(([member, inner]) => visit(inner, member));
    }
    return NAMING.has(name) && columns.has(String(at));
  };
  return visit(value, '');
}

const codingsOf = (concept: unknown): Plain[] => {
  const { coding = [] } = (concept ?? {}) as { readonly coding?: unknown };
  return Array.isArray(coding) ? (coding as Plain[]) : [];
};

const isCodedByStandard = (concept: unknown): boolean =>
  codingsOf(concept).some(({ system }) => typeof system === 'string' && !system.startsWith(OWN));

/** Every code of it is the name of a column. */
function isColumnCode(concept: unknown, { columns }: TierRules): boolean {
  const codings = codingsOf(concept);
  return codings.length > 0 && codings.every(({ code }) => columns.has(String(code)));
}

/**
 * An Observation of which no code is published: its value has a standard element, and what the value is of, only whoever
 * knows our profiles can tell. Told apart, so that nobody takes it for more than it is.
 */
export const isOfOwnCode = (resource: Resource): boolean =>
  resource.resourceType === 'Observation' && !isCodedByStandard((resource as unknown as Plain)['code']);

/** Its type is of a standard (v2-0203), or its system is not of our own making. */
function isKnownIdentifier({ type, system }: Plain, { identifierBase }: TierRules): boolean {
  if (isCodedByStandard(type)) return true;
  return typeof system === 'string' && !system.startsWith(OWN) && !system.startsWith(identifierBase);
}
