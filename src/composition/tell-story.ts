import type { Queue } from '../adapters/queue/queue.js';
import type { PostgresStore } from '../adapters/store/create-store.js';
import type { Case } from '../domain/case/case.js';
import type { LabelRules } from '../domain/labels/rules/rules.js';
import type { CompiledMapping } from '../domain/mapping/mapping.js';
import type { Readiness, Story } from '../http/story.js';
import { readJson, type JsonValue } from '../kernel/json.js';
import type { PairwiseIds } from '../kernel/pairwise.js';
import { answerNotice } from '../transfer/answer-notice.js';
import { answerQuestion } from '../transfer/answer-question.js';
import { cancelTransfer } from '../transfer/cancel-transfer.js';
import { getAgreement, putAgreement } from '../transfer/change-agreement.js';
import { confirmDeferral, deferNoticeOf, liftDeferral, listDeferrals } from '../transfer/defer-notice.js';
import { listBrokenGlass, reviewBrokenGlass } from '../transfer/review-break-glass.js';
import { readDeadLetters } from '../transfer/dead-letters.js';
import { figures } from '../transfer/figures.js';
import { getOriginal, putOriginal } from '../transfer/keep-original.js';
import { diffVersions, dueAgreements, processingRegister } from '../transfer/review-agreements.js';
import { simulateAgreement } from '../transfer/simulate-agreement.js';
import { stepAgreement } from '../transfer/step-agreement.js';
import { answerContest, recordContest } from '../transfer/contest.js';
import { declineToShare, listDeclinedShares } from '../transfer/decline-to-share.js';
import { disclosureReport, type DisclosureReportDeps } from '../transfer/disclosure-report.js';
import type { DeliveryControl } from '../transfer/delivery-control.js';
import { exportEvidence, type ExportEvidenceDeps } from '../transfer/export-evidence.js';
import type { OrganizationTx } from '../transfer/ports.js';
import type { Principal } from '../transfer/principal.js';
import { listUnusualAccess, openingWithin, requireSearch } from '../transfer/limit-access.js';
import type { AccessLimits } from '../transfer/limit-ports.js';
import { getDraft, putDraft } from '../transfer/keep-draft.js';
import { readContent } from '../transfer/read-content.js';
import { lookAtTakeOver, takeOver } from '../transfer/take-over.js';
import { openLaunch } from '../transfer/open-launch.js';
import type { VerifyLaunch } from '../transfer/identity-ports.js';
import { showWorklist } from '../transfer/show-worklist.js';
import { getCase, putCase } from '../transfer/put-case.js';
import { getCaseBundle } from '../transfer/get-case-bundle.js';
import { putCaseBundle } from '../transfer/put-case-bundle.js';
import { recordConsent } from '../transfer/record-consent.js';
import { replayTransfer, replayTransfers } from '../transfer/replay-transfers.js';
import {
  getPartner,
  listPartners,
  putContact,
  putEndpoint,
  registerGuest,
  registerPartner,
  replaceKeys,
  testPartner,
  turnPartner,
  type OperatePartnersDeps,
} from '../transfer/operate-partners.js';
import { previewTransfer } from '../transfer/preview-transfer.js';
import { readConsent, readConsents, readContests } from '../transfer/read-consents.js';
import { readNotices, readReferral, readTransfer, readTransfers } from '../transfer/read-transfers.js';
import { readReminders, remindByHand, switchReminders } from '../transfer/remind-by-hand.js';
import type { ReminderSettings } from '../transfer/reminder-rule.js';
import { requestTransfer } from '../transfer/request-transfer.js';
import { searchPersons } from '../transfer/search-persons.js';
import { recordEvidence, showConsent } from '../transfer/show-consent.js';
import { asSeenBy } from '../transfer/sender-face.js';
import { updateReferral } from '../transfer/update-referral.js';
import { proveEntry, viewAudit, viewProvenance } from '../transfer/view-audit.js';
import { listAccessLinks, makeAccessLink, revokeAccessLink } from '../transfer/access-links.js';
import { answerReceived, makeAccessCode, readReceived } from '../transfer/received-page.js';
import { contestByLink, standingConsents, withdrawByLink } from '../transfer/linked-page.js';
import { writeEntry } from '../transfer/write-entry.js';
import { withdrawConsent } from '../transfer/withdraw-consent.js';

/** Gives the story its dependencies; what HTTP calls is this. */
export function tellStory(options: {
  readonly store: PostgresStore;
  readonly mapping: CompiledMapping<Case>;
  readonly labelRules: LabelRules;
  readonly pairwiseId: PairwiseIds;
  readonly publicUrl: string;
  readonly reminders: ReminderSettings;
  readonly leaseMs: number;
  readonly queue: Pick<Queue, 'ready'>;
  readonly deliveries: DeliveryControl;
  readonly wake: (kind?: 'transfer') => void;
  readonly verifyLaunch: VerifyLaunch;
  readonly partners: Pick<OperatePartnersDeps, 'registry' | 'tests' | 'probe' | 'probeGuest' | 'log'>;
  readonly evidence: Pick<ExportEvidenceDeps, 'sign' | 'bundleKeys'>;
  /** How much anybody may look at within an hour. */
  readonly limits: AccessLimits;
  /** Of staff, for the data-protection officer. */
  readonly namesForOfficer: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Absent: the person's report shows staff by role. */
  readonly staffNames?: DisclosureReportDeps['staffNames'];
}): Story {
  const { store, publicUrl, pairwiseId, labelRules, deliveries, wake } = options;
  const mapping = { compiled: options.mapping, labelRules, pairwiseId, publicUrl };
  const frame = { publicUrl, pairwiseId };
  const signLog = async (): Promise<void> => void (await store.sequenceOnce());
  const reminding = { store, frame, labelRules, settings: options.reminders, wake };
  const operated = { store, wake, ...options.partners };
  const patienceMs = options.leaseMs + 5_000;
  const limited = { store, limits: options.limits };
  const opening = openingWithin(limited);
  const as = <T>(principal: Principal, work: (tx: OrganizationTx) => Promise<T>): Promise<T> =>
    store.asOrganization(principal.organizationId, work);

  return {
    putCase: (principal, caseId, document, requestId) => putCase({ store }, principal, caseId, document, requestId),
    getCase: (principal, caseId, requestId, version) =>
      opening(principal, { caseId }, requestId, () => getCase({ store }, principal, caseId, requestId, version)),
    writeEntry: (principal, command) =>
      opening(principal, command, command.requestId, () => writeEntry({ store }, principal, command)),
    putCaseBundle: (principal, caseId, bundle, requestId) =>
      putCaseBundle({ store, mapping }, principal, caseId, bundle, requestId),
    getCaseBundle: (principal, caseId, requestId) =>
      opening(principal, { caseId }, requestId, () => getCaseBundle({ store, mapping }, principal, caseId, requestId)),
    searchPersons: async (principal, query, requestId) => {
      await requireSearch(limited, principal, requestId);
      return searchPersons({ store }, principal, query, requestId);
    },
    disclosureReport: (principal, personId, lang, requestId) =>
      opening(principal, { personId }, requestId, () =>
        disclosureReport({ store, staffNames: options.staffNames }, principal, personId, lang, requestId),
      ),

    makeAccessLink: (principal, personId, command, requestId) =>
      opening(principal, { personId }, requestId, () =>
        makeAccessLink({ store }, principal, personId, command, requestId),
      ),
    listAccessLinks: (principal, personId, requestId) => listAccessLinks({ store }, principal, personId, requestId),
    revokeAccessLink: (principal, id, requestId) => revokeAccessLink({ store }, principal, id, requestId),
    makeAccessCode: (principal, id, requestId) => makeAccessCode({ store }, principal, id, requestId),
    readReceived: (principal, requestId) =>
      readReceived({ store, labelRules, frame, wake, mapping }, principal, requestId),
    answerReceived: (principal, report, requestId) =>
      answerReceived({ store, labelRules, frame, wake }, principal, report, requestId),
    linkedReport: (principal, lang, requestId) =>
      disclosureReport(
        { store, staffNames: options.staffNames },
        principal,
        principal.holder.personId,
        lang,
        requestId,
        'link',
      ),
    standingConsents: (principal, lang, requestId) => standingConsents({ store }, principal, lang, requestId),
    withdrawByLink: (principal, id, requestId) =>
      withdrawByLink({ store, patienceMs, frame }, principal, id, requestId),
    contestByLink: (principal, contest, requestId) =>
      contestByLink({ store, patienceMs, frame }, principal, contest, requestId),

    recordConsent: async (principal, id, resource, expectedVersion, requestId) => {
      const recorded = await recordConsent({ store, patienceMs }, principal, id, resource, expectedVersion, requestId);
      // A Consent that is put as inactive is a withdrawal, and keeps the same promise before it is acknowledged.
      if (id !== null) await withdrawIfInactive(principal, recorded.id, requestId);
      return recorded;
    },
    getConsent: async (principal, id, requestId) => viewOf(await readConsent({ store }, principal, id, requestId)),
    searchConsents: (principal, { patient }, requestId) =>
      opening(principal, { personId: patient }, requestId, async () =>
        (await readConsents({ store }, principal, patient, requestId)).map(viewOf),
      ),
    showConsent: (principal, id, requestId) => showConsent({ store }, principal, id, requestId),
    recordEvidence: (principal, id, evidence, requestId) =>
      recordEvidence({ store }, principal, id, evidence, requestId),
    withdrawConsent: (principal, id, requestId) =>
      withdrawConsent({ store, patienceMs, frame }, principal, id, requestId),
    listNotices: (principal, filter, requestId) => readNotices({ store, frame }, principal, filter, requestId),
    answerNotice: async (principal, id, answer, requestId) => {
      const answered = await answerNotice({ store }, principal, id, answer, requestId);
      return as(principal, (tx) => asSeenBy(frame, tx, answered));
    },
    recordContest: (principal, command) => recordContest({ store, patienceMs }, principal, command),
    listContests: (principal, filter, requestId) => readContests({ store }, principal, filter, requestId),
    answerContest: (principal, id, answer, requestId) =>
      answerContest({ store, frame }, principal, id, answer, requestId),

    listOrganizations: (principal) => as(principal, (tx) => tx.listOrganizations()),
    listAgreements: (principal) => as(principal, (tx) => tx.listAgreements()),
    getAgreement: (principal, id, version) => getAgreement({ store }, principal, id, version),
    putAgreement: (principal, agreement, requestId) => putAgreement({ store }, principal, agreement, requestId),
    stepAgreement: (principal, id, command, requestId) =>
      stepAgreement({ store, patienceMs }, principal, id, command, requestId),
    diffAgreement: (principal, id, versions) => diffVersions({ store }, principal, id, versions),
    simulateAgreement: (principal, command, find) =>
      simulateAgreement({ store }, principal.organizationId, command, find),
    dueAgreements: (principal) => dueAgreements({ store }, principal),
    processingRegister: (principal, lang) => processingRegister({ store }, principal.organizationId, lang),
    putOriginal: (principal, original, requestId) => putOriginal({ store }, principal, original, requestId),
    getOriginal: (principal, id, version) => getOriginal({ store }, principal, id, version),

    previewTransfer: (principal, command) =>
      opening(principal, command, command.requestId, () =>
        previewTransfer({ store, mapping, frame }, principal, command),
      ),
    requestTransfer: (principal, command) =>
      opening(principal, command, command.requestId, () =>
        requestTransfer({ store, mapping, frame, wake: () => wake('transfer') }, principal, command),
      ),
    getTransfer: (principal, id, requestId) => readTransfer({ store, frame }, principal, id, requestId),
    listTransfers: (principal, filter, requestId) => readTransfers({ store, frame }, principal, filter, requestId),
    showWorklist: (principal, limit, requestId) => showWorklist({ store, frame }, principal, limit, requestId),
    lookAtTakeOver: (principal, id, requestId) =>
      opening(principal, { transferId: id }, requestId, () =>
        lookAtTakeOver({ store, mapping, frame, wake }, principal, id, requestId),
      ),
    takeOver: (principal, id, choice, requestId) =>
      opening(principal, { transferId: id }, requestId, () =>
        takeOver({ store, mapping, frame, wake }, principal, id, choice, requestId),
      ),
    answerQuestion: (principal, command) => answerQuestion({ store, labelRules, wake }, principal, command),
    readContent: (principal, transferId, requestId) =>
      opening(principal, { transferId }, requestId, () =>
        readContent({ store, mapping, frame }, principal, transferId, requestId),
      ),
    openLaunch: (principal, launch, requestId) =>
      openLaunch({ store, verifyLaunch: options.verifyLaunch }, principal, launch, requestId),
    putDraft: (principal, caseId, part, draft, requestId) =>
      putDraft({ store }, principal, caseId, part, draft, requestId),
    getDraft: (principal, caseId, part, requestId) => getDraft({ store }, principal, caseId, part, requestId),
    listDeadLetters: (principal, filter, requestId) => readDeadLetters({ store }, principal, filter, requestId),
    replayTransfer: (principal, id, options, requestId) =>
      replayTransfer({ store, wake }, principal, id, options, requestId),
    replayTransfers: (principal, filter, options, requestId) =>
      replayTransfers({ store, wake }, principal, filter, options, requestId),
    figures: (principal, days) => figures({ store }, principal, days),
    listPartners: (principal) => listPartners(operated, principal),
    getPartner: (principal, id) => getPartner(operated, principal, id),
    registerPartner: (principal, partner) => registerPartner(operated, principal, partner),
    registerGuest: (principal, guest) => registerGuest(operated, principal, guest),
    putPartnerContact: (principal, id, contact, requestId) => putContact(operated, principal, id, contact, requestId),
    putPartnerEndpoint: (principal, id, endpoint, requestId) =>
      putEndpoint(operated, principal, id, endpoint, requestId),
    replacePartnerKeys: (principal, id, replacement, requestId) =>
      replaceKeys(operated, principal, id, replacement, requestId),
    turnPartner: (principal, id, to, requestId) => turnPartner(operated, principal, id, to, requestId),
    testPartner: (principal, id, requestId) => testPartner(operated, principal, id, requestId),
    deliveryStatus: () => deliveries.status(),
    stopDeliveries: (principal, partnerId) => deliveries.stop(partnerId, principal.actor),
    startDeliveries: async (principal, partnerId) => {
      await deliveries.start(partnerId, principal.actor);
      wake();
    },
    declineToShare: (principal, command) => declineToShare({ store }, principal, command),
    listDeclinedShares: (principal, personId, requestId) =>
      opening(principal, { personId }, requestId, () => listDeclinedShares({ store }, principal, personId, requestId)),
    cancelTransfer: (principal, id, requestId) => cancelTransfer({ store }, principal, id, requestId),

    readReminders: (principal, id, requestId) => readReminders(reminding, principal, id, requestId),
    remindByHand: (principal, id, key, requestId) => remindByHand(reminding, principal, id, key, requestId),
    switchReminders: (principal, id, on, requestId) => switchReminders(reminding, principal, id, on, requestId),

    listBrokenGlass: (principal, requestId) => listBrokenGlass({ store }, principal, requestId),
    reviewBrokenGlass: (principal, id, review, requestId) =>
      reviewBrokenGlass({ store }, principal, id, review, requestId),
    listUnusualAccess: async (principal, requestId) => {
      const found = await listUnusualAccess({ store }, principal, requestId);
      const names = await options.namesForOfficer(found.map(({ actor }) => actor.id));
      return found.map((one) => ({ ...one, name: names.get(one.actor.id) ?? null }));
    },
    deferNotice: (principal, id, command, requestId) => deferNoticeOf({ store }, principal, id, command, requestId),
    listDeferrals: (principal, requestId) => listDeferrals({ store }, principal, requestId),
    confirmDeferral: (principal, id, requestId) => confirmDeferral({ store }, principal, id, requestId),
    liftDeferral: (principal, id, requestId) => liftDeferral({ store }, principal, id, requestId),

    getTask: (principal, id, requestId) => readReferral({ store, frame }, principal, id, requestId),
    updateReferral: async (principal, id, report, requestId) => {
      const updated = await updateReferral({ store, wake }, principal, id, report, requestId);
      return as(principal, (tx) => asSeenBy(frame, tx, updated));
    },

    exportEvidence: (principal, transferId, command) =>
      opening(principal, { transferId }, command.requestId, () =>
        exportEvidence({ store, ...options.evidence, signLog }, principal, transferId, command),
      ),
    viewAudit: (principal, search, requestId) => viewAudit({ store, frame }, principal, search, requestId),
    viewProvenance: (principal, target, requestId) => viewProvenance({ store, frame }, principal, target, requestId),
    verifyAudit: async () => {
      const { ok, entries, unsequenced, firstBad } = await store.verifyAudit();
      return { verified: ok, entries, unsequenced, firstBadEntry: firstBad?.seq ?? null };
    },
    auditCheckpoint: async () => ({ checkpoint: await store.latestCheckpoint(), keys: await store.checkpointKeys() }),
    proveEntry: (principal, id, requestId) => proveEntry({ store }, principal, id, requestId),
    ready: () => readiness(),
  };

  async function withdrawIfInactive(
    principal: Principal,
    id: Parameters<Story['withdrawConsent']>[1],
    requestId: string,
  ): Promise<void> {
    const found = await as(principal, (tx) => tx.loadConsent(id));
    if (found?.terms.status !== 'inactive') return;
    await withdrawConsent({ store, patienceMs, frame }, principal, id, requestId);
  }

  async function readiness(): Promise<Readiness> {
    const [database, migrations, queue, stopped] = await Promise.all([
      // `ping` has its own answer: a database without the schema is there, and not ready.
      store.ping().then(
        () => true,
        () => false,
      ),
      store.isMigrated().catch(() => false),
      options.queue.ready().catch(() => false),
      store.deliveriesStopped().catch(() => null),
    ]);
    return { database, queue, migrations, ...(stopped !== null && { deliveries: stopped ? 'stopped' : 'running' }) };
  }
}

function viewOf({ resource, terms }: Awaited<ReturnType<OrganizationTx['listConsents']>>[number]): {
  id: typeof terms.id;
  version: number;
  resource: JsonValue;
} {
  const document = readJson(resource) as Record<string, JsonValue>;
  return {
    id: terms.id,
    version: terms.version,
    resource: { ...document, meta: { versionId: String(terms.version) } },
  };
}
