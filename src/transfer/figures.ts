import type { OrganizationId, PartnerId } from '../kernel/ids.js';
import { addMs, type Instant } from '../kernel/clock.js';
import type { Store } from './ports.js';
import type { Principal } from './principal.js';
import type { TransferStatus } from './status.js';

/** Counts of what one organization sent. By day, organization and reason; nothing by member of staff or by person. */
export interface Figures {
  readonly transfers: readonly {
    /** `YYYY-MM-DD` (UTC) on which they were asked for. */
    readonly on: string;
    /** Where they stand now. */
    readonly status: TransferStatus;
    readonly count: number;
  }[];
  /** Of those delivered, by recipient. Times are from the delivery to the first answer that is more than "received". */
  readonly answers: readonly {
    readonly organizationId: OrganizationId;
    readonly answered: number;
    readonly waiting: number;
    /** Null while nobody answered. */
    readonly medianSeconds: number | null;
    readonly p90Seconds: number | null;
  }[];
  readonly failed: readonly {
    readonly organizationId: OrganizationId;
    readonly partnerId: PartnerId | null;
    /** Code of why it ended. */
    readonly cause: string;
    readonly count: number;
  }[];
}

export interface FiguresTx {
  /** What was asked for since. */
  figuresSince(since: Instant): Promise<Figures>;
}

export const MAX_FIGURES_DAYS = 366;
const DAY_MS = 86_400_000;

/** Counts over the last days, at the database's time. */
export function figures({ store }: { readonly store: Store }, principal: Principal, days: number): Promise<Figures> {
  return store.asOrganization(principal.organizationId, async (tx) =>
    tx.figuresSince(addMs(await tx.now(), -Math.min(days, MAX_FIGURES_DAYS) * DAY_MS)),
  );
}
