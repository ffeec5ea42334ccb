import type { Actor } from '../../../kernel/actor.js';
import type { Instant } from '../../../kernel/clock.js';
import { isUuid, type ContestId, type OrganizationId, type PersonId, type TransferId } from '../../../kernel/ids.js';
import type { Contest, ContestOutcome, NewContest } from '../../../transfer/notice-ports.js';
import type { OrganizationTx } from '../../../transfer/ports.js';
import { open, seal, type Place } from '../crypto/envelope.js';
import { dataKeyOf, rememberDataKey, type TxContext } from '../tx-context.js';

const PUT = `
  insert into contest (organization_id, id, person_id, kind, transfer_id, recipient_organization_id, words, actor, due_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  on conflict (organization_id, id) do nothing`;

/** @throws RelaisError `store.erased` (404) */
export async function putContest(tx: TxContext, contest: NewContest): Promise<boolean> {
  const { id, personId } = contest;
  const key = await dataKeyOf(tx, personId);
  const { rowCount } = await tx.client.query(PUT, [
    tx.organizationId,
    id,
    personId,
    contest.kind,
    contest.transferId,
    contest.recipientOrganizationId,
    seal(key, contest.words, place(tx, id, 'words')),
    contest.actor,
    contest.dueAt,
  ]);
  return rowCount === 1;
}

interface Row {
  readonly id: ContestId;
  readonly person_id: PersonId;
  readonly kind: Contest['kind'];
  readonly transfer_id: TransferId | null;
  readonly recipient_organization_id: OrganizationId | null;
  readonly words: Buffer;
  readonly recorded_at: Instant;
  readonly due_at: Instant;
  readonly outcome: ContestOutcome | null;
  readonly answer: Buffer | null;
  readonly answered_at: Instant | null;
  readonly wrapped_key: Buffer;
  readonly overdue: boolean;
}

const SELECT = `
  select c.*, p.wrapped_key, c.answered_at is null and c.due_at <= database_time() as overdue
    from contest c
    join person p on p.organization_id = c.organization_id and p.id = c.person_id and p.erased_at is null
   where c.organization_id = $1`;
const STATES = {
  open: 'c.answered_at is null',
  answered: 'c.answered_at is not null',
  overdue: 'c.answered_at is null and c.due_at <= database_time()',
};

export async function loadContest(tx: TxContext, id: ContestId): Promise<Contest | null> {
  if (!isUuid(id)) return null;
  const { rows } = await tx.client.query<Row>(`${SELECT} and c.id = $2`, [tx.organizationId, id]);
  return rows[0] === undefined ? null : toContest(tx, rows[0]);
}

export async function listContests(
  tx: TxContext,
  { state, personId }: Parameters<OrganizationTx['listContests']>[0],
): Promise<readonly Contest[]> {
  if (personId !== undefined && !isUuid(personId)) return [];
  const { rows } = await tx.client.query<Row>(
    `${SELECT} and ($2::uuid is null or c.person_id = $2) and ${state === undefined ? 'true' : STATES[state]}
      order by c.recorded_at desc, c.id limit 200`,
    [tx.organizationId, personId ?? null],
  );
  return rows.map((row) => toContest(tx, row));
}

const ANSWER = `
  update contest set outcome = $3, answer = $4, answered_at = now(), answered_by = $5
   where organization_id = $1 and id = $2 and answered_at is null`;

export async function answerContest(
  tx: TxContext,
  id: ContestId,
  outcome: ContestOutcome,
  answer: string,
  actor: Actor,
): Promise<boolean> {
  const contest = await loadContest(tx, id);
  if (contest === null) return false;
  const key = await dataKeyOf(tx, contest.personId);
  const sealed = seal(key, answer, place(tx, id, 'answer'));
  const { rowCount } = await tx.client.query(ANSWER, [tx.organizationId, id, outcome, sealed, actor]);
  return rowCount === 1;
}

function toContest(tx: TxContext, row: Row): Contest {
  const key = rememberDataKey(tx, row.person_id, row.wrapped_key);
  return {
    id: row.id,
    personId: row.person_id,
    kind: row.kind,
    transferId: row.transfer_id,
    recipientOrganizationId: row.recipient_organization_id,
    words: open(key, row.words, place(tx, row.id, 'words')).toString('utf8'),
    recordedAt: row.recorded_at,
    dueAt: row.due_at,
    outcome: row.outcome,
    answer: row.answer === null ? null : open(key, row.answer, place(tx, row.id, 'answer')).toString('utf8'),
    answeredAt: row.answered_at,
    overdue: row.overdue,
  };
}

function place({ organizationId }: TxContext, id: ContestId, version: 'words' | 'answer'): Place {
  return { table: 'contest', row: `${organizationId}/${id}`, version };
}
