// Rights and money by hand: benefits, employment, what comes in, what goes out, debts.
import { CS, HL7, NOTE, SD, codeOf, componentCode, concept, money, noted, periodOf, takePeriod } from './words.mjs';

/** What all our observations have in common, up to their code. */
export function observationOf(run, kind, id, coding) {
  return {
    resourceType: 'Observation',
    id: run.id('Observation', `case/${kind}`, id),
    meta: { profile: [`${SD}${kind}`] },
    identifier: [{ system: `${run.base}/${kind}`, value: id }],
    status: 'final',
    category: [concept(`${HL7}observation-category`, 'social-history')],
    code: { coding },
    subject: { reference: run.subject },
  };
}

export const kindOf = (kind, code) => [
  { system: `${CS}observation`, code: kind },
  { system: `${CS}${kind}-kind`, code },
];

/** Amount and currency, once each. */
export function takeMoney(run, r, into) {
  const { valueQuantity: quantity } = r;
  if (quantity === undefined) return;
  if (quantity.value !== undefined) into.amount = quantity.value;
  if (quantity.unit !== undefined) into.currency = quantity.unit;
}

export const componentOf = (one) => codeOf(one.code, `${CS}component`);

const BENEFIT_STATUS = {
  requested: 'negotiable',
  active: 'executed',
  suspended: 'executed',
  ended: 'terminated',
  refused: 'rejected',
};

export function benefitOf(run, benefit) {
  const identifier = [{ system: `${run.base}/benefit`, value: benefit.id }];
  if (benefit.number !== undefined) identifier.push({ type: concept(`${HL7}v2-0203`, 'MB'), value: benefit.number });
  const valued = { entityCodeableConcept: concept(`${CS}contract-amount`, 'benefit') };
  if (benefit.amount !== undefined) valued.unitPrice = { value: benefit.amount, currency: benefit.currency };
  if (benefit.frequency !== undefined) valued.payment = benefit.frequency;
  const term = {
    offer: { identifier: [{ system: `${run.base}/benefit`, value: benefit.id }] },
    asset: [{ valuedItem: [valued] }],
  };
  if (benefit.renewalDue !== undefined) {
    term.action = [
      {
        type: concept(`${CS}contract-action`, 'renew'),
        intent: concept(`${HL7}v3-ActReason`, 'COVERAGE'),
        status: concept(`${CS}contract-action-status`, 'due'),
        occurrenceDateTime: benefit.renewalDue,
      },
    ];
  }
  const resource = {
    resourceType: 'Contract',
    id: run.id('Contract', 'case/benefit', benefit.id),
    meta: { profile: [`${SD}benefit`] },
    identifier,
    legalState: concept(`${CS}benefit-status`, benefit.status),
    subject: [{ reference: run.subject }],
    type: concept(`${CS}contract-type`, 'benefit'),
    subType: [concept(`${CS}benefit-kind`, benefit.kind)],
    term: [term],
  };
  const status = BENEFIT_STATUS[benefit.status];
  if (status !== undefined) resource.status = status;
  const period = periodOf(benefit.startDate, benefit.endDate);
  if (period !== undefined) resource.applies = period;
  if (benefit.authority !== undefined) resource.authority = [{ display: benefit.authority }];
  if (benefit.note !== undefined) resource.extension = [noted(benefit.note)];
  return resource;
}

export function takeBenefit(run, r) {
  const benefit = { id: run.key };
  for (const { url, valueAnnotation } of r.extension ?? []) if (url === NOTE) benefit.note = valueAnnotation?.text;
  for (const { type, value } of r.identifier) if (codeOf(type, `${HL7}v2-0203`) === 'MB') benefit.number = value;
  const status = codeOf(r.legalState, `${CS}benefit-status`);
  if (status !== undefined) {
    benefit.status = status;
    if (BENEFIT_STATUS[status] !== r.status) run.conflicts.push(run.key);
  }
  takePeriod(r.applies, benefit);
  if (r.authority?.[0]?.display !== undefined) benefit.authority = r.authority[0].display;
  const kind = codeOf(r.subType?.[0], `${CS}benefit-kind`);
  if (kind !== undefined) benefit.kind = kind;
  const term = r.term?.[0];
  const valued = term?.asset?.[0]?.valuedItem?.[0];
  if (valued?.unitPrice?.value !== undefined) benefit.amount = valued.unitPrice.value;
  if (valued?.unitPrice?.currency !== undefined) benefit.currency = valued.unitPrice.currency;
  if (valued?.payment !== undefined) benefit.frequency = valued.payment;
  if (term?.action?.[0]?.occurrenceDateTime !== undefined) benefit.renewalDue = term.action[0].occurrenceDateTime;
  ((run.record.rights ??= {}).benefits ??= []).push(benefit);
}

export function employmentOf(run, income) {
  const resource = observationOf(run, 'employment', run.person, [{ system: 'http://loinc.org', code: '67875-5' }]);
  if (income.employmentStatus !== undefined)
    resource.valueCodeableConcept = concept(`${CS}employment-status`, income.employmentStatus);
  if (income.note !== undefined) resource.note = [{ text: income.note }];
  const component = [];
  if (income.occupation !== undefined)
    component.push({ code: concept('http://loinc.org', '11341-5'), valueString: income.occupation });
  if (income.employer !== undefined) component.push({ code: componentCode('employer'), valueString: income.employer });
  if (component.length > 0) resource.component = component;
  return resource;
}

export function takeEmployment(run, r) {
  const income = (run.record.income ??= {});
  const status = codeOf(r.valueCodeableConcept, `${CS}employment-status`);
  if (status !== undefined) income.employmentStatus = status;
  if (r.note?.[0]?.text !== undefined) income.note = r.note[0].text;
  for (const one of r.component ?? []) {
    if (codeOf(one.code, 'http://loinc.org') === '11341-5') income.occupation = one.valueString;
    else if (componentOf(one) === 'employer') income.employer = one.valueString;
  }
}

const FREQUENCY = `${CS}frequency`;

export function resourceOf(run, income) {
  const resource = observationOf(run, 'resource', income.id, kindOf('resource', income.kind));
  const timing = {};
  if (income.observedOn !== undefined) timing.event = [income.observedOn];
  const boundsPeriod = periodOf(income.startDate, income.endDate);
  if (boundsPeriod !== undefined) timing.repeat = { boundsPeriod };
  if (income.frequency !== undefined) timing.code = concept(FREQUENCY, income.frequency);
  if (Object.keys(timing).length > 0) resource.effectiveTiming = timing;
  if (income.amount !== undefined) resource.valueQuantity = money(income.amount, income.currency);
  return resource;
}

export function takeResource(run, r) {
  const income = { id: run.key };
  const kind = codeOf(r.code, `${CS}resource-kind`);
  if (kind !== undefined) income.kind = kind;
  const timing = r.effectiveTiming;
  if (timing?.event?.[0] !== undefined) income.observedOn = timing.event[0];
  takePeriod(timing?.repeat?.boundsPeriod, income);
  takeMoney(run, r, income);
  takeFrequency(r, income);
  ((run.record.income ??= {}).resources ??= []).push(income);
}

function takeFrequency(r, into) {
  const frequency = codeOf(r.effectiveTiming?.code, FREQUENCY);
  if (frequency !== undefined) into.frequency = frequency;
}

export function expenseOf(run, expense) {
  const resource = observationOf(run, 'expense', expense.id, kindOf('expense', expense.kind));
  resource.valueQuantity = money(expense.amount, expense.currency);
  if (expense.frequency !== undefined) resource.effectiveTiming = { code: concept(FREQUENCY, expense.frequency) };
  return resource;
}

export function takeExpense(run, r) {
  const expense = { id: run.key };
  const kind = codeOf(r.code, `${CS}expense-kind`);
  if (kind !== undefined) expense.kind = kind;
  takeMoney(run, r, expense);
  takeFrequency(r, expense);
  ((run.record.income ??= {}).expenses ??= []).push(expense);
}

export function debtOf(run, debt) {
  const resource = observationOf(run, 'debt', debt.id, kindOf('debt', debt.kind));
  if (debt.asOf !== undefined) resource.effectiveDateTime = debt.asOf;
  if (debt.amount !== undefined) resource.valueQuantity = money(debt.amount, debt.currency);
  const component = [];
  if (debt.status !== undefined)
    component.push({ code: componentCode('status'), valueCodeableConcept: concept(`${CS}debt-status`, debt.status) });
  if (debt.creditor !== undefined) component.push({ code: componentCode('creditor'), valueString: debt.creditor });
  if (debt.repaymentAmount !== undefined)
    component.push({ code: componentCode('repayment-amount'), valueQuantity: { value: debt.repaymentAmount } });
  if (component.length > 0) resource.component = component;
  return resource;
}

export function takeDebt(run, r) {
  const debt = { id: run.key };
  const kind = codeOf(r.code, `${CS}debt-kind`);
  if (kind !== undefined) debt.kind = kind;
  if (r.effectiveDateTime !== undefined) debt.asOf = r.effectiveDateTime;
  takeMoney(run, r, debt);
  for (const one of r.component ?? []) {
    switch (componentOf(one)) {
      case 'status':
        debt.status = codeOf(one.valueCodeableConcept, `${CS}debt-status`);
        break;
      case 'creditor':
        debt.creditor = one.valueString;
        break;
      case 'repayment-amount':
        debt.repaymentAmount = one.valueQuantity?.value;
        break;
    }
  }
  ((run.record.income ??= {}).debts ??= []).push(debt);
}
