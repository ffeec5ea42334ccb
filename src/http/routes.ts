import { allow, anyone, anyStaff, holderOf, localOr, open, staff } from './access.js';
import { listAccessLinks, makeAccessCode, makeAccessLink, revokeAccessLink } from './api/access-links.js';
import { getAgreement, listAgreements, listOrganizations, putAgreement, stepAgreement } from './api/agreements.js';
import { getOriginal, putOriginal } from './api/agreement-originals.js';
import { diffAgreement, getRegister, getRegisterCsv, listAlerts, simulateAgreement } from './api/agreement-reviews.js';
import { readAuditCheckpoint, readEntryProof, verifyAudit } from './api/audit.js';
import { getCase, getCaseSchema, putCase } from './api/cases.js';
import { writeIntervention, writeWorkingNote } from './api/entries.js';
import { recordEvidence, showConsent } from './api/consents.js';
import { answerContest, listContests, recordContest } from './api/contests.js';
import { answerNotice, listReceivedNotices, listSentNotices } from './api/notices.js';
import { declineToShare, listDeclinedShares } from './api/declined-shares.js';
import { showDeliveries, startDeliveries, stopDeliveries } from './api/deliveries.js';
import { getEvidence } from './api/evidence.js';
import { showFigures } from './api/figures.js';
import { runMapping } from './api/mapping-runs.js';
import {
  listPartners,
  putPartnerContact,
  putPartnerEndpoint,
  registerPartner,
  replacePartnerKeys,
  resumePartner,
  showPartner,
  suspendPartner,
  testPartner,
} from './api/partners.js';
import { getDisclosures, searchPersons } from './api/persons.js';
import { listUnusualAccess } from './api/unusual-access.js';
import { beginSignIn, finishSignIn, signOut, whoAmI } from './api/session.js';
import {
  issueToken,
  readFhirSmartConfiguration,
  readKeys,
  readMetadata,
  readOpenIdConfiguration,
  readSmartConfiguration,
} from './api/token.js';
import {
  confirmDeferral,
  deferNotice,
  liftDeferral,
  listBrokenGlass,
  listDeferrals,
  reviewBrokenGlass,
} from './api/oversight.js';
import { sendMessage } from './api/messages.js';
import { lookAtTakeOver, takeOver } from './api/take-over.js';
import { previewTransfer } from './api/preview.js';
import { getContent } from './api/content.js';
import { openLaunch } from './api/launches.js';
import { watchEvents } from './api/events.js';
import { getDraft, putDraft } from './api/drafts.js';
import { getWorklist } from './api/worklist.js';
import { listReminders, sendReminder, switchReminders } from './api/reminders.js';
import { listDeadLetters, replayTransfer, replayTransfers } from './api/replays.js';
import { cancelTransfer, getTransfer, listTransfers, requestTransfer } from './api/transfers.js';
import { showConsole, showConsoleAsset } from './console/show-console.js';
import { searchAuditEvents, searchProvenance } from './fhir/audit-events.js';
import { readCapabilities } from './fhir/capability-statement.js';
import { createConsent, readConsent, searchConsents, updateConsent, withdrawConsent } from './fhir/consents.js';
import { readTask, updateTask } from './fhir/tasks.js';
import { live, readMetrics, ready } from './operate.js';
import { createOpenApi } from './openapi/build-openapi.js';
import { get, post, put, type Route } from './route.js';
import { showDocs, showErrorDocs } from './site/docs.js';
import { showLanding } from './site/landing.js';
import { showLinkScript, showLinkStyle } from './site/links/assets.js';
import { askForCode, leaveDoor, openDoor, showDoor, showHome, showLeft } from './site/links/door.js';
import { answerGuest, showReceived } from './site/links/guest.js';
import { askContest, askWithdrawal, contestMine, showMine, withdrawMine } from './site/links/person.js';
import { showOpenApi } from './site/openapi.js';
import { showPaperStyle, showStyle } from './site/style.js';

const openApi = createOpenApi(() => ROUTES);
const published = open('says nothing about anybody; an integrator reads it before there is a token');
const linkless = open('the same for everybody; says nothing about anybody');
const beforeSignIn = open('whoever signs in is not known yet');
const probe = open('asked by the platform; answers with words that are fixed');

/**
 * Everything that can be asked of the gateway: method, path, who may, what happens. Routing, authorization, validation,
 * OpenAPI and the documentation come from this table and from nowhere else; what is not in it does not exist.
 */
export const ROUTES: readonly Route[] = [
  // Transfers
  post('/api/v1/transfers', allow('relais/Transfer.cru', 'caseworker'), requestTransfer),
  post('/api/v1/transfers/preview', allow('relais/Transfer.cru', 'caseworker'), previewTransfer),
  get('/api/v1/transfers', allow('relais/Transfer.cru', 'caseworker', 'data-protection-officer'), listTransfers),
  get('/api/v1/transfers/:id', allow('relais/Transfer.cru', 'caseworker', 'data-protection-officer'), getTransfer),
  get('/api/v1/transfers/:id/content', staff('caseworker'), getContent),
  get('/api/v1/transfers/:id/take-over', staff('caseworker'), lookAtTakeOver),
  post('/api/v1/transfers/:id/take-over', staff('caseworker'), takeOver),
  get('/api/v1/worklist', staff('caseworker'), getWorklist),
  get('/api/v1/events', anyStaff, watchEvents),
  post('/api/v1/transfers/:id/messages', allow('relais/Transfer.cru', 'caseworker'), sendMessage),
  post('/api/v1/transfers/:id/cancel', allow('relais/Transfer.cru', 'caseworker'), cancelTransfer),
  get(
    '/api/v1/transfers/:id/reminders',
    allow('relais/Transfer.cru', 'caseworker', 'data-protection-officer'),
    listReminders,
  ),
  post('/api/v1/transfers/:id/reminders', allow('relais/Transfer.cru', 'caseworker'), sendReminder),
  put('/api/v1/transfers/:id/reminders', allow('relais/Transfer.cru', 'caseworker'), switchReminders),
  post('/api/v1/transfers/:id/replay', allow('relais/Transfer.cru', 'caseworker'), replayTransfer),
  post('/api/v1/transfers/replays', staff('caseworker', 'operator'), replayTransfers),

  post('/api/v1/persons/:id/declined-shares', allow('relais/Transfer.cru', 'caseworker'), declineToShare),
  get(
    '/api/v1/persons/:id/declined-shares',
    allow('relais/Transfer.cru', 'caseworker', 'data-protection-officer'),
    listDeclinedShares,
  ),

  // Exceptional disclosures
  get('/api/v1/break-glass', staff('agreement-owner', 'data-protection-officer'), listBrokenGlass),
  post('/api/v1/break-glass/:id/review', staff('agreement-owner', 'data-protection-officer'), reviewBrokenGlass),
  get('/api/v1/unusual-access', staff('data-protection-officer'), listUnusualAccess),
  get('/api/v1/deferred-notices', staff('caseworker', 'data-protection-officer'), listDeferrals),
  post('/api/v1/transfers/:id/notice/defer', allow('relais/Transfer.cru', 'caseworker'), deferNotice),
  post('/api/v1/transfers/:id/notice/confirm', staff('caseworker', 'data-protection-officer'), confirmDeferral),
  post('/api/v1/transfers/:id/notice/lift', staff('caseworker', 'data-protection-officer'), liftDeferral),

  // Cases and persons
  put('/api/v1/cases/:id', allow('relais/Case.cru', 'caseworker'), putCase),
  get('/api/v1/cases/:id', allow('relais/Case.cru', 'caseworker'), getCase),
  put('/api/v1/cases/:id/interventions/:entryId', staff('caseworker'), writeIntervention),
  put('/api/v1/cases/:id/working-notes/:entryId', staff('caseworker'), writeWorkingNote),
  post('/api/v1/launches', staff('caseworker'), openLaunch),
  put('/api/v1/drafts/:caseId', staff('caseworker'), putDraft),
  get('/api/v1/drafts/:caseId', staff('caseworker'), getDraft),
  get('/api/v1/schemas/case', published, getCaseSchema),
  post('/api/v1/persons/search', allow('relais/Case.cru', 'caseworker'), searchPersons),

  // Consents
  post('/fhir/Consent', allow('system/Consent.cru', 'caseworker'), createConsent),
  put('/fhir/Consent/:id', allow('system/Consent.cru', 'caseworker'), updateConsent),
  get('/fhir/Consent/:id', allow('system/Consent.cru', 'caseworker', 'data-protection-officer'), readConsent),
  get('/fhir/Consent', allow('system/Consent.cru', 'caseworker', 'data-protection-officer'), searchConsents),
  get('/api/v1/consents/:id', allow('system/Consent.cru', 'caseworker', 'data-protection-officer'), showConsent),
  post('/api/v1/consents/:id/evidence', allow('system/Consent.cru', 'caseworker'), recordEvidence),
  post(
    '/api/v1/consents/:id/withdraw',
    allow('system/Consent.cru', 'caseworker', 'data-protection-officer'),
    withdrawConsent,
  ),

  // What past recipients are told, and what the person contests
  get('/api/v1/notices', allow('system/Task.ru', 'caseworker', 'data-protection-officer'), listReceivedNotices),
  get(
    '/api/v1/notices/sent',
    allow('relais/Transfer.cru', 'caseworker', 'data-protection-officer', 'agreement-owner', 'operator'),
    listSentNotices,
  ),
  post('/api/v1/notices/:id/answer', allow('system/Task.ru', 'caseworker', 'data-protection-officer'), answerNotice),
  post(
    '/api/v1/persons/:id/contests',
    allow('system/Consent.cru', 'caseworker', 'data-protection-officer'),
    recordContest,
  ),
  get('/api/v1/contests', allow('system/Consent.cru', 'caseworker', 'data-protection-officer'), listContests),
  post(
    '/api/v1/contests/:id/answer',
    allow('system/Consent.cru', 'caseworker', 'data-protection-officer'),
    answerContest,
  ),

  // Agreements
  get(
    '/api/v1/agreements',
    allow('relais/Agreement.r', 'agreement-owner', 'caseworker', 'data-protection-officer'),
    listAgreements,
  ),
  get('/api/v1/agreements/alerts', staff('agreement-owner', 'data-protection-officer'), listAlerts),
  get(
    '/api/v1/agreements/:id',
    allow('relais/Agreement.r', 'agreement-owner', 'caseworker', 'data-protection-officer'),
    getAgreement,
  ),
  put('/api/v1/agreements/:id', staff('agreement-owner'), putAgreement),
  post('/api/v1/agreements/:id/steps', staff('agreement-owner'), stepAgreement),
  put('/api/v1/agreements/:id/original', staff('agreement-owner'), putOriginal),
  get('/api/v1/agreements/:id/original', staff('agreement-owner', 'data-protection-officer'), getOriginal),
  get('/api/v1/agreements/:id/diff', staff('agreement-owner', 'data-protection-officer'), diffAgreement),
  post('/api/v1/agreements/:id/simulate', staff('agreement-owner', 'data-protection-officer'), simulateAgreement),
  get('/api/v1/processing-register', staff('agreement-owner', 'data-protection-officer'), getRegister),
  get('/api/v1/processing-register.csv', staff('agreement-owner', 'data-protection-officer'), getRegisterCsv),
  get('/api/v1/organizations', anyone, listOrganizations),

  // Referrals
  get('/fhir/Task/:id', allow('system/Task.ru', 'caseworker'), readTask),
  put('/fhir/Task/:id', allow('system/Task.ru', 'caseworker'), updateTask),

  // Proof
  get(
    '/api/v1/persons/:id/disclosures',
    allow('relais/Disclosure.r', 'caseworker', 'data-protection-officer'),
    getDisclosures,
  ),
  get('/api/v1/transfers/:id/evidence', staff('caseworker', 'data-protection-officer'), getEvidence),
  get('/fhir/AuditEvent', allow('relais/Disclosure.r', 'data-protection-officer'), searchAuditEvents),
  get('/fhir/Provenance', allow('system/Task.ru', 'caseworker', 'data-protection-officer'), searchProvenance),
  get('/api/v1/audit/verification', staff('data-protection-officer', 'operator'), verifyAudit),
  get('/api/v1/audit/checkpoint', staff('data-protection-officer', 'operator'), readAuditCheckpoint),
  get('/api/v1/audit/entries/:id/proof', staff('data-protection-officer'), readEntryProof),

  // Links for whoever has no account
  post('/api/v1/persons/:id/access-links', allow('relais/Disclosure.r', 'caseworker'), makeAccessLink),
  get(
    '/api/v1/persons/:id/access-links',
    allow('relais/Disclosure.r', 'caseworker', 'data-protection-officer'),
    listAccessLinks,
  ),
  post(
    '/api/v1/access-links/:id/revoke',
    allow('relais/Disclosure.r', 'caseworker', 'data-protection-officer'),
    revokeAccessLink,
  ),
  post('/api/v1/transfers/:id/access-code', allow('relais/Transfer.cru', 'caseworker'), makeAccessCode),
  get('/access', linkless, showDoor),
  post('/access', open('the token and the code of the form say who asks'), openDoor),
  post('/access/ask', open('tells the sender alone, and whoever asks nothing'), askForCode),
  get('/access/home', open('answers with the page that the cookie is for, or with nothing'), showHome),
  post('/access/leave', open('ends the session of the cookie, if there is one'), leaveDoor),
  get('/access/left', linkless, showLeft),
  get('/access/style.css', linkless, showLinkStyle),
  get('/access/open.js', linkless, showLinkScript),
  get('/access/mine', holderOf('person'), showMine),
  get('/access/mine/consents/:id', holderOf('person'), askWithdrawal),
  post('/access/mine/consents/:id', holderOf('person'), withdrawMine),
  get('/access/mine/contests', holderOf('person'), askContest),
  post('/access/mine/contests', holderOf('person'), contestMine),
  get('/access/received', holderOf('guest'), showReceived),
  post('/access/received', holderOf('guest'), answerGuest),

  // Mappings: a record of the caller's own, nothing of anybody else
  post('/api/v1/mappings/:name/runs', anyone, runMapping),

  // Identity
  post('/oauth/token', open('the client assertion in the form says who asks'), issueToken),
  get('/oauth/jwks', published, readKeys),
  get('/.well-known/oauth-authorization-server', published, readMetadata),
  get('/.well-known/openid-configuration', published, readOpenIdConfiguration),
  get('/.well-known/smart-configuration', published, readSmartConfiguration),
  get('/fhir/.well-known/smart-configuration', published, readFhirSmartConfiguration),
  get('/me', anyone, whoAmI),
  get('/signin', beforeSignIn, beginSignIn),
  get('/auth/callback', beforeSignIn, finishSignIn),
  post('/signout', anyone, signOut),

  // Operation
  get('/fhir/metadata', published, readCapabilities),
  get('/health/live', probe, live),
  get('/health/ready', probe, ready),
  get('/metrics', localOr('operator'), readMetrics),
  get('/api/v1/deliveries', staff('operator'), showDeliveries),
  get('/api/v1/deliveries/failed', staff('operator'), listDeadLetters),
  post('/api/v1/deliveries/stop', staff('operator'), stopDeliveries),
  post('/api/v1/deliveries/start', staff('operator'), startDeliveries),
  get('/api/v1/partners', staff('operator'), listPartners),
  post('/api/v1/partners', staff('operator'), registerPartner),
  get('/api/v1/partners/:id', staff('operator'), showPartner),
  put('/api/v1/partners/:id/endpoint', staff('operator'), putPartnerEndpoint),
  put('/api/v1/partners/:id/contact', staff('operator'), putPartnerContact),
  post('/api/v1/partners/:id/keys', staff('operator'), replacePartnerKeys),
  post('/api/v1/partners/:id/tests', staff('operator'), testPartner),
  post('/api/v1/partners/:id/suspend', staff('operator'), suspendPartner),
  post('/api/v1/partners/:id/resume', staff('operator'), resumePartner),
  get('/api/v1/figures', staff('data-protection-officer', 'operator'), showFigures),

  // The console: program code; what it shows comes from the calls above
  get('/console/assets/:file', published, showConsoleAsset),
  get('/console{/*page}', published, showConsole),

  // Pages
  get('/', published, showLanding),
  get('/docs', published, showDocs(openApi)),
  get('/docs/errors', published, showErrorDocs),
  get('/docs/style.css', published, showStyle),
  get('/docs/paper.css', published, showPaperStyle),
  get('/openapi.json', published, showOpenApi(openApi)),
];
