import type { LabelMask } from './labels.js';
import { labelsOfCode, type LabelRules } from './rules/rules.js';

/** Fields that hold the agency's own code, beside the field of its system. */
const GIVEN = [
  ['codeSystem', 'code'],
  ['detailSystem', 'detailCode'],
  ['answerSystem', 'answerCode'],
  ['reasonSystem', 'reasonCode'],
] as const;

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
  let mask = 0;
  for (const { field, values } of rules.case.byEntity.get(entityName) ?? []) {
    const value = item[field];
    if (Array.isArray(value)) for (const code of value) mask |= values.get(code) ?? 0;
    else if (value !== undefined) mask |= values.get(value) ?? 0;
  }
  for (const [system, code] of GIVEN) {
    if (item[system] !== undefined) mask |= labelsOfCode(rules.terminology, item[system], item[code]);
  }
  return mask;
}
