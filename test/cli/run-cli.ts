import type { OrganizationId } from '../../src/kernel/ids.js';
import { say } from '../../src/kernel/i18n.js';
import { languageOf, runCommandLine, withoutLanguage } from '../../src/cli/build-program.js';
import type { CliContext, Opened } from '../../src/cli/context.js';
import { readConfig } from '../../src/config.js';
import { createPartnerRules } from '../../src/adapters/identity/check-partner.js';
import { insertEntry } from '../../src/adapters/store/audit/insert-entry.js';
import { createRegistry } from '../../src/adapters/store/identity/registry.js';
import { createImportStore } from '../../src/adapters/store/imports/create-import-store.js';
import { testEvidence } from '../support/sign.js';
import { controlOf, type TestDatabase } from '../support/database.js';
import { testFrame } from '../support/frame.js';

export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command line in this process, on a test's own database. */
export async function runCli(
  argv: readonly string[],
  database?: TestDatabase,
  organizationId?: OrganizationId,
): Promise<CliRun> {
  const lines = { out: [] as string[], err: [] as string[] };
  const lang = languageOf(argv, {});
  const opened = (): Opened => ({
    store: database!.store,
    imports: createImportStore(database!.store),
    staffSessions: undefined as never,
    evidence: testEvidence,
    get deliveries() {
      return controlOf(database!);
    },
    get registry() {
      const rules = createPartnerRules({ publicUrl: testFrame.publicUrl, allowPrivateEndpoints: false });
      return createRegistry({ pool: database!.pool('relais_identity'), audit: insertEntry, rules });
    },
    frame: testFrame,
    organization: (id) => Promise.resolve((id ?? organizationId) as OrganizationId),
    close: () => Promise.resolve(),
  });
  const context: CliContext = {
    lang,
    config: () => readConfig({}),
    open: async () => opened(),
    out: (line) => void lines.out.push(line),
    note: (line) => void lines.err.push(line),
    stderr: { isTTY: false } as NodeJS.WriteStream,
    say: (text, parameters) => say(text, lang, parameters),
    count: (number) => number.toLocaleString(lang),
  };
  const code = await runCommandLine(withoutLanguage(argv), context);
  return { code, out: lines.out.join('\n'), err: lines.err.join('\n') };
}
