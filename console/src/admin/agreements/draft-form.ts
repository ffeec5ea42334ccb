import type { Agreement } from '../../api/views.js';
import type { AgreementText } from './sentences.js';

type Category = Agreement['purposes'][number]['categories'][number];

/** What the form asks for, as it is typed. Everything else of the text is taken over. */
export interface DraftForm {
  readonly titleEn: string;
  readonly titleFr: string;
  /** `YYYY-MM-DD`; empty: none. */
  readonly validFrom: string;
  readonly validUntil: string;
  /** Of each purpose, in the order of the text. */
  readonly categories: readonly (readonly Category[])[];
  readonly purgeAfterDays: string;
  readonly retentionDays: string;
  readonly retentionThen: 'return' | 'delete';
  readonly retentionCertificate: boolean;
  readonly answerWithinDays: string;
  readonly reviewOn: string;
}

export type DraftField =
  | 'titleEn'
  | 'titleFr'
  | 'validFrom'
  | 'validUntil'
  | 'purgeAfterDays'
  | 'retentionDays'
  | 'answerWithinDays'
  | `categories.${number}`;

/** Bounds of each number of days, both inclusive (http/schemas/agreement). */
export const DAYS = {
  purgeAfterDays: [0, 3650],
  retentionDays: [0, 36_500],
  answerWithinDays: [1, 365],
} as const;

export function formOf(text: AgreementText): DraftForm {
  const { title, validFrom, validUntil, purposes, purgeAfterDays, retention, answerWithinDays, reviewOn } = text;
  return {
    titleEn: title.en,
    titleFr: title.fr,
    validFrom: validFrom.slice(0, 10),
    validUntil: validUntil?.slice(0, 10) ?? '',
    categories: purposes.map(({ categories }) => categories),
    purgeAfterDays: String(purgeAfterDays),
    retentionDays: retention === undefined ? '' : String(retention.days),
    retentionThen: retention?.then ?? 'delete',
    retentionCertificate: retention?.certificate ?? false,
    answerWithinDays: answerWithinDays === undefined ? '' : String(answerWithinDays),
    reviewOn: reviewOn ?? '',
  };
}

/** Fields that cannot be saved as they are. Pure. */
export function wrongFields(form: DraftForm): readonly DraftField[] {
  const wrong: DraftField[] = [];
  if (form.titleEn.trim() === '') wrong.push('titleEn');
  if (form.titleFr.trim() === '') wrong.push('titleFr');
  if (form.validFrom === '') wrong.push('validFrom');
  if (form.validUntil !== '' && form.validUntil <= form.validFrom) wrong.push('validUntil');
  form.categories.forEach((chosen, index) => {
    if (chosen.length === 0) wrong.push(`categories.${index}`);
  });
  for (const field of ['purgeAfterDays', 'retentionDays', 'answerWithinDays'] as const) {
    const isOptional = field !== 'purgeAfterDays';
    const [least, most] = DAYS[field];
    const days = Number(form[field]);
    if (form[field] === '' && isOptional) continue;
    if (form[field] === '' || !Number.isInteger(days) || days < least || days > most) wrong.push(field);
  }
  return wrong;
}

/**
 * The text with what the form says, as `PUT /api/v1/agreements/{id}` takes it. A moment whose day is unchanged stays as it
 * was, to the second. Pure.
 *
 * @param base the newest text; what stands only in it (signatures, who suspended it) is not part of a draft
 */
export function textOf(base: AgreementText, form: DraftForm, version: number): object {
  const {
    signatures: _s,
    suspendedBy: _b,
    proposal: _p,
    status: _t,
    validUntil,
    retention: _r,
    answerWithinDays: _a,
    reviewOn: _o,
    ...rest
  } = base;
  return {
    ...rest,
    version,
    title: { en: form.titleEn.trim(), fr: form.titleFr.trim() },
    validFrom: moment(base.validFrom, form.validFrom),
    ...(form.validUntil !== '' && { validUntil: moment(validUntil, form.validUntil) }),
    purposes: base.purposes.map((purpose, index) => ({
      ...purpose,
      categories: form.categories[index] ?? purpose.categories,
    })),
    purgeAfterDays: Number(form.purgeAfterDays),
    ...(form.retentionDays !== '' && {
      retention: {
        days: Number(form.retentionDays),
        then: form.retentionThen,
        certificate: form.retentionCertificate,
      },
    }),
    ...(form.answerWithinDays !== '' && { answerWithinDays: Number(form.answerWithinDays) }),
    ...(form.reviewOn !== '' && { reviewOn: form.reviewOn }),
  };
}

function moment(was: string | undefined, day: string): string {
  return was?.slice(0, 10) === day ? was : `${day}T00:00:00.000Z`;
}
