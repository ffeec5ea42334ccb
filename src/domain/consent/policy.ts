import type { Instant } from '../../kernel/clock.js';
import type { DecisionTaken } from './decision-maker/standing.js';
import type { ConsentProfile } from './profiles.js';

/** A code with the system that gives it its meaning; without a system a code means nothing. */
export interface Code {
  readonly system: string;
  readonly code: string;
}

/** FHIR R4 value set consent-data-meaning: how the rule's data stand to the reference. */
export const DATA_MEANINGS = ['instance', 'related', 'dependents', 'authoredby'] as const;
export type DataMeaning = (typeof DATA_MEANINGS)[number];

export interface DataReference {
  readonly meaning: DataMeaning;
  /** As written: `Type/id`, an absolute URL or a urn. */
  readonly reference: string;
}

/** When the data were made. Kept as written, because that is how the enforcement point receives it. */
export interface DataPeriod {
  readonly start?: string;
  readonly end?: string;
}

/** Which data a rule is about; every part that is there must hold, one of each list is enough. Empty: all data. */
export interface DataScope {
  readonly securityLabel?: readonly Code[];
  readonly dataPeriod?: DataPeriod;
  readonly data?: readonly DataReference[];
  readonly class?: readonly Code[];
  /** One concept an entry, as its codings. */
  readonly code?: readonly (readonly Code[])[];
}

/** One FHIR R4 Consent.provision, every element of it understood. */
export interface Provision {
  readonly type: 'permit' | 'deny';
  /** FHIRPath location in the consent. */
  readonly location: string;
  readonly from?: Instant;
  /** Exclusive. */
  readonly until?: Instant;
  /** References to those who may or may not receive (persons, organizations, groups, devices); absent: anybody. */
  readonly actors?: readonly string[];
  /** Absent: any purpose. */
  readonly purposes?: readonly Code[];
  /** Absent: any action. */
  readonly actions?: readonly Code[];
  readonly scope: DataScope;
  /** Nested provisions: exceptions to this one. */
  readonly exceptions: readonly Provision[];
}

/**
 * One FHIR R4 Consent (https://hl7.org/fhir/R4/consent.html) as rules that a machine can follow. It exists only when
 * every element that could change its meaning was understood; otherwise there are reasons why not (read-policy).
 */
export interface ConsentPolicy {
  /** Logical id; null when it has none. */
  readonly id: string | null;
  /** Profiles that it claims and keeps; none: plain R4. */
  readonly profiles: readonly ConsentProfile[];
  readonly status: 'active' | 'inactive' | 'rejected';
  readonly decidedAt: Instant | null;
  readonly patient: string;
  /** Who decided, sorted. */
  readonly performers: readonly string[];
  /** Canonical URIs of the policies that it is built upon. */
  readonly policyUris: readonly string[];
  /** Earlier decisions that this one replaces, as the decision-maker confirmed: references to Consents. */
  readonly supersedes: readonly string[];
  /** What each of those who decide said. */
  readonly decision: DecisionTaken;
  readonly root: Provision;
}
