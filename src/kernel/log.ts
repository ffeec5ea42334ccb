import { pino } from 'pino';

/** Writes one event: a name, and ids, codes, counts and durations. Nothing else can get in. */
export type Log = (event: string, fields?: Readonly<Record<string, string | number | boolean>>) => void;

/**
 * What may stand in a log line. A field that is not named here is dropped and counted, so that a careless call cannot
 * write what somebody said (test/kernel/log.test.ts).
 */
const ALLOWED = new Set([
  'announcementId',
  'attempt',
  'backend',
  'cause',
  'code',
  'command',
  'count',
  'delayMs',
  'durationMs',
  'entries',
  'fence',
  'issuer',
  'keyId',
  'kind',
  'method',
  'migration',
  'mode',
  'organizationId',
  'outcome',
  'partnerId',
  'port',
  'purpose',
  'queue',
  'requestId',
  'role',
  'route',
  'signal',
  'status',
  'transferId',
]);

/** A value that looks like free text (long, or with white space) is no id and no code. */
const PLAIN = /^[\w.:/@+\-[\]]{1,200}$/;

/**
 * @param write one line of JSON at a time; default: standard error, so that standard output stays for results
 */
export function createLog(level: string, write?: (line: string) => void): Log {
  const destination = write === undefined ? pino.destination({ fd: 2, sync: true }) : { write };
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  return (event, fields = {}) => {
    const kept: Record<string, string | number | boolean> = {};
    let dropped = 0;
    for (const [name, value] of Object.entries(fields)) {
      if (ALLOWED.has(name) && (typeof value !== 'string' || PLAIN.test(value))) kept[name] = value;
      else dropped += 1;
    }
    const failed = /(failed|lost|refused|unreachable|error)$/.test(event);
    logger[failed ? 'warn' : 'info']({ event, ...kept, ...(dropped > 0 && { droppedFields: dropped }) });
  };
}
