// Systems and code tables of the mapping written by hand, and the few functions that its files share.
export const OWN = 'https://relais.example/fhir';
export const SD = `${OWN}/StructureDefinition/`;
export const CS = `${OWN}/CodeSystem/`;
export const HL7 = 'http://terminology.hl7.org/CodeSystem/';
export const GRAVITY = 'http://hl7.org/fhir/us/sdoh-clinicalcare';
export const TEMPORARY = `${GRAVITY}/CodeSystem/SDOHCC-CodeSystemTemporaryCodes`;

export const SDOH = {
  housing: 'housing-instability',
  'housing-quality': 'inadequate-housing',
  homelessness: 'homelessness',
  utilities: 'utility-insecurity',
  food: 'food-insecurity',
  clothing: 'material-hardship',
  hygiene: 'material-hardship',
  income: 'financial-insecurity',
  debt: 'financial-insecurity',
  employment: 'employment-status',
  training: 'educational-attainment',
  schooling: 'educational-attainment',
  isolation: 'social-connection',
  mobility: 'transportation-insecurity',
  digital: 'digital-access',
  language: 'language-access',
  justice: 'incarceration-status',
  'health-insurance': 'health-insurance-coverage-status',
};
export const sdohOf = (category) => SDOH[category] ?? 'sdoh-category-unspecified';

export const RELATIONSHIP = {
  spouse: 'SPS',
  partner: 'DOMPART',
  'ex-partner': 'FMRSPS',
  child: 'CHILD',
  stepchild: 'STPCHLD',
  'foster-child': 'CHLDFOST',
  parent: 'PRN',
  grandparent: 'GRPRN',
  grandchild: 'GRNDCHILD',
  sibling: 'SIB',
  'other-relative': 'FAMMEMB',
  friend: 'FRND',
  neighbour: 'NBOR',
  lodger: 'ROOM',
};

/** A CodeableConcept of one coding. */
export const concept = (system, code) => ({ coding: [{ system, code }] });
/** The code of a component of one of our observations. */
export const componentCode = (code) => concept(`${CS}component`, code);
export const money = (value, currency) => ({ value, unit: currency, system: 'urn:iso:std:iso:4217', code: currency });

const ALTERNATE = 'http://hl7.org/fhir/StructureDefinition/alternate-codes';
/** The agency's own word beside a code that FHIR requires. */
export const exactly = (system, code) => ({
  extension: [{ url: ALTERNATE, valueCodeableConcept: concept(system, code) }],
});

export function exactOf(beside, system) {
  for (const { url, valueCodeableConcept } of beside?.extension ?? [])
    if (url === ALTERNATE) return codeOf(valueCodeableConcept, system);
  return undefined;
}

export const NOTE = 'http://hl7.org/fhir/StructureDefinition/note';
export const noted = (text) => ({ url: NOTE, valueAnnotation: { text } });

export const RESPONSIBLE = {
  person: 'the person',
  'lead-worker': 'the lead worker',
  team: 'the team',
  partner: 'a partner',
  relative: 'a relative',
  representative: 'the representative',
  other: 'somebody else',
};
export const EXPRESSED_BY = {
  person: 'the person',
  relative: 'a relative',
  professional: 'a professional',
  jointly: 'the person and a professional',
};
/** The other way round, of a table that has each word once. */
export const inverted = (table) => Object.fromEntries(Object.entries(table).map(([key, word]) => [word, key]));

/** Start and end, or undefined where neither is known. */
export function periodOf(start, end) {
  if (start === undefined) return end === undefined ? undefined : { end };
  return end === undefined ? { start } : { start, end };
}

export function codeOf(of, system) {
  const codings = of?.coding;
  if (codings === undefined) return undefined;
  for (const coding of codings) if (coding.system === system) return coding.code;
  return undefined;
}

export function takePeriod(period, into) {
  if (period === undefined) return;
  if (period.start !== undefined) into.startDate = period.start;
  if (period.end !== undefined) into.endDate = period.end;
}

export function takeTelecom(telecoms, into) {
  if (telecoms === undefined) return;
  for (const { system, value } of telecoms) if (system === 'phone' || system === 'email') into[system] = value;
}

/** Phone and e-mail as a list, or undefined. */
export function telecomOf({ phone, email }) {
  if (phone === undefined && email === undefined) return undefined;
  const list = [];
  if (phone !== undefined) list.push({ system: 'phone', value: phone });
  if (email !== undefined) list.push({ system: 'email', value: email });
  return list;
}
