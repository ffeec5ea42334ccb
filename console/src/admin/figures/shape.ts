import type { Figures, PartnerDeliveries } from '../../api/admin-queries.js';
import type { Words } from '../say.js';

export const OUTCOMES = ['delivered', 'underWay', 'refused', 'stopped', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

const OUTCOME_OF: Readonly<Record<string, Outcome>> = {
  delivered: 'delivered',
  held: 'underWay',
  queued: 'underWay',
  sending: 'underWay',
  'needs-review': 'stopped',
  stopped: 'stopped',
  cancelled: 'stopped',
  refused: 'refused',
  failed: 'failed',
};

export interface Slot {
  /** `YYYY-MM-DD`: the day, or the first of the week. */
  readonly from: string;
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly total: number;
}

const DAY_MS = 86_400_000;
/** More days than this are shown as weeks: bars stay wide enough to be told apart. */
const MOST_DAYS = 31;

export const isByWeek = (days: number): boolean => days > MOST_DAYS;

/** One slot for each day (or week) of the time, empty ones too: a gap is a fact. Pure. */
export function slotsOf(transfers: Figures['transfers'], days: number, today: string): Slot[] {
  const width = isByWeek(days) ? 7 : 1;
  const count = Math.ceil((days + 1) / width);
  const last = Date.parse(today);
  const slots = Array.from({ length: count }, (_, index) => ({
    from: isoDay(last - ((count - index) * width - 1) * DAY_MS),
    counts: { delivered: 0, underWay: 0, refused: 0, stopped: 0, failed: 0 },
    total: 0,
  }));
  for (const { on, status, count: many } of transfers) {
    const daysAgo = Math.round((last - Date.parse(on)) / DAY_MS);
    const slot = slots[count - 1 - Math.floor(Math.max(0, daysAgo) / width)];
    const outcome = OUTCOME_OF[status];
    if (slot === undefined || outcome === undefined) continue;
    slot.counts[outcome] += many;
    slot.total += many;
  }
  return slots;
}

const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The end of the axis: a round number that is not below the highest bar. */
export function roundUp(value: number): number {
  if (value <= 5) return 5;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((end) => end >= value) ?? 10 * power;
}

/** "3 days", "4 hours": as precise as somebody who waits needs it. */
export function sayDuration(seconds: number, say: Words['say']): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return say('figures.underMinute');
  if (minutes < 90) return say('figures.minutes', { count: minutes });
  const hours = Math.round(seconds / 3600);
  if (hours < 48) return say('figures.hours', { count: hours });
  return say('figures.days', { count: Math.round(hours / 24) });
}

/** How long the oldest due delivery has been waiting, the longest first; what is not due yet does not wait. */
export function queueAges(
  partners: readonly PartnerDeliveries[],
  nowMs: number,
): readonly { readonly partner: PartnerDeliveries; readonly seconds: number }[] {
  return partners
    .flatMap((partner) => {
      const seconds = partner.oldestDueAt === null ? 0 : (nowMs - Date.parse(partner.oldestDueAt)) / 1000;
      return seconds > 0 ? [{ partner, seconds }] : [];
    })
    .sort((a, b) => b.seconds - a.seconds);
}
