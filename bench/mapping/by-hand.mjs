// Needs and goals written by hand, as a careful programmer would write them for one shape and no other: what the
// compiled maps are measured against. It checks no labels and keeps no residue; conflicts of exact codes it does check.
const OWN = 'https://relais.example/fhir';
const GRAVITY = 'http://hl7.org/fhir/us/sdoh-clinicalcare';
const TEMPORARY = `${GRAVITY}/CodeSystem/SDOHCC-CodeSystemTemporaryCodes`;
const SD = `${OWN}/StructureDefinition/`;
const NEED_STATUS = {
  identified: 'active',
  active: 'active',
  'on-hold': 'inactive',
  met: 'resolved',
  'not-met': 'inactive',
  withdrawn: 'inactive',
};
const SEVERITY = { low: '255604002', moderate: '6736007', high: '24484000', urgent: '24484000' };
const SDOH = {
  housing: 'housing-instability',
  food: 'food-insecurity',
  income: 'financial-insecurity',
  debt: 'financial-insecurity',
  isolation: 'social-connection',
  mobility: 'transportation-insecurity',
  digital: 'digital-access',
  language: 'language-access',
};
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

export function toFhir(record, context) {
  const out = [];
  const person = record.person;
  const base = context.identifierBase;
  const within = `${person.id.length}:${person.id}`;
  const subject = `Patient/${context.resourceId('Patient', `case/person|${person.id}`)}`;
  out.push({
    resourceType: 'Patient',
    id: context.resourceId('Patient', `case/person|${person.id}`),
    meta: { profile: [`${SD}person`] },
    identifier: [{ system: `${base}/person`, value: person.id }],
    gender: person.sex,
    birthDate: person.birthDate,
  });
  for (const need of record.needs) {
    const extension = [{ url: `${SD}need-status`, valueCode: need.status }];
    if (need.priority !== undefined) extension.push({ url: `${SD}priority`, valuePositiveInt: need.priority });
    if (need.expressedBy !== undefined) extension.push({ url: `${SD}expressed-by`, valueCode: need.expressedBy });
    const open = need.status === 'identified' || need.status === 'active';
    if (open && need.resolvedOn !== undefined) extension.push({ url: `${SD}resolved-on`, valueDate: need.resolvedOn });
    const resource = {
      resourceType: 'Condition',
      id: context.resourceId('Condition', `case/need|${within}${need.id}`),
      meta: { profile: [`${SD}need`, `${GRAVITY}/StructureDefinition/SDOHCC-Condition`] },
      extension,
      identifier: [{ system: `${base}/need`, value: need.id }],
      clinicalStatus: {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: NEED_STATUS[need.status] },
        ],
      },
      verificationStatus: {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status',
            code: need.status === 'identified' ? 'unconfirmed' : 'confirmed',
          },
        ],
      },
      category: [
        { coding: [{ system: 'http://hl7.org/fhir/us/core/CodeSystem/condition-category', code: 'health-concern' }] },
        { coding: [{ system: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-category', code: 'sdoh' }] },
        { coding: [{ system: TEMPORARY, code: SDOH[need.category] ?? 'sdoh-category-unspecified' }] },
      ],
    };
    if (need.severity !== undefined) {
      resource.severity = {
        coding: [
          { system: 'http://snomed.info/sct', code: SEVERITY[need.severity] },
          { system: `${OWN}/CodeSystem/severity`, code: need.severity },
        ],
      };
    }
    resource.code = { coding: [{ system: `${OWN}/CodeSystem/need-category`, code: need.category }] };
    if (need.description !== undefined) resource.code.text = need.description;
    resource.subject = { reference: subject };
    if (!open && need.resolvedOn !== undefined) resource.abatementDateTime = need.resolvedOn;
    if (need.identifiedOn !== undefined) resource.recordedDate = need.identifiedOn;
    if (need.note !== undefined) resource.note = [{ text: need.note }];
    out.push(resource);
  }
  for (const goal of record.goals) {
    const resource = {
      resourceType: 'Goal',
      id: context.resourceId('Goal', `case/goal|${within}${goal.id}`),
      meta: { profile: [`${SD}goal`, `${GRAVITY}/StructureDefinition/SDOHCC-Goal`] },
      extension: [
        { url: `${SD}goal-status`, valueCode: goal.status },
        { url: `${SD}expressed-by`, valueCode: goal.expressedBy },
      ],
      identifier: [{ system: `${base}/goal`, value: goal.id }],
      lifecycleStatus: GOAL_STATUS[goal.status],
    };
    const achievement = ACHIEVEMENT[goal.status];
    if (achievement !== undefined) {
      resource.achievementStatus = {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/goal-achievement', code: achievement }],
      };
    }
    resource.category = [{ coding: [{ system: TEMPORARY, code: SDOH[goal.category] ?? 'sdoh-category-unspecified' }] }];
    resource.description = {
      coding: [{ system: `${OWN}/CodeSystem/need-category`, code: goal.category }],
      text: goal.description,
    };
    resource.subject = { reference: subject };
    if (goal.startDate !== undefined) resource.startDate = goal.startDate;
    if (goal.targetDate !== undefined) resource.target = [{ dueDate: goal.targetDate }];
    if (goal.endedOn !== undefined) resource.statusDate = goal.endedOn;
    resource.addresses = goal.needIds.map((id) => ({
      reference: `Condition/${context.resourceId('Condition', `case/need|${within}${id}`)}`,
    }));
    if (goal.note !== undefined) resource.note = [{ text: goal.note }];
    out.push(resource);
  }
  return out;
}

const keyOf = (resource, system) => resource.identifier?.find((identifier) => identifier.system === system)?.value;
const codeOf = (concept, system) => concept?.coding?.find((coding) => coding.system === system)?.code;
const valueOf = (resource, name) => resource.extension?.find((extension) => extension.url === SD + name);

export function fromFhir(bundle, context) {
  const base = context.identifierBase;
  const [personSystem, needSystem, goalSystem] = [`${base}/person`, `${base}/need`, `${base}/goal`];
  const keys = new Map();
  for (const { fullUrl, resource } of bundle.entry) {
    const system =
      resource.resourceType === 'Condition' ? needSystem : resource.resourceType === 'Goal' ? goalSystem : personSystem;
    const key = keyOf(resource, system);
    keys.set(fullUrl, key);
    keys.set(`${resource.resourceType}/${resource.id}`, key);
  }
  const record = { person: {}, needs: [], goals: [] };
  const conflicts = [];
  const seen = new Set();
  for (const { resource: r } of bundle.entry) {
    const key = keys.get(`${r.resourceType}/${r.id}`);
    if (r.subject !== undefined && keys.get(r.subject.reference) !== undefined)
      record.person.id = keys.get(r.subject.reference);
    if (key === undefined || seen.has(`${r.resourceType}${key}`)) continue;
    seen.add(`${r.resourceType}${key}`);
    if (r.resourceType === 'Patient') {
      record.person.id = key;
      if (r.gender !== undefined) record.person.sex = r.gender;
      if (r.birthDate !== undefined) record.person.birthDate = r.birthDate;
    } else if (r.resourceType === 'Condition') {
      const need = { id: key };
      const status = valueOf(r, 'need-status')?.valueCode;
      if (status !== undefined) {
        need.status = status;
        if (NEED_STATUS[status] !== r.clinicalStatus?.coding?.[0]?.code) conflicts.push(key);
      }
      const priority = valueOf(r, 'priority')?.valuePositiveInt;
      if (priority !== undefined) need.priority = priority;
      const expressedBy = valueOf(r, 'expressed-by')?.valueCode;
      if (expressedBy !== undefined) need.expressedBy = expressedBy;
      const category = codeOf(r.code, `${OWN}/CodeSystem/need-category`);
      if (category !== undefined) {
        need.category = category;
        if (!r.category?.some((concept) => codeOf(concept, TEMPORARY) === SDOH[category])) conflicts.push(key);
      }
      const severity = codeOf(r.severity, `${OWN}/CodeSystem/severity`);
      if (severity !== undefined) {
        need.severity = severity;
        if (codeOf(r.severity, 'http://snomed.info/sct') !== SEVERITY[severity]) conflicts.push(key);
      }
      if (r.code?.text !== undefined) need.description = r.code.text;
      const resolvedOn = r.abatementDateTime ?? valueOf(r, 'resolved-on')?.valueDate;
      if (resolvedOn !== undefined) need.resolvedOn = resolvedOn;
      if (r.recordedDate !== undefined) need.identifiedOn = r.recordedDate;
      if (r.note?.[0]?.text !== undefined) need.note = r.note[0].text;
      record.needs.push(need);
    } else {
      const goal = { id: key };
      const status = valueOf(r, 'goal-status')?.valueCode;
      if (status !== undefined) {
        goal.status = status;
        if (GOAL_STATUS[status] !== r.lifecycleStatus || ACHIEVEMENT[status] !== r.achievementStatus?.coding?.[0]?.code)
          conflicts.push(key);
      }
      const expressedBy = valueOf(r, 'expressed-by')?.valueCode;
      if (expressedBy !== undefined) goal.expressedBy = expressedBy;
      const category = codeOf(r.description, `${OWN}/CodeSystem/need-category`);
      if (category !== undefined) goal.category = category;
      if (r.description?.text !== undefined) goal.description = r.description.text;
      if (r.startDate !== undefined) goal.startDate = r.startDate;
      if (r.target?.[0]?.dueDate !== undefined) goal.targetDate = r.target[0].dueDate;
      if (r.statusDate !== undefined) goal.endedOn = r.statusDate;
      const needIds = r.addresses?.map(({ reference }) => keys.get(reference)).filter((id) => id !== undefined);
      if (needIds !== undefined) goal.needIds = needIds;
      if (r.note?.[0]?.text !== undefined) goal.note = r.note[0].text;
      record.goals.push(goal);
    }
  }
  return { record, conflicts };
}
