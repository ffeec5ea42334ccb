import type { Instant } from '../../kernel/clock.js';
import type { Agreement } from './agreement.js';
import { statusAt } from './lifecycle.js';

export const ALERT_LEVELS = ['over', 'urgent', 'soon', 'later'] as const;
export type AlertLevel = (typeof ALERT_LEVELS)[number];

/** A day that comes: the end of an agreement, or its review. */
export interface AgreementAlert {
  readonly kind: 'ends' | 'review';
  /** `YYYY-MM-DD` (UTC). */
  readonly on: string;
  /** Whole days that are left; 0 or less once the day has come. */
  readonly daysLeft: number;
  readonly level: AlertLevel;
}

const DAY_MS = 86_400_000;
/** Days left up to which a level holds: a new agreement takes its parties about two months. */
const UP_TO: readonly (readonly [AlertLevel, number])[] = [
  ['over', 0],
  ['urgent', 14],
  ['soon', 60],
  ['later', 90],
];

/** What is due within 90 days of an agreement that is, or just was, in force. */
export function alertsOf(agreement: Agreement, at: Instant): AgreementAlert[] {
  const status = statusAt(agreement, at);
  if (status !== 'active' && status !== 'suspended' && status !== 'expired') return [];
  const { validUntil, reviewOn } = agreement;
  return [
    ...(validUntil === undefined ? [] : alert('ends', validUntil, at)),
    ...(reviewOn === undefined || status === 'expired' ? [] : alert('review', `${reviewOn}T00:00:00.000Z`, at)),
  ];
}

function alert(kind: AgreementAlert['kind'], when: string, at: Instant): AgreementAlert[] {
  const daysLeft = Math.ceil((Date.parse(when) - Date.parse(at)) / DAY_MS);
  const level = UP_TO.find(([, days]) => daysLeft <= days)?.[0];
  return level === undefined ? [] : [{ kind, on: when.slice(0, 10), daysLeft: daysLeft === 0 ? 0 : daysLeft, level }];
}
