// The agency's work by hand: interventions, needs, goals, the plan, referrals.
import { CS, GRAVITY, HL7, SD, SDOH, TEMPORARY, codeOf, concept, periodOf, sdohOf } from './words.mjs';

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
  const extension = [{ url: `${SD}need-status`, valueCode: need.status }];
  if (need.priority !== undefined) extension.push({ url: `${SD}priority`, valuePositiveInt: need.priority });
  if (need.expressedBy !== undefined) extension.push({ url: `${SD}expressed-by`, valueCode: need.expressedBy });
  const open = need.status === 'identified' || need.status === 'active';
  if (open && need.resolvedOn !== undefined) extension.push({ url: `${SD}resolved-on`, valueDate: need.resolvedOn });
  const resource = {
    resourceType: 'Condition',
    id: run.id('Condition', 'case/need', need.id),
    meta: { profile: [`${SD}need`, `${GRAVITY}/StructureDefinition/SDOHCC-Condition`] },
    extension,
    identifier: [{ system: `${run.base}/need`, value: need.id }],
    clinicalStatus: concept(`${HL7}condition-clinical`, NEED_STATUS[need.status]),
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
  const need = { id: run.key };
  for (const { url, valueCode, valuePositiveInt, valueDate } of r.extension ?? []) {
    if (url === `${SD}need-status`) need.status = valueCode;
    else if (url === `${SD}priority`) need.priority = valuePositiveInt;
    else if (url === `${SD}expressed-by`) need.expressedBy = valueCode;
    else if (url === `${SD}resolved-on`) need.resolvedOn = valueDate;
  }
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
  (run.record.needs ??= []).push(need);
}

export function goalOf(run, goal) {
  const resource = {
    resourceType: 'Goal',
    id: run.id('Goal', 'case/goal', goal.id),
    meta: { profile: [`${SD}goal`, `${GRAVITY}/StructureDefinition/SDOHCC-Goal`] },
    extension: [
      { url: `${SD}goal-status`, valueCode: goal.status },
      { url: `${SD}expressed-by`, valueCode: goal.expressedBy },
    ],
    identifier: [{ system: `${run.base}/goal`, value: goal.id }],
    lifecycleStatus: GOAL_STATUS[goal.status],
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
  for (const { url, valueCode } of r.extension ?? []) {
    if (url === `${SD}goal-status`) goal.status = valueCode;
    else if (url === `${SD}expressed-by`) goal.expressedBy = valueCode;
  }
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

export function interventionOf(run, act) {
  const extension = [];
  if (act.channel !== undefined) extension.push({ url: `${SD}channel`, valueCode: act.channel });
  if (act.time !== undefined) extension.push({ url: `${SD}local-time`, valueTime: `${act.time}:00` });
  if (act.summary !== undefined) extension.push({ url: `${SD}summary`, valueString: act.summary });
  if (act.actions !== undefined) {
    for (const action of act.actions) {
      const parts = [{ url: 'key', valueString: action.id }];
      if (action.description !== undefined) parts.push({ url: 'description', valueString: action.description });
      if (action.status !== undefined) parts.push({ url: 'status', valueCode: action.status });
      if (action.responsible !== undefined) parts.push({ url: 'responsible', valueCode: action.responsible });
      if (action.dueDate !== undefined) parts.push({ url: 'due', valueDate: action.dueDate });
      if (action.doneOn !== undefined) parts.push({ url: 'done', valueDate: action.doneOn });
      extension.push({ url: `${SD}agreed-action`, extension: parts });
    }
  }
  const resource = {
    resourceType: 'Encounter',
    id: run.id('Encounter', 'case/intervention', act.id),
    meta: { profile: [`${SD}intervention`] },
    extension,
    identifier: [{ system: `${run.base}/intervention`, value: act.id }],
    status: 'finished',
    class: { system: `${HL7}v3-ActCode`, code: ENCOUNTER_CLASS[act.kind] ?? 'AMB' },
    type: [concept(`${CS}intervention-kind`, act.kind)],
    subject: { reference: run.subject },
    participant: act.participants.map((one) => {
      const participant = { id: `participant-${one.id}` };
      if (one.organization !== undefined)
        participant.extension = [{ url: `${SD}organization-name`, valueString: one.organization }];
      participant.type = [concept(`${CS}participant-role`, one.role)];
      if (one.name !== undefined) participant.individual = { display: one.name };
      return participant;
    }),
    period: { start: act.date },
  };
  if (act.durationMinutes !== undefined)
    resource.length = { value: act.durationMinutes, unit: 'min', system: 'http://unitsofmeasure.org', code: 'min' };
  if (act.needIds !== undefined) resource.reasonReference = needReferences(run, act.needIds);
  return resource;
}

export function takeIntervention(run, r) {
  const act = { id: run.key };
  for (const one of r.extension ?? []) {
    switch (one.url) {
      case `${SD}channel`:
        act.channel = one.valueCode;
        break;
      case `${SD}local-time`:
        act.time = one.valueTime.slice(0, -3);
        break;
      case `${SD}summary`:
        act.summary = one.valueString;
        break;
      case `${SD}agreed-action`: {
        const action = {};
        for (const part of one.extension ?? []) {
          if (part.url === 'key') action.id = part.valueString;
          else if (part.url === 'description') action.description = part.valueString;
          else if (part.url === 'status') action.status = part.valueCode;
          else if (part.url === 'responsible') action.responsible = part.valueCode;
          else if (part.url === 'due') action.dueDate = part.valueDate;
          else if (part.url === 'done') action.doneOn = part.valueDate;
        }
        (act.actions ??= []).push(action);
        break;
      }
    }
  }
  const kind = codeOf(r.type?.[0], `${CS}intervention-kind`);
  if (kind !== undefined) act.kind = kind;
  for (const one of r.participant ?? []) {
    const participant = { id: one.id.slice('participant-'.length) };
    const role = codeOf(one.type?.[0], `${CS}participant-role`);
    if (role !== undefined) participant.role = role;
    if (one.individual?.display !== undefined) participant.name = one.individual.display;
    const organization = one.extension?.[0];
    if (organization?.url === `${SD}organization-name`) participant.organization = organization.valueString;
    (act.participants ??= []).push(participant);
  }
  if (r.period?.start !== undefined) act.date = r.period.start;
  if (r.length?.value !== undefined) act.durationMinutes = r.length.value;
  if (r.reasonReference !== undefined) act.needIds = takeKeys(run, r.reasonReference);
  (run.record.interventions ??= []).push(act);
}

export function planOf(run, plan, goals) {
  const agreement = [];
  if (plan.agreedByPerson !== undefined) agreement.push({ url: 'agreed-by-person', valueBoolean: plan.agreedByPerson });
  if (plan.agreedOn !== undefined) agreement.push({ url: 'agreed-on', valueDate: plan.agreedOn });
  if (plan.reviewDate !== undefined) agreement.push({ url: 'review', valueDate: plan.reviewDate });
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
  if (plan.note !== undefined) resource.note = [{ text: plan.note }];
  return resource;
}

function activityOf(run, activity) {
  const extension = [];
  if (activity.responsible !== undefined) extension.push({ url: `${SD}responsible`, valueCode: activity.responsible });
  if (activity.dueDate !== undefined) extension.push({ url: `${SD}due`, valueDate: activity.dueDate });
  if (activity.completedOn !== undefined) extension.push({ url: `${SD}completed`, valueDate: activity.completedOn });
  const detail = {
    extension,
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
      else if (one.url === 'review') plan.reviewDate = one.valueDate;
    }
  }
  if (r.status !== undefined) plan.status = r.status;
  if (r.period?.start !== undefined) plan.startDate = r.period.start;
  if (r.period?.end !== undefined) plan.endDate = r.period.end;
  for (const one of r.activity ?? []) (plan.activities ??= []).push(takeActivity(run, one));
  if (r.note?.[0]?.text !== undefined) plan.note = r.note[0].text;
}

function takeActivity(run, { id, detail = {} }) {
  const activity = { id: id.slice('activity-'.length) };
  for (const { url, valueCode, valueDate } of detail.extension ?? []) {
    if (url === `${SD}responsible`) activity.responsible = valueCode;
    else if (url === `${SD}due`) activity.dueDate = valueDate;
    else if (url === `${SD}completed`) activity.completedOn = valueDate;
  }
  for (const { system, code } of detail.code?.coding ?? []) {
    if (system === `${CS}need-category`) activity.category = code;
    else if (system === `${CS}activity-kind`) activity.kind = code;
  }
  if (detail.reasonReference !== undefined) activity.needIds = takeKeys(run, detail.reasonReference);
  if (detail.goal !== undefined) activity.goalIds = takeKeys(run, detail.goal);
  if (detail.status !== undefined) activity.status = detail.status;
  if (detail.scheduledPeriod?.start !== undefined) activity.startDate = detail.scheduledPeriod.start;
  if (detail.description !== undefined) activity.description = detail.description;
  return activity;
}

export function referralOf(run, referral) {
  const extension = [{ url: `${SD}referral-status`, valueCode: referral.status }];
  if (referral.declineReason !== undefined)
    extension.push({ url: `${SD}decline-reason`, valueCode: referral.declineReason });
  if (referral.outcome !== undefined) extension.push({ url: `${SD}referral-outcome`, valueCode: referral.outcome });
  if (referral.endedOn !== undefined) extension.push({ url: `${SD}ended`, valueDate: referral.endedOn });
  if (referral.recipientContact !== undefined)
    extension.push({ url: `${SD}contact-name`, valueString: referral.recipientContact });
  const resource = {
    resourceType: 'ServiceRequest',
    id: run.id('ServiceRequest', 'case/referral', referral.id),
    meta: { profile: [`${SD}referral`, `${GRAVITY}/StructureDefinition/SDOHCC-ServiceRequest`] },
    extension,
    identifier: [{ system: `${run.base}/referral`, value: referral.id }],
    status: REFERRAL_STATUS[referral.status],
    intent: 'order',
    category: [concept(TEMPORARY, sdohOf(referral.category))],
  };
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
  for (const { url, valueCode, valueDate, valueString } of r.extension ?? []) {
    if (url === `${SD}referral-status`) referral.status = valueCode;
    else if (url === `${SD}decline-reason`) referral.declineReason = valueCode;
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
