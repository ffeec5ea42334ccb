// Health for continuity and papers by hand: medicines, other treatments, allergies, mobility, conditions, documents.
import { componentOf } from './means.mjs';
import { CS, HL7, SD, codeOf, componentCode, concept, periodOf, takePeriod } from './words.mjs';

const MEDICINES = new Set([
  'medication',
  'insulin',
  'anticoagulant',
  'antiepileptic',
  'chemotherapy',
  'psychotropic',
  'opioid-substitution',
  'antiretroviral',
  'contraception',
]);
export const isMedicine = ({ kind }) => MEDICINES.has(kind);
const ALLERGY_CATEGORY = {
  medication: 'medication',
  food: 'food',
  environment: 'environment',
  biologic: 'biologic',
};
const CONDITION_STATUS = { active: 'active', remission: 'remission', resolved: 'resolved', past: 'resolved' };

/** The agency's own coding, or undefined. */
function codingOf({ codeSystem, code }) {
  if (codeSystem === undefined && code === undefined) return undefined;
  const coding = {};
  if (codeSystem !== undefined) coding.system = codeSystem;
  if (code !== undefined) coding.code = code;
  return coding;
}

/** A concept as the agency coded it, with the name that it has there. */
function codedOf(of, text) {
  const out = {};
  const coding = codingOf(of);
  if (coding !== undefined) out.coding = [coding];
  if (text !== undefined) out.text = text;
  return out;
}

function takeCoded(of, into, name) {
  const coding = of?.coding?.[0];
  if (coding?.system !== undefined) into.codeSystem = coding.system;
  if (coding?.code !== undefined) into.code = coding.code;
  if (of?.text !== undefined) into[name] = of.text;
}

function treatmentExtensions(treatment, withDosage) {
  const extension = [];
  if (treatment.mustNotInterrupt !== undefined)
    extension.push({ url: `${SD}must-not-interrupt`, valueBoolean: treatment.mustNotInterrupt });
  if (treatment.keepCold !== undefined) extension.push({ url: `${SD}keep-cold`, valueBoolean: treatment.keepCold });
  if (treatment.supplyUntil !== undefined)
    extension.push({ url: `${SD}supply-until`, valueDate: treatment.supplyUntil });
  if (treatment.prescriber !== undefined) extension.push({ url: `${SD}prescriber`, valueString: treatment.prescriber });
  if (withDosage && treatment.dosage !== undefined)
    extension.push({ url: `${SD}dosage`, valueString: treatment.dosage });
  return extension;
}

function takeTreatment(run, r) {
  const treatment = { id: run.key };
  for (const one of r.extension ?? []) {
    switch (one.url) {
      case `${SD}must-not-interrupt`:
        treatment.mustNotInterrupt = one.valueBoolean;
        break;
      case `${SD}keep-cold`:
        treatment.keepCold = one.valueBoolean;
        break;
      case `${SD}supply-until`:
        treatment.supplyUntil = one.valueDate;
        break;
      case `${SD}prescriber`:
        treatment.prescriber = one.valueString;
        break;
      case `${SD}dosage`:
        treatment.dosage = one.valueString;
        break;
    }
  }
  if (r.note?.[0]?.text !== undefined) treatment.note = r.note[0].text;
  ((run.record.health ??= {}).treatments ??= []).push(treatment);
  return treatment;
}

const TREATMENT = `${CS}treatment-kind`;

/** The class of the medicine beside what the agency calls it. */
function medicineOf(treatment) {
  const coding = [{ system: TREATMENT, code: treatment.kind }];
  const given = codingOf(treatment);
  if (given !== undefined) coding.push({ userSelected: true, ...given });
  const out = { coding };
  if (treatment.name !== undefined) out.text = treatment.name;
  return out;
}

export function medicationOf(run, treatment) {
  const resource = {
    resourceType: 'MedicationStatement',
    id: run.id('MedicationStatement', 'case/medication', treatment.id),
    meta: { profile: [`${SD}medication`] },
    identifier: [{ system: `${run.base}/treatment`, value: treatment.id }],
    status: treatment.endDate === undefined ? 'active' : 'completed',
    medicationCodeableConcept: medicineOf(treatment),
    subject: { reference: run.subject },
  };
  const extension = treatmentExtensions(treatment, false);
  if (extension.length > 0) resource.extension = extension;
  const period = periodOf(treatment.startDate, treatment.endDate);
  if (period !== undefined) resource.effectivePeriod = period;
  if (treatment.note !== undefined) resource.note = [{ text: treatment.note }];
  if (treatment.dosage !== undefined) resource.dosage = [{ text: treatment.dosage }];
  return resource;
}

export function takeMedication(run, r) {
  const treatment = takeTreatment(run, r);
  const medicine = r.medicationCodeableConcept;
  for (const { system, code, userSelected } of medicine?.coding ?? []) {
    if (system === TREATMENT && userSelected === undefined) treatment.kind = code;
    else takeCoded({ coding: [{ system, code }] }, treatment, 'name');
  }
  if (medicine?.text !== undefined) treatment.name = medicine.text;
  takePeriod(r.effectivePeriod, treatment);
  if (r.dosage?.[0]?.text !== undefined) treatment.dosage = r.dosage[0].text;
}

export function procedureOf(run, treatment) {
  const resource = {
    resourceType: 'Procedure',
    id: run.id('Procedure', 'case/treatment', treatment.id),
    meta: { profile: [`${SD}treatment`] },
    identifier: [{ system: `${run.base}/treatment`, value: treatment.id }],
    status: treatment.endDate === undefined ? 'in-progress' : 'completed',
    category: concept(TREATMENT, treatment.kind),
    code: codedOf(treatment, treatment.name),
    subject: { reference: run.subject },
  };
  const extension = treatmentExtensions(treatment, true);
  if (extension.length > 0) resource.extension = extension;
  const period = periodOf(treatment.startDate, treatment.endDate);
  if (period !== undefined) resource.performedPeriod = period;
  if (treatment.note !== undefined) resource.note = [{ text: treatment.note }];
  return resource;
}

export function takeProcedure(run, r) {
  const treatment = takeTreatment(run, r);
  const kind = codeOf(r.category, TREATMENT);
  if (kind !== undefined) treatment.kind = kind;
  takeCoded(r.code, treatment, 'name');
  takePeriod(r.performedPeriod, treatment);
}

export function allergyOf(run, allergy) {
  const resource = {
    resourceType: 'AllergyIntolerance',
    id: run.id('AllergyIntolerance', 'case/allergy', allergy.id),
    meta: { profile: [`${SD}allergy`] },
    extension: [{ url: `${SD}allergy-kind`, valueCode: allergy.kind }],
    identifier: [{ system: `${run.base}/allergy`, value: allergy.id }],
    clinicalStatus: concept(`${HL7}allergyintolerance-clinical`, 'active'),
  };
  const category = ALLERGY_CATEGORY[allergy.kind];
  if (category !== undefined) resource.category = [category];
  if (allergy.criticality !== undefined) resource.criticality = allergy.criticality;
  resource.code = codedOf(allergy, allergy.substance);
  resource.patient = { reference: run.subject };
  if (allergy.note !== undefined) resource.note = [{ text: allergy.note }];
  if (allergy.reaction !== undefined) resource.reaction = [{ manifestation: [{ text: allergy.reaction }] }];
  return resource;
}

export function takeAllergy(run, r) {
  const allergy = { id: run.key };
  const kind = r.extension?.find(({ url }) => url === `${SD}allergy-kind`)?.valueCode;
  if (kind !== undefined) {
    allergy.kind = kind;
    if (r.category !== undefined && r.category[0] !== ALLERGY_CATEGORY[kind]) run.conflicts.push(run.key);
  }
  if (r.criticality !== undefined) allergy.criticality = r.criticality;
  takeCoded(r.code, allergy, 'substance');
  if (r.note?.[0]?.text !== undefined) allergy.note = r.note[0].text;
  const reaction = r.reaction?.[0]?.manifestation?.[0]?.text;
  if (reaction !== undefined) allergy.reaction = reaction;
  ((run.record.health ??= {}).allergies ??= []).push(allergy);
}

export function mobilityOf(run, mobility) {
  const resource = {
    resourceType: 'Observation',
    id: run.id('Observation', 'case/mobility', run.person),
    meta: { profile: [`${SD}mobility`] },
    identifier: [{ system: `${run.base}/mobility`, value: run.person }],
    status: 'final',
    category: [concept(`${HL7}observation-category`, 'activity')],
    code: concept(`${CS}observation`, 'mobility'),
    subject: { reference: run.subject },
    valueCodeableConcept: concept(`${CS}mobility-level`, mobility.level),
  };
  if (mobility.note !== undefined) resource.note = [{ text: mobility.note }];
  const component = [];
  if (mobility.stairsPossible !== undefined)
    component.push({ code: componentCode('stairs'), valueBoolean: mobility.stairsPossible });
  for (const equipment of mobility.equipment ?? []) {
    component.push({
      code: componentCode('equipment'),
      valueCodeableConcept: concept(`${CS}mobility-equipment`, equipment),
    });
  }
  if (component.length > 0) resource.component = component;
  return resource;
}

export function takeMobility(run, r) {
  const mobility = {};
  const level = codeOf(r.valueCodeableConcept, `${CS}mobility-level`);
  if (level !== undefined) mobility.level = level;
  if (r.note?.[0]?.text !== undefined) mobility.note = r.note[0].text;
  for (const one of r.component ?? []) {
    const code = componentOf(one);
    if (code === 'stairs') mobility.stairsPossible = one.valueBoolean;
    else if (code === 'equipment')
      (mobility.equipment ??= []).push(codeOf(one.valueCodeableConcept, `${CS}mobility-equipment`));
  }
  (run.record.health ??= {}).mobility = mobility;
}

export function conditionOf(run, condition) {
  const open = condition.status === 'active' || condition.status === 'unknown';
  const extension = [];
  if (condition.status === 'unknown') extension.push({ url: `${SD}condition-status`, valueCode: 'unknown' });
  if (open && condition.endDate !== undefined) extension.push({ url: `${SD}end`, valueDateTime: condition.endDate });
  const resource = {
    resourceType: 'Condition',
    id: run.id('Condition', 'case/condition', condition.id),
    meta: { profile: [`${SD}health-condition`] },
    identifier: [{ system: `${run.base}/condition`, value: condition.id }],
  };
  if (extension.length > 0) resource.extension = extension;
  if (condition.status !== 'unknown')
    resource.clinicalStatus = {
      coding: [
        { system: `${HL7}condition-clinical`, code: CONDITION_STATUS[condition.status] },
        { system: `${CS}condition-status`, code: condition.status },
      ],
    };
  resource.category = [
    concept(`${HL7}condition-category`, 'problem-list-item'),
    concept(`${CS}condition-kind`, condition.kind),
  ];
  if (condition.name !== undefined || condition.code !== undefined || condition.codeSystem !== undefined)
    resource.code = codedOf(condition, condition.name);
  resource.subject = { reference: run.subject };
  if (condition.startDate !== undefined) resource.onsetDateTime = condition.startDate;
  if (!open && condition.endDate !== undefined) resource.abatementDateTime = condition.endDate;
  if (condition.note !== undefined) resource.note = [{ text: condition.note }];
  return resource;
}

export function takeCondition(run, r) {
  const condition = { id: run.key };
  for (const { url, valueCode, valueDateTime } of r.extension ?? []) {
    if (url === `${SD}condition-status`) condition.status = valueCode;
    else if (url === `${SD}end`) condition.endDate = valueDateTime;
  }
  const exact = codeOf(r.clinicalStatus, `${CS}condition-status`);
  if (exact !== undefined) condition.status = exact;
  const status = codeOf(r.clinicalStatus, `${HL7}condition-clinical`);
  if (condition.status !== undefined && status !== CONDITION_STATUS[condition.status]) run.conflicts.push(run.key);
  for (const one of r.category ?? []) {
    const kind = codeOf(one, `${CS}condition-kind`);
    if (kind !== undefined) condition.kind = kind;
  }
  takeCoded(r.code, condition, 'name');
  if (r.onsetDateTime !== undefined) condition.startDate = r.onsetDateTime;
  if (r.abatementDateTime !== undefined) condition.endDate = r.abatementDateTime;
  if (r.note?.[0]?.text !== undefined) condition.note = r.note[0].text;
  ((run.record.health ??= {}).conditions ??= []).push(condition);
}

export function documentOf(run, document) {
  const extension = [];
  if (document.receivedOn !== undefined) extension.push({ url: `${SD}received`, valueDate: document.receivedOn });
  if (document.expiresOn !== undefined) extension.push({ url: `${SD}expires`, valueDate: document.expiresOn });
  if (document.original !== undefined) extension.push({ url: `${SD}original-seen`, valueBoolean: document.original });
  if (document.author !== undefined) extension.push({ url: `${SD}author-name`, valueString: document.author });
  if (document.sha256 !== undefined) extension.push({ url: `${SD}sha-256`, valueString: document.sha256 });
  if (document.note !== undefined) extension.push({ url: `${SD}note`, valueString: document.note });
  const attachment = {};
  if (document.mimeType !== undefined) attachment.contentType = document.mimeType;
  if (document.content !== undefined) attachment.data = document.content;
  if (document.sizeBytes !== undefined) attachment.size = document.sizeBytes;
  if (document.title !== undefined) attachment.title = document.title;
  if (document.date !== undefined) attachment.creation = document.date;
  return {
    resourceType: 'DocumentReference',
    id: run.id('DocumentReference', 'case/document', document.id),
    meta: { profile: [`${SD}document`] },
    extension,
    identifier: [{ system: `${run.base}/document`, value: document.id }],
    status: 'current',
    type: concept(`${CS}document-kind`, document.kind),
    subject: { reference: run.subject },
    content: [{ attachment }],
  };
}

export function takeDocument(run, r) {
  const document = { id: run.key };
  for (const one of r.extension ?? []) {
    switch (one.url) {
      case `${SD}received`:
        document.receivedOn = one.valueDate;
        break;
      case `${SD}expires`:
        document.expiresOn = one.valueDate;
        break;
      case `${SD}original-seen`:
        document.original = one.valueBoolean;
        break;
      case `${SD}author-name`:
        document.author = one.valueString;
        break;
      case `${SD}sha-256`:
        document.sha256 = one.valueString;
        break;
      case `${SD}note`:
        document.note = one.valueString;
        break;
    }
  }
  const kind = codeOf(r.type, `${CS}document-kind`);
  if (kind !== undefined) document.kind = kind;
  const attachment = r.content?.[0]?.attachment;
  if (attachment !== undefined) {
    if (attachment.contentType !== undefined) document.mimeType = attachment.contentType;
    if (attachment.data !== undefined) document.content = attachment.data;
    if (attachment.size !== undefined) document.sizeBytes = attachment.size;
    if (attachment.title !== undefined) document.title = attachment.title;
    if (attachment.creation !== undefined) document.date = attachment.creation;
  }
  (run.record.documents ??= []).push(document);
}
