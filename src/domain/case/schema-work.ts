import * as codes from './codes.js';
import { described, entity, labelled, list, must, naming } from './define.js';
import {
  code,
  date,
  flag,
  integer,
  key,
  line,
  narrative,
  partialDate,
  systemCode,
  systemUri,
  timeOfDay,
} from './values.js';
import { z } from 'zod';

/** The agency's work with the person: the case file, what was done, what is needed, wanted and planned. */
const ids = (max: number) => z.array(key()).max(max);

export const worker = entity('worker', 'A member of the agency’s staff who works on the case.', {
  id: must(labelled(key(), 'plan')),
  function: described(labelled(line(120), 'plan'), 'Function within the agency; the name stays a third party’s.'),
  name: labelled(line(160), 'plan', 'third-party'),
  phone: labelled(line(60), 'plan', 'third-party'),
  email: labelled(line(254), 'plan', 'third-party'),
  startDate: labelled(date(), 'plan'),
  endDate: labelled(date(), 'plan'),
});

export const caseFile = entity('caseFile', 'The agency’s file (dossier).', {
  number: labelled(line(64), 'plan'),
  status: must(labelled(code(codes.CASE_STATUSES), 'plan')),
  openedOn: labelled(date(), 'plan'),
  closedOn: labelled(date(), 'plan'),
  closingReason: labelled(code(codes.CLOSING_REASONS), 'plan'),
  programme: labelled(line(160), 'plan'),
  service: labelled(line(160), 'plan'),
  leadWorker: worker,
  team: list(worker, 20),
  note: labelled(narrative(4000), 'plan', 'free-text'),
});

export const participant = entity('participant', 'Who took part in an intervention.', {
  id: must(labelled(key(), 'notes')),
  role: must(labelled(code(codes.PARTICIPANT_ROLES), 'notes')),
  name: labelled(line(160), 'notes', 'third-party'),
  organization: labelled(line(160), 'notes', 'third-party'),
});

export const action = entity('action', 'What was agreed or done in an intervention.', {
  id: must(labelled(key(), 'notes')),
  description: labelled(narrative(1000), 'notes', 'free-text'),
  status: labelled(code(codes.ACTION_STATUSES), 'notes'),
  responsible: labelled(code(codes.RESPONSIBLES), 'notes'),
  dueDate: labelled(date(), 'notes'),
  doneOn: labelled(date(), 'notes'),
});

export const intervention = entity('intervention', 'One contact or act of the agency with or for the person.', {
  id: must(labelled(key(), 'notes')),
  date: must(labelled(date(), 'notes')),
  time: labelled(timeOfDay(), 'notes'),
  kind: must(labelled(code(codes.INTERVENTION_KINDS), 'notes')),
  channel: labelled(code(codes.CHANNELS), 'notes'),
  durationMinutes: labelled(integer(0, 1440), 'notes'),
  participants: list(participant, 30),
  summary: described(labelled(narrative(20000), 'notes', 'free-text'), 'Summary of the conversation.'),
  actions: list(action, 50),
  needIds: naming(labelled(ids(50), 'notes'), 'needs'),
  stayId: naming(labelled(key(), 'notes'), 'stays'),
});

export const need = entity('need', 'Something that the person lacks or asks for.', {
  id: must(labelled(key(), 'needs')),
  category: must(labelled(code(codes.NEED_CATEGORIES), 'needs')),
  status: must(labelled(code(codes.NEED_STATUSES), 'needs')),
  codeSystem: labelled(systemUri(), 'needs'),
  code: labelled(systemCode(), 'needs'),
  severity: labelled(code(codes.SEVERITIES), 'needs'),
  priority: described(labelled(integer(1, 9), 'needs'), 'The person’s own order, 1 first.'),
  expressedBy: labelled(code(codes.EXPRESSED_BY), 'needs'),
  identifiedOn: labelled(date(), 'needs'),
  resolvedOn: labelled(date(), 'needs'),
  description: labelled(narrative(4000), 'needs', 'free-text'),
  note: labelled(narrative(4000), 'needs', 'free-text'),
});

export const goal = entity('goal', 'What the person wants to reach.', {
  id: must(labelled(key(), 'plan')),
  category: must(labelled(code(codes.NEED_CATEGORIES), 'plan')),
  status: must(labelled(code(codes.GOAL_STATUSES), 'plan')),
  expressedBy: labelled(code(codes.EXPRESSED_BY), 'plan'),
  startDate: labelled(date(), 'plan'),
  targetDate: labelled(partialDate(), 'plan'),
  endedOn: labelled(date(), 'plan'),
  needIds: naming(labelled(ids(50), 'plan'), 'needs'),
  description: labelled(narrative(4000), 'plan', 'free-text'),
  note: labelled(narrative(4000), 'plan', 'free-text'),
});

export const activity = entity('activity', 'A step of the plan.', {
  id: must(labelled(key(), 'plan')),
  category: must(labelled(code(codes.NEED_CATEGORIES), 'plan')),
  kind: labelled(code(codes.ACTIVITY_KINDS), 'plan'),
  status: must(labelled(code(codes.ACTIVITY_STATUSES), 'plan')),
  responsible: labelled(code(codes.RESPONSIBLES), 'plan'),
  startDate: labelled(date(), 'plan'),
  dueDate: labelled(date(), 'plan'),
  completedOn: labelled(date(), 'plan'),
  goalIds: naming(labelled(ids(50), 'plan'), 'goals'),
  needIds: naming(labelled(ids(50), 'plan'), 'needs'),
  description: labelled(narrative(4000), 'plan', 'free-text'),
});

export const plan = entity('plan', 'The plan agreed with the person (projet).', {
  status: must(labelled(code(codes.PLAN_STATUSES), 'plan')),
  startDate: labelled(date(), 'plan'),
  endDate: labelled(date(), 'plan'),
  reviewDate: labelled(date(), 'plan'),
  agreedByPerson: labelled(flag(), 'plan'),
  agreedOn: labelled(date(), 'plan'),
  documentId: naming(labelled(key(), 'plan'), 'documents'),
  activities: list(activity, 200),
  note: labelled(narrative(4000), 'plan', 'free-text'),
});

export const referral = entity('referral', 'A request to another service on behalf of the person (orientation).', {
  id: must(labelled(key(), 'plan')),
  category: must(labelled(code(codes.NEED_CATEGORIES), 'plan')),
  status: must(labelled(code(codes.REFERRAL_STATES), 'plan')),
  priority: labelled(code(codes.REFERRAL_PRIORITIES), 'plan'),
  requestedOn: labelled(date(), 'plan'),
  answerDueOn: labelled(date(), 'plan'),
  recipientOrganization: labelled(line(160), 'plan', 'third-party'),
  recipientContact: labelled(line(160), 'plan', 'third-party'),
  declineReason: labelled(code(codes.DECLINE_REASONS), 'plan'),
  outcome: labelled(code(codes.REFERRAL_OUTCOMES), 'plan'),
  endedOn: labelled(date(), 'plan'),
  kind: labelled(code(codes.REFERRAL_KINDS), 'plan'),
  codeSystem: labelled(systemUri(), 'plan'),
  code: labelled(systemCode(), 'plan'),
  result: labelled(code(codes.REFERRAL_RESULTS), 'plan'),
  resultOn: labelled(date(), 'plan'),
  rehoused: described(labelled(flag(), 'plan'), 'The person was housed in a safe alternative at once.'),
  followUp: described(labelled(flag(), 'plan'), 'The person entered follow-up case management.'),
  stayId: naming(labelled(key(), 'plan'), 'stays'),
  needIds: naming(labelled(ids(50), 'plan'), 'needs'),
  reason: labelled(narrative(4000), 'plan', 'free-text'),
  note: labelled(narrative(4000), 'plan', 'free-text'),
});

export const workingNote = entity('workingNote', 'A worker’s own note. It can never leave.', {
  id: must(labelled(key(), 'working-notes')),
  date: labelled(date(), 'working-notes'),
  author: labelled(line(160), 'working-notes'),
  text: must(labelled(narrative(20000), 'working-notes')),
});
