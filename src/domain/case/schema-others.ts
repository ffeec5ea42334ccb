import * as codes from './codes.js';
import { described, entity, labelled, list, must, naming } from './define.js';
import {
  base64,
  code,
  codes as codesOf,
  date,
  flag,
  integer,
  key,
  line,
  lines,
  narrative,
  partialDate,
  sha256,
} from './values.js';

/** People around the person: who may decide for them, who lives with them, who knows them. All are third parties. */
export const measure = entity('measure', 'A legal measure or mandate by which somebody else decides or assists.', {
  id: must(labelled(key(), 'contact')),
  kind: must(labelled(code(codes.MEASURE_KINDS), 'contact')),
  status: must(labelled(code(codes.MEASURE_STATUSES), 'contact')),
  scope: must(labelled(code(codes.MEASURE_SCOPES), 'contact')),
  acts: described(
    labelled(codesOf(codes.MEASURE_ACTS), 'contact'),
    'Named acts; required where the scope is `named-acts`.',
  ),
  holderKind: labelled(code(codes.HOLDER_KINDS), 'contact'),
  holderName: labelled(line(160), 'contact', 'third-party'),
  holderOrganization: labelled(line(160), 'contact', 'third-party'),
  holderPhone: labelled(line(60), 'contact', 'third-party'),
  holderEmail: labelled(line(254), 'contact', 'third-party'),
  instrument: labelled(code(codes.INSTRUMENTS), 'contact'),
  instrumentReference: labelled(line(100), 'contact', 'government-identifier'),
  instrumentDate: labelled(date(), 'contact'),
  documentId: naming(labelled(key(), 'contact'), 'documents'),
  startDate: labelled(date(), 'contact'),
  endDate: labelled(date(), 'contact'),
  note: labelled(narrative(2000), 'contact', 'free-text', 'third-party'),
});

export const authorityHolder = entity('authorityHolder', 'Somebody who holds parental authority over the person.', {
  id: must(labelled(key(), 'contact', 'third-party')),
  role: must(labelled(code(codes.PARENTAL_ROLES), 'contact', 'third-party')),
  name: labelled(line(160), 'contact', 'third-party'),
  phone: labelled(line(60), 'contact', 'third-party'),
  exercise: labelled(code(codes.PARENTAL_EXERCISE), 'contact', 'third-party'),
  restrictions: labelled(codesOf(codes.PARENTAL_RESTRICTIONS), 'contact', 'third-party', 'safeguarding'),
  restrictionsReference: labelled(line(100), 'contact', 'third-party', 'safeguarding'),
  restrictionsUntil: labelled(date(), 'contact', 'third-party', 'safeguarding'),
});

export const parentalAuthority = entity('parentalAuthority', 'Who decides for a minor.', {
  holders: list(authorityHolder, 10),
  entrustedService: described(
    labelled(line(160), 'contact', 'safeguarding'),
    'The service to which a court or the family entrusted the child.',
  ),
  entrustedSince: labelled(date(), 'contact', 'safeguarding'),
  entrustedUntil: labelled(date(), 'contact', 'safeguarding'),
  note: labelled(narrative(2000), 'contact', 'safeguarding', 'third-party', 'free-text'),
});

export const trustedPerson = entity('trustedPerson', 'Whom the person chose to be consulted (personne de confiance).', {
  id: must(labelled(key(), 'contact', 'third-party')),
  name: must(labelled(line(160), 'contact', 'third-party')),
  relationship: labelled(code(codes.RELATIONSHIPS), 'contact', 'third-party'),
  phone: labelled(line(60), 'contact', 'third-party'),
  email: labelled(line(254), 'contact', 'third-party'),
  designatedOn: labelled(date(), 'contact', 'third-party'),
  revokedOn: labelled(date(), 'contact', 'third-party'),
});

export const representation = entity('representation', 'Who decides with or for the person.', {
  measures: list(measure, 20),
  parentalAuthority,
  trustedPersons: list(trustedPerson, 5),
});

export const householdMember = entity(
  'householdMember',
  'Somebody who lives with the person. Age alone can be shared; the rest belongs to a third party.',
  {
    id: must(labelled(key(), 'household')),
    kind: labelled(code(codes.MEMBER_KINDS), 'household'),
    age: labelled(integer(0, 130), 'household'),
    ageOn: described(labelled(date(), 'household'), 'The day on which the age was true.'),
    relationship: labelled(code(codes.RELATIONSHIPS), 'household', 'third-party'),
    family: labelled(line(120), 'household', 'third-party'),
    given: labelled(lines(80, 10), 'household', 'third-party'),
    birthDate: labelled(partialDate(), 'household', 'third-party'),
    sex: labelled(code(codes.SEXES), 'household', 'third-party'),
    personKey: described(
      labelled(key(), 'household', 'third-party'),
      'The agency’s key of that person, where they have a case of their own.',
    ),
    dependent: labelled(flag(), 'household'),
    schooled: labelled(flag(), 'household', 'third-party'),
    startDate: labelled(partialDate(), 'household'),
    endDate: labelled(partialDate(), 'household'),
    note: labelled(narrative(2000), 'household', 'third-party', 'free-text'),
  },
);

export const household = entity('household', 'Those with whom the person lives.', {
  members: list(householdMember, 40),
  note: labelled(narrative(2000), 'household', 'third-party', 'free-text'),
});

export const relative = entity('relative', 'Somebody close to the person who does not live with them.', {
  id: must(labelled(key(), 'household', 'third-party')),
  relationship: must(labelled(code(codes.RELATIONSHIPS), 'household', 'third-party')),
  family: labelled(line(120), 'household', 'third-party'),
  given: labelled(lines(80, 10), 'household', 'third-party'),
  phone: labelled(line(60), 'household', 'third-party'),
  email: labelled(line(254), 'household', 'third-party'),
  emergencyContact: labelled(flag(), 'household', 'third-party'),
  mayBeTold: described(
    labelled(flag(), 'household', 'third-party'),
    'The person agrees that this relative knows of the case.',
  ),
  note: labelled(narrative(2000), 'household', 'third-party', 'free-text'),
});

export const professional = entity('professional', 'Somebody who works with the person in another service.', {
  id: must(labelled(key(), 'contact', 'third-party')),
  role: must(labelled(code(codes.PROFESSIONAL_ROLES), 'contact', 'third-party')),
  name: labelled(line(160), 'contact', 'third-party'),
  organization: labelled(line(160), 'contact', 'third-party'),
  phone: labelled(line(60), 'contact', 'third-party'),
  email: labelled(line(254), 'contact', 'third-party'),
  startDate: labelled(partialDate(), 'contact', 'third-party'),
  endDate: labelled(partialDate(), 'contact', 'third-party'),
  note: labelled(narrative(2000), 'contact', 'third-party', 'free-text'),
});

/** A document of the agency: what it is, and the file itself where it was scanned. */
export const document = entity('document', 'A paper or file: what it is, and its content where it was scanned.', {
  id: must(labelled(key(), 'notes')),
  kind: must(labelled(code(codes.DOCUMENT_KINDS), 'notes')),
  title: labelled(line(200), 'notes', 'free-text'),
  author: labelled(line(160), 'notes', 'third-party'),
  date: labelled(partialDate(), 'notes'),
  receivedOn: labelled(date(), 'notes'),
  expiresOn: labelled(date(), 'notes'),
  original: described(labelled(flag(), 'notes'), 'The agency has seen the original.'),
  mimeType: labelled(code(codes.MIME_TYPES), 'notes', 'attachment'),
  sizeBytes: labelled(integer(0, 2_000_000_000), 'notes', 'attachment'),
  sha256: labelled(sha256(), 'notes', 'attachment'),
  content: described(labelled(base64(512 * 1024), 'notes', 'attachment'), 'At most 512 KiB.'),
  note: labelled(narrative(2000), 'notes', 'free-text'),
});
