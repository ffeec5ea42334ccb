import { isPlain, type Plain } from './read-values.js';

/** Profiles of Consent that are read with their own rules; everything else is read as plain FHIR R4. */
export const CONSENT_PROFILES = ['pcf-basic', 'pcf-intermediate', 'pcf-advanced', 'gravity'] as const;
export type ConsentProfile = (typeof CONSENT_PROFILES)[number];

const PCF = 'https://profiles.ihe.net/ITI/PCF/StructureDefinition/IHE.PCF.consent';
const URLS: ReadonlyMap<string, ConsentProfile> = new Map([
  [`${PCF}Basic`, 'pcf-basic'],
  [`${PCF}Intermediate`, 'pcf-intermediate'],
  [`${PCF}Advanced`, 'pcf-advanced'],
  ['http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-Consent', 'gravity'],
]);

export const V3_ACT_REASON = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
export const V3_ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
export const V3_CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';

/**
 * What a profile forbids or demands beyond FHIR R4.
 *
 * Sources: IHE ITI Privacy Consent on FHIR 1.1.0, volume 3 section 5.8 and its StructureDefinitions; Gravity SDOH
 * Clinical Care 3.0.0, SDOHCC-Consent.
 */
export interface ProfileRules {
  /** Elements of Consent that must be there. */
  readonly required: readonly string[];
  /** At most one organization. */
  readonly oneOrganization: boolean;
  /** A category that must be there exactly once, as `system|code`. */
  readonly category: string | null;
  readonly verification: boolean;
  /** Elements of a provision that may stand in it. */
  readonly provision: ReadonlySet<string>;
  /** Levels of provisions: 1 means no exceptions. */
  readonly levels: number;
  /** Purposes that may be named; null: any. */
  readonly purposes: ReadonlySet<string> | null;
  readonly labels: ReadonlySet<string> | null;
  /** Meanings of `data` and what they may refer to (null: anything); a meaning that is not here is forbidden. */
  readonly data: ReadonlyMap<string, ReadonlySet<string> | null> | null;
}

const BASIC = ['type', 'period', 'actor', 'purpose'];
const INTERMEDIATE = [...BASIC, 'dataPeriod', 'data', 'provision'];
const PCF_REQUIRED = ['patient', 'dateTime', 'performer', 'organization', 'source', 'policy.uri', 'provision'];
const PCF_DATA: ProfileRules['data'] = new Map([
  ['instance', null],
  ['related', new Set(['Encounter', 'CarePlan', 'EpisodeOfCare'])],
  [
    'authoredby',
    new Set([
      'Practitioner',
      'PractitionerRole',
      'Organization',
      'Device',
      'Group',
      'CareTeam',
      'Patient',
      'RelatedPerson',
    ]),
  ],
]);
const pcf = (changes: Partial<ProfileRules>): ProfileRules => ({
  required: PCF_REQUIRED,
  oneOrganization: false,
  category: null,
  verification: false,
  provision: new Set(INTERMEDIATE),
  levels: 2,
  purposes: null,
  labels: null,
  data: PCF_DATA,
  ...changes,
});
const codes = (system: string, ...names: string[]): string[] => names.map((name) => `${system}|${name}`);

export const PROFILE_RULES: Readonly<Record<ConsentProfile, ProfileRules>> = {
  'pcf-basic': pcf({
    provision: new Set(BASIC),
    levels: 1,
    purposes: new Set(codes(V3_ACT_REASON, 'TREAT', 'HPAYMT', 'HOPERAT')),
  }),
  'pcf-intermediate': pcf({}),
  'pcf-advanced': pcf({
    provision: new Set([...INTERMEDIATE, 'securityLabel']),
    labels: new Set([
      ...codes(V3_CONFIDENTIALITY, 'N', 'R'),
      ...codes(V3_ACT_CODE, 'ETH', 'ETHUD', 'OPIOIDUD', 'PSY', 'SDV', 'HIV'),
    ]),
  }),
  gravity: {
    required: ['patient', 'dateTime', 'organization', 'source'],
    oneOrganization: true,
    category: `${V3_ACT_CODE}|IDSCL`,
    verification: true,
    provision: new Set([...INTERMEDIATE, 'securityLabel', 'class', 'code', 'action']),
    levels: Number.POSITIVE_INFINITY,
    purposes: null,
    labels: null,
    data: null,
  },
};

/** The known profiles that a consent claims (meta.profile, with or without a version). Several must all be kept. */
export function claimedProfiles(consent: Plain): readonly ConsentProfile[] {
  const meta = consent['meta'];
  const claimed: unknown = isPlain(meta) ? meta['profile'] : undefined;
  const found = new Set<ConsentProfile>();
  for (const url of Array.isArray(claimed) ? (claimed as unknown[]) : []) {
    const profile = typeof url === 'string' ? URLS.get(url.replace(/\|.*$/, '')) : undefined;
    if (profile !== undefined) found.add(profile);
  }
  return [...found];
}
