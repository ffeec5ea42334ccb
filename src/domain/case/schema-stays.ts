import * as codes from './codes.js';
import { described, entity, labelled, must, naming } from './define.js';
import {
  code,
  currency,
  date,
  decimal,
  flag,
  integer,
  key,
  line,
  narrative,
  partialDate,
  systemCode,
  systemUri,
} from './values.js';

/**
 * Programmes, the person's stays in them, and what happened there: services, exits, assessments, answers. `kind` is
 * Relais' word; `codeSystem` and `code` are the agency's own word beside it.
 */
const MAX_AMOUNT = 100_000_000;

export const programme = entity('programme', 'A programme or service of an agency, as far as the record names it.', {
  id: must(labelled(key(), 'housing')),
  kind: must(labelled(code(codes.PROGRAMME_KINDS), 'housing')),
  name: described(labelled(line(200), 'housing', 'protected-address'), 'May betray an address.'),
  codeSystem: labelled(systemUri(), 'housing'),
  code: labelled(systemCode(), 'housing'),
  organizationId: labelled(key(), 'housing'),
  organization: labelled(line(200), 'housing', 'protected-address'),
  victimServices: described(labelled(flag(), 'housing'), 'It serves victims of violence alone.'),
  startDate: labelled(date(), 'housing'),
  endDate: labelled(date(), 'housing'),
});

export const stay = entity('stay', 'A span during which a programme was responsible for the person (séjour).', {
  id: must(labelled(key(), 'housing')),
  kind: described(must(labelled(code(codes.PROGRAMME_KINDS), 'housing')), 'Kind of the programme.'),
  status: must(labelled(code(codes.STAY_STATUSES), 'housing')),
  programmeId: described(
    labelled(key(), 'housing'),
    'The agency’s key of the programme; `programmes` may describe it.',
  ),
  programme: described(labelled(line(200), 'housing', 'protected-address'), 'Its name; may betray an address.'),
  area: described(labelled(line(60), 'housing'), 'The territory that answers for it (CoC, département).'),
  startDate: labelled(date(), 'housing'),
  engagedOn: labelled(date(), 'housing'),
  moveInDate: labelled(date(), 'housing'),
  endDate: labelled(date(), 'housing'),
  householdKey: described(labelled(key(), 'household'), 'The same for all who stay together.'),
  relationshipToHead: labelled(code(codes.RELATIONSHIPS_TO_HEAD), 'household'),
  note: labelled(narrative(4000), 'housing', 'free-text'),
});

export const exit = entity('exit', 'How a stay ended and where the person went.', {
  id: must(labelled(key(), 'housing')),
  stayId: naming(labelled(key(), 'housing'), 'stays'),
  date: labelled(date(), 'housing'),
  destination: must(labelled(code(codes.DESTINATIONS), 'housing')),
  codeSystem: labelled(systemUri(), 'housing'),
  code: labelled(systemCode(), 'housing'),
  destinationText: labelled(line(200), 'housing', 'free-text'),
  subsidy: labelled(code(codes.HOUSING_SUBSIDIES), 'housing'),
  subsidySystem: labelled(systemUri(), 'housing'),
  subsidyCode: labelled(systemCode(), 'housing'),
  completion: labelled(code(codes.EXIT_COMPLETIONS), 'housing'),
  reason: labelled(code(codes.EXIT_REASONS), 'housing'),
  reasonSystem: labelled(systemUri(), 'housing'),
  reasonCode: labelled(systemCode(), 'housing'),
  note: labelled(narrative(2000), 'housing', 'free-text'),
});

export const livingSituation = entity('livingSituation', 'Where the person lived at some time, or was seen to live.', {
  id: must(labelled(key(), 'housing')),
  kind: must(labelled(code(codes.HOUSING_SITUATIONS), 'housing')),
  codeSystem: labelled(systemUri(), 'housing'),
  code: labelled(systemCode(), 'housing'),
  observedOn: labelled(date(), 'housing'),
  since: labelled(partialDate(), 'housing'),
  until: labelled(partialDate(), 'housing'),
  lengthOfStay: labelled(code(codes.LENGTHS_OF_STAY), 'housing'),
  subsidy: labelled(code(codes.HOUSING_SUBSIDIES), 'housing'),
  subsidySystem: labelled(systemUri(), 'housing'),
  subsidyCode: labelled(systemCode(), 'housing'),
  stage: labelled(code(codes.COLLECTION_STAGES), 'housing'),
  stayId: naming(labelled(key(), 'housing'), 'stays'),
  verifiedBy: labelled(line(200), 'housing', 'third-party'),
  place: labelled(line(250), 'housing', 'protected-address', 'free-text'),
  note: labelled(narrative(2000), 'housing', 'free-text'),
});

export const service = entity('service', 'A service that was provided to the person.', {
  id: must(labelled(key(), 'plan')),
  kind: must(labelled(code(codes.SERVICE_KINDS), 'plan')),
  date: must(labelled(date(), 'plan')),
  codeSystem: labelled(systemUri(), 'plan'),
  code: labelled(systemCode(), 'plan'),
  detailSystem: described(labelled(systemUri(), 'plan'), 'System of a finer code beside `code`.'),
  detailCode: labelled(systemCode(), 'plan'),
  description: labelled(line(200), 'plan', 'free-text'),
  startDate: described(labelled(date(), 'plan'), 'Beginning of the time that it covers.'),
  endDate: labelled(date(), 'plan'),
  amount: labelled(decimal(0, MAX_AMOUNT), 'income'),
  currency: labelled(currency(), 'income'),
  outcome: labelled(code(codes.SERVICE_OUTCOMES), 'plan'),
  provider: labelled(line(160), 'plan', 'third-party'),
  stayId: naming(labelled(key(), 'plan'), 'stays'),
  note: labelled(narrative(2000), 'plan', 'free-text'),
});

export const assessment = entity('assessment', 'A formal assessment: when, how, with what result.', {
  id: must(labelled(key(), 'needs')),
  level: must(labelled(code(codes.ASSESSMENT_LEVELS), 'needs')),
  date: labelled(date(), 'needs'),
  channel: labelled(code(codes.CHANNELS), 'needs'),
  location: labelled(line(250), 'needs', 'free-text'),
  tool: described(labelled(line(160), 'needs'), 'Name of the instrument.'),
  score: labelled(decimal(-1_000_000, 1_000_000), 'needs'),
  prioritization: labelled(code(codes.PRIORITIZATIONS), 'needs'),
  stayId: naming(labelled(key(), 'needs'), 'stays'),
  note: labelled(narrative(4000), 'needs', 'free-text'),
});

export const screening = entity('screening', 'One question and what the person answered (repérage).', {
  id: must(labelled(key(), 'needs')),
  occasion: described(labelled(key(), 'needs'), 'The same for all that was asked on one occasion.'),
  kind: described(must(labelled(code(codes.SCREENING_KINDS), 'needs')), 'What the set of questions is about.'),
  topic: must(labelled(code(codes.SCREENING_TOPICS), 'needs')),
  topicText: described(labelled(line(250), 'needs', 'free-text'), 'The question in the agency’s words.'),
  codeSystem: labelled(systemUri(), 'needs'),
  code: described(labelled(systemCode(), 'needs'), 'The agency’s code of the question.'),
  group: labelled(line(250), 'needs', 'free-text'),
  order: labelled(integer(0, 100_000), 'needs'),
  askedOn: labelled(date(), 'needs'),
  stage: labelled(code(codes.COLLECTION_STAGES), 'needs'),
  stayId: naming(labelled(key(), 'needs'), 'stays'),
  assessmentId: naming(labelled(key(), 'needs'), 'assessments'),
  answer: labelled(code(codes.SCREENING_ANSWERS), 'needs'),
  answerSystem: labelled(systemUri(), 'needs'),
  answerCode: described(labelled(systemCode(), 'needs'), 'The agency’s code of the answer.'),
  date: labelled(partialDate(), 'needs'),
  amount: labelled(decimal(0, MAX_AMOUNT), 'needs'),
  currency: labelled(currency(), 'needs'),
  count: labelled(integer(-1_000_000_000, 1_000_000_000), 'needs'),
  reasonSystem: labelled(systemUri(), 'needs'),
  reasonCode: described(labelled(systemCode(), 'needs'), 'Why so, by the agency’s code.'),
  text: labelled(narrative(2000), 'needs', 'free-text'),
});
