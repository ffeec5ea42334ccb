/**
 * Date, DateTime and Time of FHIRPath: the components that were written, in order year, month, day, hour, minute,
 * second (with fraction); comparison stops where one side says less (FHIRPath 2.0.0 sections 5.5.6 and 6.1.1).
 */
export class Temporal {
  constructor(
    readonly kind: 'date' | 'dateTime' | 'time',
    readonly text: string,
    readonly parts: readonly number[],
    /** Minutes east of UTC; undefined when no zone was written. */
    readonly zoneMinutes: number | undefined,
  ) {}
}

const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;
const DATE_TIME =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(?:(\d{2})(?::(\d{2})(?::(\d{2}(?:\.\d+)?))?)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?T?$/;
const TIME = /^(\d{2})(?::(\d{2})(?::(\d{2}(?:\.\d+)?))?)?$/;

/** @returns undefined when the text is none (the validator's format checks say so elsewhere) */
export function readTemporal(kind: Temporal['kind'], text: string): Temporal | undefined {
  const match = (kind === 'date' ? DATE : kind === 'time' ? TIME : DATE_TIME).exec(text);
  if (match === null) return undefined;
  const parts: number[] = [];
  const last = kind === 'date' ? 3 : kind === 'time' ? 3 : 6;
  for (let index = 1; index <= last && match[index] !== undefined; index += 1) parts.push(Number(match[index]));
  if (!isPossible(kind, parts)) return undefined;
  const zone = kind === 'dateTime' ? match[7] : undefined;
  return new Temporal(kind, text, parts, zone === undefined ? undefined : zoneMinutes(zone));
}

/** A day of the calendar and a time of the clock: 2020-02-30 and 24:00 are none. */
function isPossible(kind: Temporal['kind'], parts: readonly number[]): boolean {
  const [hour = 0, minute = 0, second = 0] = kind === 'time' ? parts : parts.slice(3);
  if (hour > 23 || minute > 59 || second >= 60) return false;
  if (kind === 'time') return true;
  const [year = 0, month = 1, day = 1] = parts;
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return zone.startsWith('-') ? -minutes : minutes;
}

/** @returns negative, 0 or positive; null when the precisions, or a missing zone, leave it open */
export function compareTemporal(a: Temporal, b: Temporal): number | null {
  if ((a.kind === 'time') !== (b.kind === 'time')) return null;
  let [left, right] = [a.parts, b.parts];
  if (left.length > 3 && right.length > 3 && a.kind !== 'time') {
    if ((a.zoneMinutes === undefined) !== (b.zoneMinutes === undefined)) return null;
    if (a.zoneMinutes !== b.zoneMinutes) [left, right] = [toUtc(a), toUtc(b)];
  }
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index += 1) {
    if (left[index] !== right[index]) return left[index]! - right[index]!;
  }
  return left.length === right.length ? 0 : null;
}

function toUtc({ parts, zoneMinutes: zone = 0 }: Temporal): number[] {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  const utc = new Date(Date.UTC(2000, 0, 1));
  utc.setUTCFullYear(year, month - 1, day);
  utc.setUTCHours(hour, minute - zone, 0, 0);
  const all = [
    utc.getUTCFullYear(),
    utc.getUTCMonth() + 1,
    utc.getUTCDate(),
    utc.getUTCHours(),
    utc.getUTCMinutes(),
    second,
  ];
  return all.slice(0, parts.length);
}
