import { serverNowMs } from '../api/server-time.js';
import type { Draft } from './use-draft.js';

export interface TypedGround {
  readonly justification: string;
  readonly citation: string;
  readonly informed: string;
  readonly on: string;
  readonly why: string;
  readonly categories: readonly string[];
  readonly hours: string;
}

const SPANS = [1, 4, 12, 24, 72] as const;

/** The shortest first; the longest that the clause allows is the last. */
export function spansOf(maxHours: number): readonly number[] {
  return [...SPANS.filter((hours) => hours < maxHours), maxHours];
}

/**
 * As the API takes it; null while something is missing. For an emergency its `categories` stand beside: they go into the
 * request and not into the ground.
 */
export function groundOf(kind: string, typed: TypedGround, nowMs = serverNowMs()): Draft['ground'] {
  const { justification, citation, informed, on, why, categories, hours } = typed;
  if (justification.trim() === '') return null;
  if (kind === 'care-team') return on === '' ? null : { kind, justification: justification.trim(), informedOn: on };
  const told =
    informed === 'nobody'
      ? why.trim() === ''
        ? null
        : { nobodyBecause: why.trim() }
      : informed === '' || on === ''
        ? null
        : { parties: [informed], on };
  if (told === null) return null;
  if (kind === 'break-glass') {
    if (categories.length === 0 || hours === '') return null;
    const expiresAt = new Date(nowMs + Number(hours) * 3_600_000).toISOString();
    return { kind, reason: justification.trim(), expiresAt, informed: told, categories };
  }
  if (kind !== 'statute') return { kind, justification: justification.trim(), informed: told };
  if (citation.trim() === '') return null;
  return { kind, citation: citation.trim(), justification: justification.trim(), informed: told };
}
