import { lstatSync, mkdirSync, chmodSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The system account that PostgreSQL runs as; `null`: this process's own. PostgreSQL refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Linux and most Unix systems give `nobody` this id. */
const NOBODY: Account = { uid: 65534, gid: 65534 };

/** As root: the account `postgres` when the system has one, else `nobody`. Otherwise `null`. */
export function unprivilegedAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = new Map<string, Account>();
  for (const line of readPasswd().split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name !== undefined && Number(uid) > 0) accounts.set(name, { uid: Number(uid), gid: Number(gid) });
  }
  return accounts.get('postgres') ?? accounts.get('nobody') ?? NOBODY;
}

function readPasswd(): string {
  try {
    return readFileSync('/etc/passwd', 'utf8');
  } catch {
    return '';
  }
}

/** Whether the account may walk through every existing directory on the way to `path`. */
export function canTraverse(path: string, account: Account | null): boolean {
  if (account === null) return true;
  for (let at = resolve(path); ; at = dirname(at)) {
    const mode = directoryMode(at, account);
    if (mode !== null && (mode & 1) === 0) return false;
    if (dirname(at) === at) return true;
  }
}

/** The three permission bits that apply to the account; null when nothing is there (yet). */
function directoryMode(path: string, account: Account): number | null {
  try {
    const { mode, uid, gid } = statSync(path);
    return (mode >> (uid === account.uid ? 6 : gid === account.gid ? 3 : 0)) & 7;
  } catch {
    return null;
  }
}

/** Makes the missing directories of `path` with this mode whatever the umask: PostgreSQL's account must get through. */
export function makeDirectories(path: string, mode: number): void {
  const missing: string[] = [];
  for (let at = resolve(path); !exists(at); at = dirname(at)) missing.unshift(at);
  for (const directory of missing) {
    mkdirSync(directory, { recursive: true });
    chmodSync(directory, mode);
  }
}

function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
