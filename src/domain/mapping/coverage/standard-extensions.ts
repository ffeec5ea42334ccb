/**
 * The published extensions that maps use, by address. An address below hl7.org is no proof: only what a guide defines is
 * a standard extension, so each is listed here with its source.
 */
const R4 = 'http://hl7.org/fhir/StructureDefinition/';

/** HL7 FHIR R4 (4.0.1), https://hl7.org/fhir/R4/extensibility-registry.html: `extension-<name>.html` each. */
const OF_R4 = [
  'condition-diseaseCourse',
  'flag-priority',
  'organization-period',
  'patient-birthPlace',
  'patient-genderIdentity',
  'patient-interpreterRequired',
  'patient-nationality',
  'patient-religion',
  'request-statusReason',
  'workflow-episodeOfCare',
];

/** FHIR Extensions Pack 5.2.0, https://hl7.org/fhir/extensions/: `StructureDefinition-<name>.html` each. */
const OF_PACK = [
  // Any element of type code: the sender's own code beside the one that FHIR requires.
  'alternate-codes',
  'note',
  'workflow-statusReason',
];

/** US Core 7.0.0, https://hl7.org/fhir/us/core/STU7/profiles-and-extensions.html. */
const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition/';
const OF_US_CORE = ['us-core-ethnicity', 'us-core-race'];

const STANDARD: ReadonlySet<string> = new Set([
  ...[...OF_R4, ...OF_PACK].map((name) => `${R4}${name}`),
  ...OF_US_CORE.map((name) => `${US_CORE}${name}`),
]);

export const isStandardExtension = (url: string): boolean => STANDARD.has(url);
