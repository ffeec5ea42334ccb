import { randomUUID } from 'node:crypto';

const WELL_FORMED = /^[A-Za-z0-9._-]{8,64}$/;

/**
 * The caller's `X-Request-Id` when it is well formed (8 to 64 of `A-Z a-z 0-9 . _ -`), else a new one: it goes to logs
 * and to the audit, so it must not carry anything else.
 */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && WELL_FORMED.test(header) ? header : randomUUID();
}
