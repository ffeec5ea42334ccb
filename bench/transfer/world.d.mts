import type { PostgresStore } from '../../src/adapters/store/create-store.js';
import type { OrganizationId } from '../../src/kernel/ids.js';
import type { Registry } from '../../src/transfer/identity-ports.js';

export const SENDER: { readonly id: OrganizationId };
export const RECIPIENT: { readonly id: OrganizationId };
export function register(options: {
  readonly store: PostgresStore;
  readonly registry: Registry;
  readonly partnerUrl: string;
}): Promise<unknown>;
