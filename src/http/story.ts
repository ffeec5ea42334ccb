import type { Provenance } from 'fhir/r4.js';
import type { Agreement } from '../domain/agreement/agreement.js';
import type {
  AccessLinkId,
  AuditEntryId,
  AgreementId,
  CaseId,
  ConsentId,
  ContestId,
  NoticeId,
  PersonId,
  TaskId,
  TransferId,
} from '../kernel/ids.js';
import type { Instant } from '../kernel/clock.js';
import type { Lang } from '../kernel/i18n.js';
import type { JsonObject, JsonValue } from '../kernel/json.js';
import type { AccessLink, LinkPrincipal } from '../transfer/access-link-ports.js';
import type { AccessLinkCommand, MadeAccessLink } from '../transfer/access-links.js';
import type { AccessCode, ReceivedPage } from '../transfer/received-page.js';
import type { LinkedContest, StandingConsent, withdrawByLink } from '../transfer/linked-page.js';
import type { AgreementOverview, KeptOriginal, SignedOriginal } from '../transfer/agreement-ports.js';
import type { RegisterLine } from '../domain/agreement/register.js';
import type { AgreementDiff, DueAgreement } from '../transfer/review-agreements.js';
import type { SimulationCommand, SimulationFinding, SimulationTotals } from '../transfer/simulate-agreement.js';
import type { DeclineCommand } from '../transfer/decline-to-share.js';
import type { DeclinedShare } from '../transfer/decline-ports.js';
import type { DeferralCommand } from '../transfer/defer-notice.js';
import type { UnusualAccess } from '../transfer/limit-ports.js';
import type { BrokenGlass, GlassOutcome, NoticeDeferral } from '../transfer/oversight-ports.js';
import type { StepCommand } from '../transfer/step-agreement.js';
import type { DisclosureReport } from '../transfer/disclosure-report.js';
import type { ContestAnswer, ContestCommand } from '../transfer/contest.js';
import type { Notified } from '../transfer/notify-recipients.js';
import type { Figures } from '../transfer/figures.js';
import type { EvidenceCommand } from '../transfer/export-evidence.js';
import type { DraftPart } from '../transfer/desk-ports.js';
import type { MessageCommand, MessageResult } from '../transfer/answer-question.js';
import type { KeptDraft } from '../transfer/keep-draft.js';
import type { SentContent } from '../transfer/read-content.js';
import type { WorklistItem } from '../transfer/show-worklist.js';
import type { Contest, Notice, NoticeAnswer } from '../transfer/notice-ports.js';
import type { Evidence, RecordedEvidence } from '../transfer/consent-evidence.js';
import type { Organization } from '../transfer/partner.js';
import type { OrganizationTx } from '../transfer/ports.js';
import type { IndexedIdentity } from '../transfer/stored-case.js';
import type { Transfer } from '../transfer/transfer.js';
import type { AuditSearch } from '../transfer/audit-view-ports.js';
import type { AuditPage, EntryProof } from '../transfer/view-audit.js';
import type { Principal } from '../transfer/principal.js';
import type { OwnEntry, PutCaseResult } from '../transfer/put-case.js';
import type { PutBundleResult } from '../transfer/put-case-bundle.js';
import type { RecordedConsent } from '../transfer/record-consent.js';
import type { PreviewCommand, PreviewResult } from '../transfer/preview-transfer.js';
import type { TransferReminders } from '../transfer/remind-by-hand.js';
import type { TransferCommand } from '../transfer/request-transfer.js';
import type { Candidate } from '../transfer/search-persons.js';
import type { ShownConsent } from '../transfer/show-consent.js';
import type { takeOver, TakeOverView } from '../transfer/take-over.js';
import type { TakenOver } from '../transfer/take-over-ports.js';
import type { ReferralReport } from '../transfer/update-referral.js';
import type { EntryCommand, EntryResult } from '../transfer/write-entry.js';
import type { Withdrawal } from '../transfer/withdraw-consent.js';
import type { OperatorStory } from './operator-story.js';

/** What `relais audit verify` says as well: does the chain hold, and how far is it built? */
interface AuditVerification {
  readonly verified: boolean;
  /** Entries in the chain. */
  readonly entries: number;
  /** Entries committed and not numbered yet; more than a second's worth means that the sequencer stands still. */
  readonly unsequenced: number;
  /** Sequence number of the first entry that does not fit. */
  readonly firstBadEntry: number | null;
}

export interface Readiness {
  readonly database: boolean;
  readonly queue: boolean;
  /** Every migration of this version is applied. */
  readonly migrations: boolean;
  /** Stopped by an operator: requests are accepted all the same. Absent when it cannot be asked. */
  readonly deliveries?: 'running' | 'stopped';
}

/** A stored consent as HTTP shows it. */
export type ConsentView = Pick<RecordedConsent, 'id' | 'version' | 'resource'>;

/**
 * What HTTP asks of the story: one function per act, dependencies already filled in by the composition root. Every
 * function throws `RelaisError`; an id of another organization is a 404 like an id that never was.
 */
export interface Story extends OperatorStory {
  readonly putCase: (
    principal: Principal,
    caseId: string,
    document: JsonValue,
    requestId: string,
  ) => Promise<PutCaseResult>;
  readonly getCase: (
    principal: Principal,
    caseId: string,
    requestId: string,
    version?: number,
  ) => Promise<{
    readonly caseId: CaseId;
    readonly personId: PersonId;
    readonly version: number;
    readonly document: JsonValue;
    readonly written: readonly OwnEntry[];
    readonly takenOver: TakenOver | null;
  }>;
  /** One entry, everything else byte for byte. */
  readonly writeEntry: (principal: Principal, command: EntryCommand) => Promise<EntryResult>;
  /** The same as FHIR R4; what no map covers is kept for the organization itself. */
  readonly putCaseBundle: (
    principal: Principal,
    caseId: string,
    bundle: JsonObject,
    requestId: string,
  ) => Promise<PutBundleResult>;
  readonly getCaseBundle: (principal: Principal, caseId: string, requestId: string) => Promise<JsonObject>;
  readonly searchPersons: (
    principal: Principal,
    query: IndexedIdentity,
    requestId: string,
  ) => Promise<readonly Candidate[]>;
  readonly disclosureReport: (
    principal: Principal,
    personId: PersonId,
    lang: Lang,
    requestId: string,
  ) => Promise<DisclosureReport>;

  /** A one-time link for the person; token and code are told once. */
  readonly makeAccessLink: (
    principal: Principal,
    personId: PersonId,
    command: AccessLinkCommand,
    requestId: string,
  ) => Promise<MadeAccessLink>;
  readonly listAccessLinks: (
    principal: Principal,
    personId: PersonId,
    requestId: string,
  ) => Promise<readonly AccessLink[]>;
  readonly revokeAccessLink: (principal: Principal, id: AccessLinkId, requestId: string) => Promise<AccessLink>;
  /** The code for a guest, told once. */
  readonly makeAccessCode: (principal: Principal, id: TransferId, requestId: string) => Promise<AccessCode>;
  /** What a guest does by their link. */
  readonly readReceived: (principal: LinkPrincipal, requestId: string) => Promise<ReceivedPage>;
  readonly answerReceived: (principal: LinkPrincipal, report: ReferralReport, requestId: string) => Promise<Transfer>;
  /** What a person does by their link. */
  readonly linkedReport: (principal: LinkPrincipal, lang: Lang, requestId: string) => Promise<DisclosureReport>;
  readonly standingConsents: (
    principal: LinkPrincipal,
    lang: Lang,
    requestId: string,
  ) => Promise<readonly StandingConsent[]>;
  readonly withdrawByLink: (
    principal: LinkPrincipal,
    id: ConsentId,
    requestId: string,
  ) => ReturnType<typeof withdrawByLink>;
  readonly contestByLink: (principal: LinkPrincipal, contest: LinkedContest, requestId: string) => Promise<Contest>;

  readonly recordConsent: (
    principal: Principal,
    id: ConsentId | null,
    resource: JsonValue,
    expectedVersion: number | undefined,
    requestId: string,
  ) => Promise<RecordedConsent>;
  readonly getConsent: (principal: Principal, id: ConsentId, requestId: string) => Promise<ConsentView>;
  readonly searchConsents: (
    principal: Principal,
    filter: { readonly patient: PersonId },
    requestId: string,
  ) => Promise<readonly ConsentView[]>;
  readonly showConsent: (principal: Principal, id: ConsentId, requestId: string) => Promise<ShownConsent>;
  readonly recordEvidence: (
    principal: Principal,
    id: ConsentId,
    evidence: Evidence,
    requestId: string,
  ) => Promise<RecordedEvidence>;
  readonly withdrawConsent: (principal: Principal, id: ConsentId, requestId: string) => Promise<Withdrawal>;

  readonly listNotices: (
    principal: Principal,
    filter: Parameters<OrganizationTx['listNotices']>[0],
    requestId: string,
  ) => Promise<readonly Notice[]>;
  readonly answerNotice: (
    principal: Principal,
    id: NoticeId,
    answer: { readonly answer: NoticeAnswer; readonly words: string | null },
    requestId: string,
  ) => Promise<Notice>;
  readonly recordContest: (
    principal: Principal,
    command: ContestCommand,
  ) => Promise<{ readonly contest: Contest; readonly stopped: readonly TransferId[] }>;
  readonly listContests: (
    principal: Principal,
    filter: Parameters<OrganizationTx['listContests']>[0],
    requestId: string,
  ) => Promise<readonly Contest[]>;
  readonly answerContest: (
    principal: Principal,
    id: ContestId,
    answer: ContestAnswer,
    requestId: string,
  ) => Promise<{ readonly contest: Contest; readonly notified: readonly Notified[] }>;

  /** The directory of the gateway: names for ids. */
  readonly listOrganizations: (principal: Principal) => Promise<readonly Organization[]>;
  readonly listAgreements: (principal: Principal) => Promise<readonly AgreementOverview[]>;
  readonly getAgreement: (principal: Principal, id: AgreementId, version?: number) => Promise<AgreementOverview>;
  readonly stepAgreement: (
    principal: Principal,
    id: AgreementId,
    command: StepCommand,
    requestId: string,
  ) => Promise<AgreementOverview>;
  readonly diffAgreement: (
    principal: Principal,
    id: AgreementId,
    versions: { readonly from: number; readonly to: number },
  ) => Promise<AgreementDiff>;
  readonly simulateAgreement: (
    principal: Principal,
    command: SimulationCommand,
    find: (finding: SimulationFinding) => void,
  ) => Promise<SimulationTotals>;
  readonly dueAgreements: (principal: Principal) => Promise<readonly DueAgreement[]>;
  readonly processingRegister: (principal: Principal, lang: Lang) => Promise<readonly RegisterLine[]>;
  readonly putOriginal: (
    principal: Principal,
    original: Omit<SignedOriginal, 'digest'>,
    requestId: string,
  ) => Promise<KeptOriginal>;
  readonly getOriginal: (principal: Principal, id: AgreementId, version: number) => Promise<KeptOriginal>;
  readonly putAgreement: (principal: Principal, agreement: Agreement, requestId: string) => Promise<Agreement>;

  /** Shows what would leave; nothing does. */
  readonly previewTransfer: (principal: Principal, command: PreviewCommand) => Promise<PreviewResult>;
  /** A refusal is a transfer too: `status: 'refused'` with its reasons. */
  readonly requestTransfer: (principal: Principal, command: TransferCommand) => Promise<Transfer>;
  readonly getTransfer: (principal: Principal, id: TransferId, requestId: string) => Promise<Transfer>;
  /** Newest first. */
  readonly listTransfers: (
    principal: Principal,
    filter: { readonly personId?: PersonId; readonly limit: number; readonly before?: Instant },
    requestId: string,
  ) => Promise<readonly Transfer[]>;
  /** What happened last first. */
  readonly showWorklist: (principal: Principal, limit: number, requestId: string) => Promise<readonly WorklistItem[]>;
  /** A recipient that accepted makes a case of its own of what it received. */
  readonly lookAtTakeOver: (principal: Principal, id: TransferId, requestId: string) => Promise<TakeOverView>;
  readonly takeOver: (
    principal: Principal,
    id: TransferId,
    choice: 'new' | PersonId,
    requestId: string,
  ) => ReturnType<typeof takeOver>;
  /** The sender's answer to a question of the recipient. */
  readonly answerQuestion: (principal: Principal, command: MessageCommand) => Promise<MessageResult>;
  readonly readContent: (principal: Principal, id: TransferId, requestId: string) => Promise<SentContent>;
  /** @throws RelaisError 403 `launch.invalid` */
  readonly openLaunch: (
    principal: Principal,
    launch: string,
    requestId: string,
  ) => Promise<{ readonly caseId: CaseId; readonly personId: PersonId }>;
  readonly putDraft: (
    principal: Principal,
    caseId: string,
    part: DraftPart,
    draft: JsonObject,
    requestId: string,
  ) => Promise<KeptDraft>;
  readonly getDraft: (principal: Principal, caseId: string, part: DraftPart, requestId: string) => Promise<KeptDraft>;
  /** An outcome without a transfer: somebody declines to share. */
  readonly declineToShare: (principal: Principal, command: DeclineCommand) => Promise<DeclinedShare>;
  readonly listDeclinedShares: (
    principal: Principal,
    personId: PersonId,
    requestId: string,
  ) => Promise<readonly DeclinedShare[]>;
  readonly cancelTransfer: (principal: Principal, id: TransferId, requestId: string) => Promise<Transfer>;
  /** Reminders of a transfer that waits for its answer: sent, sent by hand, switched off or on. */
  readonly readReminders: (principal: Principal, id: TransferId, requestId: string) => Promise<TransferReminders>;
  readonly remindByHand: (
    principal: Principal,
    id: TransferId,
    idempotencyKey: string,
    requestId: string,
  ) => Promise<TransferReminders>;
  readonly switchReminders: (
    principal: Principal,
    id: TransferId,
    on: boolean,
    requestId: string,
  ) => Promise<TransferReminders>;
  /** Counts over the last days; none by member of staff or person. */
  readonly figures: (principal: Principal, days: number) => Promise<Figures>;

  readonly listBrokenGlass: (principal: Principal, requestId: string) => Promise<readonly BrokenGlass[]>;
  readonly reviewBrokenGlass: (
    principal: Principal,
    id: TransferId,
    review: { readonly outcome: GlassOutcome; readonly note: string },
    requestId: string,
  ) => Promise<void>;
  /** With the name of each member of staff, where it is known. */
  readonly listUnusualAccess: (
    principal: Principal,
    requestId: string,
  ) => Promise<readonly (UnusualAccess & { readonly name: string | null })[]>;
  readonly deferNotice: (
    principal: Principal,
    id: TransferId,
    command: DeferralCommand,
    requestId: string,
  ) => Promise<NoticeDeferral>;
  readonly listDeferrals: (principal: Principal, requestId: string) => Promise<readonly NoticeDeferral[]>;
  readonly confirmDeferral: (principal: Principal, id: TransferId, requestId: string) => Promise<NoticeDeferral>;
  readonly liftDeferral: (principal: Principal, id: TransferId, requestId: string) => Promise<void>;

  readonly getTask: (principal: Principal, id: TaskId, requestId: string) => Promise<Transfer>;
  readonly updateReferral: (
    principal: Principal,
    id: TaskId,
    report: ReferralReport,
    requestId: string,
  ) => Promise<Transfer>;

  /** A zip that proves the transfer to whoever has no database. */
  readonly exportEvidence: (principal: Principal, id: TransferId, command: EvidenceCommand) => Promise<Buffer>;
  readonly viewAudit: (principal: Principal, search: AuditSearch, requestId: string) => Promise<AuditPage>;
  readonly viewProvenance: (principal: Principal, target: TaskId, requestId: string) => Promise<readonly Provenance[]>;
  readonly verifyAudit: (principal: Principal) => Promise<AuditVerification>;
  readonly auditCheckpoint: () => Promise<{ readonly checkpoint: string | null; readonly keys: readonly string[] }>;
  readonly proveEntry: (principal: Principal, id: AuditEntryId, requestId: string) => Promise<EntryProof>;
  /** Never throws: what cannot be asked is not ready. */
  readonly ready: () => Promise<Readiness>;
}
