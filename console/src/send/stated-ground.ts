import { serverNowMs } from '../api/server-time.js';
import type { Draft } from './use-draft.js';

/** What is typed for a ground that is not consent; kept in the draft as it stands. */
export interface TypedGround {
  readonly kind: string;
  readonly justification: string;
  readonly citation: string;
  readonly informed: string;
  readonly on: string;
  readonly why: string;
  readonly categories: readonly string[];
  readonly hours: string;
}

export const untyped = (kind: string): TypedGround => ({
  kind,
  justification: '',
  citation: '',
  informed: '',
  on: '',
  why: '',
  categories: [],
  hours: '',
});

const SPANS = [1, 4, 12, 24, 72] as const;

/** The shortest first; the longest that the clause allows is the last. */
export function spansOf(maxHours: number): readonly number[] {
  return [...SPANS.filter((hours) => hours < maxHours), maxHours];
}

/** As the API takes it; null while something is missing. What an emergency needs is part of the request and not of its ground. */
export function groundOf(typed: TypedGround, nowMs = serverNowMs()): Draft['ground'] {
  const { kind, justification, citation, informed, on, why, categories, hours } = typed;
  const words = justification.trim();
  if (words === '') return null;
  if (kind === 'care-team') return on === '' ? null : { kind, justification: words, informedOn: on };
  const told = toldBy(informed, on, why.trim());
  if (told === null) return null;
  if (kind === 'break-glass') {
    if (categories.length === 0 || hours === '') return null;
    const expiresAt = new Date(nowMs + Number(hours) * 3_600_000).toISOString();
    return { kind, reason: words, expiresAt, informed: told };
  }
  if (kind !== 'statute') return { kind, justification: words, informed: told };
  return citation.trim() === '' ? null : { kind, citation: citation.trim(), justification: words, informed: told };
}

function toldBy(informed: string, on: string, why: string): object | null {
  if (informed === 'nobody') return why === '' ? null : { nobodyBecause: why };
  return informed === '' || on === '' ? null : { parties: [informed], on };
}
