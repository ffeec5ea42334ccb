import type { ConsentPolicy, Code } from './policy.js';
import { claimedProfiles, PROFILE_RULES, V3_ACT_CODE, type ConsentProfile } from './profiles.js';
import { readDecision } from './read-decision.js';
import { readRootProvision } from './read-provision.js';
import {
  isDateTime,
  isPlain,
  listOf,
  objectWith,
  readConcept,
  readReference,
  startOf,
  typeOfReference,
  type Plain,
} from './read-values.js';
import { startReading, unreadable, type Reading, type UnreadableReason } from './unreadable.js';

export type PolicyRead =
  | { readonly outcome: 'read'; readonly policy: ConsentPolicy }
  | { readonly outcome: 'unreadable'; readonly reasons: readonly [UnreadableReason, ...UnreadableReason[]] };

/** Elements of R4 Consent. Any other (also an extension of a primitive, `_status`) could change what is meant. */
const CONSENT = new Set([
  'resourceType',
  'id',
  'meta',
  'language',
  'text',
  'contained',
  // A plain extension cannot change the meaning (R4 extensibility, 2.4.0.1); one that may is a modifierExtension.
  'extension',
  'identifier',
  'status',
  'scope',
  'category',
  'patient',
  'dateTime',
  'performer',
  'organization',
  'sourceAttachment',
  'sourceReference',
  'policy',
  'policyRule',
  'verification',
  'provision',
]);
const STATUSES = ['active', 'inactive', 'rejected'] as const;
const SCOPES = 'http://terminology.hl7.org/CodeSystem/consentscope';

/** Names the earlier decision that the decision-maker confirmed as replaced: valueReference to a Consent. */
export const SUPERSEDES = 'https://relais.example/fhir/StructureDefinition/consent-supersedes';

/**
 * Base rules of HL7 v3 ActConsentDirective that a machine can follow: opt-in permits, opt-out denies, each with the
 * exceptions that the provisions state.
 */
const BASE_RULES: ReadonlyMap<string, 'permit' | 'deny'> = new Map([
  ['OPTIN', 'permit'],
  ['OPTINR', 'permit'],
  ['OPTOUT', 'deny'],
  ['OPTOUTE', 'deny'],
]);

/**
 * Reads a FHIR R4 Consent as rules: IHE Privacy Consent on FHIR (basic, intermediate, advanced), Gravity SDOHCC-Consent
 * or plain R4. It is read in full or not at all: one part that is not understood makes the whole unreadable, and whoever
 * asks an unreadable consent hears no (docs/decisions.md).
 */
export function readPolicy(resource: unknown): PolicyRead {
  const reading = startReading();
  const { attempt } = reading;
  const policy = attempt((): ConsentPolicy | undefined => {
    if (!isPlain(resource) || resource['resourceType'] !== 'Consent')
      return unreadable('consent.resource-type', 'Consent');
    return readParts(resource, reading);
  });
  const [first, ...others] = reading.reasons;
  if (first !== undefined) return { outcome: 'unreadable', reasons: [first, ...others] };
  if (policy === undefined) throw new RangeError('A consent is read or there is a reason why not.');
  return { outcome: 'read', policy };
}

function readParts(consent: Plain, reading: Reading): ConsentPolicy | undefined {
  const { attempt } = reading;
  const profiles = claimedProfiles(consent);
  attempt(() => checkElements(consent));
  const status = attempt(() => readStatus(consent['status']));
  attempt(() => checkScope(consent['scope']));
  attempt(() => checkCategory(consent['category'], profiles));
  attempt(() => checkVerification(consent['verification']));
  for (const profile of profiles) checkRequired(consent, profile, reading);
  const patient = attempt(() => readReference(consent['patient'], 'consent.reference', 'Consent.patient'));
  const decidedAt = attempt(() => readMoment(consent['dateTime']));
  const performers = attempt(() => readPerformers(consent['performer']));
  const policyUris = attempt(() => readPolicyUris(consent['policy']));
  const supersedes = attempt(() => readSupersedes(consent['extension']));
  const decision = patient === undefined ? undefined : attempt(() => readDecision(consent, patient));
  const base = attempt(() => readBaseRule(consent['policyRule']));
  const root = attempt(() => {
    if (consent['provision'] === undefined) return unreadable('consent.no-rules', 'Consent.provision');
    return readRootProvision(consent['provision'], base ?? undefined, profiles, reading);
  });
  if (reading.reasons.length > 0) return undefined;
  if (status === undefined || patient === undefined || root === undefined || decision === undefined) return undefined;
  return {
    id: typeof consent['id'] === 'string' ? consent['id'] : null,
    profiles,
    status,
    decidedAt: decidedAt ?? null,
    patient,
    performers: [...(performers ?? [])].sort(),
    policyUris: policyUris ?? [],
    supersedes: supersedes ?? [],
    decision,
    root,
  };
}

function checkElements(consent: Plain): void {
  if (consent['implicitRules'] !== undefined) return unreadable('consent.implicit-rules', 'Consent.implicitRules');
  if (consent['modifierExtension'] !== undefined)
    return unreadable('consent.modifier-extension', 'Consent.modifierExtension');
  if (Object.keys(consent).some((name) => !CONSENT.has(name))) return unreadable('consent.unknown-element', 'Consent');
}

function readStatus(value: unknown): ConsentPolicy['status'] {
  return STATUSES.find((known) => known === value) ?? unreadable('consent.status', 'Consent.status');
}

function checkScope(value: unknown): void {
  const scopes = isPlain(value) ? readConcept(value, 'Consent.scope') : unreadable('consent.scope', 'Consent.scope');
  if (!scopes.some(({ system, code }) => system === SCOPES && code === 'patient-privacy'))
    return unreadable('consent.scope', 'Consent.scope');
}

function checkCategory(value: unknown, profiles: readonly ConsentProfile[]): void {
  const found: Code[] = [];
  listOf(value, 'Consent.category')?.forEach((concept, index) => {
    const location = `Consent.category[${index}]`;
    if (isPlain(concept) && concept['coding'] !== undefined) found.push(...readConcept(concept, location));
  });
  for (const { category } of profiles.map((profile) => PROFILE_RULES[profile])) {
    if (category !== null && found.filter(({ system, code }) => `${system}|${code}` === category).length !== 1)
      return unreadable('consent.category', 'Consent.category');
  }
}

const VERIFICATION = new Set(['id', 'verified', 'verifiedWith', 'verificationDate']);

/** Consent.verification: one that says "not verified" is a consent that nobody has confirmed yet. */
function checkVerification(value: unknown): void {
  listOf(value, 'Consent.verification')?.forEach((item, index) => {
    const location = `Consent.verification[${index}]`;
    const { verified } = objectWith(item, VERIFICATION, 'consent.unknown-element', location);
    if (verified !== true) return unreadable('consent.not-verified', location);
  });
}

function checkRequired(consent: Plain, profile: ConsentProfile, { attempt }: Reading): void {
  const rules = PROFILE_RULES[profile];
  for (const name of rules.required) {
    attempt(() => {
      if (!isThere(consent, name)) return unreadable('consent.required', `Consent.${name}`);
    });
  }
  attempt(() => {
    const organizations = references(consent['organization'], 'Consent.organization');
    if (rules.oneOrganization && organizations.length > 1)
      return unreadable('consent.one-organization', 'Consent.organization');
    if (!rules.verification && consent['verification'] !== undefined)
      return unreadable('consent.profile-forbids', 'Consent.verification');
  });
}

function isThere(consent: Plain, name: string): boolean {
  if (name === 'source') return isPlain(consent['sourceReference']) || isPlain(consent['sourceAttachment']);
  if (name !== 'policy.uri') return consent[name] !== undefined;
  const policies: unknown = consent['policy'];
  return (
    Array.isArray(policies) &&
    policies.length > 0 &&
    (policies as unknown[]).every((policy) => isPlain(policy) && typeof policy['uri'] === 'string')
  );
}

function readMoment(value: unknown): ConsentPolicy['decidedAt'] {
  if (value === undefined) return null;
  return isDateTime(value) ? startOf(value) : unreadable('consent.date-time', 'Consent.dateTime');
}

function references(value: unknown, location: string): readonly string[] {
  return (listOf(value, location) ?? []).map((item, index) =>
    readReference(item, 'consent.reference', `${location}[${index}]`),
  );
}

/** Who decided, by reference or, where there is no resource for them, by identifier; a mere name could be anybody. */
function readPerformers(value: unknown): readonly string[] {
  return (listOf(value, 'Consent.performer') ?? []).map((item, index) => {
    const location = `Consent.performer[${index}]`;
    const identifier: unknown = isPlain(item) && item['reference'] === undefined ? item['identifier'] : undefined;
    if (isPlain(identifier) && typeof identifier['system'] === 'string' && typeof identifier['value'] === 'string')
      return `${identifier['system']}|${identifier['value']}`;
    return readReference(item, 'consent.reference', location);
  });
}

const POLICY = new Set(['id', 'authority', 'uri']);

function readPolicyUris(value: unknown): readonly string[] {
  return (listOf(value, 'Consent.policy') ?? []).flatMap((item, index) => {
    const { uri } = objectWith(item, POLICY, 'consent.unknown-element', `Consent.policy[${index}]`);
    return typeof uri === 'string' ? [uri] : [];
  });
}

/** A base rule that is no opt-in or opt-out says nothing that a machine can follow; the provisions must say it all. */
function readBaseRule(value: unknown): 'permit' | 'deny' | null {
  if (!isPlain(value) || value['coding'] === undefined) return null;
  const found = new Set(
    readConcept(value, 'Consent.policyRule')
      .filter(({ system }) => system === V3_ACT_CODE)
      .map(({ code }) => BASE_RULES.get(code))
      .filter((base) => base !== undefined),
  );
  if (found.size > 1) return unreadable('consent.contradiction', 'Consent.policyRule');
  return [...found][0] ?? null;
}

const EXTENSION = new Set(['id', 'url', 'valueReference']);

function readSupersedes(value: unknown): readonly string[] {
  const extensions: readonly unknown[] = Array.isArray(value) ? (value as unknown[]) : [];
  return extensions.flatMap((item, index) => {
    if (!isPlain(item) || item['url'] !== SUPERSEDES) return [];
    const location = `Consent.extension[${index}]`;
    const { valueReference } = objectWith(item, EXTENSION, 'consent.supersedes', location);
    const reference = readReference(valueReference, 'consent.supersedes', location);
    return typeOfReference(reference) === 'Consent' ? [reference] : unreadable('consent.supersedes', location);
  });
}
