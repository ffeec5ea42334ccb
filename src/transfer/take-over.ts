import { addMs } from '../kernel/clock.js';
import { notFound, RelaisError } from '../kernel/errors.js';
import { newId, type CaseId, type DecisionId, type PersonId, type TransferId } from '../kernel/ids.js';
import { readJson, writeJson, type JsonObject, type JsonValue } from '../kernel/json.js';
import type { Case } from '../domain/case/case.js';
import { indexedIdentity } from '../domain/case/identity.js';
import { decide } from '../domain/decision/decide.js';
import { onwardRule } from '../domain/decision/onward.js';
import { receiptOf } from '../domain/decision/receipt.js';
import { labelIncoming } from '../domain/labels/fhir/label-incoming.js';
import { whatShrank } from './deliver-transfer.js';
import { completeRecord } from './complete-record.js';
import type { RecordMapping } from './map-record.js';
import type { BundleFrame } from './pin-bundle.js';
import type { OrganizationTx, Store } from './ports.js';
import type { Transfer } from './transfer.js';
import type { Principal } from './principal.js';
import { storeCase } from './put-case.js';
import { contentPurged } from './read-content.js';
import { searchPersons, shownAs, type Candidate } from './search-persons.js';
import { senderFace } from './sender-face.js';
import type { NewTakenOver, TakenOver } from './take-over-ports.js';

export interface TakeOverDeps {
  readonly store: Store;
  readonly mapping: RecordMapping;
  readonly frame: BundleFrame;
  readonly wake: () => void;
}

const DAY_MS = 24 * 3_600_000;
/** Who said yes, and may have gone on since. */
const ACCEPTED: readonly Transfer['referralStatus'][] = ['accepted', 'in-progress', 'completed'];

/** What whoever takes a case over has to see before: whose it may be already, and what holds for it afterwards. */
export interface TakeOverView {
  /** Set: it was done before, and nothing of the content was read now. */
  readonly takenOver: TakenOver | null;
  readonly person: Pick<Candidate, 'names' | 'birthDate'> | null;
  /** Persons of one's own that it may be; nothing is merged by itself. */
  readonly candidates: readonly Candidate[];
  readonly terms: Pick<TakenOver, 'onward' | 'keepUntil' | 'keepThen' | 'leftOut'> | null;
}

/**
 * Shows a recipient that accepted whose file it may be. The content is read for it, so it is decided again and written down
 * under the eyes of both organizations before anything is answered.
 *
 * @throws RelaisError as `takeOver` does
 */
export async function lookAtTakeOver(
  deps: TakeOverDeps,
  principal: Principal,
  id: TransferId,
  requestId: string,
): Promise<TakeOverView> {
  const before = await deps.store.asOrganization(principal.organizationId, (tx) => tx.takenOver({ transferId: id }));
  if (before !== null) return { takenOver: before, person: null, candidates: [], terms: null };
  const { record, onward, keepUntil, keepThen, leftOut } = await receive(deps, principal, id, requestId);
  const candidates = await searchPersons(deps, principal, indexedIdentity(record), requestId);
  const person = shownAs(record.person);
  return { takenOver: null, person, candidates, terms: { onward, keepUntil, keepThen, leftOut } };
}

/**
 * A recipient that accepted makes a case of its own of exactly what it received, with the history that was conveyed and the
 * marks that came with it. A human says whose file it is; the origin and the agreement's rule about passing it on are kept
 * beside the case, and every later decision about it looks at them. Done twice, it is done once.
 *
 * @param choice somebody new, or one of the candidates
 * @throws RelaisError 404 for what this organization did not receive; 409 `take-over.not-accepted`; 410
 *   `transfer.content-purged`; 403 `take-over.refused` when the record may no longer be used (withdrawn, objected to, marked,
 *   or to be used no more); 422 `take-over.not-candidate`, `take-over.not-readable`, `case.invalid`
 */
export async function takeOver(
  deps: TakeOverDeps,
  principal: Principal,
  id: TransferId,
  choice: 'new' | PersonId,
  requestId: string,
): Promise<{ readonly taken: TakenOver; readonly created: boolean }> {
  const { store, wake } = deps;
  const own = principal.organizationId;
  const before = await store.asOrganization(own, (tx) => tx.takenOver({ transferId: id }));
  if (before !== null) return { taken: before, created: false };
  const { record, ...received } = await receive(deps, principal, id, requestId);
  const created = await store.asOrganization(own, async (tx) => {
    // Whoever comes second waits here, and finds the case of whoever came first.
    if (!(await tx.putTakenOver({ ...received, actor: principal.actor }))) return false;
    const key = choice === 'new' ? received.caseId : await keyOfCandidate(tx, record, choice);
    const document = { ...record, person: { ...record.person, id: key } } as unknown as JsonValue;
    await storeCase(tx, principal, received.caseId, document, requestId, { expectedVersion: 0 });
    await tx.audit({
      action: 'case.taken-over',
      outcome: 'success',
      actor: principal.actor,
      organizations: [own, received.fromOrganizationId],
      transferId: id,
      requestId,
      codes: { onward: received.onward.kind },
    });
    return true;
  });
  if (created) {
    await store.asOrganization(received.fromOrganizationId, (tx) => tx.announce(id, 'referral.status'));
    wake();
  }
  const taken = await store.asOrganization(own, (tx) => tx.takenOver({ transferId: id }));
  if (taken === null) throw notFound();
  return { taken, created };
}

type Received = Omit<NewTakenOver, 'actor'> & { readonly record: Case };

/** What was received, decided on again by its sender's terms, in the words of the case model. */
async function receive(deps: TakeOverDeps, principal: Principal, id: TransferId, requestId: string): Promise<Received> {
  const { store, frame } = deps;
  const own = principal.organizationId;
  const transfer = await store.asOrganization(own, (tx) => tx.loadTransfer(id));
  if (transfer === null || transfer.recipientOrganizationId !== own || transfer.senderOrganizationId === own) {
    throw notFound();
  }
  if (!ACCEPTED.includes(transfer.referralStatus)) {
    const text = 'A case is taken over by who has accepted it.';
    throw new RelaisError('take-over.not-accepted', 409, 'business-rule', text);
  }
  const wire = await store.asOrganization(transfer.senderOrganizationId, (tx) =>
    readAgain(deps, tx, principal, transfer.id, requestId),
  );
  if (wire === 'purged') throw contentPurged();
  if (wire === 'refused') {
    const text = 'This may no longer be used: ask the service that sent it.';
    throw new RelaisError('take-over.refused', 403, 'business-rule', text);
  }
  return store.asOrganization(own, async (tx) => {
    const sender = await tx.loadOrganization(transfer.senderOrganizationId);
    const face = senderFace(frame, transfer, sender);
    const { record, leftOut } = toCase(deps.mapping, transfer, face.id, readJson(wire) as JsonObject);
    const agreement =
      transfer.agreement === null ? null : await tx.loadAgreement(transfer.agreement.id, transfer.agreement.version);
    const { retention } = agreement ?? {};
    const receivedAt = transfer.deliveredAt ?? (await tx.now());
    return {
      record,
      leftOut,
      transferId: id,
      caseId: `${transfer.reference}-${id.slice(0, 8)}` as CaseId,
      fromOrganizationId: transfer.senderOrganizationId,
      from: face.id as Received['from'],
      reference: transfer.reference,
      receivedAt,
      onward: onwardRule(agreement?.onward, await tx.listOrganizations()),
      keepUntil: retention === undefined ? null : addMs(receivedAt, retention.days * DAY_MS),
      keepThen: retention?.then ?? null,
    };
  });
}

/** In the sender's transaction: the bytes, written down as read, or why there are none. */
async function readAgain(
  { mapping }: TakeOverDeps,
  tx: OrganizationTx,
  { actor, organizationId }: Principal,
  transferId: TransferId,
  requestId: string,
): Promise<Buffer | 'purged' | 'refused'> {
  const received = await tx.loadReceived(transferId, true);
  const transfer = await tx.loadTransfer(transferId);
  if (received === null || transfer === null) return 'purged';
  // The term ends by the database's time, whether or not the content was deleted yet.
  if (transfer.purgeAt !== null && transfer.purgeAt <= (await tx.now())) return 'purged';
  const terms = await tx.loadTerms(received.request);
  const decision = decide(terms, received.request);
  await tx.recordDecision(receiptOf(newId<DecisionId>(), 'delivery', transferId, terms, received.request, decision));
  const against =
    decision.outcome === 'deny'
      ? decision.reasons
      : await whatShrank(mapping.labelRules, tx, received, decision.permit);
  const notices = transfer.personId === null ? [] : await tx.listNotices({ as: 'sender', personId: transfer.personId });
  const stopped = notices.some((notice) => notice.transferId === transferId && notice.kind === 'stop-using');
  const reasons = [...against.map(({ code }) => code), ...(stopped ? ['notice.stop-using'] : [])];
  await tx.audit({
    action: reasons.length === 0 ? 'transfer.read' : 'access.refused',
    outcome: reasons.length === 0 ? 'success' : 'refused',
    actor,
    organizations: reasons.length === 0 ? [organizationId, tx.organizationId] : [tx.organizationId],
    transferId,
    requestId,
    codes: { as: 'recipient', what: 'content', ...(reasons.length > 0 && { reasons }) },
  });
  return reasons.length === 0 ? received.wire : 'refused';
}

/** The bundle as a case: what it says of itself stays with each item, for every transfer from then on. */
function toCase(
  { compiled, publicUrl, labelRules }: RecordMapping,
  transfer: Transfer,
  faceId: string,
  bundle: JsonObject,
): ReturnType<typeof completeRecord> {
  const context = { identifierBase: `${publicUrl}/organizations/${faceId}` };
  const { record }: { record: Partial<Case> } = compiled.fromFhir(bundle, transfer.permitted, context);
  if (record.person === undefined) {
    const text = 'What was received cannot be read as a file.';
    throw new RelaisError('take-over.not-readable', 422, 'invalid', text);
  }
  const identify = compiled.identify(context);
  const entries = (bundle['entry'] ?? []) as readonly { readonly resource?: JsonObject; readonly fullUrl?: string }[];
  const incoming = entries.flatMap(({ resource, fullUrl }) => {
    const item = resource === undefined ? null : identify(resource, fullUrl);
    return resource === undefined || item === null ? [] : [{ map: item.map, key: item.key, resource }];
  });
  const plain = readJson(writeJson({ schemaVersion: 1, ...record } as unknown as JsonValue)) as JsonObject;
  return completeRecord(labelIncoming(labelRules, plain, incoming) as JsonObject);
}

/** The agency's own key of the candidate that a human chose. */
async function keyOfCandidate(tx: OrganizationTx, record: Case, personId: PersonId): Promise<string> {
  const found = (await tx.findCases(indexedIdentity(record))).find((one) => one.personId === personId);
  if (found === undefined) {
    const text = 'This person is not among those that it may be.';
    throw new RelaisError('take-over.not-candidate', 422, 'business-rule', text);
  }
  return (readJson(found.content) as unknown as Case).person.id;
}
