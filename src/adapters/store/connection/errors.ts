import pg from 'pg';
import { RelaisError } from '../../../kernel/errors.js';

/** 40001 serialization failure, 40P01 deadlock: the same work may succeed when it is done again. */
const RETRYABLE = new Set(['40001', '40P01']);

/** Two writers took the same next version: the second one reads again and takes the one after it. */
const RETRYABLE_KEYS = new Set([
  'case_version_pkey',
  'consent_version_pkey',
  'agreement_version_pkey',
  'person_organization_id_key_hash_key',
]);

/** Classes 08 connection, 53 resources, 57 operator (restart, cancel), 58 disk; 25006 read-only standby; 55P03 lock timeout. */
const UNAVAILABLE = /^(08|53|57|58)|^25006$|^55P03$/;
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
const DRIVER_MESSAGES =
  /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|not queryable/;

export function isRetryable(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return false;
  return RETRYABLE.has(error.code ?? '') || (error.code === '23505' && RETRYABLE_KEYS.has(error.constraint ?? ''));
}

/** 25P02: a statement before it failed, and that one says why. */
export function isConsequence(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '25P02';
}

/**
 * What callers get to see. PostgreSQL's own words can hold values (`Key (…)=(…)`), so only its code goes on.
 *
 * @returns RelaisError 503 with Retry-After when the database or a connection to it is not to be had, 500 otherwise;
 *   errors that are not the database's come back unchanged
 */
export function translateError(error: unknown): unknown {
  if (error instanceof RelaisError) return error;
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const ofDatabase = error instanceof pg.DatabaseError;
  if (
    ofDatabase ? UNAVAILABLE.test(code) || isRetryable(error) : SOCKET_CODES.has(code) || DRIVER_MESSAGES.test(message)
  ) {
    return new RelaisError('store.unavailable', 503, 'transient', 'The database cannot take this now; try again.', {
      retryAfterSeconds: 1,
      details: { sqlState: code },
    });
  }
  if (!ofDatabase) return error;
  return new RelaisError('store.failed', 500, 'exception', 'The database refused a statement.', {
    details: { sqlState: code, ...(error.constraint !== undefined && { constraint: error.constraint }) },
  });
}
