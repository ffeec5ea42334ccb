import type { CaseId, OrganizationId, PersonId, TransferId } from '../kernel/ids.js';
import type { Instant } from '../kernel/clock.js';
import { maskOf, permits } from '../domain/labels/labels.js';
import type { PurposeOfUse } from '../domain/decision/purpose.js';
import { auditTransferReads } from './audit-read.js';
import type { BundleFrame } from './pin-bundle.js';
import type { OrganizationTx, Store } from './ports.js';
import type { Transfer } from './transfer.js';
import type { Principal } from './principal.js';
import { eachAsSeenBy } from './sender-face.js';
import type { ReferralStatus, TransferStatus } from './status.js';
import { isLate, lastWord, whoseTurn, type LastWord, type Turn } from './whose-turn.js';

export interface WorklistItem extends Turn {
  readonly transferId: TransferId;
  readonly reference: string;
  readonly viewedAs: 'sender' | 'recipient';
  /** The other side. */
  readonly organizationId: OrganizationId;
  readonly purpose: PurposeOfUse;
  readonly status: TransferStatus;
  readonly referralStatus: ReferralStatus | null;
  readonly answerExpectedBy: Instant | null;
  readonly late: boolean;
  /** When the recipient was last reminded of what it owes an answer to; null: it was not, since what the sender answered last. */
  readonly remindedAt: Instant | null;
  readonly changedAt: Instant;
  /** The sender's own ids; null for the recipient. */
  readonly caseId: CaseId | null;
  readonly personId: PersonId | null;
  readonly person: PersonName | null;
}

/** By whom a caseworker recognises a line. */
interface PersonName {
  readonly given: readonly string[];
  readonly family: string | null;
  readonly birthDate: string | null;
}

const IDENTITY = maskOf(['identity']);

/**
 * What was sent and received, what happened last first, with whose turn it is. The sender reads the name in its newest
 * version of the case, the recipient in the content that it was sent, as long as that is kept and where identity was
 * permitted. Audited as one view, and each received transfer by itself, like every reading of one.
 */
export function showWorklist(
  { store, frame }: { readonly store: Store; readonly frame: BundleFrame },
  principal: Principal,
  limit: number,
  requestId: string,
): Promise<readonly WorklistItem[]> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const [now, transfers] = await Promise.all([tx.now(), tx.latestTransfers(limit)]);
    const isSender = ({ senderOrganizationId }: Transfer): boolean => senderOrganizationId === tx.organizationId;
    const sent = transfers.filter(isSender);
    const received = transfers.filter((transfer) => !isSender(transfer));
    const [persons, names] = await Promise.all([personsOfCases(tx, sent), namesInContent(tx, received)]);
    await tx.audit({
      action: 'transfer.searched',
      outcome: 'success',
      actor: principal.actor,
      organizations: [tx.organizationId],
      requestId,
      codes: { what: 'worklist', found: transfers.length },
    });
    if (received.length > 0) await auditTransferReads(tx, { principal, requestId }, 'worklist', received);
    const seen = await eachAsSeenBy(frame, tx, transfers);
    return seen.map((transfer, index): WorklistItem => {
      const asSender = isSender(transfers[index]!);
      const word = lastWord(transfer);
      const late = isLate(transfer, word, now);
      const { status, referralStatus } = transfer;
      return {
        transferId: transfer.id,
        reference: transfer.reference,
        ...whoseTurn({
          viewedAs: asSender ? 'sender' : 'recipient',
          status,
          referralStatus,
          isOverdue: late,
          asks: word.asks,
          replied: word.replied,
          wantsCode: transfer.codeAskedAt !== null,
        }),
        viewedAs: asSender ? 'sender' : 'recipient',
        organizationId: asSender ? transfer.recipientOrganizationId : transfer.senderOrganizationId,
        purpose: transfer.purpose,
        status,
        referralStatus,
        answerExpectedBy: transfer.answerExpectedBy,
        late,
        remindedAt: remindedSince(transfer, word),
        changedAt: transfer.timeline.at(-1)?.at ?? transfer.requestedAt,
        caseId: asSender ? transfer.caseId : null,
        personId: asSender ? transfer.personId : null,
        person: (asSender ? persons.get(transfer.caseId) : names.get(transfer.id)) ?? null,
      };
    });
  });
}

function remindedSince({ timeline }: Transfer, { answeredAt }: LastWord): Instant | null {
  const reminder = timeline.findLast(({ status }) => status === 'reminder:sent');
  return reminder === undefined || (answeredAt !== null && reminder.at < answeredAt) ? null : reminder.at;
}

interface Named {
  readonly given?: unknown;
  readonly family?: unknown;
}

async function personsOfCases(
  tx: OrganizationTx,
  transfers: readonly Transfer[],
): Promise<ReadonlyMap<CaseId, PersonName>> {
  const cases = await tx.newestCases(transfers.map(({ caseId }) => caseId));
  return new Map(
    cases.flatMap(({ caseId, content }) => {
      // Names and dates are texts: nothing is lost by the quick reader.
      const { person } = JSON.parse(content) as { person?: { names?: readonly Named[]; birthDate?: unknown } };
      return person === undefined ? [] : [[caseId, nameOf(person.names, person.birthDate)] as const];
    }),
  );
}

interface SentBundle {
  readonly entry?: readonly { readonly resource?: SentPatient }[];
}
interface SentPatient {
  readonly resourceType?: unknown;
  readonly name?: readonly Named[];
  readonly birthDate?: unknown;
}

async function namesInContent(
  tx: OrganizationTx,
  transfers: readonly Transfer[],
): Promise<ReadonlyMap<TransferId, PersonName>> {
  const named = transfers.filter(({ permitted }) => permits(permitted, IDENTITY));
  const wires = await tx.loadWires(named.map(({ id }) => id));
  return new Map(
    [...wires].flatMap(([id, wire]) => {
      const { entry = [] } = JSON.parse(wire.toString('utf8')) as SentBundle;
      const patient = entry.find(({ resource }) => resource?.resourceType === 'Patient')?.resource;
      return patient === undefined ? [] : [[id, nameOf(patient.name, patient.birthDate)] as const];
    }),
  );
}

/** The first name that has words; what is masked has none. */
function nameOf(names: readonly Named[] | undefined, birthDate: unknown): PersonName {
  const name = names?.find(({ given, family }) => Array.isArray(given) || typeof family === 'string');
  const given = Array.isArray(name?.given) ? name.given.filter((one): one is string => typeof one === 'string') : [];
  return {
    given,
    family: typeof name?.family === 'string' ? name.family : null,
    birthDate: typeof birthDate === 'string' ? birthDate : null,
  };
}
