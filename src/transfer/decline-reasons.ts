import { DECLINE_REASONS } from '../domain/case/codes-work.js';
import { OWN_CODE_SYSTEMS } from '../domain/labels/fhir/fhir-rules.js';
import type { Text } from '../kernel/i18n.js';

/** Why a recipient does not take a referral on: the codes of the case model, so that an answer can go back into the file. */
export type DeclineReason = (typeof DECLINE_REASONS)[number];

/** Of `Task.statusReason.coding`. */
export const DECLINE_REASON_SYSTEM = `${OWN_CODE_SYSTEMS}decline-reason`;

/** Each reader's language decides, not that of whoever declined. */
export const DECLINE_TEXTS: Readonly<Record<DeclineReason, Text>> = {
  'no-capacity': { en: 'No place or no time at the moment', fr: 'Pas de place ou pas de disponibilité actuellement' },
  'not-eligible': { en: 'The conditions are not met', fr: 'Les conditions ne sont pas remplies' },
  'out-of-area': { en: 'Outside the area served', fr: 'Hors du secteur couvert' },
  'missing-information': { en: 'Something needed is missing', fr: 'Il manque des informations nécessaires' },
  'person-declined': { en: 'The person does not wish it', fr: 'La personne ne le souhaite pas' },
  'not-reachable': { en: 'The person could not be reached', fr: 'La personne n’a pas pu être jointe' },
  other: { en: 'Another reason', fr: 'Une autre raison' },
};

export function isDeclineReason(code: unknown): code is DeclineReason {
  return (DECLINE_REASONS as readonly unknown[]).includes(code);
}
