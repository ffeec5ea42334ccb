import type { Actor } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type { PartnerId, PartnerTestId } from '../kernel/ids.js';
import type { PartnerEndpoint } from './ports.js';

/** What is tried, in this order; the next only when the one before did not fail. */
export const PROBE_STEPS = [
  'address',
  'name',
  'connection',
  'token-connection',
  'token',
  'keys',
  'system',
  'question',
] as const;
export type ProbeStepName = (typeof PROBE_STEPS)[number];

/** Why a step failed, or what there is to know. Stable codes: they are stored, and said in words (http/probe-texts). */
export const PROBE_CAUSES = [
  'address-not-allowed',
  'name-unknown',
  'unreachable',
  'secure-connection-failed',
  'not-encrypted',
  'connection-lost',
  'no-answer-in-time',
  'token-unavailable',
  'token-client-unknown',
  'token-scope-refused',
  'token-refused',
  'keys-unreadable',
  'redirected',
  'token-not-accepted',
  'not-permitted',
  'no-description',
  'other-version',
  'no-transaction',
  'answer-not-understood',
  'answer-too-large',
  'partner-busy',
  'partner-error',
  'question-refused',
] as const;
export type ProbeCause = (typeof PROBE_CAUSES)[number];

/** One step of a test. `noted`: it works, and there is something to know. */
export interface ProbeStep {
  readonly step: ProbeStepName;
  readonly result: 'passed' | 'noted' | 'failed';
  /** Null when it simply passed. */
  readonly cause: ProbeCause | null;
  readonly ms: number;
}

/** What is tried: how Relais reaches the partner, and where the partner publishes its keys. */
export interface ProbeTarget {
  readonly endpoint: PartnerEndpoint;
  readonly jwksUri?: string;
}

/**
 * Tries an endpoint step by step, through the door that deliveries take. Nothing of any record or person leaves: a name is
 * resolved, a connection opened, a token asked for, the system's own description read, and an id asked for that nobody has.
 *
 * @returns steps as they end; after a failed one there is no other
 */
export type ProbePartner = (target: ProbeTarget, signal: AbortSignal) => AsyncIterable<ProbeStep>;

export interface PartnerTest {
  readonly id: PartnerTestId;
  readonly startedAt: Instant;
  /** `interrupted`: whoever ran it is gone. */
  readonly state: 'running' | 'passed' | 'failed' | 'interrupted';
  readonly steps: readonly ProbeStep[];
  /** The endpoint is still the one that was tried. */
  readonly current: boolean;
}

/** Tests of partners' endpoints. Beginning and end are audited by the transaction that writes them. */
export interface PartnerTests {
  /** @throws RelaisError 404; 409 `partner.no-endpoint`, `partner.test-running` */
  begin(partnerId: PartnerId, actor: Actor, requestId: string): Promise<PartnerTestId>;
  addStep(id: PartnerTestId, step: ProbeStep): Promise<void>;
  end(id: PartnerTestId, actor: Actor, requestId: string): Promise<void>;
  /** The newest of each partner. */
  newest(): Promise<ReadonlyMap<PartnerId, PartnerTest>>;
}
