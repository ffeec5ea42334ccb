import { createPartnerRules } from '../../src/adapters/identity/check-partner.js';
import { insertEntry } from '../../src/adapters/store/audit/insert-entry.js';
import { createPartnerTests } from '../../src/adapters/store/identity/partner-tests.js';
import { createRegistry } from '../../src/adapters/store/identity/registry.js';
import type { GuestContact } from '../../src/transfer/guest-ports.js';
import type { OperatePartnersDeps } from '../../src/transfer/operate-partners.js';
import type { ProbePartner, ProbeStep } from '../../src/transfer/partner-ports.js';
import type { TestDatabase } from './database.js';
import { testFrame } from './frame.js';

/** A probe that finds what a test says; between its steps it waits for `pace`. */
export interface ScriptedProbe {
  steps: readonly ProbeStep[];
  pace: () => Promise<void>;
  /** Whom a test notice would have gone to. */
  readonly guests: GuestContact[];
}

/** What an operator does with partners, on the real registry; what a partner answers is the test's. */
export function partnersOf(database: TestDatabase): Pick<
  OperatePartnersDeps,
  'registry' | 'tests' | 'probe' | 'probeGuest' | 'log'
> & {
  readonly scripted: ScriptedProbe;
} {
  const pool = database.pool('relais_identity');
  const rules = createPartnerRules({ publicUrl: testFrame.publicUrl, allowPrivateEndpoints: false });
  const scripted: ScriptedProbe = { steps: [], pace: () => Promise.resolve(), guests: [] };
  const probe: ProbePartner = async function* () {
    for (const step of scripted.steps) {
      await scripted.pace();
      yield step;
    }
  };
  return {
    registry: createRegistry({ pool, audit: insertEntry, rules }),
    tests: createPartnerTests({ pool, audit: insertEntry }),
    probe,
    probeGuest: (guest) => {
      scripted.guests.push(guest);
      return probe(undefined as never, undefined as never);
    },
    log: () => undefined,
    scripted,
  };
}
