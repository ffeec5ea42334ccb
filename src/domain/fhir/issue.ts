import type { IssueType, Violation } from '../../kernel/errors.js';
import { say, type Text } from '../../kernel/i18n.js';

export type Severity = 'error' | 'warning' | 'information';

/** One thing wrong with a resource, at one place. Neither the location nor the message repeats what was sent. */
export interface FhirIssue {
  readonly severity: Severity;
  /** Stable: a key of ISSUES, or `fhir.rule.<key of the rule in the standard>`. */
  readonly code: string;
  readonly issueType: IssueType;
  /** FHIRPath with indexes: `Bundle.entry[2].resource.birthDate`. An unknown element is reported at its parent. */
  readonly location: string;
  readonly message: Text;
}

const issue = (issueType: IssueType, en: string, fr: string) => ({ issueType, text: { en, fr } });

/** Every code of the validator but the rules of the standard. `{…}` are names and counts of the standard, no content. */
export const ISSUES = {
  'fhir.not-an-object': issue('structure', 'An object must stand here.', 'Un objet est attendu ici.'),
  'fhir.unknown-resource': issue(
    'not-supported',
    'resourceType does not name a resource of FHIR R4.',
    'resourceType ne désigne pas une ressource de FHIR R4.',
  ),
  'fhir.unknown-element': issue(
    'structure',
    'An element is not defined for {type}.{hint}',
    'Un élément n’est pas défini pour {type}.{hint}',
  ),
  'fhir.required': issue('required', 'This element is required.', 'Cet élément est obligatoire.'),
  'fhir.not-an-array': issue(
    'structure',
    'This element may repeat: an array must stand here.',
    'Cet élément peut se répéter : un tableau est attendu ici.',
  ),
  'fhir.not-single': issue(
    'structure',
    'This element may not repeat: an array may not stand here.',
    'Cet élément ne peut pas se répéter : un tableau n’est pas admis ici.',
  ),
  'fhir.too-many': issue('structure', 'At most {max} are allowed here.', 'Au plus {max} sont admis ici.'),
  'fhir.prohibited': issue('structure', 'This element may not be used.', 'Cet élément ne peut pas être utilisé.'),
  'fhir.empty': issue(
    'structure',
    'An element may not be empty: it has a value or children.',
    'Un élément ne peut pas être vide : il a une valeur ou des éléments enfants.',
  ),
  'fhir.null': issue(
    'structure',
    'null may stand only in an array, opposite an id or an extension.',
    'null n’est admis que dans un tableau, en regard d’un id ou d’une extension.',
  ),
  'fhir.sibling-length': issue(
    'structure',
    'The array of values and the array of extensions differ in length.',
    'Le tableau des valeurs et celui des extensions n’ont pas la même longueur.',
  ),
  'fhir.json-type': issue(
    'value',
    'The JSON value is not of the kind that {type} needs.',
    'La valeur JSON n’est pas de la nature qu’exige {type}.',
  ),
  'fhir.format': issue('value', 'The value is not a valid {type}.', 'La valeur n’est pas un {type} valide.'),
  'fhir.calendar': issue('value', 'There is no such day in the calendar.', 'Ce jour n’existe pas dans le calendrier.'),
  'fhir.choice': issue(
    'structure',
    'Only one of the types of this element may be present.',
    'Un seul des types de cet élément peut être présent.',
  ),
  'fhir.code': issue(
    'code-invalid',
    'The code is not in the required value set {valueSet}.',
    'Le code ne figure pas dans le jeu de valeurs obligatoire {valueSet}.',
  ),
  'fhir.reference-target': issue(
    'value',
    'A reference here must point to: {targets}.',
    'Une référence doit ici désigner : {targets}.',
  ),
  'fhir.reference-type': issue(
    'value',
    'The reference names no resource type of FHIR R4, or another one than its type says.',
    'La référence ne désigne aucun type de ressource de FHIR R4, ou un autre que celui qu’indique son type.',
  ),
  'fhir.too-deep': issue(
    'too-long',
    'Elements are nested more than {max} levels deep.',
    'Des éléments sont imbriqués sur plus de {max} niveaux.',
  ),
  'fhir.too-large': issue(
    'too-long',
    'The resource has more than {max} elements.',
    'La ressource comporte plus de {max} éléments.',
  ),
  'fhir.too-costly': issue(
    'too-long',
    'The rules of the standard would visit too many elements here.',
    'Les règles de la norme parcourraient ici trop d’éléments.',
  ),
  'fhir.more': issue(
    'processing',
    'More than {max} errors: the rest is not listed.',
    'Plus de {max} erreurs : les suivantes ne sont pas énumérées.',
  ),
} as const;

export type IssueCode = keyof typeof ISSUES;

/** @param parameters names, counts and URLs of the standard; never what was sent */
export function makeIssue(
  code: IssueCode,
  location: string,
  parameters: Readonly<Record<string, string | Text>> = {},
): FhirIssue {
  const { issueType, text } = ISSUES[code];
  const fill = (lang: 'en' | 'fr') =>
    say(
      text,
      lang,
      Object.fromEntries(
        Object.entries(parameters).map(([name, value]) => [name, typeof value === 'string' ? value : say(value, lang)]),
      ),
    );
  const severity = code === 'fhir.more' ? 'information' : 'error';
  return { severity, code, issueType, location, message: { en: fill('en'), fr: fill('fr') } };
}

/** A broken rule of the standard, with its own words (they exist in English only). */
export function ruleIssue(key: string, severity: Severity, words: string, location: string): FhirIssue {
  return {
    severity,
    code: `fhir.rule.${key}`,
    issueType: 'invariant',
    location,
    message: {
      en: `Rule ${key} of FHIR R4 does not hold: ${words}`,
      fr: `La règle ${key} de FHIR R4 n’est pas respectée (texte de la norme, en anglais : ${words})`,
    },
  };
}

export function toViolation({ location, code, message }: FhirIssue): Violation {
  return { path: location, rule: code, message: message.en };
}
