import type { OrganizationId, PartnerId, TransferId } from '../kernel/ids.js';
import type { NewOrganization, NewPartner } from '../transfer/identity-ports.js';
import type { GuestContact } from '../transfer/guest-ports.js';
import type { OperatedPartner } from '../transfer/operate-partners.js';
import type { DeadLetterFilter, readDeadLetters } from '../transfer/dead-letters.js';
import type { DeliveryStatus } from '../transfer/delivery-control.js';
import type { PartnerEndpoint, PartnerKeys } from '../transfer/partner.js';
import type { Transfer, ReplayFilter } from '../transfer/transfer.js';
import type { Principal } from '../transfer/principal.js';

/** What HTTP asks of the story for an operator: deliveries and partners, by addresses, names of keys, states, ids and codes. */
export interface OperatorStory {
  readonly deliveryStatus: (principal: Principal) => Promise<DeliveryStatus>;
  readonly stopDeliveries: (
    principal: Principal,
    partnerId: PartnerId | null,
  ) => Promise<{ readonly onTheWire: number }>;
  readonly startDeliveries: (principal: Principal, partnerId: PartnerId | null) => Promise<void>;
  /** Partners, for an operator: addresses, names of keys, states. */
  readonly listPartners: (principal: Principal) => Promise<readonly OperatedPartner[]>;
  readonly getPartner: (principal: Principal, id: PartnerId) => Promise<OperatedPartner>;
  readonly registerPartner: (
    principal: Principal,
    partner: Omit<NewPartner, 'id' | 'organizationId'> & { readonly organization: OrganizationId | NewOrganization },
  ) => Promise<OperatedPartner>;
  readonly registerGuest: (
    principal: Principal,
    guest: { readonly organization: OrganizationId | NewOrganization; readonly guest: GuestContact },
  ) => Promise<OperatedPartner>;
  readonly putPartnerContact: (
    principal: Principal,
    id: PartnerId,
    contact: GuestContact,
    requestId: string,
  ) => Promise<OperatedPartner>;
  readonly putPartnerEndpoint: (
    principal: Principal,
    id: PartnerId,
    endpoint: PartnerEndpoint,
    requestId: string,
  ) => Promise<OperatedPartner>;
  readonly replacePartnerKeys: (
    principal: Principal,
    id: PartnerId,
    replacement: { readonly keys: PartnerKeys; readonly formerSeconds: number },
    requestId: string,
  ) => Promise<OperatedPartner>;
  readonly turnPartner: (
    principal: Principal,
    id: PartnerId,
    to: 'suspended' | 'active',
    requestId: string,
  ) => Promise<OperatedPartner>;
  /** Answers at once; the steps come with `getPartner`. */
  readonly testPartner: (principal: Principal, id: PartnerId, requestId: string) => Promise<OperatedPartner>;
  readonly listDeadLetters: (
    principal: Principal,
    filter: DeadLetterFilter,
    requestId: string,
  ) => ReturnType<typeof readDeadLetters>;
  readonly replayTransfer: (
    principal: Principal,
    id: TransferId,
    options: { readonly notReceived: boolean },
    requestId: string,
  ) => Promise<Transfer>;
  readonly replayTransfers: (
    principal: Principal,
    filter: ReplayFilter,
    options: { readonly dryRun: boolean },
    requestId: string,
  ) => Promise<{ readonly count: number; readonly more: boolean; readonly replayed: readonly TransferId[] }>;
}
