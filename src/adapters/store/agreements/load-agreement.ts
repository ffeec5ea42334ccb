import { isUuid, type AgreementId } from '../../../kernel/ids.js';
import type { Agreement } from '../../../domain/agreement/agreement.js';
import type { Standing } from '../../../domain/agreement/take-step.js';
import type { AgreementOverview } from '../../../transfer/agreement-ports.js';
import type { TxContext } from '../tx-context.js';

interface Pair {
  readonly in_force: Agreement | null;
  readonly pending: Agreement | null;
}

/** Row level security leaves out, for who was invited and has not signed, what is in force. */
const PAIR = `
  (select v.content from agreement_version v where v.agreement_id = a.id and v.version = a.in_force) as in_force,
  (select v.content from agreement_version v where v.agreement_id = a.id and v.version = a.pending) as pending`;

/** The newest version, or the given one, of an agreement to which this organization is party. */
export async function loadAgreement(tx: TxContext, id: AgreementId, version?: number): Promise<Agreement | null> {
  if (!isUuid(id)) return null;
  const { rows } = await tx.client.query<{ content: Agreement }>({
    text: `select content from agreement_version
            where agreement_id = $1 and ($2::integer is null or version = $2) order by version desc limit 1`,
    values: [id, version ?? null],
  });
  return rows[0]?.content ?? null;
}

/** One step waits for the other. */
export async function lockAgreement(
  tx: TxContext,
  id: AgreementId,
): Promise<(Standing & { readonly version: number }) | null> {
  if (!isUuid(id)) return null;
  const head = await tx.client.query<{ version: number }>('select version from agreement where id = $1 for update', [
    id,
  ]);
  const version = head.rows[0]?.version;
  if (version === undefined) return null;
  // A statement after the lock: it sees what the step before committed.
  const { rows } = await tx.client.query<Pair & { version: number }>(
    `select a.version, ${PAIR} from agreement a where a.id = $1`,
    [id],
  );
  const found = rows[0]!;
  return { version: found.version, inForce: found.in_force, pending: found.pending };
}

export async function overviewOf(tx: TxContext, id: AgreementId): Promise<AgreementOverview | null> {
  if (!isUuid(id)) return null;
  const { rows } = await tx.client.query<Pair>(`select ${PAIR} from agreement a where a.id = $1`, [id]);
  const found = rows[0] === undefined ? null : toOverview(rows[0]);
  if (found !== null) return found;
  // Who has left keeps the versions that it was party to.
  const last = await loadAgreement(tx, id);
  return last === null ? null : { current: last, pending: null };
}

export async function listAgreements(tx: TxContext): Promise<readonly AgreementOverview[]> {
  const { rows } = await tx.client.query<Pair>(`select ${PAIR} from agreement a order by a.updated_at desc, a.id`);
  return rows.map(toOverview).filter((overview) => overview !== null);
}

function toOverview({ in_force: inForce, pending }: Pair): AgreementOverview | null {
  const current = inForce ?? pending;
  return current === null ? null : { current, pending };
}
