// The whole mapping by hand, both ways, as a careful programmer would write it for this shape of case and no other: what
// the compiled maps are measured against. It checks no labels and keeps no residue; coarse codes it does compare.
import * as around from './around.mjs';
import * as care from './care.mjs';
import * as housing from './housing.mjs';
import * as means from './means.mjs';
import { patientOf, takePatient } from './person.mjs';
import * as work from './work.mjs';

export function toFhir(record, context) {
  const run = forwardRun(record, context);
  const { caseFile, rights, income, health } = record;
  const home = record.housing;
  const out = [patientOf(run, record)];
  for (const member of record.household.members) out.push(around.householdMemberOf(run, member));
  for (const member of record.household.members)
    if (member.age !== undefined || member.ageOn !== undefined) out.push(around.householdAgeOf(run, member));
  for (const relative of record.relatives) out.push(around.relativeOf(run, relative));
  for (const professional of record.professionals) out.push(around.professionalOf(run, professional));
  for (const professional of record.professionals) out.push(around.professionalRoleOf(run, professional));
  out.push(around.leadWorkerOf(run, caseFile.leadWorker));
  for (const worker of caseFile.team) out.push(around.workerOf(run, worker));
  out.push(around.careTeamOf(run, caseFile), around.caseFileOf(run, caseFile, record.needs));
  for (const act of record.interventions) out.push(work.interventionOf(run, act));
  for (const need of record.needs) out.push(work.needOf(run, need));
  for (const goal of record.goals) out.push(work.goalOf(run, goal));
  out.push(work.planOf(run, record.plan, record.goals));
  for (const referral of record.referrals) out.push(work.referralOf(run, referral));
  for (const benefit of rights.benefits) out.push(means.benefitOf(run, benefit));
  out.push(housing.situationOf(run, home.situation));
  for (const application of home.applications) out.push(housing.applicationOf(run, application));
  for (const tenancy of home.tenancies) out.push(housing.tenancyOf(run, tenancy));
  for (const eviction of home.evictions) out.push(housing.evictionOf(run, eviction));
  for (const arrears of home.arrears) out.push(housing.arrearsOf(run, arrears));
  for (const pet of home.pets) out.push(housing.petOf(run, pet));
  out.push(means.employmentOf(run, income));
  for (const resource of income.resources) out.push(means.resourceOf(run, resource));
  for (const expense of income.expenses) out.push(means.expenseOf(run, expense));
  for (const debt of income.debts) out.push(means.debtOf(run, debt));
  for (const treatment of health.treatments)
    if (care.isMedicine(treatment)) out.push(care.medicationOf(run, treatment));
  for (const treatment of health.treatments)
    if (!care.isMedicine(treatment)) out.push(care.procedureOf(run, treatment));
  for (const allergy of health.allergies) out.push(care.allergyOf(run, allergy));
  out.push(care.mobilityOf(run, health.mobility));
  for (const condition of health.conditions) out.push(care.conditionOf(run, condition));
  for (const document of record.documents) out.push(care.documentOf(run, document));
  return out;
}

function forwardRun(record, context) {
  const { id } = record.person;
  const within = `${id.length}:${id}`;
  const idOf = (type, map, key) => context.resourceId(type, `${map}|${within}${key}`);
  const personId = context.resourceId('Patient', `case/person|${id}`);
  return {
    base: context.identifierBase,
    person: id,
    personId,
    subject: `Patient/${personId}`,
    leadId: context.resourceId('Practitioner', `case/lead-worker|${record.caseFile.leadWorker.id}`),
    id: idOf,
    need: (key) => `Condition/${idOf('Condition', 'case/need', key)}`,
    goal: (key) => `Goal/${idOf('Goal', 'case/goal', key)}`,
    tenancy: (key) => `Contract/${idOf('Contract', 'case/tenancy', key)}`,
  };
}

/** Whose a resource is, by the last part of its identifier's system. */
const TAKERS = {
  person: takePatient,
  'household-member': around.takeHouseholdMember,
  'household-age': around.takeHouseholdAge,
  relative: around.takeRelative,
  professional: around.takeProfessional,
  'professional-role': around.takeProfessionalRole,
  'lead-worker': around.takeLeadWorker,
  worker: around.takeWorker,
  'case-team': around.takeCareTeam,
  'case-file': around.takeCaseFile,
  intervention: work.takeIntervention,
  need: work.takeNeed,
  goal: work.takeGoal,
  plan: work.takePlan,
  referral: work.takeReferral,
  benefit: means.takeBenefit,
  'housing-situation': housing.takeSituation,
  'housing-application': housing.takeApplication,
  tenancy: housing.takeTenancy,
  eviction: housing.takeEviction,
  arrears: housing.takeArrears,
  pet: housing.takePet,
  employment: means.takeEmployment,
  resource: means.takeResource,
  expense: means.takeExpense,
  debt: means.takeDebt,
  allergy: care.takeAllergy,
  mobility: care.takeMobility,
  condition: care.takeCondition,
  document: care.takeDocument,
};

export function fromFhir(bundle, context) {
  const base = context.identifierBase;
  const keys = new Map();
  const found = [];
  for (const { fullUrl, resource } of bundle.entry) {
    const taken = takerOf(resource, `${base}/`);
    if (taken === undefined) continue;
    keys.set(fullUrl, taken.key);
    keys.set(`${resource.resourceType}/${resource.id}`, taken.key);
    found.push(taken);
  }
  const run = { keys, key: '', caseNumber: `${base}/case-number`, action: `${base}/action`, record: {}, conflicts: [] };
  const seen = new Set();
  for (const { take, key, resource } of found) {
    const about = keys.get((resource.subject ?? resource.patient)?.reference);
    if (about !== undefined) (run.record.person ??= {}).id ??= about;
    const name = `${resource.resourceType}/${resource.id}`;
    if (seen.has(name)) continue;
    seen.add(name);
    run.key = key;
    take(run, resource);
  }
  return { record: run.record, conflicts: run.conflicts };
}

function takerOf(resource, start) {
  for (const { system, value } of resource.identifier ?? []) {
    if (system === undefined || !system.startsWith(start)) continue;
    const kind = system.slice(start.length);
    if (kind === 'treatment') {
      const take = resource.resourceType === 'Procedure' ? care.takeProcedure : care.takeMedication;
      return { take, key: value, resource };
    }
    const take = TAKERS[kind];
    if (take !== undefined) return { take, key: value, resource };
  }
  return undefined;
}
