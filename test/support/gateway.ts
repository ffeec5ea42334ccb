import { createHash } from 'node:crypto';
import { tellStory } from '../../src/composition/tell-story.js';
import type { OrganizationId } from '../../src/kernel/ids.js';
import { createPairwiseIds } from '../../src/kernel/pairwise.js';
import type { Principal, StaffRole } from '../../src/transfer/principal.js';
import type { TestDatabase } from './database.js';
import { api, CSRF, startHttp } from './http.js';

/** A member of staff of an organization, signed in. */
export function staffOf(organizationId: OrganizationId, id: string, ...roles: readonly StaffRole[]): Principal {
  return {
    actor: { type: 'staff', id, organizationId },
    organizationId,
    via: 'staff-session',
    scopes: new Set(),
    roles: new Set(roles),
    csrfToken: CSRF,
    displayName: id,
  };
}

/** The real story on a real database behind the real HTTP: only who calls is given. */
export function openGateway({ store }: TestDatabase, principals: Readonly<Record<string, Principal>>) {
  const story = tellStory({
    store,
    // No test of these reads a record.
    mapping: undefined as never,
    pairwiseId: createPairwiseIds(createHash('sha256').update('test').digest()),
    publicUrl: 'https://relais.test',
    leaseMs: 1_000,
    queue: { ready: async () => true },
    wake: () => undefined,
  });
  const { server, refusals } = startHttp({ story, principals });
  const call = (who: string) => {
    const session = principals[who]?.via === 'staff-session';
    const headers = session ? { Cookie: `relais-session=${who}`, 'X-CSRF-Token': CSRF } : {};
    const calls = api(server, session ? undefined : who);
    return {
      get: (path: string) => calls.get(path).set(headers),
      put: (path: string, body: object) => calls.put(path).set(headers).send(body),
      post: (path: string, body: object = {}) => calls.post(path).set(headers).send(body),
    };
  };
  return { call, refusals };
}
