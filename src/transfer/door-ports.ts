import type { PartnerEndpoint } from './partner.js';

/** What the recipient's system answered, without its content. */
export interface Receipt {
  readonly status: number;
  /** SHA-256 (hex) of the answer's bytes. */
  readonly digest: string;
  /** The recipient's own address of what it created, when it names one. */
  readonly location: string | null;
  /** It was asked, and had it already: nothing was sent this time. */
  readonly found?: true;
}

export interface OutboundIdentifier {
  readonly system: string;
  readonly value: string;
}

export type FindResult =
  | { readonly kind: 'found'; readonly receipt: Receipt }
  | { readonly kind: 'absent' }
  | Exclude<DeliveryResult, { readonly kind: 'received' }>;

export type DeliveryResult =
  | { readonly kind: 'received'; readonly receipt: Receipt }
  /** Try again later: nothing, or nothing known, happened at the partner. */
  | { readonly kind: 'retry'; readonly cause: string; readonly retryAfterMs?: number }
  /** The partner will never take it as it is. */
  | { readonly kind: 'rejected'; readonly cause: string; readonly status: number }
  /** The fence was lost before the first byte: somebody else has the delivery. */
  | { readonly kind: 'fenced' };

/** Detached JWS over the bytes of a bundle (domain/evidence/detached-jws). */
export type BundleSigner = (wire: Buffer) => Promise<string>;

/** The outbound door: the only way a record's bytes leave. */
export interface Door {
  /**
   * Asks the partner whether it has a Task with this identifier; nothing but the identifier leaves. `mayAsk` is the fence,
   * asked right before. `rejected`: it cannot be asked.
   */
  find(
    endpoint: PartnerEndpoint,
    identifier: OutboundIdentifier,
    mayAsk: () => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<FindResult>;
  /**
   * Gets a token, asks `mayWrite` right before the first byte of the body, posts, and reads at most 1 MB of answer.
   * Never throws for what the partner or the network does: that is a result.
   */
  send(
    endpoint: PartnerEndpoint,
    message: {
      readonly body: Buffer;
      readonly contentType: 'application/fhir+json' | 'application/json';
      readonly idempotencyKey: string;
      readonly requestId: string;
      /** Detached JWS over `body`, sent as `X-JWS-Signature`. */
      readonly signature?: string;
    },
    mayWrite: () => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<DeliveryResult>;
}
