import type { OrganizationTx } from '../../transfer/ports.js';
import { listAccessLinks, loadAccessLink, putAccessLink, revokeAccessLink } from './access/access-links.js';
import { guestLink, loadGuestLink, loadReceived, renewGuestCode } from './access/guest-links.js';
import { listAgreements, loadAgreement, lockAgreement, overviewOf } from './agreements/load-agreement.js';
import { loadOriginal, putOriginal } from './agreements/originals.js';
import { pastDecisions } from './agreements/past-decisions.js';
import { putAgreement } from './agreements/put-agreement.js';
import { accessesTo } from './audit/accesses-to.js';
import { firstOpening } from './audit/first-opening.js';
import { searchAudit } from './audit/search-audit.js';
import { insertEntries } from './audit/insert-entry.js';
import { listAudit, type AuditFilter, type ListedAuditEntry } from './audit/list-audit.js';
import { erasePerson, inventoryOf } from './cases/erase-person.js';
import { findCases } from './cases/find-cases.js';
import { loadCases } from './cases/load-case.js';
import { loadResidue } from './cases/load-residue.js';
import { personExists, personOfCase } from './cases/person-exists.js';
import { putCase } from './cases/put-case.js';
import { putTakenOver, takenOver } from './cases/taken-over.js';
import { listWrittenEntries, putWrittenEntry } from './cases/written-entries.js';
import { listEvidence, putEvidence } from './consents/evidence.js';
import { listConsents, loadConsent } from './consents/load-consent.js';
import { putConsent } from './consents/put-consent.js';
import { standOn } from './consents/stand-on.js';
import { withdrawnUnder } from './consents/withdrawn-under.js';
import { listDeclinedShares, loadDeclinedShare, putDeclinedShare } from './desk/declined-shares.js';
import { deleteDraft, loadDraft, putDraft } from './desk/drafts.js';
import { latestTransfers, loadWires, newestCases } from './desk/latest-transfers.js';
import { listDeadLetters } from './delivery/dead-letters.js';
import { findDeadLetters, replay, replayState } from './delivery/replay.js';
import { finishDelivered, finishFailed, finishRetry, finishStopped, markSending } from './delivery/finish-delivery.js';
import { loadSendings } from './delivery/load-sending.js';
import { listOrganizations, loadOrganizations } from './directory/list-organizations.js';
import { partnerOf } from './directory/partner-of.js';
import { listBrokenGlass, loadBrokenGlass, putGlassReview } from './oversight/broken-glass.js';
import {
  confirmDeferral,
  deferNotice,
  liftDeferral,
  listDeferrals,
  loadDeferral,
  noticeOf,
} from './oversight/notice-deferrals.js';
import { countSearch, listUnusual, noteUnusual, openFile } from './oversight/unusual-access.js';
import { answerContest, listContests, loadContest, putContest } from './notices/contests.js';
import { answerNotice, listNotices, loadNotice, noticeDelivered, putNotice } from './notices/notices.js';
import {
  loadReminders,
  lockReferral,
  lookAgainAt,
  markReminder,
  putReminder,
  reminderDelivered,
  reminderGivenUp,
  setQuiet,
} from './notices/reminders.js';
import { announce } from './transfers/announce.js';
import { insertDecisions, loadDecisions, loadVersions } from './transfers/decisions.js';
import { figuresSince } from './transfers/figures.js';
import { insertRefusal } from './transfers/insert-refusal.js';
import { insertTransfers, sealTransfer } from './transfers/insert-transfer.js';
import { deliveriesOf, disclosuresOf, listTransfers } from './transfers/list-transfers.js';
import { loadTerms } from './transfers/load-terms.js';
import { findTransferByTask, loadTransfers } from './transfers/load-transfer.js';
import { liveDeliveries } from './transfers/live-deliveries.js';
import { commitmentSaltOf, loadWire } from './transfers/load-wire.js';
import { proofsOf } from './transfers/proofs-of.js';
import { putPreview, takePreview } from './transfers/previews.js';
import { recordMessage, recordReferral } from './transfers/record-referral.js';
import { reserveIdempotencyKeys } from './transfers/reserve-idempotency-key.js';
import { lockUndelivered, lockWaiting, stopTransfer } from './transfers/stop-transfer.js';
import type { TxContext } from './tx-context.js';
import type { DecisionReceipt } from '../../domain/decision/receipt.js';
import type { DecisionId, TransferId } from '../../kernel/ids.js';

/** The operations of one organization's transaction: what the story asks for, and what the store adds. */
export interface StoreTx extends OrganizationTx {
  listAudit(filter: AuditFilter): Promise<readonly ListedAuditEntry[]>;
  /** The decision of this id, or all of the transfer of this id, oldest first. */
  loadDecisions(id: DecisionId | TransferId): Promise<readonly DecisionReceipt[]>;
  /** What a receipt names, in its order; null where a version is missing. */
  loadVersions(receipt: DecisionReceipt): ReturnType<typeof loadVersions>;
  /** Opens the log's commitment to what was sent. */
  commitmentSaltOf(id: TransferId): Promise<Buffer | null>;
}

export function organizationTx(tx: TxContext): StoreTx {
  return {
    organizationId: tx.organizationId,
    now: () => tx.at,
    audit: (fact) => append(tx, 'audit', fact, (facts) => insertEntries(tx.client, facts)),
    listAudit: (filter) => listAudit(tx, filter),
    proofsOf: (id) => proofsOf(tx, id),
    decisionsOf: (id) => loadDecisions(tx, id),
    searchAudit: (search) => searchAudit(tx, search),
    firstOpening: (id) => firstOpening(tx, id),
    accessesTo: (transfers) => accessesTo(tx, transfers),

    putCase: (input) => putCase(tx, input),
    loadCase: (caseId, version) => tx.gather('load-case', { caseId, version }, (asked) => loadCases(tx, asked)),
    loadResidue: (caseId, version) => loadResidue(tx, caseId, version),
    putWrittenEntry: (entry) => putWrittenEntry(tx, entry),
    listWrittenEntries: (caseId) => listWrittenEntries(tx, caseId),
    putTakenOver: (taken) => putTakenOver(tx, taken),
    takenOver: (by) => takenOver(tx, by),
    findCases: (identity) => findCases(tx, identity),
    personExists: (personId) => personExists(tx, personId),
    inventoryOf: (person) => inventoryOf(tx, person),
    erasePerson: (personId) => erasePerson(tx, personId),

    putConsent: (input) => putConsent(tx, input),
    loadConsent: (id) => loadConsent(tx, id),
    listConsents: (personId) => listConsents(tx, personId),
    standOn: (id, earlier) => standOn(tx, id, earlier),
    withdrawnUnder: (transferId) => tx.gather('withdrawn-under', transferId, (ids) => withdrawnUnder(tx, ids)),
    putEvidence: (consentId, evidence, actor) => putEvidence(tx, consentId, evidence, actor),
    listEvidence: (consentId) => listEvidence(tx, consentId),

    putAgreement: (agreement, actor, options) => putAgreement(tx, agreement, actor, options),
    loadAgreement: (id, version) => loadAgreement(tx, id, version),
    lockAgreement: (id) => lockAgreement(tx, id),
    overviewOf: (id) => overviewOf(tx, id),
    putOriginal: (original, parties, actor) => putOriginal(tx, original, parties, actor),
    pastDecisions: (of) => pastDecisions(tx, of),
    loadOriginal: (id, version) => loadOriginal(tx, id, version),
    listAgreements: () => listAgreements(tx),

    listOrganizations: () => listOrganizations(tx),
    loadOrganization: (id) => tx.gather('load-organization', id, (ids) => loadOrganizations(tx, ids)),
    partnerOf: (organizationId) => partnerOf(tx, organizationId),

    reserveIdempotencyKey: (key, requestDigest, transferId) =>
      tx.gather('reserve-key', { key, requestDigest, transferId }, (asked) => reserveIdempotencyKeys(tx, asked)),
    loadTerms: (request) => tx.gather('load-terms', request, (requests) => loadTerms(tx, requests)),
    recordDecision: (receipt) => append(tx, 'insert-decision', receipt, (receipts) => insertDecisions(tx, receipts)),
    loadDecisions: (id) => loadDecisions(tx, id),
    loadVersions: (receipt) => loadVersions(tx, receipt),
    putPreview: (preview) => putPreview(tx, preview),
    takePreview: (digest) => takePreview(tx, digest),
    insertTransfer: async (transfer) =>
      tx.gather('insert-transfer', await sealTransfer(tx, transfer), (sealed) => insertTransfers(tx, sealed)),
    insertRefusal: (refusal) => insertRefusal(tx, refusal),
    loadTransfer: (id) => tx.gather('load-transfer', id, (ids) => loadTransfers(tx, ids)),
    findTransferByTask: (taskId) => findTransferByTask(tx, taskId),
    listTransfers: (filter) => listTransfers(tx, filter),
    figuresSince: (since) => figuresSince(tx, since),
    commitmentSaltOf: (id) => commitmentSaltOf(tx, id),
    loadWire: (id) => loadWire(tx, id),
    disclosuresOf: (personId) => disclosuresOf(tx, personId),
    deliveriesOf: (personId) => deliveriesOf(tx, personId),

    loadSending: (claim) => tx.gather('load-sending', claim, (claims) => loadSendings(tx, claims)),
    markSending: (claim, signature) =>
      append(tx, 'mark-sending', { claim, signature }, (sent) => markSending(tx, sent)),
    finishDelivered: (claim, receipt) =>
      tx.gather('finish-delivered', { claim, receipt }, (answered) => finishDelivered(tx, answered)),
    finishRetry: (claim, cause, nextAttemptAt, sign) => finishRetry(tx, claim, cause, nextAttemptAt, sign),
    finishFailed: (claim, cause, sign) => finishFailed(tx, claim, cause, sign),
    replay: (ids, actor, notReceived) => replay(tx, ids, actor, notReceived),
    replayState: (id) => replayState(tx, id),
    listDeadLetters: (filter, limit) => listDeadLetters(tx, filter, limit),
    findDeadLetters: (filter, limit) => findDeadLetters(tx, filter, limit),
    finishStopped: (claim, status, reasons, sign) => finishStopped(tx, claim, status, reasons, sign),

    liveDeliveries: (of) => liveDeliveries(tx, of),
    lockUndelivered: (consentId) => lockUndelivered(tx, consentId),
    stopTransfer: (transferId, status, reasons, actor) => stopTransfer(tx, transferId, status, reasons, actor),

    listBrokenGlass: () => listBrokenGlass(tx),
    loadBrokenGlass: (id) => loadBrokenGlass(tx, id),
    putGlassReview: (review) => putGlassReview(tx, review),
    openFile: (opening) => openFile(tx, opening),
    countSearch: (search) => countSearch(tx, search),
    noteUnusual: (unusual) => noteUnusual(tx, unusual),
    listUnusual: () => listUnusual(tx),
    noticeOf: (id) => noticeOf(tx, id),
    deferNotice: (deferral) => deferNotice(tx, deferral),
    listDeferrals: () => listDeferrals(tx),
    loadDeferral: (id) => loadDeferral(tx, id),
    confirmDeferral: (id, secondReader) => confirmDeferral(tx, id, secondReader),
    liftDeferral: (id, actor) => liftDeferral(tx, id, actor),
    lockWaiting: (personId, recipient) => lockWaiting(tx, personId, recipient),

    putNotice: (notice) => putNotice(tx, notice),
    loadNotice: (id) => loadNotice(tx, id),
    listNotices: (filter) => listNotices(tx, filter),
    noticeDelivered: (id) => noticeDelivered(tx, id),
    answerNotice: (id, answer, words, actor) => answerNotice(tx, id, answer, words, actor),
    putContest: (contest) => putContest(tx, contest),
    loadContest: (id) => loadContest(tx, id),
    listContests: (filter) => listContests(tx, filter),
    answerContest: (id, outcome, answer, actor) => answerContest(tx, id, outcome, answer, actor),

    lockReferral: (transferId) => lockReferral(tx, transferId),
    loadReminders: (transferId) => loadReminders(tx, transferId),
    putReminder: (reminder) => putReminder(tx, reminder),
    markReminder: (id, unsure) => markReminder(tx, id, unsure),
    reminderDelivered: (id) => reminderDelivered(tx, id),
    reminderGivenUp: (id, cause) => reminderGivenUp(tx, id, cause),
    setQuiet: (transferId, quiet, actor) => setQuiet(tx, transferId, quiet, actor),
    lookAgainAt: (transferId, at) => lookAgainAt(tx, transferId, at),

    latestTransfers: (limit) => latestTransfers(tx, limit),
    newestCases: (ids) => newestCases(tx, ids),
    loadWires: (ids) => loadWires(tx, ids),
    personOfCase: (caseId) => personOfCase(tx, caseId),
    putDraft: (draft) => putDraft(tx, draft),
    loadDraft: (staffId, caseId, part) => loadDraft(tx, staffId, caseId, part),
    deleteDraft: (staffId, caseId, part) => deleteDraft(tx, staffId, caseId, part),
    putDeclinedShare: (declined) => putDeclinedShare(tx, declined),
    loadDeclinedShare: (id) => loadDeclinedShare(tx, id),
    listDeclinedShares: (personId) => listDeclinedShares(tx, personId),
    putAccessLink: (link) => putAccessLink(tx, link),
    loadAccessLink: (id) => loadAccessLink(tx, id),
    listAccessLinks: (personId) => listAccessLinks(tx, personId),
    guestLink: (transferId, lang, actor) => guestLink(tx, transferId, lang, actor),
    loadGuestLink: (transferId) => loadGuestLink(tx, transferId),
    loadReceived: (transferId, hold) => loadReceived(tx, transferId, hold),
    renewGuestCode: (transferId, code) => renewGuestCode(tx, transferId, code),
    revokeAccessLink: (id, actor) => revokeAccessLink(tx, id, actor),

    recordReferral: (input) => recordReferral(tx, input),
    recordMessage: (input) => recordMessage(tx, input),
    announce: (transferId, event) => append(tx, `announce ${event}`, transferId, (ids) => announce(tx, ids, event)),
  };
}

/** A row whose writing tells the story nothing: sent with what comes next, and the commit fails when it failed. */
function append<Row>(
  { gather, later }: TxContext,
  name: string,
  row: Row,
  write: (rows: readonly Row[]) => Promise<void>,
): Promise<void> {
  later(gather(name, row, (rows) => write(rows).then(() => [])));
  return Promise.resolve();
}
