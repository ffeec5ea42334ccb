import { userInfo } from 'node:os';
import type { Actor } from '../kernel/actor.js';
import type { OrganizationId } from '../kernel/ids.js';

/** The command line acts as the system's account that runs it: whoever may do that holds the keys anyway. */
export function commandLineActor(organizationId: OrganizationId | null): Actor {
  let account: string;
  try {
    account = userInfo().username;
  } catch {
    account = String(process.getuid?.() ?? '');
  }
  return { type: 'system', id: 'command-line', organizationId, onBehalfOf: account };
}
