/** Recipients without a system: how they are reached, and what tells them (docs/access-links.md). */
import type { DeliveryResult } from './door-ports.js';

/** Ways to tell a guest the code of a link: never the way of the link itself. */
export const CODE_CHANNELS = ['phone', 'in-person', 'post'] as const;

/** How an organization without a system is reached: a mail without content, and a code on another way. */
export interface GuestContact {
  /** The service's own address; nobody's private one. */
  readonly email: string;
  readonly lang: 'en' | 'fr';
  readonly channel: {
    readonly kind: (typeof CODE_CHANNELS)[number];
    /** Where, for the caseworker: a number of the service, a desk. */
    readonly hint: string;
  };
}

/** What a guest is told by mail: that something waits, or still waits. Neither the person, nor the sender, nor what it is about. */
export interface GuestNotice {
  readonly to: string;
  readonly lang: 'en' | 'fr';
  /** The token stands in its fragment. null: a reminder of the notice that came with it. */
  readonly url: string | null;
  readonly reference: string;
  /** The same on every attempt, so that a mail server or a reader can tell the same from another (RFC 5322 section 3.6.4). */
  readonly messageId: string;
}

/** Hands a notice to the mail server. Never throws for what the server or the network does: that is a result. */
export interface Postman {
  send(notice: GuestNotice, mayWrite: () => Promise<boolean>, signal: AbortSignal): Promise<DeliveryResult>;
}
