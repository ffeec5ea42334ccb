import { say, type Lang, type Text } from '../../kernel/i18n.js';
import { labelText } from './label-texts.js';
import type { Withheld, WithholdReason } from './withheld.js';

const REASONS: Readonly<Record<WithholdReason, Text>> = {
  'not-permitted': {
    en: 'Stays here: what was agreed does not cover {labels}.',
    fr: 'Reste ici : ce qui a été convenu ne couvre pas : {labels}.',
  },
  'never-by-default': {
    en: 'Stays here: never shared by default ({labels}).',
    fr: 'Reste ici : jamais communiqué par défaut ({labels}).',
  },
  'do-not-share': {
    en: 'Stays here: marked “do not share”.',
    fr: 'Reste ici : marqué « ne pas communiquer ».',
  },
  'by-author': {
    en: 'Stays here: you chose to keep it back.',
    fr: 'Reste ici : vous avez choisi de ne pas le transmettre.',
  },
  never: {
    en: 'Stays here: working notes never leave.',
    fr: 'Reste ici : les notes de travail ne sortent jamais.',
  },
  'points-to-withheld': {
    en: 'Stays here: refers to something that stays.',
    fr: 'Reste ici : renvoie à un élément qui n’est pas communiqué.',
  },
  'to-review': {
    en: 'Held back until somebody has read it: this text may speak of {labels}.',
    fr: 'Retenu jusqu’à relecture : ce texte évoque peut-être : {labels}.',
  },
  unlabelled: {
    en: 'Stays here: the case model does not know this field.',
    fr: 'Reste ici : le modèle de dossier ne connaît pas ce champ.',
  },
};

/** The sentence for a reason; `{labels}` stands for the names of labels. */
export function withholdText(reason: WithholdReason): Text {
  return REASONS[reason];
}

/** The sentence for one withheld element, its labels in plain words. */
export function explainWithheld({ reason, labels }: Withheld, lang: Lang): string {
  return say(REASONS[reason], lang, { labels: labels.map((label) => say(labelText(label), lang)).join(', ') });
}
