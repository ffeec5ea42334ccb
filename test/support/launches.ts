import { createRemoteKeySets } from '../../src/adapters/identity/remote-key-sets.js';
import { createLaunchVerifier } from '../../src/adapters/identity/verify-launch.js';
import { insertEntry } from '../../src/adapters/store/audit/insert-entry.js';
import { createRegistry } from '../../src/adapters/store/identity/registry.js';
import { createReplayStore } from '../../src/adapters/store/identity/replay.js';
import type { VerifyLaunch } from '../../src/transfer/identity-ports.js';
import type { TestDatabase } from './database.js';
import { testFrame } from './frame.js';

/** Signed links as production verifies them, for the public URL of the tests. */
export function launchesOf(database: TestDatabase): VerifyLaunch {
  const pool = database.pool('relais_identity');
  const log = (): void => undefined;
  return createLaunchVerifier({
    publicUrl: testFrame.publicUrl,
    registry: createRegistry({ pool, audit: insertEntry, rules: () => undefined }),
    replay: createReplayStore({ pool }),
    keySets: createRemoteKeySets({ fetch, allowPrivateEndpoints: true, log }),
    log,
  });
}
