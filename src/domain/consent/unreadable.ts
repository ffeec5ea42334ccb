import { say, type Lang, type Text } from '../../kernel/i18n.js';

/** Why a consent cannot be followed by a machine. Codes are stable; nothing of the consent is repeated. */
export const UNREADABLE = {
  'consent.resource-type': { en: 'This is not a Consent.', fr: 'Ce n’est pas un Consent.' },
  'consent.implicit-rules': {
    en: 'It follows rules that are kept elsewhere (implicitRules).',
    fr: 'Il suit des règles tenues ailleurs (implicitRules).',
  },
  'consent.modifier-extension': {
    en: 'An extension changes its meaning in a way that is not known.',
    fr: 'Une extension en change le sens d’une façon inconnue.',
  },
  'consent.unknown-element': {
    en: 'An element that could change the meaning is not understood.',
    fr: 'Un élément qui pourrait en changer le sens n’est pas compris.',
  },
  'consent.status': {
    en: 'The status does not say that somebody decided (active, inactive or rejected).',
    fr: 'Le statut ne dit pas que quelqu’un a décidé (active, inactive ou rejected).',
  },
  'consent.scope': { en: 'The scope is not patient-privacy.', fr: 'La portée n’est pas patient-privacy.' },
  'consent.category': {
    en: 'The category that the profile demands is not there exactly once.',
    fr: 'La catégorie exigée par le profil ne figure pas exactement une fois.',
  },
  'consent.required': {
    en: 'The profile demands this element.',
    fr: 'Le profil exige cet élément.',
  },
  'consent.one-organization': {
    en: 'The profile allows one organization only.',
    fr: 'Le profil n’admet qu’un seul organisme.',
  },
  'consent.profile-forbids': {
    en: 'The profile that the consent claims does not allow this.',
    fr: 'Le profil dont se réclame le consentement n’admet pas ceci.',
  },
  'consent.no-rules': {
    en: 'There are no rules that a machine can read; the text alone is not enough.',
    fr: 'Aucune règle n’est lisible par une machine ; le texte seul ne suffit pas.',
  },
  'consent.type': {
    en: 'Neither the provision nor the base rule says permit or deny.',
    fr: 'Ni la disposition ni la règle de base ne disent autoriser ou refuser.',
  },
  'consent.contradiction': {
    en: 'Two parts of the consent contradict each other.',
    fr: 'Deux parties du consentement se contredisent.',
  },
  'consent.date-time': {
    en: 'This is not a date or a moment of FHIR.',
    fr: 'Ce n’est ni une date ni un instant au sens de FHIR.',
  },
  'consent.period': {
    en: 'The period is empty, ends before it begins, or is not understood.',
    fr: 'La période est vide, finit avant de commencer ou n’est pas comprise.',
  },
  'consent.empty-list': {
    en: 'A list is expected here, and it may not be empty.',
    fr: 'Une liste est attendue ici, et elle ne peut pas être vide.',
  },
  'consent.actor': {
    en: 'An actor is not named by a reference that can be followed.',
    fr: 'Un acteur n’est pas désigné par une référence qui puisse être suivie.',
  },
  'consent.role': {
    en: 'An actor has another role than recipient of information (IRCP).',
    fr: 'Un acteur a un autre rôle que destinataire de l’information (IRCP).',
  },
  'consent.coding': {
    en: 'A code is missing, or the system that gives it its meaning.',
    fr: 'Il manque un code, ou le système qui lui donne son sens.',
  },
  'consent.data': {
    en: 'The data that the rule is about are not named by a meaning and a reference that can be followed.',
    fr: 'Les données visées ne sont pas désignées par un sens et une référence qui puisse être suivie.',
  },
  'consent.reference': {
    en: 'This is not a reference that can be followed.',
    fr: 'Ce n’est pas une référence qui puisse être suivie.',
  },
  'consent.supersedes': {
    en: 'The earlier decision that this one replaces is not named.',
    fr: 'La décision antérieure que celle-ci remplace n’est pas désignée.',
  },
  'consent.decision': {
    en: 'Who decided, or what they said, is not said in a way that can be followed.',
    fr: 'Qui a décidé, ou ce qui a été dit, n’est pas indiqué d’une manière qui puisse être suivie.',
  },
  'consent.not-verified': {
    en: 'It is recorded as not verified with the person.',
    fr: 'Il est enregistré comme non vérifié auprès de la personne.',
  },
  'consent.too-deep': {
    en: 'Provisions are nested too deeply.',
    fr: 'Les dispositions sont imbriquées trop profondément.',
  },
  'consent.too-many': { en: 'There are too many provisions.', fr: 'Il y a trop de dispositions.' },
  'consent.not-enforced': {
    en: 'Relais understands this limit but cannot keep it when it passes a record on.',
    fr: 'Relais comprend cette limite mais ne peut pas la garantir lorsqu’il transmet un dossier.',
  },
  'consent.recipient-not-enforced': {
    en: 'Relais passes records on to registered organizations only; this recipient is not one.',
    fr: 'Relais ne transmet qu’à des organismes enregistrés ; ce destinataire n’en est pas un.',
  },
  'consent.purpose-not-known': {
    en: 'The purpose of use is not known to Relais.',
    fr: 'Cette finalité n’est pas connue de Relais.',
  },
  'consent.label-not-known': {
    en: 'Relais cannot tell which data this security label stands for.',
    fr: 'Relais ne peut pas dire quelles données cette étiquette désigne.',
  },
} as const satisfies Record<string, Text>;

export type UnreadableCode = keyof typeof UNREADABLE;

/** One thing that is not understood, at one place. `location` is a FHIRPath with indexes. */
export interface UnreadableReason {
  readonly code: UnreadableCode;
  readonly location: string;
}

export function sayUnreadable({ code }: UnreadableReason, lang: Lang): string {
  return say(UNREADABLE[code], lang);
}

/** Thrown inside the reader alone: here is something that is not understood. */
export class Unreadable extends Error {
  constructor(readonly reason: UnreadableReason) {
    super(reason.code);
  }
}

export function unreadable(code: UnreadableCode, location: string): never {
  throw new Unreadable({ code, location });
}

/** As many reasons as are worth telling: whoever repairs a consent starts with the first. */
const MOST_REASONS = 50;

/** Collects what is not understood, so that one reading names every place. */
export interface Reading {
  readonly reasons: readonly UnreadableReason[];
  readonly attempt: <T>(read: () => T) => T | undefined;
}

export function startReading(): Reading {
  const reasons: UnreadableReason[] = [];
  return {
    reasons,
    attempt: (read) => {
      try {
        return read();
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        const { code, location } = error.reason;
        const isTold = reasons.some((reason) => reason.code === code && reason.location === location);
        if (!isTold && reasons.length < MOST_REASONS) reasons.push(error.reason);
        return undefined;
      }
    },
  };
}
