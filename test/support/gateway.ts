import { randomUUID } from 'node:crypto';
import { beforeAll } from 'vitest';
import { tellStory } from '../../src/composition/tell-story.js';
import type { OrganizationId } from '../../src/kernel/ids.js';
import type { AccessLimits } from '../../src/transfer/limit-ports.js';
import { SCOPES, type Principal, type StaffRole } from '../../src/transfer/principal.js';
import { loadPack } from '../mappings/pack.js';
import { controlOf, type TestDatabase } from './database.js';
import { testFrame, testReminders } from './frame.js';
import { api, CSRF, startHttp } from './http.js';
import { testEvidence } from './sign.js';
import { launchesOf } from './launches.js';
import { partnersOf } from './partners.js';
import { shippedRules } from './label-rules.js';

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

/** An organization's software. */
export function softwareOf(organizationId: OrganizationId): Principal {
  return {
    actor: { type: 'partner', id: randomUUID(), organizationId },
    organizationId,
    via: 'access-token',
    scopes: new Set(SCOPES),
    roles: new Set(),
  };
}

let mapping: Awaited<ReturnType<typeof loadPack<'case'>>>;
/** Compiles the shipped maps once for the file that calls it. */
export const withMapping = (): void =>
  beforeAll(async () => {
    mapping = await loadPack('case');
  }, 60_000);

/** The real story on a real database behind the real HTTP: only who calls is given. */
export function openGateway(
  database: TestDatabase,
  principals: Readonly<Record<string, Principal>>,
  limits: AccessLimits = { filesPerHour: 100, searchesPerHour: 300 },
) {
  const { store } = database;
  const story = tellStory({
    store,
    mapping,
    labelRules: shippedRules,
    ...testFrame,
    reminders: testReminders,
    leaseMs: 1_000,
    queue: { ready: async () => true },
    deliveries: controlOf(database),
    wake: () => undefined,
    verifyLaunch: launchesOf(database),
    partners: partnersOf(database),
    evidence: testEvidence,
    limits,
    namesForOfficer: () => Promise.resolve(new Map()),
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
