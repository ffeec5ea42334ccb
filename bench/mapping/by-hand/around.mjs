// Who stands around the person by hand: household, relatives, professionals, the agency's workers and the file.
import { observationOf } from './means.mjs';
import {
  CS,
  HL7,
  NOTE,
  RELATIONSHIP,
  SD,
  codeOf,
  concept,
  noted,
  periodOf,
  takePeriod,
  takeTelecom,
  telecomOf,
} from './words.mjs';

const CASE_STATUS = {
  planned: 'planned',
  waitlist: 'waitlist',
  active: 'active',
  'on-hold': 'onhold',
  closed: 'finished',
};
const CASE_STATUS_OF = {
  planned: 'planned',
  waitlist: 'waitlist',
  active: 'active',
  onhold: 'on-hold',
  finished: 'closed',
};

function relationshipOf(relationship) {
  const own = { system: `${CS}relationship`, code: relationship };
  const standard = RELATIONSHIP[relationship];
  return [{ coding: standard === undefined ? [own] : [{ system: `${HL7}v3-RoleCode`, code: standard }, own] }];
}

function takeRelationship(run, r, into) {
  for (const one of r.relationship ?? []) {
    const own = codeOf(one, `${CS}relationship`);
    if (own === undefined) continue;
    into.relationship = own;
    const standard = codeOf(one, `${HL7}v3-RoleCode`);
    if (standard !== undefined && standard !== RELATIONSHIP[own]) run.conflicts.push(run.key);
  }
}

function humanOf({ family, given }) {
  const name = {};
  if (family !== undefined) name.family = family;
  if (given !== undefined) name.given = given.slice();
  return name;
}

function takeHuman(r, into) {
  const name = r.name?.[0];
  if (name === undefined) return;
  if (name.family !== undefined) into.family = name.family;
  if (name.given !== undefined) into.given = name.given;
}

export function householdMemberOf(run, member) {
  const relationship = relationshipOf(member.relationship);
  if (member.kind !== undefined) relationship.push(concept(`${CS}household-member-kind`, member.kind));
  if (member.dependent !== undefined) {
    const coding = [{ system: `${CS}household-dependent`, code: String(member.dependent) }];
    if (member.dependent) coding.unshift({ system: `${HL7}v3-RoleClass`, code: 'DEPEN' });
    relationship.push({ coding });
  }
  const resource = {
    resourceType: 'RelatedPerson',
    id: run.id('RelatedPerson', 'case/household-member', member.id),
    meta: { profile: [`${SD}household-member`] },
    identifier: [{ system: `${run.base}/household-member`, value: member.id }],
    patient: { reference: run.subject },
    relationship,
  };
  if (member.schooled !== undefined)
    resource.extension = [
      { url: `${SD}lives-with-person`, extension: [{ url: 'schooled', valueBoolean: member.schooled }] },
    ];
  if (member.family !== undefined || member.given !== undefined) resource.name = [humanOf(member)];
  if (member.sex !== undefined) resource.gender = member.sex;
  if (member.birthDate !== undefined) resource.birthDate = member.birthDate;
  return resource;
}

export function takeHouseholdMember(run, r) {
  const member = memberIn(run);
  for (const { url, extension } of r.extension ?? []) {
    if (url !== `${SD}lives-with-person`) continue;
    for (const one of extension ?? []) if (one.url === 'schooled') member.schooled = one.valueBoolean;
  }
  for (const one of r.relationship ?? []) {
    const kind = codeOf(one, `${CS}household-member-kind`);
    if (kind !== undefined) member.kind = kind;
    const dependent = codeOf(one, `${CS}household-dependent`);
    if (dependent !== undefined) member.dependent = dependent === 'true';
  }
  takeRelationship(run, r, member);
  takeHuman(r, member);
  if (r.gender !== undefined) member.sex = r.gender;
  if (r.birthDate !== undefined) member.birthDate = r.birthDate;
}

/** An age on a day, apart from whatever else is known of the member. */
export function householdAgeOf(run, member) {
  const resource = observationOf(run, 'household-age', member.id, [{ system: 'http://loinc.org', code: '30525-0' }]);
  resource.focus = [{ reference: `RelatedPerson/${run.id('RelatedPerson', 'case/household-member', member.id)}` }];
  if (member.ageOn !== undefined) resource.effectiveDateTime = member.ageOn;
  if (member.age !== undefined)
    resource.valueQuantity = { value: member.age, unit: 'a', system: 'http://unitsofmeasure.org', code: 'a' };
  return resource;
}

export function takeHouseholdAge(run, r) {
  const member = memberIn(run);
  if (r.effectiveDateTime !== undefined) member.ageOn = r.effectiveDateTime;
  if (r.valueQuantity?.value !== undefined) member.age = r.valueQuantity.value;
}

export function relativeOf(run, relative) {
  const extension = [];
  if (relative.mayBeTold !== undefined) extension.push({ url: `${SD}may-be-told`, valueBoolean: relative.mayBeTold });
  if (relative.emergencyContact !== undefined)
    extension.push({ url: `${SD}emergency-contact`, valueBoolean: relative.emergencyContact });
  if (relative.note !== undefined) extension.push({ url: `${SD}note`, valueString: relative.note });
  const resource = {
    resourceType: 'RelatedPerson',
    id: run.id('RelatedPerson', 'case/relative', relative.id),
    meta: { profile: [`${SD}relative`] },
    extension,
    identifier: [{ system: `${run.base}/relative`, value: relative.id }],
    patient: { reference: run.subject },
    relationship: relationshipOf(relative.relationship),
    name: [humanOf(relative)],
  };
  const telecom = telecomOf(relative);
  if (telecom !== undefined) resource.telecom = telecom;
  return resource;
}

export function takeRelative(run, r) {
  const relative = { id: run.key };
  for (const { url, valueBoolean, valueString } of r.extension ?? []) {
    if (url === `${SD}may-be-told`) relative.mayBeTold = valueBoolean;
    else if (url === `${SD}emergency-contact`) relative.emergencyContact = valueBoolean;
    else if (url === `${SD}note`) relative.note = valueString;
  }
  takeRelationship(run, r, relative);
  takeHuman(r, relative);
  takeTelecom(r.telecom, relative);
  (run.record.relatives ??= []).push(relative);
}

function practitionerOf(run, profile, kind, who, id) {
  const resource = {
    resourceType: 'Practitioner',
    id,
    meta: { profile: [`${SD}${profile}`] },
    identifier: [{ system: `${run.base}/${kind}`, value: who.id }],
    name: [{ text: who.name }],
  };
  const telecom = telecomOf(who);
  if (telecom !== undefined) resource.telecom = telecom;
  return resource;
}

export const professionalOf = (run, who) =>
  practitionerOf(run, 'professional', 'professional', who, run.id('Practitioner', 'case/professional', who.id));
export const leadWorkerOf = (run, who) => practitionerOf(run, 'case-worker', 'lead-worker', who, run.leadId);
export const workerOf = (run, who) =>
  practitionerOf(run, 'case-worker', 'worker', who, run.id('Practitioner', 'case/worker', who.id));

function takePractitioner(r, into) {
  const name = r.name?.[0]?.text;
  if (name !== undefined) into.name = name;
  takeTelecom(r.telecom, into);
  return into;
}

/** Name and role of a professional come in two resources, in whatever order. */
export function itemOf(list, id) {
  for (const item of list) if (item.id === id) return item;
  const item = { id };
  list.push(item);
  return item;
}
const memberIn = (run) => itemOf(((run.record.household ??= {}).members ??= []), run.key);
const professionalIn = (run) => itemOf((run.record.professionals ??= []), run.key);
const workerIn = (run) => itemOf(((run.record.caseFile ??= {}).team ??= []), run.key);
const leadIn = (run) => ((run.record.caseFile ??= {}).leadWorker ??= {});

export const takeProfessional = (run, r) => takePractitioner(r, professionalIn(run));
export const takeWorker = (run, r) => takePractitioner(r, workerIn(run));
export function takeLeadWorker(run, r) {
  const lead = leadIn(run);
  lead.id = run.key;
  takePractitioner(r, lead);
}

export function professionalRoleOf(run, who) {
  const resource = {
    resourceType: 'PractitionerRole',
    id: run.id('PractitionerRole', 'case/professional-role', who.id),
    meta: { profile: [`${SD}professional-role`] },
    identifier: [{ system: `${run.base}/professional-role`, value: who.id }],
  };
  const period = periodOf(who.startDate, who.endDate);
  if (period !== undefined) resource.period = period;
  resource.practitioner = { reference: `Practitioner/${run.id('Practitioner', 'case/professional', who.id)}` };
  if (who.organization !== undefined) resource.organization = { display: who.organization };
  resource.code = [concept(`${CS}professional-role`, who.role)];
  return resource;
}

export function takeProfessionalRole(run, r) {
  const professional = professionalIn(run);
  takePeriod(r.period, professional);
  if (r.organization?.display !== undefined) professional.organization = r.organization.display;
  const role = codeOf(r.code?.[0], `${CS}professional-role`);
  if (role !== undefined) professional.role = role;
  if (run.keys.get(r.practitioner?.reference) !== run.key) run.conflicts.push(run.key);
}

function participantOf(role, who, reference) {
  const list = [concept(`${CS}team-role`, role)];
  if (who.function !== undefined) list.push({ text: who.function });
  const participant = { role: list, member: { reference } };
  const period = periodOf(who.startDate, who.endDate);
  if (period !== undefined) participant.period = period;
  return participant;
}

export function careTeamOf(run, file) {
  const participant = [participantOf('lead', file.leadWorker, `Practitioner/${run.leadId}`)];
  for (const worker of file.team) {
    participant.push(
      participantOf('member', worker, `Practitioner/${run.id('Practitioner', 'case/worker', worker.id)}`),
    );
  }
  return {
    resourceType: 'CareTeam',
    id: run.id('CareTeam', 'case/care-team', run.person),
    meta: { profile: [`${SD}case-team`] },
    identifier: [{ system: `${run.base}/case-team`, value: run.person }],
    status: file.status === 'closed' ? 'inactive' : 'active',
    subject: { reference: run.subject },
    participant,
  };
}

export function takeCareTeam(run, r) {
  for (const { role, member, period } of r.participant ?? []) {
    const key = run.keys.get(member?.reference);
    if (key === undefined) continue;
    const isLead = codeOf(role?.[0], `${CS}team-role`) === 'lead';
    const who = isLead ? leadIn(run) : itemOf(((run.record.caseFile ??= {}).team ??= []), key);
    who.id = key;
    if (role?.[1]?.text !== undefined) who.function = role[1].text;
    takePeriod(period, who);
  }
}

const STATUS_REASON = 'http://hl7.org/fhir/StructureDefinition/workflow-statusReason';

export function caseFileOf(run, file, needs) {
  const extension = [];
  if (file.closingReason !== undefined)
    extension.push({ url: STATUS_REASON, valueCodeableConcept: concept(`${CS}closing-reason`, file.closingReason) });
  if (file.note !== undefined) extension.push(noted(file.note));
  const resource = {
    resourceType: 'EpisodeOfCare',
    id: run.id('EpisodeOfCare', 'case/case-file', run.person),
    meta: { profile: [`${SD}case-file`] },
    identifier: [
      { system: `${run.base}/case-file`, value: run.person },
      { type: concept(`${HL7}v2-0203`, 'RI'), system: `${run.base}/case-number`, value: file.number },
    ],
    status: CASE_STATUS[file.status],
  };
  if (extension.length > 0) resource.extension = extension;
  if (file.service !== undefined) resource.managingOrganization = { display: file.service };
  const ranked = needs.filter(({ priority }) => priority !== undefined);
  if (ranked.length > 0)
    resource.diagnosis = ranked.map(({ id, priority }) => ({ condition: { reference: run.need(id) }, rank: priority }));
  if (file.programme !== undefined)
    resource.type = [{ coding: [{ system: `${CS}episode-type`, code: 'case-file' }], text: file.programme }];
  resource.patient = { reference: run.subject };
  const period = periodOf(file.openedOn, file.closedOn);
  if (period !== undefined) resource.period = period;
  resource.careManager = { reference: `Practitioner/${run.leadId}` };
  resource.team = [{ reference: `CareTeam/${run.id('CareTeam', 'case/care-team', run.person)}` }];
  return resource;
}

export function takeCaseFile(run, r) {
  const file = (run.record.caseFile ??= {});
  for (const { url, valueCodeableConcept, valueAnnotation } of r.extension ?? []) {
    if (url === STATUS_REASON) file.closingReason = codeOf(valueCodeableConcept, `${CS}closing-reason`);
    else if (url === NOTE) file.note = valueAnnotation?.text;
  }
  if (r.managingOrganization?.display !== undefined) file.service = r.managingOrganization.display;
  for (const { condition, rank } of r.diagnosis ?? []) {
    const key = run.keys.get(condition?.reference);
    if (key !== undefined) itemOf((run.record.needs ??= []), key).priority = rank;
  }
  const number = r.identifier?.find(({ system }) => system === run.caseNumber)?.value;
  if (number !== undefined) file.number = number;
  const status = CASE_STATUS_OF[r.status];
  if (status !== undefined) file.status = status;
  if (r.type?.[0]?.text !== undefined) file.programme = r.type[0].text;
  if (r.period?.start !== undefined) file.openedOn = r.period.start;
  if (r.period?.end !== undefined) file.closedOn = r.period.end;
  const manager = run.keys.get(r.careManager?.reference);
  if (manager !== undefined) {
    const lead = leadIn(run);
    if (lead.id === undefined) lead.id = manager;
    else if (lead.id !== manager) run.conflicts.push(run.key);
  }
}
