import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync, chmodSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RelaisError } from '../../../kernel/errors.js';
import { unprivilegedAccount, type Account } from './account.js';
import { findBinaries, type Binaries } from './binaries.js';
import { hasLiveOwner, register, underLock } from './owners.js';
import {
  DATABASE,
  SUPERUSER,
  createDatabaseOnce,
  initialise,
  isInitialised,
  launch,
  probe,
  recordedPid,
  shutDown,
} from './postmaster.js';
import { EPHEMERAL_PREFIX, ephemeralPaths, pathsOf, persistentPaths, type ClusterPaths } from './state-directory.js';

export interface EmbeddedPostgres {
  /** URL of the superuser's login at the unix socket; the socket's directory is percent-encoded in the host. */
  readonly url: string;
  /** Lets go of the cluster; the last process that does so stops it. */
  stop(): Promise<void>;
}

/**
 * A real PostgreSQL for laptops, demos and tests, with no server installed: the binaries come with npm. It listens on a
 * unix socket in a private directory only. Several processes share one cluster: the first starts it, the others (and
 * whoever comes after a kill -9) adopt it, the last one stops it.
 *
 * @param options.stateDir where a persistent cluster lives; default: /var/lib/relais for root, else the user's state
 *   directory (XDG_STATE_HOME)
 * @param options.ephemeral a cluster of its own, without fsync, removed by `stop`: for tests
 * @throws RelaisError `embedded.*`
 */
export async function startEmbeddedPostgres(
  options: { stateDir?: string; ephemeral?: boolean } = {},
): Promise<EmbeddedPostgres> {
  const account = unprivilegedAccount();
  const binaries = findBinaries(account);
  const ephemeral = options.ephemeral ?? false;
  const paths = ephemeral ? ephemeralPaths(account) : persistentPaths(options.stateDir, account);
  if (ephemeral) await sweepAbandoned(binaries, paths, account);
  const leave = register(paths.owners);
  try {
    await underLock(paths.lock, () => ensureRunning(binaries, paths, account, ephemeral));
  } catch (error) {
    leave();
    if (ephemeral) removeCluster(paths);
    throw error;
  }
  const password = readFileSync(paths.password, 'utf8');
  let stopped: Promise<void> | undefined;
  return {
    url: `postgresql://${SUPERUSER}:${password}@${encodeURIComponent(paths.run)}:5432/${DATABASE}`,
    stop: () =>
      (stopped ??= underLock(paths.lock, async () => {
        leave();
        if (hasLiveOwner(paths.owners)) return;
        await shutDown(binaries, paths, account, ephemeral ? 'immediate' : 'fast');
        if (ephemeral) removeCluster(paths);
      })),
  };
}

async function ensureRunning(
  binaries: Binaries,
  paths: ClusterPaths,
  account: Account | null,
  ephemeral: boolean,
): Promise<void> {
  if (!existsSync(paths.password)) {
    // Hexadecimal: needs no escaping in a URL.
    writeFileSync(paths.password, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
    chmodSync(paths.password, 0o600);
  }
  if (!isInitialised(paths)) {
    // What an interrupted initdb left holds no record yet.
    for (const name of readdirSync(paths.data)) rmSync(join(paths.data, name), { recursive: true, force: true });
    await initialise(binaries, paths, account, ephemeral);
  }
  if (!(await adopt(paths))) await launch(binaries, paths, account, ephemeral);
  await createDatabaseOnce(paths);
}

/**
 * True when the postmaster of this data directory already runs and is ours. One that is starting, stopping or recovering
 * is waited for; one that does not know our password, or belongs to another account, is left alone.
 */
async function adopt(paths: ClusterPaths): Promise<boolean> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const pid = recordedPid(paths);
    const answer = pid === null ? 'silent' : await probe(paths);
    if (answer === 'ours') return true;
    if (pid === null) return false;
    if (answer === 'silent' && !isPostgres(pid)) {
      // The recorded pid is another program's by now. PostgreSQL takes it for a postmaster when the account is the same.
      rmSync(join(paths.data, 'postmaster.pid'), { force: true });
      return false;
    }
    if (answer === 'foreign' || Date.now() > deadline) {
      const message = `Another PostgreSQL that is not ours uses ${paths.data}; it was left alone.`;
      throw new RelaisError('embedded.not-ours', 500, 'exception', message);
    }
    await sleep(50);
  }
}

/** On systems without /proc every process that has the pid is waited for. */
function isPostgres(pid: number): boolean {
  if (pid < 0 || !existsSync('/proc/self')) return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    return false;
  }
}

/** Ephemeral clusters whose processes were all killed. Only directories of this account are looked at. */
async function sweepAbandoned(binaries: Binaries, current: ClusterPaths, account: Account | null): Promise<void> {
  const parent = dirname(current.root);
  for (const name of readdirSync(parent)) {
    const root = join(parent, name);
    if (!name.startsWith(EPHEMERAL_PREFIX) || root === current.root) continue;
    try {
      const { uid, ctimeMs } = statSync(root);
      // A minute's grace: another process may be between making the directory and registering in it.
      if (uid !== process.getuid?.() || Date.now() - ctimeMs < 60_000) continue;
      const paths = pathsOf(root);
      if (hasLiveOwner(paths.owners)) continue;
      if (recordedPid(paths) !== null) await shutDown(binaries, paths, account, 'immediate');
      removeCluster(paths);
    } catch {
      // Another process sweeps it at the same time.
    }
  }
}

function removeCluster(paths: ClusterPaths): void {
  for (const directory of [paths.root, paths.run]) rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}
