import { createHash } from 'node:crypto';
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { RelaisError } from '../../../kernel/errors.js';
import { canTraverse, makeDirectories, type Account } from './account.js';

/** Where one cluster keeps its things. Everything but `data` and `run` belongs to the starting account. */
export interface ClusterPaths {
  readonly root: string;
  /** PostgreSQL's data directory, 0700, owned by PostgreSQL's account. */
  readonly data: string;
  /** Directory of the socket, 0700, owned by PostgreSQL's account. */
  readonly run: string;
  /** 0600: the superuser's scram password. */
  readonly password: string;
  /** One file for each process that uses the cluster. */
  readonly owners: string;
  readonly lock: string;
  readonly log: string;
}

export const EPHEMERAL_PREFIX = 'relais-ephemeral-';

/** sun_path of a socket address holds 108 bytes with the closing zero on Linux, 104 on macOS; the least of them. */
const SOCKET_PATH_BYTES = 103;
const SOCKET_NAME = '.s.PGSQL.5432';

/** Root: /var/lib/relais. Others: XDG_STATE_HOME or ~/.local/state (XDG Base Directory Specification 0.8). */
export function defaultStateDir(stateHome = process.env['XDG_STATE_HOME']): string {
  if (process.getuid?.() === 0) return '/var/lib/relais';
  return join(
    stateHome !== undefined && stateHome.startsWith('/') ? stateHome : join(homedir(), '.local/state'),
    'relais',
  );
}

/**
 * The cluster's directories, made where they are missing. As root, a state directory that PostgreSQL's account cannot
 * reach (a 0700 home) is replaced by one of its own under /var/lib/relais, the same at every start.
 */
export function persistentPaths(stateDir: string | undefined, account: Account | null): ClusterPaths {
  const wanted = resolve(stateDir ?? defaultStateDir());
  const base = canTraverse(wanted, account)
    ? wanted
    : join(defaultStateDir(), createHash('sha256').update(wanted).digest('hex').slice(0, 16));
  makeDirectories(base, 0o755);
  return layOut(join(base, 'postgresql'), account);
}

/** A directory that is removed when the cluster stops. */
export function ephemeralPaths(account: Account | null): ClusterPaths {
  const base = canTraverse(tmpdir(), account) ? tmpdir() : '/tmp';
  return layOut(mkdtempSync(join(base, EPHEMERAL_PREFIX)), account);
}

export function pathsOf(root: string): ClusterPaths {
  return {
    root,
    data: join(root, 'data'),
    run: shortRunDirectory(root),
    password: join(root, 'password'),
    owners: join(root, 'owners'),
    lock: join(root, 'lock'),
    log: join(root, 'postgresql.log'),
  };
}

function layOut(root: string, account: Account | null): ClusterPaths {
  const paths = pathsOf(root);
  mkdirSync(root, { recursive: true });
  // Others may pass through (PostgreSQL's account must) but not look.
  chmodSync(root, account === null ? 0o700 : 0o711);
  mkdirSync(paths.owners, { recursive: true, mode: 0o700 });
  for (const directory of [paths.data, paths.run]) ownDirectory(directory, account);
  return paths;
}

/** @throws RelaisError `embedded.directory` when somebody else made the directory (a name in /tmp can be taken) */
function ownDirectory(path: string, account: Account | null): void {
  const uid = account?.uid ?? process.getuid?.() ?? 0;
  try {
    mkdirSync(path, { mode: 0o700 });
    chmodSync(path, 0o700);
    if (account !== null) chownSync(path, account.uid, account.gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const found = lstatSync(path);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0) {
    throw new RelaisError(
      'embedded.directory',
      500,
      'exception',
      `Not a private directory of PostgreSQL's account: ${path}`,
    );
  }
}

function shortRunDirectory(root: string): string {
  const beside = join(root, 'run');
  if (Buffer.byteLength(join(beside, SOCKET_NAME)) <= SOCKET_PATH_BYTES) return beside;
  return join('/tmp', `relais-${createHash('sha256').update(root).digest('hex').slice(0, 24)}`);
}
