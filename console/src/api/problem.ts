import type { ReasonView } from './views.js';

/** What the API answers when something cannot be done (RFC 9457), or what this browser found out before asking. */
export class Problem extends Error {
  readonly status: number;
  /** Stable; decide on this. `network`: no answer came. */
  readonly code: string;
  readonly reasons: readonly ReasonView[];
  readonly details: Readonly<Record<string, unknown>>;
  readonly requestId: string | null;

  constructor(status: number, details: Readonly<Record<string, unknown>>) {
    super(typeof details['detail'] === 'string' ? details['detail'] : '');
    this.status = status;
    this.code = typeof details['code'] === 'string' ? details['code'] : 'internal';
    this.reasons = Array.isArray(details['reasons']) ? (details['reasons'] as ReasonView[]) : [];
    this.requestId = typeof details['requestId'] === 'string' ? details['requestId'] : null;
    this.details = details;
  }
}

export function isProblem(error: unknown, ...codes: readonly string[]): error is Problem {
  return error instanceof Problem && (codes.length === 0 || codes.includes(error.code));
}
