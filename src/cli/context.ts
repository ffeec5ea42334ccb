import type { Command } from 'commander';
import type { Config } from '../config.js';
import type { Lang, Text } from '../kernel/i18n.js';
import type { OrganizationId } from '../kernel/ids.js';
import type { ImportStore } from '../intake/ports.js';
import type { DeliveryControl } from '../transfer/delivery-control.js';
import type { BundleFrame } from '../transfer/pin-bundle.js';
import type { ExportEvidenceDeps } from '../transfer/export-evidence.js';
import type { Registry, StaffSessions } from '../transfer/identity-ports.js';
import type { PostgresStore } from '../adapters/store/create-store.js';

/** 0 done; 1 something was found that stops; 2 the command was not understood; 3 the surroundings fail; 4 it holds, by keys that only it itself vouches for. */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

/** The store and what belongs to it, for as long as a command runs. */
export interface Opened {
  readonly store: PostgresStore;
  /** How this gateway is known to recipients. */
  readonly frame: BundleFrame;
  readonly imports: ImportStore;
  readonly registry: Registry;
  readonly staffSessions: StaffSessions;
  readonly deliveries: DeliveryControl;
  /** Signs evidence, and the public keys of that. */
  readonly evidence: Pick<ExportEvidenceDeps, 'sign' | 'bundleKeys'>;
  /**
   * For whom the command acts: the given organization, or the only one; in a local store without any, one is made.
   *
   * @throws RelaisError `cli.organization`
   */
  readonly organization: (id: string | undefined) => Promise<OrganizationId>;
  readonly close: () => Promise<void>;
}

/** What a command works with. Nothing else of the process is touched by commands. */
export interface CliContext {
  readonly lang: Lang;
  readonly config: () => Config;
  readonly open: () => Promise<Opened>;
  /** One line on stdout. */
  readonly out: (line: string) => void;
  /** One line on stderr. */
  readonly note: (line: string) => void;
  readonly stderr: NodeJS.WriteStream;
  /** In the language of the command line. */
  readonly say: (text: Text, parameters?: Readonly<Record<string, string>>) => string;
  /** Number with the thousands of the language. */
  readonly count: (number: number) => string;
}

/** Adds itself to the program; `run` turns what the action returns into the exit code. */
export type CliCommand = (
  program: Command,
  context: CliContext,
  run: <A extends unknown[]>(action: (...args: A) => Promise<ExitCode>) => (...args: A) => Promise<void>,
) => void;

/** Opens, works, closes whatever happens. */
export async function withOpened<T>(context: CliContext, work: (opened: Opened) => Promise<T>): Promise<T> {
  const opened = await context.open();
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}
