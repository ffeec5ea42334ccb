import type { FhirResource } from 'fhir/r4.js';
import { html, type Html } from '../../../kernel/html.js';
import type { Lang, Text } from '../../../kernel/i18n.js';
import { dayInWords } from '../../../transfer/present-reasons.js';

/**
 * What was sent, in words, for somebody without a system: each resource under a heading, each element that says something
 * on a line. An element without a word of its own keeps the standard's name, so that nothing that was sent is hidden.
 */

const HEADINGS: Readonly<Record<string, Text>> = {
  Patient: { en: 'The person', fr: 'La personne' },
  RelatedPerson: { en: 'People around them', fr: 'Entourage' },
  ServiceRequest: { en: 'What is asked', fr: 'Ce qui est demandé' },
  Condition: { en: 'Situation and needs', fr: 'Situation et besoins' },
  Observation: { en: 'What is known', fr: 'Ce qui est connu' },
  Goal: { en: 'Goals', fr: 'Objectifs' },
  CarePlan: { en: 'Plan', fr: 'Projet' },
  Coverage: { en: 'Rights and cover', fr: 'Droits et couverture' },
  Encounter: { en: 'Meetings and stays', fr: 'Rencontres et séjours' },
  EpisodeOfCare: { en: 'Support', fr: 'Accompagnement' },
  MedicationStatement: { en: 'Medicines', fr: 'Traitements' },
  MedicationRequest: { en: 'Medicines', fr: 'Traitements' },
  AllergyIntolerance: { en: 'Allergies', fr: 'Allergies' },
  DocumentReference: { en: 'Documents', fr: 'Documents' },
  Procedure: { en: 'What was done', fr: 'Ce qui a été fait' },
  Communication: { en: 'Conversations', fr: 'Échanges' },
  Flag: { en: 'To be aware of', fr: 'Points de vigilance' },
  QuestionnaireResponse: { en: 'Answers to questions', fr: 'Réponses à des questions' },
  Group: { en: 'Household', fr: 'Foyer' },
};
const OTHER: Text = { en: 'Other', fr: 'Autres' };

const NAMES: Readonly<Record<string, Text>> = {
  name: { en: 'Name', fr: 'Nom' },
  birthDate: { en: 'Born', fr: 'Naissance' },
  gender: { en: 'Gender', fr: 'Genre' },
  telecom: { en: 'Can be reached', fr: 'Joindre' },
  address: { en: 'Address', fr: 'Adresse' },
  communication: { en: 'Language', fr: 'Langue' },
  relationship: { en: 'Relationship', fr: 'Lien' },
  code: { en: 'What', fr: 'Quoi' },
  category: { en: 'Kind', fr: 'Nature' },
  type: { en: 'Kind', fr: 'Nature' },
  value: { en: 'Value', fr: 'Valeur' },
  component: { en: 'In detail', fr: 'Détail' },
  description: { en: 'In words', fr: 'En mots' },
  note: { en: 'Note', fr: 'Note' },
  period: { en: 'Period', fr: 'Période' },
  effective: { en: 'When', fr: 'Quand' },
  onset: { en: 'Since', fr: 'Depuis' },
  start: { en: 'Since', fr: 'Depuis' },
  authoredOn: { en: 'Asked on', fr: 'Demandé le' },
  recordedDate: { en: 'Recorded on', fr: 'Consigné le' },
  status: { en: 'State', fr: 'État' },
  clinicalStatus: { en: 'State', fr: 'État' },
  lifecycleStatus: { en: 'State', fr: 'État' },
  title: { en: 'Title', fr: 'Titre' },
  severity: { en: 'How serious', fr: 'Gravité' },
  priority: { en: 'How urgent', fr: 'Urgence' },
  reasonCode: { en: 'Why', fr: 'Motif' },
  medication: { en: 'Medicine', fr: 'Médicament' },
  medicationCodeableConcept: { en: 'Medicine', fr: 'Médicament' },
  dosage: { en: 'Dose', fr: 'Posologie' },
};
/** Codes that are sent without a display: LOINC, and the confidentiality of HL7 v3. */
const CODES: Readonly<Record<string, Text>> = {
  '30525-0': { en: 'Age', fr: 'Âge' },
  '71802-3': { en: 'Housing', fr: 'Logement' },
  '67875-5': { en: 'Work', fr: 'Emploi' },
  '11341-5': { en: 'Occupation', fr: 'Métier' },
  '75274-1': { en: 'Features of the dwelling', fr: 'Caractéristiques du logement' },
  '63513-6': { en: 'People in the household', fr: 'Personnes au foyer' },
  N: { en: 'ordinary confidentiality', fr: 'confidentialité ordinaire' },
  R: { en: 'restricted', fr: 'diffusion restreinte' },
  V: { en: 'very restricted', fr: 'diffusion très restreinte' },
  LIVARG: { en: 'where the person lives', fr: 'lieu de vie de la personne' },
};
const LABELS: Text = { en: 'Protection', fr: 'Protection' };

/** Ids, references and what machines need: they tell a reader nothing. */
const SILENT = new Set([
  'resourceType',
  'id',
  'meta',
  'identifier',
  'subject',
  'patient',
  'for',
  'focus',
  'requester',
  'performer',
  'owner',
  'intent',
  'active',
  'text',
  'contained',
  'verificationStatus',
  'language',
]);
/** True of nearly everything. */
const SAYS_NOTHING = new Set(['final', 'social history', 'survey']);
/** The two organizations and the state of the referral are told by the page itself. */
const TOLD_ELSEWHERE = new Set(['Organization', 'Task', 'Provenance']);

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

export function inSections(resources: readonly FhirResource[], lang: Lang): Html[] {
  const sections = new Map<string, FhirResource[]>();
  for (const resource of resources) {
    if (TOLD_ELSEWHERE.has(resource.resourceType)) continue;
    const heading = (HEADINGS[resource.resourceType] ?? OTHER)[lang];
    sections.set(heading, [...(sections.get(heading) ?? []), resource]);
  }
  return [...sections].map(
    ([heading, list]) =>
      html`<section>
        <h2>${heading}</h2>
        ${list.map((resource) => oneResource(resource, lang))}
      </section> `,
  );
}

function oneResource(resource: FhirResource, lang: Lang): Html {
  const lines = Object.entries(resource as unknown as Json).flatMap(([name, value]) => {
    if (SILENT.has(name) || name.startsWith('_')) return [];
    const words = wordsOf(value, lang);
    return words === '' || SAYS_NOTHING.has(words) ? [] : [[nameOf(name, lang), words] as const];
  });
  const labels = (resource.meta?.security ?? []).map((label) => codingWords(label, lang)).filter(Boolean);
  return html`<article>
    <dl>
      ${lines.map(
        ([term, words]) =>
          html`<dt>${term}</dt>
            <dd dir="auto">${words}</dd>`,
      )}
      ${
        labels.length > 0 &&
        html`<dt>${LABELS[lang]}</dt>
          <dd>${labels.join(', ')}</dd>`
      }
    </dl>
  </article> `;
}

/** `valueQuantity` is a value, `onsetDateTime` an onset (R4, choice of types). */
function nameOf(name: string, lang: Lang): string {
  const stem = /^(value|onset|effective|start)[A-Z]/.exec(name)?.[1] ?? name;
  return NAMES[stem]?.[lang] ?? name;
}

function wordsOf(value: unknown, lang: Lang): string {
  if (typeof value === 'string') return /^\d{4}-\d{2}-\d{2}/.test(value) ? dayInWords(value, lang) : value;
  if (typeof value === 'number') return new Intl.NumberFormat(lang === 'fr' ? 'fr-FR' : 'en-GB').format(value);
  if (typeof value === 'boolean') return value ? (lang === 'fr' ? 'oui' : 'yes') : lang === 'fr' ? 'non' : 'no';
  if (Array.isArray(value))
    return joined(
      value.map((item) => wordsOf(item, lang)),
      '; ',
    );
  return isObject(value) ? wordsOfObject(value, lang) : '';
}

function wordsOfObject(value: Json, lang: Lang): string {
  // Quantity, Money, CodeableConcept, Coding, Period, HumanName, Annotation: the parts that people read, in their order.
  if (typeof value['text'] === 'string') return value['text'];
  if (typeof value['value'] === 'number') {
    const unit = [value['unit'], value['currency'], value['code']].find((one) => typeof one === 'string') ?? '';
    return joined(
      [typeof value['comparator'] === 'string' ? value['comparator'] : '', wordsOf(value['value'], lang), unit],
      ' ',
    );
  }
  if (Array.isArray(value['coding']))
    return joined(
      value['coding'].map((one) => codingWords(one, lang)),
      ', ',
    );
  if (typeof value['system'] === 'string' && ('code' in value || 'display' in value)) return codingWords(value, lang);
  if ('start' in value || 'end' in value) {
    return joined([wordsOf(value['start'], lang), wordsOf(value['end'], lang)], ' – ');
  }
  if ('family' in value || 'given' in value) {
    return joined([wordsOf(value['given'], lang).replaceAll('; ', ' '), wordsOf(value['family'], lang)], ' ');
  }
  if ('reference' in value) return typeof value['display'] === 'string' ? value['display'] : '';
  const skip = new Set(['url', 'use', 'id', 'system', 'rank', 'preferred']);
  return joined(
    Object.entries(value)
      .filter(([name]) => !skip.has(name))
      .map(([, item]) => wordsOf(item, lang)),
    ' ',
  );
}

/** A code that is made of words is read as words. */
function codingWords(coding: unknown, lang: Lang): string {
  if (!isObject(coding)) return '';
  const { display, code } = coding as { readonly display?: unknown; readonly code?: unknown };
  if (typeof display === 'string') return display;
  if (typeof code !== 'string') return '';
  return CODES[code]?.[lang] ?? (/^[a-z]+(-[a-z]+)*$/.test(code) ? code.replaceAll('-', ' ') : code);
}

function joined(parts: readonly string[], between: string): string {
  return parts.filter((part) => part !== '').join(between);
}
