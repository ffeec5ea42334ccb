/**
 * The published extensions that maps use, by address. An address below hl7.org is no proof: only what a guide defines is
 * a standard extension, so each is listed here with its source.
 */
const R4 = 'http://hl7.org/fhir/StructureDefinition/';

/** HL7 FHIR R4 (4.0.1), https://hl7.org/fhir/R4/extensibility-registry.html: `extension-<name>.html` each. */
const OF_R4 = [
  'patient-birthPlace',
  'patient-genderIdentity',
  'patient-interpreterRequired',
  'patient-nationality',
  'patient-religion',
  'workflow-episodeOfCare',
];

const STANDARD: ReadonlySet<string> = new Set(OF_R4.map((name) => `${R4}${name}`));

export const isStandardExtension = (url: string): boolean => STANDARD.has(url);
