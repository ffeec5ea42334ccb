import type { Agreement, Organization } from '../api/views.js';

/** Somebody to whom this organization may send for some purpose, by an agreement. */
export interface RecipientOption {
  readonly organization: Organization;
  readonly purpose: string;
  readonly agreementId: string;
  readonly status: Agreement['status'];
  readonly validUntil: string | null;
  readonly categories: readonly string[];
  readonly secrecyGrounds: readonly string[];
  readonly recipientFunctions: readonly { readonly en: string; readonly fr: string }[];
  /** What may leave in an emergency without the usual ground, and for how long; null where the agreement has no such clause. */
  readonly emergency: EmergencyClause | null;
}

export interface EmergencyClause {
  readonly categories: readonly string[];
  readonly maxHours: number;
  readonly reviewWithinDays: number;
}

/**
 * Every recipient and purpose that an agreement names, live ones first, by name. What is suspended or over is listed too
 * and cannot be chosen: one sees why somebody is missing.
 */
export function optionsOf(
  agreements: readonly Agreement[],
  organizations: readonly Organization[],
  ownId: string,
): readonly RecipientOption[] {
  const byId = new Map(organizations.map((organization) => [organization.id, organization]));
  const options = agreements.flatMap((agreement) =>
    agreement.purposes
      .filter(({ senders }) => (senders as readonly string[]).includes(ownId))
      .flatMap((purpose) =>
        (purpose.recipients as readonly string[]).flatMap((id): RecipientOption[] => {
          const organization = byId.get(id);
          if (organization === undefined || id === ownId) return [];
          return [
            {
              organization,
              purpose: purpose.purpose,
              agreementId: agreement.id,
              status: agreement.status,
              validUntil: agreement.validUntil ?? null,
              categories: purpose.categories,
              secrecyGrounds: purpose.secrecyGrounds,
              recipientFunctions: purpose.recipientFunctions ?? [],
              emergency: clauseOf(agreement, purpose.categories),
            },
          ];
        }),
      ),
  );
  const rank = ({ status }: RecipientOption): number => (status === 'active' ? 0 : 1);
  return options
    .filter(({ status }) => status === 'active' || status === 'suspended' || status === 'expired')
    .sort((a, b) => rank(a) - rank(b) || a.organization.name.localeCompare(b.organization.name));
}

function clauseOf({ emergency }: Agreement, categories: readonly string[]): EmergencyClause | null {
  if (emergency?.allowed !== true) return null;
  const { maxHours, reviewWithinDays } = emergency;
  const named = (emergency.categories as readonly string[]).filter((category) => categories.includes(category));
  return named.length === 0 ? null : { categories: named, maxHours, reviewWithinDays };
}
