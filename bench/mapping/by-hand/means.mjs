// Rights and money by hand: benefits, employment, what comes in, what goes out, debts.
import { CS, HL7, SD, codeOf, componentCode, concept, money, periodOf, takePeriod } from './words.mjs';

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

export function benefitOf(run, benefit) {
  const resource = observationOf(run, 'benefit', benefit.id, kindOf('benefit', benefit.kind));
  const period = periodOf(benefit.startDate, benefit.endDate);
  if (period !== undefined) resource.effectivePeriod = period;
  if (benefit.authority !== undefined) resource.performer = [{ display: benefit.authority }];
  if (benefit.amount !== undefined) resource.valueQuantity = money(benefit.amount, benefit.currency);
  if (benefit.note !== undefined) resource.note = [{ text: benefit.note }];
  const component = [
    { code: componentCode('status'), valueCodeableConcept: concept(`${CS}benefit-status`, benefit.status) },
  ];
  if (benefit.number !== undefined) component.push({ code: componentCode('number'), valueString: benefit.number });
  if (benefit.frequency !== undefined)
    component.push({
      code: componentCode('frequency'),
      valueCodeableConcept: concept(`${CS}frequency`, benefit.frequency),
    });
  if (benefit.renewalDue !== undefined)
    component.push({ code: componentCode('renewal-due'), valueDateTime: benefit.renewalDue });
  resource.component = component;
  return resource;
}

export function takeBenefit(run, r) {
  const benefit = { id: run.key };
  const kind = codeOf(r.code, `${CS}benefit-kind`);
  if (kind !== undefined) benefit.kind = kind;
  takePeriod(r.effectivePeriod, benefit);
  if (r.performer?.[0]?.display !== undefined) benefit.authority = r.performer[0].display;
  takeMoney(run, r, benefit);
  if (r.note?.[0]?.text !== undefined) benefit.note = r.note[0].text;
  for (const one of r.component ?? []) {
    switch (componentOf(one)) {
      case 'status':
        benefit.status = codeOf(one.valueCodeableConcept, `${CS}benefit-status`);
        break;
      case 'number':
        benefit.number = one.valueString;
        break;
      case 'frequency':
        benefit.frequency = codeOf(one.valueCodeableConcept, `${CS}frequency`);
        break;
      case 'renewal-due':
        benefit.renewalDue = one.valueDateTime;
        break;
    }
  }
  ((run.record.rights ??= {}).benefits ??= []).push(benefit);
}

export function employmentOf(run, income) {
  const resource = observationOf(run, 'employment', run.person, [{ system: 'http://loinc.org', code: '67875-5' }]);
  if (income.employmentStatus !== undefined)
    resource.valueCodeableConcept = concept(`${CS}employment-status`, income.employmentStatus);
  if (income.note !== undefined) resource.note = [{ text: income.note }];
  const component = [];
  if (income.occupation !== undefined)
    component.push({ code: componentCode('occupation'), valueString: income.occupation });
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
    const code = componentOf(one);
    if (code === 'occupation') income.occupation = one.valueString;
    else if (code === 'employer') income.employer = one.valueString;
  }
}

const frequencyComponent = (frequency) => [
  { code: componentCode('frequency'), valueCodeableConcept: concept(`${CS}frequency`, frequency) },
];

function takeFrequency(r, into) {
  for (const one of r.component ?? []) {
    if (componentOf(one) === 'frequency') into.frequency = codeOf(one.valueCodeableConcept, `${CS}frequency`);
  }
}

export function resourceOf(run, income) {
  const resource = observationOf(run, 'resource', income.id, kindOf('resource', income.kind));
  const period = periodOf(income.startDate, income.endDate);
  if (period !== undefined) resource.effectivePeriod = period;
  if (income.amount !== undefined) resource.valueQuantity = money(income.amount, income.currency);
  if (income.frequency !== undefined) resource.component = frequencyComponent(income.frequency);
  return resource;
}

export function takeResource(run, r) {
  const income = { id: run.key };
  const kind = codeOf(r.code, `${CS}resource-kind`);
  if (kind !== undefined) income.kind = kind;
  takePeriod(r.effectivePeriod, income);
  takeMoney(run, r, income);
  takeFrequency(r, income);
  ((run.record.income ??= {}).resources ??= []).push(income);
}

export function expenseOf(run, expense) {
  const resource = observationOf(run, 'expense', expense.id, kindOf('expense', expense.kind));
  resource.valueQuantity = money(expense.amount, expense.currency);
  if (expense.frequency !== undefined) resource.component = frequencyComponent(expense.frequency);
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
