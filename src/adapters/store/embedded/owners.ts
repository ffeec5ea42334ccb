import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RelaisError } from '../../../kernel/errors.js';

/**
 * Which processes use a cluster, and who may change it now: files, because they outlive a process that was killed and
 * because they are read before there is a database.
 */

/** Registers this process. The returned function takes it out again. */
export function register(owners: string): () => void {
  const file = join(owners, `${process.pid}-${randomUUID()}`);
  writeFileSync(file, identityOf(process.pid) ?? '', { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** Forgets the processes that are gone. */
export function hasLiveOwner(owners: string): boolean {
  let live = false;
  for (const name of namesIn(owners)) {
    const file = join(owners, name);
    const alive = isAlive(readOr(file, ''));
    if (!alive) rmSync(file, { force: true });
    live ||= alive;
  }
  return live;
}

/** Runs `work` while no other process changes the same cluster. A lock whose process is gone is taken over. */
export async function underLock<T>(lock: string, work: () => Promise<T>, timeoutMs = 60_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  while (!tryLock(lock)) {
    if (Date.now() > deadline)
      throw new RelaisError('embedded.locked', 503, 'transient', `Locked by another process: ${lock}`);
    await sleep(40);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function tryLock(lock: string): boolean {
  // Written beside and renamed: a directory with a holder's file in it cannot be replaced by rename(2).
  const mine = `${lock}.${process.pid}.${randomUUID()}`;
  mkdirSync(mine, { mode: 0o700 });
  writeFileSync(join(mine, 'holder'), identityOf(process.pid) ?? '');
  try {
    renameSync(mine, lock);
    return true;
  } catch {
    rmSync(mine, { recursive: true, force: true });
    const holder = readOr(join(lock, 'holder'), null);
    if (holder !== null && !isAlive(holder)) removeStale(lock, holder);
    return false;
  }
}

function removeStale(lock: string, holder: string): void {
  const aside = `${lock}.stale.${randomUUID()}`;
  try {
    renameSync(lock, aside);
    // Somebody may have taken over between the look and the rename: then it is theirs, put it back.
    if (readOr(join(aside, 'holder'), '') === holder) rmSync(aside, { recursive: true, force: true });
    else renameSync(aside, lock);
  } catch {
    // Another process was quicker.
  }
}

/** `pid:start time`, so that a recycled pid is not taken for its predecessor; the time is known on Linux only. */
function identityOf(pid: number): string | null {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null;
  }
  // proc(5): the process's name may hold spaces and brackets; fields are counted after the last bracket.
  const stat = readOr(`/proc/${pid}/stat`, '');
  return `${pid}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
}

function isAlive(identity: string): boolean {
  const pid = Number(identity.split(':')[0]);
  return Number.isInteger(pid) && pid > 0 && identityOf(pid) === identity;
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function readOr<T>(file: string, otherwise: T): string | T {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}
