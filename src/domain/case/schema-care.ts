import * as codes from './codes.js';
import { described, entity, labelled, list, must, naming } from './define.js';
import {
  code,
  codes as codesOf,
  date,
  flag,
  key,
  line,
  narrative,
  partialDate,
  systemCode,
  systemUri,
} from './values.js';

/** Health for continuity only: what harms if another service does not know it. No health record. */
export const treatment = entity('treatment', 'A treatment that another service must know of.', {
  id: must(labelled(key(), 'health')),
  kind: must(labelled(code(codes.TREATMENT_KINDS), 'health')),
  name: must(labelled(line(200), 'health')),
  codeSystem: labelled(systemUri(), 'health'),
  code: labelled(systemCode(), 'health'),
  mustNotInterrupt: described(labelled(flag(), 'health'), 'Stopping it, even for a day or two, is dangerous.'),
  keepCold: labelled(flag(), 'health'),
  dosage: labelled(line(200), 'health'),
  startDate: labelled(partialDate(), 'health'),
  endDate: labelled(partialDate(), 'health'),
  supplyUntil: described(labelled(date(), 'health'), 'The day on which the person’s supply runs out.'),
  prescriber: labelled(line(160), 'health', 'third-party'),
  note: labelled(narrative(2000), 'health', 'free-text'),
});

export const allergy = entity('allergy', 'An allergy or intolerance.', {
  id: must(labelled(key(), 'health')),
  kind: must(labelled(code(codes.ALLERGY_KINDS), 'health')),
  substance: must(labelled(line(200), 'health')),
  codeSystem: labelled(systemUri(), 'health'),
  code: labelled(systemCode(), 'health'),
  criticality: labelled(code(codes.CRITICALITIES), 'health'),
  reaction: labelled(line(200), 'health'),
  note: labelled(narrative(2000), 'health', 'free-text'),
});

export const mobility = entity('mobility', 'How the person moves.', {
  level: must(labelled(code(codes.MOBILITY_LEVELS), 'health')),
  equipment: labelled(codesOf(codes.MOBILITY_EQUIPMENT), 'health'),
  stairsPossible: labelled(flag(), 'health'),
  note: labelled(narrative(2000), 'health', 'free-text'),
});

export const condition = entity('condition', 'A condition, only where the person conveyed it.', {
  id: must(labelled(key(), 'health')),
  kind: must(labelled(code(codes.CONDITION_KINDS), 'health')),
  name: labelled(line(200), 'health'),
  codeSystem: labelled(systemUri(), 'health'),
  code: labelled(systemCode(), 'health'),
  status: must(labelled(code(codes.CONDITION_STATUSES), 'health')),
  verification: described(
    labelled(code(codes.VERIFICATIONS), 'health'),
    '`refuted`: the person was asked and does not have it.',
  ),
  lasting: described(labelled(flag(), 'health'), 'Expected to last, and impairs living independently.'),
  startDate: labelled(partialDate(), 'health'),
  endDate: labelled(partialDate(), 'health'),
  recordedOn: labelled(date(), 'health'),
  stage: labelled(code(codes.COLLECTION_STAGES), 'health'),
  stayId: naming(labelled(key(), 'health'), 'stays'),
  note: labelled(narrative(2000), 'health', 'free-text'),
});

export const health = entity('health', 'Health, for continuity only.', {
  treatments: list(treatment, 40),
  allergies: list(allergy, 40),
  mobility,
  conditions: list(condition, 60),
});

/** Three different things: a concern that somebody is harmed, a risk to the person, an alert to those who visit. */
export const safeguardingConcern = entity(
  'safeguardingConcern',
  'A concern that a child or an adult is being harmed.',
  {
    id: must(labelled(key(), 'safety', 'safeguarding')),
    kind: must(labelled(code(codes.SAFEGUARDING_KINDS), 'safety', 'safeguarding')),
    subject: must(labelled(code(codes.SAFEGUARDING_SUBJECTS), 'safety', 'safeguarding')),
    status: must(labelled(code(codes.SAFETY_STATUSES), 'safety', 'safeguarding')),
    fact: described(must(labelled(narrative(4000), 'safety', 'safeguarding', 'free-text')), 'What was seen or said.'),
    author: must(labelled(line(160), 'safety', 'safeguarding', 'third-party')),
    authorFunction: labelled(line(120), 'safety', 'safeguarding'),
    recordedOn: must(labelled(date(), 'safety', 'safeguarding')),
    expiresOn: must(labelled(date(), 'safety', 'safeguarding')),
    reviewOn: must(labelled(date(), 'safety', 'safeguarding')),
    passedOnTo: labelled(line(160), 'safety', 'safeguarding'),
    passedOn: labelled(date(), 'safety', 'safeguarding'),
  },
);

export const risk = entity('risk', 'A danger that threatens the person.', {
  id: must(labelled(key(), 'safety')),
  kind: must(labelled(code(codes.RISK_KINDS), 'safety')),
  level: labelled(code(codes.SEVERITIES), 'safety'),
  status: must(labelled(code(codes.SAFETY_STATUSES), 'safety')),
  fact: described(must(labelled(narrative(4000), 'safety', 'free-text')), 'What was seen or said.'),
  precautions: labelled(narrative(2000), 'safety', 'free-text'),
  author: must(labelled(line(160), 'safety', 'third-party')),
  authorFunction: labelled(line(120), 'safety'),
  recordedOn: must(labelled(date(), 'safety')),
  expiresOn: must(labelled(date(), 'safety')),
  reviewOn: must(labelled(date(), 'safety')),
});

export const staffAlert = entity('staffAlert', 'A warning to staff who meet the person. Never shared by default.', {
  id: must(labelled(key(), 'safety', 'staff-alert')),
  kind: must(labelled(code(codes.ALERT_KINDS), 'safety', 'staff-alert')),
  status: must(labelled(code(codes.SAFETY_STATUSES), 'safety', 'staff-alert')),
  fact: described(must(labelled(narrative(4000), 'safety', 'staff-alert', 'free-text')), 'What was seen or said.'),
  precautions: labelled(narrative(2000), 'safety', 'staff-alert', 'free-text'),
  author: must(labelled(line(160), 'safety', 'staff-alert', 'third-party')),
  authorFunction: labelled(line(120), 'safety', 'staff-alert'),
  recordedOn: must(labelled(date(), 'safety', 'staff-alert')),
  expiresOn: must(labelled(date(), 'safety', 'staff-alert')),
  reviewOn: must(labelled(date(), 'safety', 'staff-alert')),
});

export const safety = entity('safety', 'Safeguarding concerns, risks to the person, alerts to staff: kept apart.', {
  safeguardingConcerns: list(safeguardingConcern, 40),
  risks: list(risk, 40),
  staffAlerts: list(staffAlert, 40),
});
