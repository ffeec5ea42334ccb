import type { Instant } from '../../kernel/clock.js';
import type { OrganizationId } from '../../kernel/ids.js';
import type { LabelMask } from '../labels/labels.js';
import type { PurposeOfUse } from '../decision/purpose.js';
import { evaluateConsent } from './evaluate.js';
import type { ConsentTerms } from './terms.js';

/** What a past recipient holds. */
export interface Sent {
  readonly recipient: OrganizationId;
  readonly purpose: PurposeOfUse;
  readonly permitted: LabelMask;
  readonly deliveredAt: Instant;
  /** Ids of the consents that the decision to send named. */
  readonly consents: readonly string[];
}

/**
 * Does what was sent lose its ground by the withdrawal of this consent? It does when it stood on it, or on what this one
 * replaced, and what the person still permits does not cover all of it. Pure.
 *
 * @param still labels that the person's other decisions permit to this recipient for this purpose, today
 */
export function losesCover(sent: Sent, withdrawn: ConsentTerms, still: LabelMask): boolean {
  const question = { at: sent.deliveredAt, recipient: sent.recipient, purpose: sent.purpose };
  const gave = evaluateConsent({ status: 'active', rules: withdrawn.rules }, question).permitted & sent.permitted;
  const stood = gave !== 0 || sent.consents.includes(withdrawn.id);
  return stood && (sent.permitted & ~still) !== 0;
}
