import type { Code, ConsentPolicy, DataScope, Provision } from '../policy.js';
import type { PolicyRead } from '../read-policy.js';
import { sameCode } from '../read-values.js';
import {
  BREAK_GLASS,
  OVERARCHING_POLICIES,
  overarchingPolicy,
  purposesOfPolicies,
  TREATMENT,
} from './overarching-policies.js';
import { concerning, type Concerned } from './concerning.js';
import type { RefusalCode, ResidualAnswer, ResidualQuestion, ResidualRule } from './residual.js';
import { canOverlap, coversEverything, narrowTo } from './scopes.js';

/**
 * The purposes of use and the residual rules that the access token for one request carries under one consent (IHE ITI
 * Privacy Consent on FHIR 1.1.0: volume 1 section 53.2, volume 3 section 5.8, and the update to ITI-71, 3.71.4.2.2.1.4).
 *
 * The root provision binds the whole consent: its period, its recipients and, in a denial, its data. Where the root
 * permits some data only, everything else is forbidden first. A nested provision is an exception: a denial takes away,
 * a permission adds data for those it names. Three rules make sure that the enforcement point, for whom a permit beats a
 * forbid, never lets out more than the consent does: a permission that could meet a denial is left out; a root that could
 * is no token at all; and what residual rules cannot say (class, code, action, deeper exceptions) is no token either.
 * Whoever asks an unreadable consent hears no.
 */
export function deriveResidual(read: PolicyRead, question: ResidualQuestion): ResidualAnswer {
  if (read.outcome === 'unreadable') return { outcome: 'deny', reasons: read.reasons };
  const { policy } = read;
  const { root } = policy;
  const refusal = notInForce(policy, question);
  if (refusal !== null)
    return SILENT.has(refusal.code) ? silent(refusal, question) : refuse(refusal.code, refusal.location);
  const inexpressible = whatCannotBeSaid(root, 1);
  if (inexpressible !== null) return refuse('residual.not-expressible', inexpressible);
  const concerned = concerning(policy, question);
  if (concerned.outcome === 'none')
    return SILENT.has(concerned.code) ? silent(concerned, question) : refuse(concerned.code, concerned.location);
  return answer(policy, concerned, question);
}

/** Reasons for which a consent says nothing, neither yes nor no. A withdrawal is a no. */
const SILENT: ReadonlySet<RefusalCode> = new Set([
  'residual.not-begun',
  'residual.expired',
  'residual.other-requester',
]);

/** Where the consent is silent, the domain's implicit policy speaks (PCF volume 1, 53.2.1); by default it denies. */
function silent(why: Silence, question: ResidualQuestion): ResidualAnswer {
  const permitted = OVERARCHING_POLICIES[question.implicitPolicy ?? 'deny'];
  const purposes = permitted.filter(({ code }) => question.purposes?.includes(code) ?? true);
  if (purposes.length === 0) return refuse(why.code, why.location);
  return { outcome: 'permit', purposes, residual: [] };
}

function refuse(code: RefusalCode, location: string): ResidualAnswer {
  return { outcome: 'deny', reasons: [{ code, location }] };
}

interface Silence {
  readonly code: RefusalCode;
  readonly location: string;
}

function notInForce({ status, policyUris, root }: ConsentPolicy, { at }: ResidualQuestion): Silence | null {
  const location = `${root.location}.period`;
  if (status === 'inactive') return { code: 'residual.withdrawn', location: 'Consent.status' };
  if (status === 'rejected') return { code: 'residual.refused', location: 'Consent.status' };
  // Agreeing to a policy that denies everything is a refusal, whatever purposes stand beside it.
  const agreesToDenial = root.type === 'permit' && policyUris.some((uri) => overarchingPolicy(uri) === 'deny');
  if (agreesToDenial) return { code: 'residual.refused', location: 'Consent.policy' };
  if (root.from !== undefined && at < root.from) return { code: 'residual.not-begun', location };
  return root.until !== undefined && at >= root.until ? { code: 'residual.expired', location } : null;
}

/** Location of the first rule that residual rules have no words for. */
function whatCannotBeSaid(rule: Provision, level: number): string | null {
  if (rule.actions ?? rule.scope.class ?? rule.scope.code) return rule.location;
  if (level > 2) return rule.location;
  return rule.exceptions.map((nested) => whatCannotBeSaid(nested, level + 1)).find((found) => found !== null) ?? null;
}

type Concerning = Extract<Concerned, { outcome: 'concerned' }>;

function answer(policy: ConsentPolicy, concerned: Concerning, question: ResidualQuestion): ResidualAnswer {
  const { root } = policy;
  const base = root.purposes ?? purposesOfPolicies(policy.policyUris);
  const { whole, purposes: deniedPurposes } = deniedAltogether(concerned.denials);
  if (whole !== null) {
    const isOthers = whole.actors !== undefined && question.requester === undefined;
    return refuse(isOthers ? 'residual.requester-needed' : 'residual.refused', whole.location);
  }
  const isLeft = (purpose: Code): boolean => !deniedPurposes.some((denied) => sameCode(denied, purpose));
  const ofRoot = root.type === 'permit' ? base.filter(isLeft) : [];
  const permissions = concerned.permissions.map((rule) => ({
    rule,
    purposes: (rule.purposes ?? base).filter(isLeft),
  }));

  const purposes = purposesOfToken(
    ofRoot,
    permissions.map((permission) => permission.purposes),
    question.purposes,
  );
  if (purposes.length === 0)
    return refuse(question.purposes === undefined ? nothingLeft(root) : 'residual.purpose', root.location);

  // Breaking the glass is emergency treatment (HL7 v3 PurposeOfUse): what is there for treatment is there for it, and
  // what is denied for treatment is denied for it.
  const served = has(purposes, BREAK_GLASS) && has(ofRoot, TREATMENT) ? [...purposes, TREATMENT] : purposes;
  const rootApplies = served.some((purpose) => has(ofRoot, purpose));
  const denied = concerned.denials
    .filter(({ scope }) => !coversEverything(scope))
    .filter((rule) => rule.purposes === undefined || rule.purposes.some((purpose) => has(served, purpose)));
  const added = permissions
    .filter((permission) => isFor(permission.purposes, purposes))
    .flatMap(({ rule }) => withinRoot(root, rule));
  return write({ root, rootApplies, denied, added, purposes, question });
}

function nothingLeft({ type }: Provision): RefusalCode {
  return type === 'deny' ? 'residual.refused' : 'residual.nothing-permitted';
}

/** Denials that name no data: of everything, or of a purpose. */
function deniedAltogether(denials: readonly Provision[]): {
  readonly whole: Provision | null;
  readonly purposes: readonly Code[];
} {
  const unlimited = denials.filter(({ scope }) => coversEverything(scope));
  return {
    whole: unlimited.find(({ purposes }) => purposes === undefined) ?? null,
    purposes: unlimited.flatMap(({ purposes }) => purposes ?? []),
  };
}

const has = (purposes: readonly Code[], purpose: Code): boolean => purposes.some((one) => sameCode(one, purpose));

/**
 * What one token is for. It holds one set of residual rules, so purposes that the root permits come first, and breaking
 * the glass may be declared in addition to them; another purpose that only an exception permits needs a token of its own. Nothing declared: what the consent permits without breaking the glass, or with it when there is nothing else.
 */
function purposesOfToken(
  ofRoot: readonly Code[],
  ofExceptions: readonly (readonly Code[])[],
  declared: readonly string[] | undefined,
): readonly Code[] {
  const isDeclared = ({ code }: Code): boolean => declared?.includes(code) ?? true;
  const isGlass = (purpose: Code): boolean => sameCode(purpose, BREAK_GLASS);
  const isCalm = (purpose: Code): boolean => !isGlass(purpose);
  const ofRootDeclared = ofRoot.filter(isDeclared);
  const fromRoot =
    declared === undefined && ofRootDeclared.some(isCalm) ? ofRootDeclared.filter(isCalm) : ofRootDeclared;
  const fromExceptions = ofExceptions.map((purposes) => purposes.filter(isDeclared)).filter(({ length }) => length > 0);
  if (fromRoot.length > 0) {
    const breaksGlass = declared !== undefined && !has(fromRoot, BREAK_GLASS) && fromExceptions.flat().some(isGlass);
    return breaksGlass ? [...fromRoot, BREAK_GLASS] : fromRoot;
  }
  const calm = fromExceptions.map((purposes) => purposes.filter(isCalm));
  return calm.find(({ length }) => length > 0) ?? fromExceptions[0] ?? [];
}

/** A permission may stand in a token only when it holds for every purpose of it, or breaks the glass that was declared. */
function isFor(permitted: readonly Code[], purposes: readonly Code[]): boolean {
  if (purposes.every((purpose) => has(permitted, purpose))) return true;
  return has(permitted, BREAK_GLASS) && has(purposes, BREAK_GLASS);
}

/** What an exception adds, as a scope: inside a denial no more than it denied; without data of its own, nothing new. */
function withinRoot(root: Provision, exception: Provision): readonly DataScope[] {
  if (root.type === 'permit') return [coversEverything(exception.scope) ? root.scope : exception.scope];
  const narrowed = narrowTo(root.scope, exception.scope);
  return narrowed === null ? [] : [narrowed];
}

interface Parts {
  readonly root: Provision;
  readonly rootApplies: boolean;
  readonly denied: readonly Provision[];
  readonly added: readonly DataScope[];
  readonly purposes: readonly Code[];
  readonly question: ResidualQuestion;
}

function write({ root, rootApplies, denied, added, purposes, question }: Parts): ResidualAnswer {
  const isOpen = (rootApplies && coversEverything(root.scope)) || added.some(coversEverything);
  const limit = rootApplies && !coversEverything(root.scope) ? root.scope : null;
  const clash = limit === null ? undefined : denied.find(({ scope }) => canOverlap(limit, scope));
  if (clash !== undefined && !isOpen) return refuse('residual.not-expressible', clash.location);

  const rule = (type: ResidualRule['type'], scope: DataScope): ResidualRule => ruleOf(type, scope, question.base);
  const kept = added.filter(
    (scope) => !coversEverything(scope) && scope !== limit && !denied.some((denial) => canOverlap(scope, denial.scope)),
  );
  if (!isOpen && limit === null && kept.length === 0) return refuse('residual.nothing-permitted', root.location);
  const residual = [
    ...(isOpen ? [] : [rule('forbid', {})]),
    ...(limit === null || isOpen ? [] : [rule('permit', limit)]),
    ...kept.map((scope) => rule('permit', scope)),
    ...denied.map(({ scope }) => rule('forbid', scope)),
  ];
  return { outcome: 'permit', purposes, residual };
}

function ruleOf(type: ResidualRule['type'], scope: DataScope, base: string | undefined): ResidualRule {
  const { securityLabel, dataPeriod, data } = scope;
  return {
    type,
    ...(securityLabel && { securityLabel }),
    ...(dataPeriod && { dataPeriod }),
    ...(data && {
      data: data.map(({ meaning, reference }) => ({ meaning, reference: { reference: absolute(reference, base) } })),
    }),
  };
}

function absolute(reference: string, base: string | undefined): string {
  const isRelative = /^[A-Z][A-Za-z]+\//.test(reference);
  return isRelative && base !== undefined ? `${base.replace(/\/+$/, '')}/${reference}` : reference;
}
