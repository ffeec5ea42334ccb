import type { Actor } from '../kernel/actor.js';
import { RelaisError } from '../kernel/errors.js';
import { newId, type OrganizationId, type PartnerId } from '../kernel/ids.js';
import type { GuestContact } from './guest-ports.js';
import { OWN_ISSUER, type NewOrganization, type Registry } from './identity-ports.js';
import type { Partner } from './partner.js';

/**
 * Lets an organization receive without a system (docs/access-links.md): it is called by its own name, and has neither keys
 * nor rights, so that nobody can call as it. The console, the command line and the demo all register by this.
 *
 * @param organization one that is known, or a new one, which is kept with the guest or not at all
 * @throws RelaisError 422 `partner.invalid`, `partner.organization-unknown`; 409 `partner.receives-already`
 */
export async function registerGuest(
  registry: Pick<Registry, 'organization' | 'registerPartner'>,
  organization: OrganizationId | NewOrganization,
  guest: GuestContact,
  actor: Actor,
): Promise<Partner> {
  const known = typeof organization === 'string' ? await registry.organization(organization) : organization;
  if (known === null) {
    throw new RelaisError('partner.organization-unknown', 422, 'value', 'The organization is not registered.');
  }
  return registry.registerPartner(
    {
      name: known.name,
      // It names nobody who could call.
      clientId: `guest:${newId<PartnerId>()}`,
      issuer: OWN_ISSUER,
      scopes: [],
      guest,
    },
    organization,
    actor,
  );
}
