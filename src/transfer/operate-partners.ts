import { notFound, RelaisError } from '../kernel/errors.js';
import { isUuid, type OrganizationId, type PartnerId } from '../kernel/ids.js';
import type { Log } from '../kernel/log.js';
import type { NewPartner, NewOrganization, Registry } from './identity-ports.js';
import { onboardingOf, type OnboardingStep } from './onboarding.js';
import { checkContact, CONTACT_RULES } from './check-contact.js';
import type { GuestContact } from './guest-ports.js';
import type { PartnerTest, PartnerTests, ProbeGuest, ProbePartner, ProbeStep } from './partner-ports.js';
import type { Organization, Partner, PartnerEndpoint, PartnerKeys } from './partner.js';
import type { Store } from './ports.js';
import type { Principal } from './principal.js';
import { registerGuest as register } from './register-guest.js';

export interface OperatePartnersDeps {
  readonly store: Store;
  readonly registry: Registry;
  readonly tests: PartnerTests;
  readonly probe: ProbePartner;
  readonly probeGuest: ProbeGuest;
  readonly wake: () => void;
  readonly log: Log;
}

/** A partner as its operator sees it: addresses, names of keys and states; no record, no person. */
export interface OperatedPartner {
  readonly partner: Partner;
  readonly organization: Organization;
  readonly steps: readonly OnboardingStep[];
  readonly lastTest: PartnerTest | null;
}

/** A whole test, however many of its steps wait. */
const TEST_TIMEOUT_MS = 60_000;

/** Every partner of the gateway, with what its onboarding still lacks. */
export async function listPartners(
  deps: OperatePartnersDeps,
  principal: Principal,
): Promise<readonly OperatedPartner[]> {
  const { store, registry, tests } = deps;
  const [partners, organizations, newest, agreed] = await Promise.all([
    registry.listPartners(),
    registry.listOrganizations(),
    tests.newest(),
    agreementsWith(store, principal.organizationId),
  ]);
  const byId = new Map(organizations.map((one) => [one.id, one]));
  return partners.map((partner) => {
    const lastTest = newest.get(partner.id) ?? null;
    const agreement =
      partner.organizationId === principal.organizationId ? 'own' : (agreed.get(partner.organizationId) ?? 'none');
    return {
      partner,
      organization: byId.get(partner.organizationId)!,
      steps: onboardingOf({ partner, agreement, lastTest }),
      lastTest,
    };
  });
}

/** @throws RelaisError 404 */
export async function getPartner(
  deps: OperatePartnersDeps,
  principal: Principal,
  id: PartnerId,
): Promise<OperatedPartner> {
  const found = (await listPartners(deps, principal)).find(({ partner }) => partner.id === id);
  if (found === undefined) throw notFound();
  return found;
}

/**
 * Registers the system of an organization, and the organization where it is new.
 *
 * @throws RelaisError 422 `partner.invalid`, `partner.organization-unknown`; 409 `partner.duplicate`
 */
export async function registerPartner(
  deps: OperatePartnersDeps,
  principal: Principal,
  {
    organization,
    ...partner
  }: Omit<NewPartner, 'id' | 'organizationId'> & {
    readonly organization: OrganizationId | NewOrganization;
  },
): Promise<OperatedPartner> {
  const { registry } = deps;
  const made = await registry.registerPartner(partner, organization, principal.actor);
  return getPartner(deps, principal, made.id);
}

/**
 * Lets an organization receive without a system, and keeps the organization where it is new.
 *
 * @throws RelaisError 422 `partner.invalid`, `partner.organization-unknown`; 409 `partner.receives-already`
 */
export async function registerGuest(
  deps: OperatePartnersDeps,
  principal: Principal,
  { organization, guest }: { readonly organization: OrganizationId | NewOrganization; readonly guest: GuestContact },
): Promise<OperatedPartner> {
  const made = await register(deps.registry, organization, guest, principal.actor);
  return getPartner(deps, principal, made.id);
}

/**
 * How a guest is reached, from the next notice on. What has been announced is not announced again: its link stays in the
 * mailbox that it went to, and opens with a code alone.
 *
 * @throws RelaisError 404; 422 `partner.invalid`, for a partner that has a system too
 */
export async function putContact(
  deps: OperatePartnersDeps,
  principal: Principal,
  id: PartnerId,
  contact: GuestContact,
  requestId: string,
): Promise<OperatedPartner> {
  const faults = checkContact(contact);
  if (faults.length > 0) {
    // By their places in what was sent; the registry would name them by their places in the partner.
    const violations = faults.map(({ path, rule }) => ({ path, rule, message: CONTACT_RULES[rule] }));
    throw new RelaisError('partner.invalid', 422, 'invariant', 'The contact cannot be kept like this.', { violations });
  }
  await deps.registry.changeContact(known(id), contact, principal.actor, requestId);
  return getPartner(deps, principal, id);
}

/** @throws RelaisError 404; 422 `partner.invalid` */
export async function putEndpoint(
  deps: OperatePartnersDeps,
  principal: Principal,
  id: PartnerId,
  endpoint: PartnerEndpoint,
  requestId: string,
): Promise<OperatedPartner> {
  await deps.registry.updatePartner(known(id), { endpoint }, principal.actor, requestId);
  return getPartner(deps, principal, id);
}

/**
 * @param formerSeconds how long the keys before these still count; 0: not any more
 * @throws RelaisError 404; 422 `partner.invalid`, `partner.keys-same`
 */
export async function replaceKeys(
  deps: OperatePartnersDeps,
  principal: Principal,
  id: PartnerId,
  { keys, formerSeconds }: { readonly keys: PartnerKeys; readonly formerSeconds: number },
  requestId: string,
): Promise<OperatedPartner> {
  await deps.registry.replaceKeys(known(id), keys, formerSeconds, principal.actor, requestId);
  return getPartner(deps, principal, id);
}

/** Acts at once and on all processes; done twice it is done once. @throws RelaisError 404 */
export async function turnPartner(
  deps: OperatePartnersDeps,
  principal: Principal,
  id: PartnerId,
  to: 'suspended' | 'active',
  requestId: string,
): Promise<OperatedPartner> {
  const { registry, wake } = deps;
  if (to === 'suspended') await registry.suspendPartner(known(id), principal.actor, requestId);
  else {
    await registry.reactivatePartner(known(id), principal.actor, requestId);
    wake();
  }
  return getPartner(deps, principal, id);
}

/**
 * Begins a test and answers at once; its steps are written down as they end, so that whoever looks sees them come.
 *
 * @throws RelaisError 404; 409 `partner.no-endpoint`, `partner.test-running`
 */
export async function testPartner(
  deps: OperatePartnersDeps,
  principal: Principal,
  id: PartnerId,
  requestId: string,
): Promise<OperatedPartner> {
  const { tests, log } = deps;
  const testId = await tests.begin(known(id), principal.actor, requestId);
  void run().catch(() => log('partner.test-failed', { partnerId: id }));
  return getPartner(deps, principal, id);

  async function run(): Promise<void> {
    try {
      // Read after the test has noted what it tries: what changes between the two makes it one of another address.
      const partner = await deps.registry.partner(id);
      if (partner === null) return;
      for await (const step of stepsOf(partner, AbortSignal.timeout(TEST_TIMEOUT_MS)))
        await tests.addStep(testId, step);
    } finally {
      await tests.end(testId, principal.actor, requestId);
    }
  }

  function stepsOf({ endpoint, jwksUri, guest }: Partner, signal: AbortSignal): AsyncIterable<ProbeStep> {
    if (guest !== undefined) return deps.probeGuest(guest, testId, signal);
    return deps.probe({ endpoint: endpoint!, ...(jwksUri !== undefined && { jwksUri }) }, signal);
  }
}

/** How far the operator's organization is with each other organization. */
async function agreementsWith(
  store: Store,
  own: OrganizationId,
): Promise<ReadonlyMap<OrganizationId, 'in-force' | 'under-way'>> {
  const overviews = await store.asOrganization(own, (tx) => tx.listAgreements());
  const found = new Map<OrganizationId, 'in-force' | 'under-way'>();
  for (const { current, pending } of overviews) {
    for (const party of [...current.parties, ...(pending?.parties ?? [])]) {
      const inForce = current.status === 'active' && current.parties.includes(party);
      const open = current.status === 'draft' || current.status === 'proposed' || pending !== null;
      if (inForce) found.set(party, 'in-force');
      else if (open && !found.has(party)) found.set(party, 'under-way');
    }
  }
  return found;
}

function known(id: PartnerId): PartnerId {
  if (!isUuid(id)) throw notFound();
  return id;
}
