import * as codes from './codes.js';
import { described, entity, labelled, list, must, naming } from './define.js';
import {
  code,
  codes as codesOf,
  countries,
  country,
  date,
  flag,
  key,
  language,
  languages,
  line,
  lines,
  narrative,
  partialDate,
  systemUri,
  timeOfDay,
} from './values.js';

export const name = entity('name', 'A name that the person bears or uses.', {
  id: must(labelled(key(), 'identity')),
  kind: must(labelled(code(codes.NAME_KINDS), 'identity')),
  family: labelled(line(120), 'identity'),
  given: labelled(lines(80, 10), 'identity'),
  startDate: labelled(partialDate(), 'identity'),
  endDate: labelled(partialDate(), 'identity'),
});

export const identifier = entity('identifier', 'A number that some authority gave the person.', {
  id: must(labelled(key(), 'identity')),
  type: must(labelled(code(codes.IDENTIFIER_TYPES), 'identity')),
  system: labelled(systemUri(), 'identity'),
  value: must(labelled(line(100), 'identity')),
  assigner: labelled(line(160), 'identity'),
  startDate: labelled(partialDate(), 'identity'),
  endDate: labelled(partialDate(), 'identity'),
});

export const temporaryIdentifier = entity(
  'temporaryIdentifier',
  'A key for a person whose identity is not established, or who did not give it.',
  {
    id: must(labelled(key(), 'identity')),
    value: must(labelled(line(100), 'identity')),
    reason: must(labelled(code(codes.TEMPORARY_REASONS), 'identity')),
    assigner: labelled(line(160), 'identity'),
    startDate: labelled(date(), 'identity'),
    endDate: labelled(date(), 'identity'),
  },
);

export const domiciliation = entity('domiciliation', 'Administrative address of a person without a stable home.', {
  kind: must(labelled(code(codes.DOMICILIATION_KINDS), 'contact')),
  organization: labelled(line(160), 'contact'),
  lines: labelled(lines(160, 4), 'contact'),
  postalCode: labelled(line(20), 'contact'),
  city: labelled(line(120), 'contact'),
  number: labelled(line(60), 'contact'),
  startDate: labelled(date(), 'contact'),
  endDate: labelled(date(), 'contact'),
});

export const person = entity('person', 'The person concerned.', {
  id: described(must(labelled(key(), 'identity')), 'The agency’s own key of the person; several cases may share it.'),
  anonymous: described(
    labelled(flag(), 'identity'),
    'The person did not give a name: only temporary identifiers, an approximate birth date and sex are recorded.',
  ),
  names: list(name, 20),
  identifiers: list(identifier, 40),
  temporaryIdentifiers: list(temporaryIdentifier, 10),
  birthDate: described(labelled(partialDate(), 'identity'), 'YYYY, YYYY-MM or YYYY-MM-DD.'),
  birthDatePrecision: described(
    labelled(code(codes.BIRTH_DATE_PRECISIONS), 'identity'),
    'How much of the birth date is known; `estimated` when even the year is.',
  ),
  birthPlace: labelled(line(120), 'identity', 'immigration'),
  birthCountry: labelled(country(), 'identity', 'immigration'),
  sex: labelled(code(codes.SEXES), 'identity'),
  maritalStatus: labelled(code(codes.MARITAL_STATUSES), 'household'),
  deceased: described(labelled(flag(), 'identity'), 'Freezes sending.'),
  deceasedDate: labelled(partialDate(), 'identity'),
  noFixedAddress: labelled(flag(), 'contact'),
  domiciliation,
  nationalities: labelled(countries(10), 'identity', 'immigration'),
  immigrationStatus: labelled(code(codes.IMMIGRATION_STATUSES), 'identity', 'immigration'),
  immigrationStatusUntil: labelled(date(), 'identity', 'immigration'),
  ethnicities: labelled(lines(120, 10), 'identity', 'ethnicity'),
  religion: labelled(line(120), 'identity', 'religion'),
  genderIdentity: labelled(line(120), 'identity', 'sexuality'),
  sexualOrientation: labelled(line(120), 'identity', 'sexuality'),
});

export const safeHours = entity('safeHours', 'When the person can be reached without danger.', {
  id: must(labelled(key(), 'contact')),
  days: labelled(codesOf(codes.WEEKDAYS), 'contact'),
  from: labelled(timeOfDay(), 'contact'),
  to: labelled(timeOfDay(), 'contact'),
});

export const communication = entity('communication', 'How to speak with the person, and where it is safe to.', {
  languages: described(labelled(languages(10), 'contact'), 'In order of preference (BCP 47).'),
  writtenLanguage: labelled(language(), 'contact'),
  interpreter: labelled(code(codes.INTERPRETER_NEEDS), 'contact'),
  interpreterLanguage: labelled(language(), 'contact'),
  literacy: labelled(code(codes.LITERACY_LEVELS), 'contact'),
  digitalAccess: labelled(code(codes.DIGITAL_ACCESS), 'contact'),
  accessibility: described(
    labelled(codesOf(codes.ACCESSIBILITY_NEEDS), 'contact'),
    'What makes a conversation possible; not a diagnosis.',
  ),
  safeChannels: described(labelled(codesOf(codes.CHANNELS), 'contact'), 'Channels that the person called safe.'),
  safeTelecomId: described(naming(labelled(key(), 'contact'), 'telecoms'), 'The telecom that the person called safe.'),
  safeHours: list(safeHours, 20),
  voicemailAllowed: labelled(flag(), 'contact'),
  contactProhibited: described(
    labelled(flag(), 'contact'),
    'The person must not be contacted except by the services that they know.',
  ),
  note: labelled(narrative(2000), 'contact', 'free-text'),
});

export const address = entity('address', 'Where the person lives or receives letters.', {
  id: must(labelled(key(), 'contact')),
  use: labelled(code(codes.ADDRESS_USES), 'contact'),
  protected: described(labelled(flag(), 'contact'), 'Must not become known: labelled `protected-address` as a whole.'),
  careOf: labelled(line(120), 'contact', 'third-party'),
  lines: labelled(lines(160, 4), 'contact'),
  postalCode: labelled(line(20), 'contact'),
  city: labelled(line(120), 'contact'),
  district: labelled(line(120), 'contact'),
  region: labelled(line(120), 'contact'),
  country: labelled(country(), 'contact'),
  startDate: labelled(partialDate(), 'contact'),
  endDate: labelled(partialDate(), 'contact'),
});

export const telecom = entity('telecom', 'A number or address at which the person can be reached.', {
  id: must(labelled(key(), 'contact')),
  system: must(labelled(code(codes.TELECOM_SYSTEMS), 'contact')),
  value: must(labelled(line(254), 'contact')),
  use: labelled(code(codes.TELECOM_USES), 'contact'),
  safe: described(
    labelled(flag(), 'contact'),
    'The person called it safe; `false` when they said that it is not, which protects it as a whole.',
  ),
  protected: described(labelled(flag(), 'contact'), 'Must not become known: labelled `protected-address` as a whole.'),
  startDate: labelled(partialDate(), 'contact'),
  endDate: labelled(partialDate(), 'contact'),
});
