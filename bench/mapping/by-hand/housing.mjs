// Housing by hand: situation, applications, tenancies, eviction, arrears, pets.
import { componentOf, kindOf, observationOf, takeMoney } from './means.mjs';
import { CS, HL7, SD, TEMPORARY, codeOf, componentCode, concept, money, periodOf, takePeriod } from './words.mjs';

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

export function situationOf(run, situation) {
  const resource = observationOf(run, 'housing-situation', run.person, [
    { system: 'http://loinc.org', code: '71802-3' },
  ]);
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
    component.push({ code: componentCode('occupants'), valueInteger: situation.occupants });
  if (situation.unfit !== undefined) component.push({ code: componentCode('unfit'), valueBoolean: situation.unfit });
  for (const problem of situation.problems ?? []) {
    component.push({
      code: componentCode('problem'),
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
    switch (componentOf(one)) {
      case 'shelter-name':
        situation.shelterName = one.valueString;
        break;
      case 'rooms':
        situation.rooms = one.valueInteger;
        break;
      case 'area':
        situation.areaSquareMetres = one.valueQuantity?.value;
        break;
      case 'occupants':
        situation.occupants = one.valueInteger;
        break;
      case 'unfit':
        situation.unfit = one.valueBoolean;
        break;
      case 'problem':
        (situation.problems ??= []).push(codeOf(one.valueCodeableConcept, `${CS}housing-problem`));
        break;
    }
  }
  (run.record.housing ??= {}).situation = situation;
}

export function applicationOf(run, application) {
  const extension = [{ url: `${SD}application-status`, valueCode: application.status }];
  if (application.renewalDue !== undefined)
    extension.push({ url: `${SD}renewal-due`, valueDate: application.renewalDue });
  if (application.priority !== undefined)
    extension.push({ url: `${SD}recognised-priority`, valueBoolean: application.priority });
  if (application.bedrooms !== undefined) extension.push({ url: `${SD}bedrooms`, valueInteger: application.bedrooms });
  if (application.stepFree !== undefined) extension.push({ url: `${SD}step-free`, valueBoolean: application.stepFree });
  if (application.maxRent !== undefined)
    extension.push({
      url: `${SD}rent-limit`,
      valueMoney: { value: application.maxRent, currency: application.currency },
    });
  for (const area of application.areas ?? []) extension.push({ url: `${SD}wanted-area`, valueString: area });
  const identifier = [{ system: `${run.base}/housing-application`, value: application.id }];
  if (application.number !== undefined)
    identifier.push({ type: concept(`${HL7}v2-0203`, 'RI'), value: application.number });
  const resource = {
    resourceType: 'ServiceRequest',
    id: run.id('ServiceRequest', 'case/housing-application', application.id),
    meta: { profile: [`${SD}housing-application`] },
    extension,
    identifier,
    status: APPLICATION_STATUS[application.status],
    intent: 'order',
    category: [concept(`${CS}request-category`, 'housing'), concept(TEMPORARY, 'housing-instability')],
    code: concept(`${CS}housing-application-type`, application.type),
    subject: { reference: run.subject },
  };
  if (application.submittedOn !== undefined) resource.authoredOn = application.submittedOn;
  if (application.note !== undefined) resource.note = [{ text: application.note }];
  return resource;
}

export function takeApplication(run, r) {
  const application = { id: run.key };
  for (const one of r.extension ?? []) {
    switch (one.url) {
      case `${SD}application-status`:
        application.status = one.valueCode;
        break;
      case `${SD}renewal-due`:
        application.renewalDue = one.valueDate;
        break;
      case `${SD}recognised-priority`:
        application.priority = one.valueBoolean;
        break;
      case `${SD}bedrooms`:
        application.bedrooms = one.valueInteger;
        break;
      case `${SD}step-free`:
        application.stepFree = one.valueBoolean;
        break;
      case `${SD}rent-limit`:
        application.maxRent = one.valueMoney?.value;
        application.currency = one.valueMoney?.currency;
        break;
      case `${SD}wanted-area`:
        (application.areas ??= []).push(one.valueString);
        break;
    }
  }
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

export function tenancyOf(run, tenancy) {
  const { currency } = tenancy;
  const extension = [];
  if (tenancy.landlord !== undefined) extension.push({ url: `${SD}landlord`, valueString: tenancy.landlord });
  if (tenancy.noticeGivenOn !== undefined)
    extension.push({ url: `${SD}notice-given`, valueDate: tenancy.noticeGivenOn });
  if (tenancy.rent !== undefined) extension.push({ url: `${SD}rent`, valueMoney: { value: tenancy.rent, currency } });
  // A currency alone is an amount's place without the amount: the maps leave it there.
  extension.push({
    url: `${SD}charges`,
    valueMoney: tenancy.charges === undefined ? { currency } : { value: tenancy.charges, currency },
  });
  extension.push({
    url: `${SD}deposit`,
    valueMoney: tenancy.deposit === undefined ? { currency } : { value: tenancy.deposit, currency },
  });
  if (tenancy.frequency !== undefined) extension.push({ url: `${SD}frequency`, valueCode: tenancy.frequency });
  for (const coTenant of tenancy.coTenants ?? []) extension.push({ url: `${SD}co-tenant`, valueString: coTenant });
  if (tenancy.note !== undefined) extension.push({ url: `${SD}note`, valueString: tenancy.note });
  const resource = {
    resourceType: 'Contract',
    id: run.id('Contract', 'case/tenancy', tenancy.id),
    meta: { profile: [`${SD}tenancy`] },
    extension,
    identifier: [{ system: `${run.base}/tenancy`, value: tenancy.id }],
  };
  const period = periodOf(tenancy.startDate, tenancy.endDate);
  if (period !== undefined) resource.applies = period;
  resource.subject = [{ reference: run.subject }];
  resource.type = concept(`${CS}contract-type`, 'tenancy');
  resource.subType = [concept(`${CS}lease-kind`, tenancy.kind)];
  return resource;
}

export function takeTenancy(run, r) {
  const tenancy = { id: run.key };
  for (const one of r.extension ?? []) {
    switch (one.url) {
      case `${SD}landlord`:
        tenancy.landlord = one.valueString;
        break;
      case `${SD}notice-given`:
        tenancy.noticeGivenOn = one.valueDate;
        break;
      case `${SD}rent`:
        tenancy.rent = one.valueMoney?.value;
        tenancy.currency = one.valueMoney?.currency;
        break;
      case `${SD}charges`:
        if (one.valueMoney?.value !== undefined) tenancy.charges = one.valueMoney.value;
        break;
      case `${SD}deposit`:
        if (one.valueMoney?.value !== undefined) tenancy.deposit = one.valueMoney.value;
        break;
      case `${SD}frequency`:
        tenancy.frequency = one.valueCode;
        break;
      case `${SD}co-tenant`:
        (tenancy.coTenants ??= []).push(one.valueString);
        break;
      case `${SD}note`:
        tenancy.note = one.valueString;
        break;
    }
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
