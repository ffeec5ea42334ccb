import type { Text } from '../../kernel/i18n.js';

const V3 = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
/** Purposes for which HL7 v3 PurposeOfUse has no code (social and housing work). */
export const OWN_PURPOSES = 'https://relais.example/fhir/CodeSystem/purpose-of-use';

/**
 * Why data leaves. HL7 v3 PurposeOfUse where it has a code (http://terminology.hl7.org/ValueSet/v3-PurposeOfUse), own
 * codes otherwise. A purpose that is not in this table is not understood, and what is not understood is denied.
 */
export const PURPOSES = {
  TREAT: { system: V3, text: { en: 'treatment', fr: 'soins' } },
  COC: { system: V3, text: { en: 'continuity of care', fr: 'continuité des soins' } },
  CAREMGT: { system: V3, text: { en: 'care management', fr: "coordination de l'accompagnement" } },
  ETREAT: { system: V3, text: { en: 'emergency treatment', fr: "soins d'urgence" } },
  HOUSING: { system: OWN_PURPOSES, text: { en: 'access to housing', fr: 'accès au logement' } },
  DEBTADVICE: { system: OWN_PURPOSES, text: { en: 'debt advice', fr: 'conseil en gestion de dettes' } },
  SOCIALSUPPORT: { system: OWN_PURPOSES, text: { en: 'social support', fr: 'accompagnement social' } },
} as const satisfies Record<string, { system: string; text: Text }>;

export type PurposeOfUse = keyof typeof PURPOSES;

export function isPurpose(code: string): code is PurposeOfUse {
  return Object.hasOwn(PURPOSES, code);
}

export function purposeFromCoding(system: string | undefined, code: string | undefined): PurposeOfUse | null {
  if (code === undefined || !isPurpose(code)) return null;
  return PURPOSES[code].system === system ? code : null;
}
