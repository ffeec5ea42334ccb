import { say, type Lang, type Text } from '../../kernel/i18n.js';
import { labelText } from '../labels/label-texts.js';
import { labelsOf, maskOf, type DataLabel, type LabelMask } from '../labels/labels.js';
import type { Kept, Withheld } from '../labels/withheld.js';
import { withholdText } from '../labels/withhold-texts.js';
import type { Permit } from './decision.js';
import type { GroundKind } from './ground.js';

/** Why one element of the record leaves or stays. Codes are stable; a code says which rule, never what stands there. */
export type ElementReason =
  | 'sent.permitted'
  | 'withheld.refused'
  | 'withheld.not-consented'
  | 'withheld.not-in-agreement'
  | 'withheld.not-chosen'
  | 'withheld.never-by-default'
  | 'withheld.do-not-share'
  | 'withheld.by-author'
  | 'withheld.working-notes'
  | 'withheld.points-to-withheld'
  | 'withheld.to-review'
  | 'withheld.unlabelled';

/** One field of the record, for the author of a transfer alone: the recipient never learns what stays. */
export interface ExplainedElement {
  /** JSON Pointer (RFC 6901) into the stored case. */
  readonly path: string;
  readonly outcome: 'sent' | 'withheld';
  readonly reason: ElementReason;
  /** Sent: the labels that had to be permitted. Withheld: those that were not; empty for marks and pointers. */
  readonly labels: readonly DataLabel[];
  /** With `withheld.to-review`: SHA-256 (hex) of the text that waits to be read. */
  readonly text?: string;
}

const TEXTS: Readonly<Record<Exclude<ElementReason, keyof typeof AS_WITHHELD>, Text>> = {
  'sent.permitted': {
    en: 'Leaves: {ground}, and the agreement covers {labels}.',
    fr: 'Est transmis : {ground}, et la convention couvre : {labels}.',
  },
  'withheld.refused': {
    en: 'Stays here: the person said no ({labels}).',
    fr: 'Reste ici : la personne a dit non ({labels}).',
  },
  'withheld.not-consented': {
    en: 'Stays here: the person has not agreed to this ({labels}).',
    fr: 'Reste ici : la personne n’a pas donné son accord pour ceci ({labels}).',
  },
  'withheld.not-in-agreement': {
    en: 'Stays here: the agreement does not cover {labels}.',
    fr: 'Reste ici : la convention ne couvre pas : {labels}.',
  },
  'withheld.not-chosen': {
    en: 'Stays here: you chose not to send it ({labels}).',
    fr: 'Reste ici : vous avez choisi de ne pas le transmettre ({labels}).',
  },
};

/** Reasons that the label rules give by themselves; their sentences stand with them. */
const AS_WITHHELD = {
  'withheld.never-by-default': 'never-by-default',
  'withheld.do-not-share': 'do-not-share',
  'withheld.by-author': 'by-author',
  'withheld.working-notes': 'never',
  'withheld.points-to-withheld': 'points-to-withheld',
  'withheld.to-review': 'to-review',
  'withheld.unlabelled': 'unlabelled',
} as const satisfies Partial<Record<ElementReason, Withheld['reason']>>;

const GROUNDS: Readonly<Record<GroundKind, Text>> = {
  consent: { en: 'the person agreed', fr: 'la personne a donné son accord' },
  'care-team': { en: 'same care team, no objection', fr: 'même équipe de prise en charge, sans opposition' },
  statute: { en: 'the law permits it', fr: 'la loi le permet' },
  safeguarding: { en: 'to protect somebody in danger', fr: 'pour protéger une personne en danger' },
  'vital-interest': { en: 'life or health is at stake', fr: 'la vie ou la santé est en jeu' },
  'break-glass': { en: 'the glass was broken', fr: 'bris de glace' },
};

/**
 * Every element of the record with its outcome and the rule behind it: first what leaves, then what stays, each in the
 * record's order. Pure; holds no value of the record.
 */
export function explainElements(
  permit: Permit,
  { kept, withheld }: { readonly kept: readonly Kept[]; readonly withheld: readonly Withheld[] },
): ExplainedElement[] {
  return [
    ...kept.map(({ path, labels }): ExplainedElement => ({
      path,
      outcome: 'sent',
      reason: 'sent.permitted',
      labels: labelsOf(labels),
    })),
    ...withheld.map((element): ExplainedElement => ({
      path: element.path,
      outcome: 'withheld',
      reason: whyWithheld(permit, element),
      labels: element.labels,
      ...(element.text !== undefined && { text: element.text }),
    })),
  ];
}

/** Whose no it was. The person's own comes first: it is the one that nobody else can lift. */
function whyWithheld({ bounds, ground }: Permit, { reason, labels }: Withheld): ElementReason {
  if (reason === 'not-permitted' || reason === 'never-by-default') {
    const missing: LabelMask = maskOf(labels);
    if ((missing & bounds.refused) !== 0) return 'withheld.refused';
    if (reason === 'never-by-default') return 'withheld.never-by-default';
    if ((missing & ~bounds.agreement) !== 0) return 'withheld.not-in-agreement';
    if ((missing & ~bounds.ground) !== 0 && ground.secrecy.kind === 'consent') return 'withheld.not-consented';
    return 'withheld.not-chosen';
  }
  if (reason === 'never') return 'withheld.working-notes';
  return `withheld.${reason}`;
}

/** The sentence for one element, its labels in plain words. */
export function sayElement({ ground }: Pick<Permit, 'ground'>, element: ExplainedElement, lang: Lang): string {
  const { reason } = element;
  const text =
    reason in AS_WITHHELD
      ? withholdText(AS_WITHHELD[reason as keyof typeof AS_WITHHELD])
      : TEXTS[reason as keyof typeof TEXTS];
  return say(text, lang, {
    labels: element.labels.map((label) => say(labelText(label), lang)).join(', '),
    ground: say(GROUNDS[ground.secrecy.kind], lang),
  });
}
