/**
 * What a Client row lets a person be found by. Where the export hashed names and SSN (Export.HashStatus other than 1),
 * they are not the person's and are left out.
 */
export function hmisIdentity(
  value: (column: string) => string | undefined,
  hashed: boolean,
): {
  names: { family?: string; given: string[] }[];
  birthDate?: string;
  identifiers: { system: string; value: string }[];
} {
  const family = hashed ? '' : (value('LastName') ?? '').trim();
  const given = hashed
    ? []
    : ['FirstName', 'MiddleName'].map((column) => (value(column) ?? '').trim()).filter((name) => name !== '');
  const birthDate = value('DOB') ?? '';
  const ssn = hashed ? '' : (value('SSN') ?? '').replace(/[^0-9]/g, '');
  return {
    names: family === '' && given.length === 0 ? [] : [{ ...(family !== '' && { family }), given }],
    ...(/^\d{4}-\d{2}-\d{2}$/.test(birthDate) && { birthDate }),
    identifiers: [
      { system: HMIS_PERSONAL_ID, value: value('PersonalID') ?? '' },
      ...(ssn.length === 9 ? [{ system: US_SSN, value: ssn }] : []),
    ],
  };
}

export const HMIS_PERSONAL_ID = 'urn:hmis:PersonalID';
/** https://terminology.hl7.org/NamingSystem-USSSN.html */
const US_SSN = 'http://hl7.org/fhir/sid/us-ssn';
