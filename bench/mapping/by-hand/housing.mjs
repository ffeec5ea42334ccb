// Housing by hand: situation, applications, tenancies, eviction, arrears, pets.
import { componentOf, kindOf, observationOf, takeMoney } from './means.mjs';
import {
  CS,
  HL7,
  NOTE,
  SD,
  TEMPORARY,
  codeOf,
  componentCode,
  concept,
  exactly,
  exactOf,
  money,
  noted,
  periodOf,
  takePeriod,
} from './words.mjs';

const APPLICATION_STATUS = {
  'to-prepare': 'draft',
  incomplete: 'draft',
  submitted: 'active',
  'in-review': 'active',
  accepted: 'completed',
  refused: 'completed',
  withdrawn: 'revoked',
  expired: 'revoked',
};

const LOINC = 'http://loinc.org';
/** How many people live at this address; problems with the place where the person lives. */
const [OCCUPANTS, PROBLEMS] = ['63512-8', '96778-6'];

export function situationOf(run, situation) {
  const resource = observationOf(run, 'housing-situation', run.person, [{ system: LOINC, code: '71802-3' }]);
  const period = periodOf(situation.since, situation.until);
  if (period !== undefined) resource.effectivePeriod = period;
  resource.valueCodeableConcept = concept(`${CS}housing-situation`, situation.kind);
  if (situation.note !== undefined) resource.note = [{ text: situation.note }];
  const component = [];
  if (situation.shelterName !== undefined)
    component.push({ code: componentCode('shelter-name'), valueString: situation.shelterName });
  if (situation.rooms !== undefined) component.push({ code: componentCode('rooms'), valueInteger: situation.rooms });
  if (situation.areaSquareMetres !== undefined)
    component.push({
      code: componentCode('area'),
      valueQuantity: {
        value: situation.areaSquareMetres,
        unit: 'm2',
        system: 'http://unitsofmeasure.org',
        code: 'm2',
      },
    });
  if (situation.occupants !== undefined)
    component.push({ code: concept(LOINC, OCCUPANTS), valueInteger: situation.occupants });
  if (situation.unfit !== undefined) component.push({ code: componentCode('unfit'), valueBoolean: situation.unfit });
  for (const problem of situation.problems ?? []) {
    component.push({
      code: concept(LOINC, PROBLEMS),
      valueCodeableConcept: concept(`${CS}housing-problem`, problem),
    });
  }
  if (component.length > 0) resource.component = component;
  return resource;
}

export function takeSituation(run, r) {
  const situation = {};
  if (r.effectivePeriod?.start !== undefined) situation.since = r.effectivePeriod.start;
  if (r.effectivePeriod?.end !== undefined) situation.until = r.effectivePeriod.end;
  const kind = codeOf(r.valueCodeableConcept, `${CS}housing-situation`);
  if (kind !== undefined) situation.kind = kind;
  if (r.note?.[0]?.text !== undefined) situation.note = r.note[0].text;
  for (const one of r.component ?? []) {
    switch (codeOf(one.code, LOINC) ?? componentOf(one)) {
      case 'shelter-name':
        situation.shelterName = one.valueString;
        break;
      case 'rooms':
        situation.rooms = one.valueInteger;
        break;
      case 'area':
        situation.areaSquareMetres = one.valueQuantity?.value;
        break;
      case OCCUPANTS:
        situation.occupants = one.valueInteger;
        break;
      case 'unfit':
        situation.unfit = one.valueBoolean;
        break;
      case PROBLEMS:
        (situation.problems ??= []).push(codeOf(one.valueCodeableConcept, `${CS}housing-problem`));
        break;
    }
  }
  (run.record.housing ??= {}).situation = situation;
}

export function applicationOf(run, application) {
  const extension = [];
  if (application.renewalDue !== undefined)
    extension.push({ url: `${SD}renewal-due`, valueDate: application.renewalDue });
  if (application.priority !== undefined)
    extension.push({ url: `${SD}recognised-priority`, valueBoolean: application.priority });
  const identifier = [{ system: `${run.base}/housing-application`, value: application.id }];
  if (application.number !== undefined)
    identifier.push({ type: concept(`${HL7}v2-0203`, 'RI'), value: application.number });
  const resource = {
    resourceType: 'ServiceRequest',
    id: run.id('ServiceRequest', 'case/housing-application', application.id),
    meta: { profile: [`${SD}housing-application`] },
    identifier,
    status: APPLICATION_STATUS[application.status],
    _status: exactly(`${CS}application-status`, application.status),
    intent: 'order',
    category: [concept(`${CS}request-category`, 'housing'), concept(TEMPORARY, 'housing-instability')],
    code: concept(`${CS}housing-application-type`, application.type),
    subject: { reference: run.subject },
  };
  if (extension.length > 0) resource.extension = extension;
  const detail = [];
  if (application.bedrooms !== undefined)
    detail.push(concept(`${CS}dwelling-bedrooms`, application.bedrooms.toString()));
  if (application.stepFree !== undefined) detail.push(concept(`${CS}dwelling-step-free`, String(application.stepFree)));
  if (detail.length > 0) resource.orderDetail = detail;
  if (application.maxRent !== undefined)
    resource.quantityRange = { high: money(application.maxRent, application.currency) };
  if (application.areas !== undefined) resource.locationCode = application.areas.map((text) => ({ text }));
  if (application.submittedOn !== undefined) resource.authoredOn = application.submittedOn;
  if (application.note !== undefined) resource.note = [{ text: application.note }];
  return resource;
}

export function takeApplication(run, r) {
  const application = { id: run.key };
  for (const one of r.extension ?? []) {
    switch (one.url) {
      case `${SD}renewal-due`:
        application.renewalDue = one.valueDate;
        break;
      case `${SD}recognised-priority`:
        application.priority = one.valueBoolean;
        break;
    }
  }
  const status = exactOf(r._status, `${CS}application-status`);
  if (status !== undefined) application.status = status;
  for (const one of r.orderDetail ?? []) {
    const bedrooms = codeOf(one, `${CS}dwelling-bedrooms`);
    if (bedrooms !== undefined) application.bedrooms = Number(bedrooms);
    const stepFree = codeOf(one, `${CS}dwelling-step-free`);
    if (stepFree !== undefined) application.stepFree = stepFree === 'true';
  }
  const limit = r.quantityRange?.high;
  if (limit?.value !== undefined) application.maxRent = limit.value;
  if (limit?.unit !== undefined) application.currency = limit.unit;
  for (const { text } of r.locationCode ?? []) (application.areas ??= []).push(text);
  for (const { type, value } of r.identifier) {
    if (codeOf(type, `${HL7}v2-0203`) === 'RI') application.number = value;
  }
  if (application.status !== undefined && APPLICATION_STATUS[application.status] !== r.status)
    run.conflicts.push(run.key);
  const type = codeOf(r.code, `${CS}housing-application-type`);
  if (type !== undefined) application.type = type;
  if (r.authoredOn !== undefined) application.submittedOn = r.authoredOn;
  if (r.note?.[0]?.text !== undefined) application.note = r.note[0].text;
  ((run.record.housing ??= {}).applications ??= []).push(application);
}

const AMOUNTS = ['rent', 'charges', 'deposit'];

/** An amount by what it is for. A currency alone is an amount's place without the amount: the maps leave it there. */
function valuedItemOf(tenancy, name) {
  const unitPrice = {};
  if (tenancy[name] !== undefined) unitPrice.value = tenancy[name];
  if (tenancy.currency !== undefined) unitPrice.currency = tenancy.currency;
  const item = { entityCodeableConcept: concept(`${CS}contract-amount`, name), unitPrice };
  if (name === 'rent' && tenancy.frequency !== undefined) item.payment = tenancy.frequency;
  return item;
}

export function tenancyOf(run, tenancy) {
  const extension = [];
  if (tenancy.noticeGivenOn !== undefined)
    extension.push({ url: `${SD}notice-given`, valueDate: tenancy.noticeGivenOn });
  for (const coTenant of tenancy.coTenants ?? []) extension.push({ url: `${SD}co-tenant`, valueString: coTenant });
  if (tenancy.note !== undefined) extension.push(noted(tenancy.note));
  const offer = { identifier: [{ system: `${run.base}/tenancy`, value: tenancy.id }] };
  if (tenancy.landlord !== undefined)
    offer.party = [{ reference: [{ display: tenancy.landlord }], role: concept(`${CS}contract-party`, 'landlord') }];
  const resource = {
    resourceType: 'Contract',
    id: run.id('Contract', 'case/tenancy', tenancy.id),
    meta: { profile: [`${SD}tenancy`] },
    identifier: [{ system: `${run.base}/tenancy`, value: tenancy.id }],
    subject: [{ reference: run.subject }],
    type: concept(`${CS}contract-type`, 'tenancy'),
    subType: [concept(`${CS}lease-kind`, tenancy.kind)],
    term: [{ offer, asset: [{ valuedItem: AMOUNTS.map((name) => valuedItemOf(tenancy, name)) }] }],
  };
  if (extension.length > 0) resource.extension = extension;
  const period = periodOf(tenancy.startDate, tenancy.endDate);
  if (period !== undefined) resource.applies = period;
  return resource;
}

export function takeTenancy(run, r) {
  const tenancy = { id: run.key };
  for (const { url, valueDate, valueString, valueAnnotation } of r.extension ?? []) {
    if (url === `${SD}notice-given`) tenancy.noticeGivenOn = valueDate;
    else if (url === `${SD}co-tenant`) (tenancy.coTenants ??= []).push(valueString);
    else if (url === NOTE) tenancy.note = valueAnnotation?.text;
  }
  const term = r.term?.[0];
  for (const { reference, role } of term?.offer?.party ?? []) {
    if (codeOf(role, `${CS}contract-party`) === 'landlord') tenancy.landlord = reference?.[0]?.display;
  }
  for (const { entityCodeableConcept, unitPrice, payment } of term?.asset?.[0]?.valuedItem ?? []) {
    const name = codeOf(entityCodeableConcept, `${CS}contract-amount`);
    if (!AMOUNTS.includes(name)) continue;
    if (unitPrice?.value !== undefined) tenancy[name] = unitPrice.value;
    if (name !== 'rent') continue;
    if (unitPrice?.currency !== undefined) tenancy.currency = unitPrice.currency;
    if (payment !== undefined) tenancy.frequency = payment;
  }
  takePeriod(r.applies, tenancy);
  const kind = codeOf(r.subType?.[0], `${CS}lease-kind`);
  if (kind !== undefined) tenancy.kind = kind;
  ((run.record.housing ??= {}).tenancies ??= []).push(tenancy);
}

export function evictionOf(run, eviction) {
  const resource = observationOf(run, 'eviction', eviction.id, [{ system: `${CS}observation`, code: 'eviction' }]);
  if (eviction.tenancyId !== undefined) resource.focus = [{ reference: run.tenancy(eviction.tenancyId) }];
  if (eviction.stageOn !== undefined) resource.effectiveDateTime = eviction.stageOn;
  resource.valueCodeableConcept = concept(`${CS}eviction-stage`, eviction.stage);
  if (eviction.note !== undefined) resource.note = [{ text: eviction.note }];
  const component = [];
  if (eviction.ground !== undefined)
    component.push({
      code: componentCode('ground'),
      valueCodeableConcept: concept(`${CS}eviction-ground`, eviction.ground),
    });
  if (eviction.hearingDate !== undefined)
    component.push({ code: componentCode('hearing'), valueDateTime: eviction.hearingDate });
  if (eviction.hearingTime !== undefined)
    component.push({ code: componentCode('hearing-time'), valueTime: `${eviction.hearingTime}:00` });
  if (eviction.court !== undefined) component.push({ code: componentCode('court'), valueString: eviction.court });
  if (eviction.leaveBy !== undefined)
    component.push({ code: componentCode('leave-by'), valueDateTime: eviction.leaveBy });
  if (component.length > 0) resource.component = component;
  return resource;
}

export function takeEviction(run, r) {
  const eviction = { id: run.key };
  const tenancy = run.keys.get(r.focus?.[0]?.reference);
  if (tenancy !== undefined) eviction.tenancyId = tenancy;
  if (r.effectiveDateTime !== undefined) eviction.stageOn = r.effectiveDateTime;
  const stage = codeOf(r.valueCodeableConcept, `${CS}eviction-stage`);
  if (stage !== undefined) eviction.stage = stage;
  if (r.note?.[0]?.text !== undefined) eviction.note = r.note[0].text;
  for (const one of r.component ?? []) {
    switch (componentOf(one)) {
      case 'ground':
        eviction.ground = codeOf(one.valueCodeableConcept, `${CS}eviction-ground`);
        break;
      case 'hearing':
        eviction.hearingDate = one.valueDateTime;
        break;
      case 'hearing-time':
        eviction.hearingTime = one.valueTime?.slice(0, -3);
        break;
      case 'court':
        eviction.court = one.valueString;
        break;
      case 'leave-by':
        eviction.leaveBy = one.valueDateTime;
        break;
    }
  }
  ((run.record.housing ??= {}).evictions ??= []).push(eviction);
}

export function arrearsOf(run, arrears) {
  const resource = observationOf(run, 'arrears', arrears.id, kindOf('arrears', arrears.kind));
  if (arrears.tenancyId !== undefined) resource.focus = [{ reference: run.tenancy(arrears.tenancyId) }];
  if (arrears.asOf !== undefined) resource.effectiveDateTime = arrears.asOf;
  resource.valueQuantity = money(arrears.amount, arrears.currency);
  if (arrears.note !== undefined) resource.note = [{ text: arrears.note }];
  const component = [];
  if (arrears.since !== undefined) component.push({ code: componentCode('since'), valueDateTime: arrears.since });
  if (arrears.repaymentStatus !== undefined)
    component.push({
      code: componentCode('repayment-status'),
      valueCodeableConcept: concept(`${CS}repayment-status`, arrears.repaymentStatus),
    });
  if (arrears.repaymentAmount !== undefined)
    component.push({ code: componentCode('repayment-amount'), valueQuantity: { value: arrears.repaymentAmount } });
  if (component.length > 0) resource.component = component;
  return resource;
}

export function takeArrears(run, r) {
  const arrears = { id: run.key };
  const kind = codeOf(r.code, `${CS}arrears-kind`);
  if (kind !== undefined) arrears.kind = kind;
  const tenancy = run.keys.get(r.focus?.[0]?.reference);
  if (tenancy !== undefined) arrears.tenancyId = tenancy;
  if (r.effectiveDateTime !== undefined) arrears.asOf = r.effectiveDateTime;
  takeMoney(run, r, arrears);
  if (r.note?.[0]?.text !== undefined) arrears.note = r.note[0].text;
  for (const one of r.component ?? []) {
    switch (componentOf(one)) {
      case 'since':
        arrears.since = one.valueDateTime;
        break;
      case 'repayment-status':
        arrears.repaymentStatus = codeOf(one.valueCodeableConcept, `${CS}repayment-status`);
        break;
      case 'repayment-amount':
        arrears.repaymentAmount = one.valueQuantity?.value;
        break;
    }
  }
  ((run.record.housing ??= {}).arrears ??= []).push(arrears);
}

export function petOf(run, pet) {
  const resource = observationOf(run, 'pet', pet.id, [{ system: `${CS}observation`, code: 'pet' }]);
  resource.valueCodeableConcept = concept(`${CS}pet-kind`, pet.kind);
  const component = [];
  if (pet.name !== undefined) component.push({ code: componentCode('name'), valueString: pet.name });
  if (pet.assistanceAnimal !== undefined)
    component.push({ code: componentCode('assistance-animal'), valueBoolean: pet.assistanceAnimal });
  if (component.length > 0) resource.component = component;
  return resource;
}

export function takePet(run, r) {
  const pet = { id: run.key };
  const kind = codeOf(r.valueCodeableConcept, `${CS}pet-kind`);
  if (kind !== undefined) pet.kind = kind;
  for (const one of r.component ?? []) {
    const code = componentOf(one);
    if (code === 'name') pet.name = one.valueString;
    else if (code === 'assistance-animal') pet.assistanceAnimal = one.valueBoolean;
  }
  ((run.record.housing ??= {}).pets ??= []).push(pet);
}
