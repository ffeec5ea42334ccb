import type { Entity } from '../case/define.js';
import type { LabelMask } from './labels.js';
import { labelsOfCode, type FieldRule, type LabelRules, type TerminologyRules } from './rules/rules.js';

/** A field that holds the agency's own code, beside the field of its system. */
export type GivenCode = readonly [system: string, code: string];

const GIVEN: readonly GivenCode[] = [
  ['codeSystem', 'code'],
  ['detailSystem', 'detailCode'],
  ['answerSystem', 'answerCode'],
  ['reasonSystem', 'reasonCode'],
];

/** Which of them an entity has. */
export function givenCodesOf({ fields }: Entity): readonly GivenCode[] {
  return GIVEN.filter(([system]) => Object.hasOwn(fields, system));
}

/**
 * Labels that an item carries because of what it says, over those of its fields: a code can say more than its field.
 * `need.category` is harmless for `housing` and is about addiction for `addiction`; the whole item then carries that label
 * too (HL7 DS4P: labels follow the content, https://hl7.org/fhir/uv/security-label-ds4p/).
 *
 * @param rules config/labels/case.yaml and terminology.yaml
 * @param entityName name of the entity in the case model
 */
export function labelsFromCodes(
  rules: Pick<LabelRules, 'case' | 'terminology'>,
  entityName: string,
  item: Readonly<Record<string, unknown>>,
): LabelMask {
  return labelsByFields(rules.terminology, rules.case.byEntity.get(entityName) ?? [], GIVEN, item);
}

/** The same, with the rules of the entity and its fields for codes at hand. */
export function labelsByFields(
  terminology: TerminologyRules,
  codes: readonly FieldRule[],
  given: readonly GivenCode[],
  item: Readonly<Record<string, unknown>>,
): LabelMask {
  let mask = 0;
  for (const { field, values } of codes) {
    const value = item[field];
    if (Array.isArray(value)) for (const code of value) mask |= values.get(code) ?? 0;
    else if (value !== undefined) mask |= values.get(value) ?? 0;
  }
  for (const [system, code] of given) {
    if (item[system] !== undefined) mask |= labelsOfCode(terminology, item[system], item[code]);
  }
  return mask;
}
