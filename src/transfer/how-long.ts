import { addMs, type Instant } from '../kernel/clock.js';
import type { PersonId } from '../kernel/ids.js';
import type { ConsentRule, ConsentTerms } from '../domain/consent/terms.js';
import type { Agreement } from '../domain/agreement/agreement.js';
import type { OrganizationTx } from './ports.js';
import type { DisclosureRow, Transfer } from './transfer.js';

const DAY_MS = 24 * 3_600_000;

export interface HowLong {
  /** End of the ground; null when it names none. */
  readonly allowedUntil: Instant | null;
  /** By the agreement, the recipient has returned or deleted it by then; null when the agreement names no term. */
  readonly recipientKeepsUntil: Instant | null;
}

/**
 * Until when what was passed on may be used, by its ground, and kept, by its agreement (GDPR art. 13(2)(a), 15(1)(d)).
 * Agreements are read in the version that the transfer was decided under, consents as they stand now: a withdrawal is
 * told elsewhere.
 */
export async function howLong(
  tx: OrganizationTx,
  personId: PersonId,
  rows: readonly DisclosureRow[],
): Promise<(transfer: Transfer) => HowLong> {
  const consents = (await tx.listConsents(personId)).map(({ terms }) => terms);
  const agreements = new Map<string, Agreement | null>();
  for (const { transfer } of rows) {
    const { agreement } = transfer;
    if (agreement === null || agreements.has(keyOf(agreement))) continue;
    agreements.set(keyOf(agreement), await tx.loadAgreement(agreement.id, agreement.version));
  }
  return (transfer) => {
    const { agreement, deliveredAt } = transfer;
    const retention = agreement === null ? undefined : agreements.get(keyOf(agreement))?.retention;
    return {
      allowedUntil: endOfGround(transfer, consents),
      recipientKeepsUntil:
        retention === undefined || deliveredAt === null ? null : addMs(deliveredAt, retention.days * DAY_MS),
    };
  };
}

const keyOf = ({ id, version }: NonNullable<Transfer['agreement']>): string => `${id}/${version}`;

function endOfGround(transfer: Transfer, consents: readonly ConsentTerms[]): Instant | null {
  const secrecy = transfer.ground?.secrecy;
  if (secrecy?.kind === 'break-glass') return secrecy.expiresAt;
  if (secrecy?.kind !== 'consent') return null;
  const named = new Set<string>(secrecy.consents.map(({ id }) => id));
  const rules = consents
    .filter(({ id }) => named.has(id))
    .flatMap((terms) => terms.rules)
    .flatMap(withExceptions)
    .filter((rule) => rule.type === 'permit' && concerns(rule, transfer));
  const ends = rules.map(({ until }) => until);
  if (ends.length === 0 || ends.includes(undefined)) return null;
  return ends.map((end) => end!).reduce((last, end) => (end > last ? end : last));
}

function withExceptions(rule: ConsentRule): ConsentRule[] {
  return [rule, ...(rule.exceptions ?? []).flatMap(withExceptions)];
}

function concerns({ recipients, purposes }: ConsentRule, transfer: Transfer): boolean {
  return (
    (recipients === undefined || recipients.includes(transfer.recipientOrganizationId)) &&
    (purposes === undefined || purposes.includes(transfer.purpose))
  );
}
