import type { Actor } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type { PartnerId, PartnerTestId } from '../kernel/ids.js';
import type { GuestContact } from './guest-ports.js';
import type { PartnerEndpoint } from './partner.js';

/** What is tried of an endpoint, in this order; the next only when the one before did not fail. */
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

/** What is tried of a guest: is there a mail server, does it let Relais in, does it take a notice for this address. */
export const NOTICE_STEPS = ['mail-server', 'mail-connection', 'mail-taken'] as const;
export type ProbeStepName = (typeof PROBE_STEPS)[number] | (typeof NOTICE_STEPS)[number];

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

/** Why the mail server does not take a notice (RFC 5321 section 4.2.1: 5yz is for good, 4yz may pass). */
export const NOTICE_CAUSES = [
  'mail-not-set-up',
  'mail-name-unknown',
  'mail-unreachable',
  'mail-not-encrypted',
  'mail-turned-away',
  'mail-login-refused',
  'mail-no-answer',
  'mail-sender-refused',
  'mail-address-refused',
  'mail-content-refused',
  'mail-later',
  'mail-connection-lost',
] as const;
export type ProbeCause = (typeof PROBE_CAUSES)[number] | (typeof NOTICE_CAUSES)[number];

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

/**
 * Tries the way of a notice to a guest, and sends one that says that it is a test: no link, no word of anybody.
 *
 * @returns steps as they end; after a failed one there is no other
 */
export type ProbeGuest = (guest: GuestContact, testId: PartnerTestId, signal: AbortSignal) => AsyncIterable<ProbeStep>;

export interface PartnerTest {
  readonly id: PartnerTestId;
  readonly startedAt: Instant;
  /** `interrupted`: whoever ran it is gone. */
  readonly state: 'running' | 'passed' | 'failed' | 'interrupted';
  readonly steps: readonly ProbeStep[];
  /** The endpoint, or the guest's address, is still the one that was tried. */
  readonly current: boolean;
}

/** Tests of partners' endpoints, and of notices to guests. Beginning and end are audited by the transaction that writes them. */
export interface PartnerTests {
  /** @throws RelaisError 404; 409 `partner.no-endpoint`, `partner.test-running` */
  begin(partnerId: PartnerId, actor: Actor, requestId: string): Promise<PartnerTestId>;
  addStep(id: PartnerTestId, step: ProbeStep): Promise<void>;
  end(id: PartnerTestId, actor: Actor, requestId: string): Promise<void>;
  /** The newest of each partner. */
  newest(): Promise<ReadonlyMap<PartnerId, PartnerTest>>;
}
