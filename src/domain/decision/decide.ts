import type { Agreement, AgreementPurpose } from '../agreement/agreement.js';
import { endedBefore, evaluateConsent } from '../consent/evaluate.js';
import type { StopCode } from '../consent/decision-maker/stops.js';
import { CATEGORIES, DATA_LABELS, maskOf, NEVER, permits, type LabelMask } from '../labels/labels.js';
import { emergencyMask, obstacleToGlass } from './break-glass.js';
import type { Decision, DisclosureRequest, Permit, Terms } from './decision.js';
import { isAgainstDanger, type Ground } from './ground.js';
import { hearConsents, questionOf, type Heard } from './hear-consents.js';
import { obstacleOnward } from './onward.js';
import type { Reason } from './reasons.js';

const EVERYTHING: LabelMask = maskOf(DATA_LABELS.filter((label) => label !== NEVER));
const SOME_CATEGORY: LabelMask = maskOf(CATEGORIES);
const IDENTITY: LabelMask = maskOf(['identity']);

/**
 * May this disclosure happen, and how much of it? Pure: the same terms give the same decision, later too.
 *
 * Both must say yes: an agreement in force between the two organizations for this purpose, and a ground that covers
 * this person, recipient, purpose, categories and moment. Whatever is missing, unknown or unreadable denies
 * (docs/decisions.md; GDPR art. 5(1)(b, c), 6, 9).
 *
 * @param terms what the database knew at `terms.at`, its own time
 */
export function decide(terms: Terms, request: DisclosureRequest): Decision {
  const obstacle = obstacleTo(terms, request);
  if (obstacle !== null) return deny(terms, obstacle);
  const { subject, recipient } = terms;
  if (subject === null || recipient?.partnerId == null) return deny(terms, { code: 'deny.case-unknown' });

  const clauses = clausesInForce(terms, request);
  const glass = obstacleToGlass(
    request,
    clauses.map(({ agreement }) => agreement),
    terms.at,
  );
  if (glass !== null) return deny(terms, glass);
  if (clauses.length === 0) return deny(terms, whyNoAgreement(terms, request));

  const requested = request.requested ?? EVERYTHING;
  const within = clauses.reduce((mask, clause) => mask | labelsOfClause(clause, request), 0) & requested;
  const ground = findGround(terms, request, within);
  if (ground.outcome === 'none') return deny(terms, ground.reason);

  const best = clauses
    .map((clause) => ({
      ...clause,
      permitted: labelsOfClause(clause, request) & ground.permitted & requested & EVERYTHING,
    }))
    .sort((a, b) => bitCount(b.permitted) - bitCount(a.permitted) || (a.agreement.id < b.agreement.id ? -1 : 1))[0];
  if (best === undefined || (best.permitted & SOME_CATEGORY) === 0) {
    return deny(terms, { code: 'deny.nothing-permitted' });
  }
  if (!permits(best.permitted, IDENTITY)) return deny(terms, { code: 'deny.identity-not-permitted' });

  const permit = {
    request,
    personId: subject.personId,
    caseVersion: subject.caseVersion,
    recipientPartnerId: recipient.partnerId,
    agreement: {
      id: best.agreement.id,
      version: best.agreement.version,
      purgeAfterDays: best.agreement.purgeAfterDays,
    },
    ground: {
      dataProtectionBasis: best.purpose.dataProtectionBasis,
      secrecy: ground.secrecy,
      personId: subject.personId,
    },
    permitted: best.permitted,
    bounds: {
      agreement: labelsOfClause(best, request),
      ground: ground.permitted,
      refused: ground.refused,
      requested,
    },
    decidedAt: terms.at,
  } as unknown as Permit; // the brand is given here and nowhere else
  return { outcome: 'permit', permit, reasons: ground.reasons };
}

function deny(terms: Terms, ...reasons: [Reason, ...Reason[]]): Decision {
  return { outcome: 'deny', reasons, decidedAt: terms.at };
}

function obstacleTo(terms: Terms, request: DisclosureRequest): Reason | null {
  const parameters = { recipient: request.recipientOrganizationId };
  if (terms.subject === null) return { code: 'deny.case-unknown' };
  if (terms.subject.deceased) return { code: 'deny.person-deceased' };
  if (terms.recipient === null) return { code: 'deny.recipient-unknown' };
  if (terms.recipient.partnerId === null) return { code: 'deny.recipient-no-partner', parameters };
  if (!terms.recipient.partnerActive) return { code: 'deny.recipient-suspended', parameters };
  if (terms.objections.length > 0 && !isAgainstDanger(request.ground.kind)) return { code: 'deny.person-objects' };
  return obstacleOnward(terms, request);
}

// ---------------------------------------------------------------- agreement

interface Clause {
  readonly agreement: Agreement;
  readonly purpose: AgreementPurpose;
}

/** Clauses of any agreement, in force or not, that name this purpose, sender and recipient. */
function clausesNaming(terms: Terms, request: DisclosureRequest): Clause[] {
  const { senderOrganizationId: sender, recipientOrganizationId: recipient } = request;
  return terms.agreements
    .filter(({ parties }) => parties.includes(sender) && parties.includes(recipient))
    .flatMap((agreement) => agreement.purposes.map((purpose) => ({ agreement, purpose })))
    .filter(
      ({ purpose }) =>
        purpose.purpose === request.purpose &&
        purpose.senders.includes(sender) &&
        purpose.recipients.includes(recipient),
    );
}

function isInForce(agreement: Agreement, at: string): boolean {
  return (
    agreement.status === 'active' &&
    agreement.validFrom <= at &&
    (agreement.validUntil === undefined || at < agreement.validUntil)
  );
}

function clausesInForce(terms: Terms, request: DisclosureRequest): Clause[] {
  return clausesNaming(terms, request).filter(
    (clause) => isInForce(clause.agreement, terms.at) && accepts(clause, request),
  );
}

function accepts({ agreement, purpose }: Clause, { ground }: DisclosureRequest): boolean {
  return ground.kind === 'break-glass' ? emergencyMask(agreement) !== 0 : purpose.secrecyGrounds.includes(ground.kind);
}

function whyNoAgreement(terms: Terms, request: DisclosureRequest): Reason {
  const recipient = request.recipientOrganizationId;
  const named = clausesNaming(terms, request).map(({ agreement }) => agreement);
  if (named.some((agreement) => isInForce(agreement, terms.at))) {
    const glass = request.ground.kind === 'break-glass';
    return { code: glass ? 'deny.break-glass-no-clause' : 'deny.ground-not-accepted', parameters: { recipient } };
  }
  if (named.some(({ status }) => status === 'suspended')) {
    return { code: 'deny.agreement-suspended', parameters: { recipient } };
  }
  const ended = named.find(({ validUntil }) => validUntil !== undefined && validUntil <= terms.at);
  if (ended?.validUntil !== undefined) {
    return { code: 'deny.agreement-expired', parameters: { recipient, date: dayOf(ended.validUntil) } };
  }
  return { code: 'deny.no-agreement', parameters: { recipient } };
}

function labelsOfClause({ agreement, purpose }: Clause, { ground }: DisclosureRequest): LabelMask {
  const labels = maskOf([...purpose.categories, ...purpose.sensitivities]);
  return ground.kind === 'break-glass' ? labels & emergencyMask(agreement) : labels;
}

// ---------------------------------------------------------------- ground

type GroundFound =
  | { readonly outcome: 'none'; readonly reason: Reason }
  | {
      readonly outcome: 'found';
      readonly permitted: LabelMask;
      /** What the person said no to. */
      readonly refused: LabelMask;
      readonly secrecy: Ground['secrecy'];
      readonly reasons: readonly Reason[];
    };

/** @param within what agreements and author leave of it */
function findGround(terms: Terms, request: DisclosureRequest, within: LabelMask): GroundFound {
  const { ground } = request;
  switch (ground.kind) {
    case 'consent':
      return groundInConsent(terms, request, within);
    case 'care-team':
      // CSP L1110-4 III.
      return unlessDenied(terms, request, within, () => true, {
        secrecy: { kind: 'care-team', informedOn: ground.informedOn },
        reasons: [{ code: 'permit.care-team', parameters: { date: ground.informedOn } }],
      });
    case 'statute':
      return {
        outcome: 'found',
        permitted: EVERYTHING,
        refused: 0,
        secrecy: { kind: 'statute', citation: ground.citation },
        reasons: [{ code: 'permit.statute', parameters: { citation: ground.citation } }],
      };
    case 'vital-interest':
      // Whoever cannot speak now may have spoken before (GDPR art. 9(2)(c)): a refusal stands. Who may consent for them
      // is not asked: nobody is.
      return unlessDenied(terms, request, within, (stop) => stop === 'person-objects', {
        secrecy: { kind: 'vital-interest' },
        reasons: [{ code: 'permit.vital-interest' }],
      });
    case 'break-glass':
      return {
        outcome: 'found',
        permitted: EVERYTHING,
        refused: 0,
        secrecy: { kind: 'break-glass', expiresAt: ground.expiresAt },
        reasons: [{ code: 'permit.break-glass' }],
      };
    case 'safeguarding':
      return {
        outcome: 'found',
        permitted: EVERYTHING,
        refused: 0,
        secrecy: { kind: 'safeguarding' },
        reasons: [{ code: 'permit.safeguarding' }],
      };
  }
}

/**
 * A ground that needs no permission: what the person denied stays denied.
 *
 * @param stops which doubts about who decides stop it
 */
function unlessDenied(
  terms: Terms,
  request: DisclosureRequest,
  within: LabelMask,
  stops: (stop: StopCode) => boolean,
  ground: Pick<Extract<GroundFound, { outcome: 'found' }>, 'secrecy' | 'reasons'>,
): GroundFound {
  const heard = hearConsents(terms, questionOf(terms, request), within);
  if (heard.unreadable) return { outcome: 'none', reason: { code: 'deny.consent-unreadable' } };
  if (heard.stop !== null && stops(heard.stop)) return { outcome: 'none', reason: stopReason(heard.stop) };
  const permitted = EVERYTHING & ~heard.denied;
  if (permitted === 0) return { outcome: 'none', reason: refusalReason(heard, request) };
  return { outcome: 'found', permitted, refused: heard.denied, ...ground };
}

function groundInConsent(terms: Terms, request: DisclosureRequest, within: LabelMask): GroundFound {
  const heard = hearConsents(terms, questionOf(terms, request), within);
  if (heard.unreadable) return { outcome: 'none', reason: { code: 'deny.consent-unreadable' } };
  if (heard.stop !== null) return { outcome: 'none', reason: stopReason(heard.stop) };
  // Asking one about all of it would tell what the other may keep (docs/decision-maker.md, rule 6).
  if (heard.deciders === 'differ') return { outcome: 'none', reason: stopReason('deciders-differ') };
  const permitted = heard.permitted & ~heard.denied;
  if (permitted === 0) return { outcome: 'none', reason: whyNothing(heard, terms, request) };
  if (heard.permitting.length === 0) {
    const reason =
      heard.notCounted === null ? ({ code: 'deny.nothing-permitted' } as const) : stopReason(heard.notCounted);
    return { outcome: 'none', reason };
  }
  const recipient = request.recipientOrganizationId;
  const consents = heard.permitting.map(({ id, version }) => ({ id, version }));
  const latest = heard.permitting.reduce((a, b) => (a.decidedAt > b.decidedAt ? a : b));
  return {
    outcome: 'found',
    permitted,
    refused: heard.denied,
    secrecy: { kind: 'consent', consents },
    reasons: [{ code: 'permit.consent', parameters: { recipient, date: dayOf(latest.decidedAt) } }],
  };
}

function whyNothing(heard: Heard, terms: Terms, request: DisclosureRequest): Reason {
  if (heard.denied !== 0) return refusalReason(heard, request);
  return heard.notCounted === null ? whyNoConsent(terms, request) : stopReason(heard.notCounted);
}

function stopReason(stop: StopCode): Reason {
  return stop === 'person-objects'
    ? { code: 'deny.person-objects' }
    : { code: 'deny.decision-maker', parameters: { stop } };
}

function refusalReason(heard: Heard, request: DisclosureRequest): Reason {
  const last = heard.denying.reduce((a, b) => (a.decidedAt > b.decidedAt ? a : b));
  return {
    code: 'deny.consent-refused',
    parameters: { recipient: request.recipientOrganizationId, date: dayOf(last.decidedAt) },
  };
}

function whyNoConsent(terms: Terms, request: DisclosureRequest): Reason {
  const recipient = request.recipientOrganizationId;
  const question = questionOf(terms, request);
  for (const consent of terms.consents) {
    if (consent.status !== 'inactive') continue;
    if (evaluateConsent({ status: 'active', rules: consent.rules }, question).permitted !== 0) {
      return { code: 'deny.consent-withdrawn', parameters: { recipient, date: dayOf(consent.decidedAt) } };
    }
  }
  for (const consent of terms.consents) {
    const end = consent.status === 'active' ? endedBefore(consent, question) : null;
    if (end !== null) return { code: 'deny.consent-expired', parameters: { recipient, date: dayOf(end) } };
  }
  return { code: 'deny.no-consent', parameters: { recipient } };
}

function dayOf(at: string): string {
  return at.slice(0, 10);
}

function bitCount(mask: LabelMask): number {
  let count = 0;
  for (let rest = mask >>> 0; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
