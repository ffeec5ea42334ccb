import { CATEGORIES } from '../../../../src/domain/labels/labels.js';
import type { Agreement } from '../../api/views.js';

type Purpose = Agreement['purposes'][number];

/** One purpose, as it is typed. */
export interface TypedPurpose {
  readonly purpose: string;
  readonly senders: readonly string[];
  readonly recipients: readonly string[];
  readonly categories: readonly string[];
  readonly basis: string;
  readonly grounds: readonly string[];
  readonly readersFr: string;
  readonly readersEn: string;
}

/** A new agreement, as it is typed. */
export interface TypedAgreement {
  readonly titleFr: string;
  readonly titleEn: string;
  /** The others: one's own organization is always a party. */
  readonly others: readonly string[];
  readonly purposes: readonly TypedPurpose[];
  readonly validFrom: string;
  readonly validUntil: string;
  readonly reviewOn: string;
  readonly purgeAfterDays: string;
  readonly retentionDays: string;
  readonly retentionThen: 'return' | 'delete';
  readonly certificate: boolean;
  readonly onward: 'forbidden' | 'consented';
  readonly emergency: boolean;
  readonly emergencyCategories: readonly string[];
  readonly emergencyHours: string;
  readonly emergencyReviewDays: string;
  readonly opinion: string;
  readonly dpiaReference: string;
  readonly dpiaReason: string;
  readonly auditNoticeDays: string;
  readonly breachHours: string;
}

export const OPINIONS = ['favourable', 'with-conditions', 'unfavourable', 'not-required'] as const;

/** The least that is usual: nothing may leave before somebody says what, and nothing may be passed on. */
export function newPurpose(own: string): TypedPurpose {
  return {
    purpose: '',
    senders: [own],
    recipients: [],
    categories: [],
    basis: '',
    grounds: ['consent'],
    readersFr: '',
    readersEn: '',
  };
}

/** @param today `YYYY-MM-DD` */
export function newAgreement(own: string, today: string): TypedAgreement {
  const nextYear = `${Number(today.slice(0, 4)) + 1}${today.slice(4)}`.replace('-02-29', '-02-28');
  return {
    titleFr: '',
    titleEn: '',
    others: [],
    purposes: [newPurpose(own)],
    validFrom: today,
    validUntil: '',
    reviewOn: nextYear,
    purgeAfterDays: '30',
    retentionDays: '365',
    retentionThen: 'delete',
    certificate: true,
    onward: 'forbidden',
    emergency: false,
    emergencyCategories: ['identity', 'contact'],
    emergencyHours: '24',
    emergencyReviewDays: '7',
    opinion: '',
    dpiaReference: '',
    dpiaReason: '',
    auditNoticeDays: '30',
    breachHours: '24',
  };
}

/** Bounds of each number, both inclusive (http/schemas/agreement). */
export const BOUNDS = {
  purgeAfterDays: [0, 3650],
  retentionDays: [0, 36_500],
  emergencyHours: [1, 72],
  emergencyReviewDays: [1, 30],
  auditNoticeDays: [0, 36_500],
  breachHours: [1, 72],
} as const;
type NumberField = keyof typeof BOUNDS;

/** Why each field cannot stay as it is: `needed`, `number` or `order`, by its place in the text. Pure. */
export function faultsOf(typed: TypedAgreement): ReadonlyMap<string, 'needed' | 'number' | 'order'> {
  const faults = new Map<string, 'needed' | 'number' | 'order'>();
  const need = (place: string, value: string | readonly string[]): void => {
    if (typeof value === 'string' ? value.trim() === '' : value.length === 0) faults.set(place, 'needed');
  };
  need('/title/fr', typed.titleFr);
  need('/title/en', typed.titleEn);
  need('/parties', typed.others);
  typed.purposes.forEach((one, index) => {
    const at = `/purposes/${index}`;
    need(`${at}/purpose`, one.purpose);
    need(`${at}/senders`, one.senders);
    need(`${at}/recipients`, one.recipients);
    need(`${at}/categories`, one.categories);
    need(`${at}/dataProtectionBasis`, one.basis);
    need(`${at}/secrecyGrounds`, one.grounds);
    need(`${at}/recipientFunctions/fr`, one.readersFr);
    need(`${at}/recipientFunctions/en`, one.readersEn);
  });
  need('/validFrom', typed.validFrom);
  need('/reviewOn', typed.reviewOn);
  if (typed.validUntil !== '' && typed.validUntil <= typed.validFrom) faults.set('/validUntil', 'order');
  const numbers = (Object.keys(BOUNDS) as NumberField[]).filter(
    (field) => typed.emergency || !field.startsWith('emergency'),
  );
  for (const field of numbers) if (!isWithin(typed[field], BOUNDS[field])) faults.set(`/${field}`, 'number');
  if (typed.emergency) need('/emergency/categories', typed.emergencyCategories);
  need('/dpia/opinion', typed.opinion);
  if (typed.opinion === 'not-required' || typed.opinion === 'unfavourable') need('/dpia/reason', typed.dpiaReason);
  if (typed.opinion !== '' && typed.opinion !== 'not-required') need('/dpia/reference', typed.dpiaReference);
  return faults;
}

function isWithin(text: string, [least, most]: readonly [number, number]): boolean {
  const value = Number(text);
  return text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most;
}

/** As `PUT /api/v1/agreements/{id}` takes it, with every clause that a proposal needs. Pure. */
export function bodyOf(typed: TypedAgreement, own: string): object {
  const day = (date: string): string => `${date}T00:00:00.000Z`;
  return {
    version: 1,
    title: { fr: typed.titleFr.trim(), en: typed.titleEn.trim() },
    parties: [own, ...typed.others],
    purposes: typed.purposes.map(purposeOf),
    validFrom: day(typed.validFrom),
    ...(typed.validUntil !== '' && { validUntil: day(typed.validUntil) }),
    purgeAfterDays: Number(typed.purgeAfterDays),
    dpia: {
      opinion: typed.opinion,
      ...(typed.dpiaReference.trim() !== '' && { reference: typed.dpiaReference.trim() }),
      ...(typed.dpiaReason.trim() !== '' && { reason: typed.dpiaReason.trim() }),
    },
    retention: { days: Number(typed.retentionDays), then: typed.retentionThen, certificate: typed.certificate },
    onward: { kind: typed.onward },
    emergency: typed.emergency
      ? {
          allowed: true,
          categories: inOrder(typed.emergencyCategories),
          maxHours: Number(typed.emergencyHours),
          reviewWithinDays: Number(typed.emergencyReviewDays),
        }
      : { allowed: false },
    adhesion: { open: false },
    auditRight: { noticeDays: Number(typed.auditNoticeDays) },
    breachNotice: { withinHours: Number(typed.breachHours) },
    reviewOn: typed.reviewOn,
    thirdCountries: [],
  };
}

function purposeOf({
  purpose,
  senders,
  recipients,
  categories,
  basis,
  grounds,
  readersFr,
  readersEn,
}: TypedPurpose): object {
  const involved = [...new Set([...senders, ...recipients])];
  return {
    purpose,
    senders,
    recipients,
    categories: inOrder(categories),
    sensitivities: [],
    dataProtectionBasis: basis,
    secrecyGrounds: grounds,
    roles: involved.map((party) => ({ party, role: 'controller' })),
    recipientFunctions: [{ fr: readersFr.trim(), en: readersEn.trim() }],
  } satisfies Partial<Record<keyof Purpose, unknown>>;
}

function inOrder(chosen: readonly string[]): readonly string[] {
  return CATEGORIES.filter((category) => chosen.includes(category));
}
