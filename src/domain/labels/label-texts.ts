import type { Text } from '../../kernel/i18n.js';
import type { DataLabel } from './labels.js';

/** Each label in plain words, to stand in a sentence or a list, without a capital. */
const TEXTS: Readonly<Record<DataLabel, Text>> = {
  identity: { en: 'identity', fr: 'identité' },
  contact: { en: 'ways to reach the person', fr: 'moyens de joindre la personne' },
  household: { en: 'household', fr: 'composition du foyer' },
  housing: { en: 'housing', fr: 'logement' },
  income: { en: 'income and rights', fr: 'ressources et droits' },
  health: { en: 'health', fr: 'santé' },
  needs: { en: 'needs', fr: 'besoins' },
  plan: { en: 'goals and plan', fr: 'objectifs et projet' },
  notes: { en: 'interventions and documents', fr: 'interventions et documents' },
  safety: { en: 'safety', fr: 'sécurité' },
  'working-notes': { en: 'working notes', fr: 'notes de travail' },
  immigration: { en: 'nationality and right of residence', fr: 'nationalité et droit au séjour' },
  'government-identifier': { en: 'national identifiers', fr: 'identifiants administratifs nationaux' },
  'health-identifier': { en: 'health identifiers', fr: 'identifiants de santé' },
  justice: { en: 'criminal justice', fr: 'justice pénale' },
  addiction: { en: 'addiction', fr: 'addictions' },
  psychiatry: { en: 'mental health', fr: 'santé mentale' },
  hiv: { en: 'HIV', fr: 'VIH' },
  'reproductive-health': { en: 'pregnancy and reproductive health', fr: 'grossesse et santé reproductive' },
  sexuality: { en: 'sexuality and gender', fr: 'sexualité et genre' },
  religion: { en: 'religion', fr: 'religion' },
  ethnicity: { en: 'ethnic origin', fr: 'origine ethnique' },
  violence: { en: 'violence', fr: 'violences' },
  'protected-address': { en: 'protected address or contact details', fr: 'adresse ou coordonnées protégées' },
  safeguarding: { en: 'safeguarding', fr: 'protection de l’enfance ou des majeurs vulnérables' },
  'staff-alert': { en: 'alerts to staff', fr: 'alertes destinées aux professionnels' },
  'third-party': { en: 'information about other people', fr: 'informations sur des tiers' },
  'free-text': { en: 'text written freely', fr: 'texte libre' },
  attachment: { en: 'scans and attached files', fr: 'numérisations et pièces jointes' },
  'bank-details': { en: 'bank details', fr: 'coordonnées bancaires' },
};

export function labelText(label: DataLabel): Text {
  return TEXTS[label];
}
