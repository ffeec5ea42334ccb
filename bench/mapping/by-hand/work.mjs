// The agency's work by hand: interventions, needs, goals, the plan, referrals.
import { itemOf } from './around.mjs';
import {
  CS,
  EXPRESSED_BY,
  GRAVITY,
  HL7,
  NOTE,
  RESPONSIBLE,
  SD,
  SDOH,
  TEMPORARY,
  codeOf,
  concept,
  exactly,
  exactOf,
  inverted,
  noted,
  periodOf,
  sdohOf,
} from './words.mjs';

const EXPRESSED_OF = inverted(EXPRESSED_BY);
const RESPONSIBLE_OF = inverted(RESPONSIBLE);
const ACTION_STATUS = { planned: 'requested', 'in-progress': 'in-progress', done: 'completed', cancelled: 'cancelled' };
const ACTION_STATUS_OF = inverted(ACTION_STATUS);

const NEED_STATUS = {
  identified: 'active',
  active: 'active',
  'on-hold': 'inactive',
  met: 'resolved',
  'not-met': 'inactive',
  withdrawn: 'inactive',
};
const SEVERITY = { low: '255604002', moderate: '6736007', high: '24484000', urgent: '24484000' };
const GOAL_STATUS = {
  proposed: 'proposed',
  accepted: 'accepted',
  active: 'active',
  'on-hold': 'on-hold',
  achieved: 'completed',
  'partly-achieved': 'completed',
  'not-achieved': 'completed',
  cancelled: 'cancelled',
};
const ACHIEVEMENT = {
  active: 'in-progress',
  achieved: 'achieved',
  'partly-achieved': 'improving',
  'not-achieved': 'not-achieved',
};
const ENCOUNTER_CLASS = {
  'home-visit': 'HH',
  'phone-call': 'VR',
  message: 'VR',
  letter: 'VR',
  outreach: 'FLD',
  crisis: 'EMER',
};
const REFERRAL_STATUS = {
  draft: 'draft',
  sent: 'active',
  received: 'active',
  accepted: 'active',
  declined: 'revoked',
  'in-progress': 'active',
  'on-hold': 'on-hold',
  completed: 'completed',
  cancelled: 'revoked',
};

const needReferences = (run, ids) => ids.map((id) => ({ reference: run.need(id) }));

/** The coarse Gravity category must fit the agency's own. */
function checkCategory(run, concepts, category) {
  if (concepts === undefined) return;
  for (const one of concepts) {
    const coarse = codeOf(one, TEMPORARY);
    if (coarse !== undefined && coarse !== (SDOH[category] ?? 'sdoh-category-unspecified')) run.conflicts.push(run.key);
  }
}

function takeKeys(run, references) {
  const keys = [];
  for (const { reference } of references) {
    const key = run.keys.get(reference);
    if (key !== undefined) keys.push(key);
  }
  return keys;
}

export function needOf(run, need) {
  const extension = [];
  if (need.priority !== undefined) extension.push({ url: `${SD}priority`, valuePositiveInt: need.priority });
  const open = need.status === 'identified' || need.status === 'active';
  if (open && need.resolvedOn !== undefined) extension.push({ url: `${SD}resolved-on`, valueDate: need.resolvedOn });
  const resource = {
    resourceType: 'Condition',
    id: run.id('Condition', 'case/need', need.id),
    meta: { profile: [`${SD}need`, `${GRAVITY}/StructureDefinition/SDOHCC-Condition`] },
    identifier: [{ system: `${run.base}/need`, value: need.id }],
    clinicalStatus: {
      coding: [
        { system: `${HL7}condition-clinical`, code: NEED_STATUS[need.status] },
        { system: `${CS}need-status`, code: need.status },
      ],
    },
    verificationStatus: concept(
      `${HL7}condition-ver-status`,
      need.status === 'identified' ? 'unconfirmed' : 'confirmed',
    ),
    category: [
      concept('http://hl7.org/fhir/us/core/CodeSystem/condition-category', 'health-concern'),
      concept('http://hl7.org/fhir/us/core/CodeSystem/us-core-category', 'sdoh'),
      concept(TEMPORARY, sdohOf(need.category)),
    ],
  };
  if (extension.length > 0) resource.extension = extension;
  if (need.expressedBy !== undefined) resource.asserter = { display: EXPRESSED_BY[need.expressedBy] };
  if (need.severity !== undefined) {
    resource.severity = {
      coding: [
        { system: 'http://snomed.info/sct', code: SEVERITY[need.severity] },
        { system: `${CS}severity`, code: need.severity },
      ],
    };
  }
  const coding = [{ system: `${CS}need-category`, code: need.category }];
  resource.code = need.description === undefined ? { coding } : { coding, text: need.description };
  resource.subject = { reference: run.subject };
  if (!open && need.resolvedOn !== undefined) resource.abatementDateTime = need.resolvedOn;
  if (need.identifiedOn !== undefined) resource.recordedDate = need.identifiedOn;
  if (need.note !== undefined) resource.note = [{ text: need.note }];
  return resource;
}

export function takeNeed(run, r) {
  // The file may have told its rank before.
  const need = itemOf((run.record.needs ??= []), run.key);
  for (const { url, valuePositiveInt, valueDate } of r.extension ?? []) {
    if (url === `${SD}priority`) need.priority = valuePositiveInt;
    else if (url === `${SD}resolved-on`) need.resolvedOn = valueDate;
  }
  const status = codeOf(r.clinicalStatus, `${CS}need-status`);
  if (status !== undefined) need.status = status;
  const expressedBy = EXPRESSED_OF[r.asserter?.display];
  if (expressedBy !== undefined) need.expressedBy = expressedBy;
  if (need.status !== undefined) {
    const verified = need.status === 'identified' ? 'unconfirmed' : 'confirmed';
    if (
      codeOf(r.clinicalStatus, `${HL7}condition-clinical`) !== NEED_STATUS[need.status] ||
      codeOf(r.verificationStatus, `${HL7}condition-ver-status`) !== verified
    )
      run.conflicts.push(run.key);
  }
  const category = codeOf(r.code, `${CS}need-category`);
  if (category !== undefined) {
    need.category = category;
    checkCategory(run, r.category, category);
  }
  const severity = codeOf(r.severity, `${CS}severity`);
  if (severity !== undefined) {
    need.severity = severity;
    if (codeOf(r.severity, 'http://snomed.info/sct') !== SEVERITY[severity]) run.conflicts.push(run.key);
  }
  if (r.code?.text !== undefined) need.description = r.code.text;
  if (r.abatementDateTime !== undefined) need.resolvedOn = r.abatementDateTime;
  if (r.recordedDate !== undefined) need.identifiedOn = r.recordedDate;
  if (r.note?.[0]?.text !== undefined) need.note = r.note[0].text;
}

export function goalOf(run, goal) {
  const resource = {
    resourceType: 'Goal',
    id: run.id('Goal', 'case/goal', goal.id),
    meta: { profile: [`${SD}goal`, `${GRAVITY}/StructureDefinition/SDOHCC-Goal`] },
    identifier: [{ system: `${run.base}/goal`, value: goal.id }],
    lifecycleStatus: GOAL_STATUS[goal.status],
    _lifecycleStatus: exactly(`${CS}goal-status`, goal.status),
    expressedBy: { display: EXPRESSED_BY[goal.expressedBy] },
  };
  const achievement = ACHIEVEMENT[goal.status];
  if (achievement !== undefined) resource.achievementStatus = concept(`${HL7}goal-achievement`, achievement);
  resource.category = [concept(TEMPORARY, sdohOf(goal.category))];
  resource.description = {
    coding: [{ system: `${CS}need-category`, code: goal.category }],
    text: goal.description,
  };
  resource.subject = { reference: run.subject };
  if (goal.startDate !== undefined) resource.startDate = goal.startDate;
  if (goal.targetDate !== undefined) resource.target = [{ dueDate: goal.targetDate }];
  if (goal.endedOn !== undefined) resource.statusDate = goal.endedOn;
  resource.addresses = needReferences(run, goal.needIds);
  if (goal.note !== undefined) resource.note = [{ text: goal.note }];
  return resource;
}

export function takeGoal(run, r) {
  const goal = { id: run.key };
  const status = exactOf(r._lifecycleStatus, `${CS}goal-status`);
  if (status !== undefined) goal.status = status;
  const expressedBy = EXPRESSED_OF[r.expressedBy?.display];
  if (expressedBy !== undefined) goal.expressedBy = expressedBy;
  if (goal.status !== undefined) {
    const achievement = codeOf(r.achievementStatus, `${HL7}goal-achievement`);
    if (GOAL_STATUS[goal.status] !== r.lifecycleStatus || ACHIEVEMENT[goal.status] !== achievement)
      run.conflicts.push(run.key);
  }
  const category = codeOf(r.description, `${CS}need-category`);
  if (category !== undefined) {
    goal.category = category;
    checkCategory(run, r.category, category);
  }
  if (r.description?.text !== undefined) goal.description = r.description.text;
  if (r.startDate !== undefined) goal.startDate = r.startDate;
  if (r.target?.[0]?.dueDate !== undefined) goal.targetDate = r.target[0].dueDate;
  if (r.statusDate !== undefined) goal.endedOn = r.statusDate;
  if (r.addresses !== undefined) goal.needIds = takeKeys(run, r.addresses);
  if (r.note?.[0]?.text !== undefined) goal.note = r.note[0].text;
  (run.record.goals ??= []).push(goal);
}

/** FHIR's ids have no underscore. */
const isFhirId = (key) => !key.includes('_');

function participantOf(one) {
  const participant = { id: `participant-${one.id}`, type: [concept(`${CS}participant-role`, one.role)] };
  const individual = {};
  if (one.organization !== undefined) {
    if (isFhirId(one.id)) individual.reference = `#${one.id}`;
    else participant.extension = [{ url: `${SD}organization-name`, valueString: one.organization }];
  }
  if (one.name !== undefined) individual.display = one.name;
  if (individual.reference !== undefined || individual.display !== undefined) participant.individual = individual;
  return participant;
}

function actionOf(run, action) {
  const task = {
    resourceType: 'Task',
    identifier: [{ system: `${run.base}/action`, value: action.id }],
    intent: 'plan',
    encounter: { reference: '#' },
  };
  if (action.status !== undefined) task.status = ACTION_STATUS[action.status];
  if (action.description !== undefined) task.description = action.description;
  if (action.responsible !== undefined) task.owner = { display: RESPONSIBLE[action.responsible] };
  if (action.dueDate !== undefined) task.restriction = { period: { end: action.dueDate } };
  if (action.doneOn !== undefined) task.executionPeriod = { end: action.doneOn };
  return task;
}

export function interventionOf(run, act) {
  const extension = [];
  if (act.time !== undefined) extension.push({ url: `${SD}local-time`, valueTime: `${act.time}:00` });
  if (act.summary !== undefined) extension.push(noted(act.summary));
  const type = [concept(`${CS}intervention-kind`, act.kind)];
  if (act.channel !== undefined) type.push(concept(`${CS}channel`, act.channel));
  const resource = {
    resourceType: 'Encounter',
    id: run.id('Encounter', 'case/intervention', act.id),
    meta: { profile: [`${SD}intervention`] },
    identifier: [{ system: `${run.base}/intervention`, value: act.id }],
    status: 'finished',
    class: { system: `${HL7}v3-ActCode`, code: ENCOUNTER_CLASS[act.kind] ?? 'AMB' },
    type,
    subject: { reference: run.subject },
    participant: act.participants.map(participantOf),
    period: { start: act.date },
  };
  if (extension.length > 0) resource.extension = extension;
  if (act.durationMinutes !== undefined)
    resource.length = { value: act.durationMinutes, unit: 'min', system: 'http://unitsofmeasure.org', code: 'min' };
  if (act.needIds !== undefined) resource.reasonReference = needReferences(run, act.needIds);
  const contained = [];
  for (const { id, organization } of act.participants) {
    if (organization !== undefined && isFhirId(id))
      contained.push({ resourceType: 'PractitionerRole', id, organization: { display: organization } });
  }
  for (const action of act.actions ?? []) contained.push(actionOf(run, action));
  if (contained.length > 0) resource.contained = contained;
  return resource;
}

function takeAction(run, task) {
  const action = {};
  for (const { system, value } of task.identifier ?? []) if (system === run.action) action.id = value;
  const status = ACTION_STATUS_OF[task.status];
  if (status !== undefined) action.status = status;
  if (task.description !== undefined) action.description = task.description;
  const responsible = RESPONSIBLE_OF[task.owner?.display];
  if (responsible !== undefined) action.responsible = responsible;
  if (task.restriction?.period?.end !== undefined) action.dueDate = task.restriction.period.end;
  if (task.executionPeriod?.end !== undefined) action.doneOn = task.executionPeriod.end;
  return action;
}

export function takeIntervention(run, r) {
  const act = { id: run.key };
  for (const { url, valueTime, valueAnnotation } of r.extension ?? []) {
    if (url === `${SD}local-time`) act.time = valueTime.slice(0, -3);
    else if (url === NOTE) act.summary = valueAnnotation?.text;
  }
  for (const one of r.type ?? []) {
    const kind = codeOf(one, `${CS}intervention-kind`);
    if (kind !== undefined) act.kind = kind;
    const channel = codeOf(one, `${CS}channel`);
    if (channel !== undefined) act.channel = channel;
  }
  for (const one of r.participant ?? []) {
    const participant = { id: one.id.slice('participant-'.length) };
    const role = codeOf(one.type?.[0], `${CS}participant-role`);
    if (role !== undefined) participant.role = role;
    if (one.individual?.display !== undefined) participant.name = one.individual.display;
    const organization = one.extension?.[0];
    if (organization?.url === `${SD}organization-name`) participant.organization = organization.valueString;
    (act.participants ??= []).push(participant);
  }
  for (const one of r.contained ?? []) {
    if (one.resourceType === 'Task') (act.actions ??= []).push(takeAction(run, one));
    else if (one.resourceType === 'PractitionerRole' && one.organization?.display !== undefined)
      itemOf((act.participants ??= []), one.id).organization = one.organization.display;
  }
  if (r.period?.start !== undefined) act.date = r.period.start;
  if (r.length?.value !== undefined) act.durationMinutes = r.length.value;
  if (r.reasonReference !== undefined) act.needIds = takeKeys(run, r.reasonReference);
  (run.record.interventions ??= []).push(act);
}

const PLAN_REVIEW = concept(`${CS}activity-kind`, 'plan-review');

export function planOf(run, plan, goals) {
  const agreement = [];
  if (plan.agreedByPerson !== undefined) agreement.push({ url: 'agreed-by-person', valueBoolean: plan.agreedByPerson });
  if (plan.agreedOn !== undefined) agreement.push({ url: 'agreed-on', valueDate: plan.agreedOn });
  const resource = {
    resourceType: 'CarePlan',
    id: run.id('CarePlan', 'case/plan', run.person),
    meta: { profile: [`${SD}plan`] },
    extension: [{ url: `${SD}plan-agreement`, extension: agreement }],
    identifier: [{ system: `${run.base}/plan`, value: run.person }],
    // Its codes are FHIR's own.
    status: plan.status,
    intent: 'plan',
    subject: { reference: run.subject },
  };
  const period = periodOf(plan.startDate, plan.endDate);
  if (period !== undefined) resource.period = period;
  resource.goal = goals.map(({ id }) => ({ reference: run.goal(id) }));
  resource.activity = plan.activities.map((activity) => activityOf(run, activity));
  if (plan.reviewDate !== undefined)
    resource.activity.unshift({
      detail: { code: PLAN_REVIEW, status: 'scheduled', scheduledTiming: { event: [plan.reviewDate] } },
    });
  if (plan.note !== undefined) resource.note = [{ text: plan.note }];
  return resource;
}

function activityOf(run, activity) {
  const detail = {
    code: {
      coding: [
        { system: `${CS}need-category`, code: activity.category },
        { system: `${CS}activity-kind`, code: activity.kind },
      ],
    },
  };
  if (activity.needIds !== undefined) detail.reasonReference = needReferences(run, activity.needIds);
  if (activity.goalIds !== undefined) detail.goal = activity.goalIds.map((id) => ({ reference: run.goal(id) }));
  detail.status = activity.status;
  const period = periodOf(activity.startDate, activity.dueDate);
  if (period !== undefined) detail.scheduledPeriod = period;
  if (activity.responsible !== undefined) detail.performer = [{ display: RESPONSIBLE[activity.responsible] }];
  if (activity.completedOn !== undefined)
    detail.extension = [{ url: `${SD}completed`, valueDate: activity.completedOn }];
  if (activity.description !== undefined) detail.description = activity.description;
  return { id: `activity-${activity.id}`, detail };
}

export function takePlan(run, r) {
  const plan = (run.record.plan ??= {});
  for (const { url, extension } of r.extension ?? []) {
    if (url !== `${SD}plan-agreement`) continue;
    for (const one of extension ?? []) {
      if (one.url === 'agreed-by-person') plan.agreedByPerson = one.valueBoolean;
      else if (one.url === 'agreed-on') plan.agreedOn = one.valueDate;
    }
  }
  if (r.status !== undefined) plan.status = r.status;
  if (r.period?.start !== undefined) plan.startDate = r.period.start;
  if (r.period?.end !== undefined) plan.endDate = r.period.end;
  for (const one of r.activity ?? []) {
    const review = one.detail?.scheduledTiming?.event?.[0];
    if (review !== undefined) plan.reviewDate = review;
    else (plan.activities ??= []).push(takeActivity(run, one));
  }
  if (r.note?.[0]?.text !== undefined) plan.note = r.note[0].text;
}

function takeActivity(run, { id, detail = {} }) {
  const activity = { id: id.slice('activity-'.length) };
  for (const { url, valueDate } of detail.extension ?? [])
    if (url === `${SD}completed`) activity.completedOn = valueDate;
  const responsible = RESPONSIBLE_OF[detail.performer?.[0]?.display];
  if (responsible !== undefined) activity.responsible = responsible;
  for (const { system, code } of detail.code?.coding ?? []) {
    if (system === `${CS}need-category`) activity.category = code;
    else if (system === `${CS}activity-kind`) activity.kind = code;
  }
  if (detail.reasonReference !== undefined) activity.needIds = takeKeys(run, detail.reasonReference);
  if (detail.goal !== undefined) activity.goalIds = takeKeys(run, detail.goal);
  if (detail.status !== undefined) activity.status = detail.status;
  if (detail.scheduledPeriod?.start !== undefined) activity.startDate = detail.scheduledPeriod.start;
  if (detail.scheduledPeriod?.end !== undefined) activity.dueDate = detail.scheduledPeriod.end;
  if (detail.description !== undefined) activity.description = detail.description;
  return activity;
}

const STATUS_REASON = 'http://hl7.org/fhir/StructureDefinition/request-statusReason';

export function referralOf(run, referral) {
  const extension = [];
  if (referral.declineReason !== undefined)
    extension.push({
      url: STATUS_REASON,
      valueCodeableConcept: concept(`${CS}decline-reason`, referral.declineReason),
    });
  if (referral.outcome !== undefined) extension.push({ url: `${SD}referral-outcome`, valueCode: referral.outcome });
  if (referral.endedOn !== undefined) extension.push({ url: `${SD}ended`, valueDate: referral.endedOn });
  if (referral.recipientContact !== undefined)
    extension.push({ url: `${SD}contact-name`, valueString: referral.recipientContact });
  const resource = {
    resourceType: 'ServiceRequest',
    id: run.id('ServiceRequest', 'case/referral', referral.id),
    meta: { profile: [`${SD}referral`, `${GRAVITY}/StructureDefinition/SDOHCC-ServiceRequest`] },
    identifier: [{ system: `${run.base}/referral`, value: referral.id }],
    status: REFERRAL_STATUS[referral.status],
    _status: exactly(`${CS}referral-status`, referral.status),
    intent: 'order',
    category: [concept(TEMPORARY, sdohOf(referral.category))],
  };
  if (extension.length > 0) resource.extension = extension;
  if (referral.priority !== undefined) resource.priority = referral.priority;
  resource.code = concept(`${CS}need-category`, referral.category);
  resource.subject = { reference: run.subject };
  if (referral.answerDueOn !== undefined) resource.occurrencePeriod = { end: referral.answerDueOn };
  if (referral.requestedOn !== undefined) resource.authoredOn = referral.requestedOn;
  if (referral.recipientOrganization !== undefined) resource.performer = [{ display: referral.recipientOrganization }];
  if (referral.reason !== undefined) resource.reasonCode = [{ text: referral.reason }];
  if (referral.needIds !== undefined) resource.reasonReference = needReferences(run, referral.needIds);
  if (referral.note !== undefined) resource.note = [{ text: referral.note }];
  return resource;
}

export function takeReferral(run, r) {
  const referral = { id: run.key };
  const status = exactOf(r._status, `${CS}referral-status`);
  if (status !== undefined) referral.status = status;
  for (const { url, valueCode, valueDate, valueString, valueCodeableConcept } of r.extension ?? []) {
    if (url === STATUS_REASON) referral.declineReason = codeOf(valueCodeableConcept, `${CS}decline-reason`);
    else if (url === `${SD}referral-outcome`) referral.outcome = valueCode;
    else if (url === `${SD}ended`) referral.endedOn = valueDate;
    else if (url === `${SD}contact-name`) referral.recipientContact = valueString;
  }
  if (referral.status !== undefined && REFERRAL_STATUS[referral.status] !== r.status) run.conflicts.push(run.key);
  const category = codeOf(r.code, `${CS}need-category`);
  if (category !== undefined) {
    referral.category = category;
    checkCategory(run, r.category, category);
  }
  if (r.priority !== undefined) referral.priority = r.priority;
  if (r.occurrencePeriod?.end !== undefined) referral.answerDueOn = r.occurrencePeriod.end;
  if (r.authoredOn !== undefined) referral.requestedOn = r.authoredOn;
  if (r.performer?.[0]?.display !== undefined) referral.recipientOrganization = r.performer[0].display;
  if (r.reasonCode?.[0]?.text !== undefined) referral.reason = r.reasonCode[0].text;
  if (r.reasonReference !== undefined) referral.needIds = takeKeys(run, r.reasonReference);
  if (r.note?.[0]?.text !== undefined) referral.note = r.note[0].text;
  (run.record.referrals ??= []).push(referral);
}
