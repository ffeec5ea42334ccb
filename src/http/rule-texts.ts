import { caseRuleText, isCaseRule } from '../domain/case/rule-texts.js';
import { ISSUES } from '../domain/fhir/issue.js';
import { say, withFrenchSpaces, type Lang, type Text } from '../kernel/i18n.js';
import { ERROR_TEXTS } from './error-texts.js';

/** Rules of violations that are neither the case model's nor FHIR's, in French; English comes with the violation. */
const FRENCH: Readonly<Record<string, string>> = {
  'query.unknown': 'Un paramètre n’est pas connu ici.',
  'query.repeated': 'Ce paramètre ne peut figurer qu’une fois.',
  'schema.invalid-type': 'La valeur n’est pas du bon type.',
  'schema.unrecognized-keys': 'Il y a ici un membre inconnu.',
  'schema.too-small': 'La valeur est trop courte, trop petite ou trop peu nombreuse.',
  'schema.too-big': 'La valeur est trop longue, trop grande ou trop nombreuse.',
  'schema.invalid-value': 'La valeur ne fait pas partie des valeurs admises.',
  'schema.invalid-format': 'La valeur n’a pas la forme voulue.',
  'schema.invalid-union': 'La valeur ne correspond à aucune des formes admises.',
  'schema.custom': 'La valeur enfreint une règle du schéma.',
  'query.invalid-type': 'Ce paramètre est nécessaire.',
  'query.invalid-value': 'La valeur ne fait pas partie des valeurs admises.',
  'query.invalid-format': 'La valeur n’a pas la forme voulue.',
  'query.too-big': 'La valeur est trop longue.',
  'query.custom': 'La valeur n’a pas la forme voulue.',
  'header.invalid-type': 'Cet en-tête est nécessaire.',
  'header.invalid-format': 'L’en-tête n’a pas la forme voulue.',
  'agreement.party': 'Expéditeurs et destinataires doivent être parties à la convention.',
  'agreement.parties': 'Une convention compte au moins deux parties.',
  'agreement.period': 'La fin doit suivre le début.',
  'agreement.article-9': 'Des données sensibles demandent une condition de l’article 9.',
  'agreement.two-roles': 'Une partie n’a qu’un rôle dans un traitement.',
  'agreement.joint-alone': 'Les responsables conjoints sont au moins deux.',
  'agreement.no-controller': 'Un sous-traitant suppose un responsable du traitement.',
  'agreement.emergency-wider': 'L’urgence ne couvre rien de plus que les finalités.',
  'agreement.adhesion-purpose': 'L’adhésion porte sur une finalité de la convention.',
  'agreement.clause-missing': 'Cette clause est nécessaire avant de proposer la convention.',
  'agreement.dpia-reference': 'Indiquez où l’analyse d’impact est conservée.',
  'agreement.dpia-reason': 'Indiquez pourquoi elle n’est pas requise, ou pourquoi les parties passent outre l’avis.',
  'agreement.role-missing': 'Chaque expéditeur et destinataire a un rôle.',
  'agreement.function-missing': 'Indiquez qui, chez le destinataire, peut lire les données.',
  'consent.resource-type': 'resourceType doit être Consent.',
  'consent.status': 'status doit être active, inactive ou rejected.',
  'consent.scope': 'scope doit être patient-privacy.',
  'consent.category': 'Au moins une catégorie est nécessaire.',
  'consent.patient': 'patient doit être une référence Patient/{id}.',
  'consent.date-time': 'dateTime doit dire quand la décision a été prise.',
  'consent.unconfirmed':
    'Relisez cette décision antérieure à la personne qui décide ; désignez-la (extension consent-supersedes) une fois confirmé.',
  'consent.evidence': 'Une décision orale demande un témoin, une photo son image, un formulaire sa version.',
  'consent.performer': 'performer doit dire qui a décidé.',
  'partner.name': 'Un nom de 1 à 200 caractères imprimables est nécessaire.',
  'partner.client-id': 'Ce n’est pas un identifiant de client.',
  'partner.scope': 'Une portée n’est pas connue, ou n’a pas la forme voulue.',
  'partner.keys': 'Il faut des clés publiques utilisables : dans jwks ou à jwksUri, pas aux deux.',
  'partner.private-key': 'Une clé privée a été envoyée. Créez une nouvelle paire : celle-ci n’est plus secrète.',
  'partner.issuer': 'C’est la passerelle elle-même.',
  'partner.needed': 'C’est nécessaire pour un partenaire qui a un système.',
  'partner.guest-alone': 'Un invité n’a pas de système : rien de cela ne lui appartient.',
  'partner.guest': 'Un invité n’a ni clés, ni droits, ni système.',
  'partner.email': 'Il faut une seule adresse de courriel, sans rien autour, comme accueil@service.example.',
  'partner.channel': 'Indiquez en 1 à 120 caractères imprimables où le code est donné.',
  'partner.channel-mail': 'Le code ne se donne pas par courriel : c’est par là qu’arrive le lien.',
  'task.resource-type': 'resourceType doit être Task.',
  'task.status': 'status doit être un statut de Task FHIR R4 qu’un destinataire peut communiquer.',
  'task.status-reason-text': 'statusReason.text est nécessaire, ou un code de decline-reason.',
  'task.too-long': '4000 caractères de texte au plus.',
};

/**
 * The sentence of one violation in the caller's language. French where the rule is known; the English sentence of the
 * violation otherwise (rules of the FHIR standard itself have no official French).
 */
export function ruleText(rule: string, english: string, lang: Lang): string {
  if (lang === 'en') return english;
  if (isCaseRule(rule)) return say(caseRuleText(rule), lang);
  const issues: Readonly<Record<string, { readonly text: Text }>> = ISSUES;
  const issue = Object.hasOwn(issues, rule) ? issues[rule] : undefined;
  const text = FRENCH[rule] ?? ERROR_TEXTS[rule]?.fr;
  if (text !== undefined) return withFrenchSpaces(text);
  if (issue === undefined || issue.text.fr.includes('{')) return english;
  return say(issue.text, lang);
}
