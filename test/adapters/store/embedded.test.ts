import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canTraverse, unprivilegedAccount } from '../../../src/adapters/store/embedded/account.js';
import { hasLiveOwner, register, underLock } from '../../../src/adapters/store/embedded/owners.js';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../../src/adapters/store/embedded/start-embedded-postgres.js';
import { pathsOf, persistentPaths } from '../../../src/adapters/store/embedded/state-directory.js';

/** One long directory for all: making a cluster is slow, and a socket's path must stay short all the same. */
const base = mkdtempSync('/tmp/relais-state-');
chmodSync(base, 0o755);
const stateDir = join(base, 'x'.repeat(60), 'y'.repeat(60));
const paths = pathsOf(join(stateDir, 'postgresql'));
const running: EmbeddedPostgres[] = [];
afterEach(async () => {
  for (const cluster of running.splice(0)) await cluster.stop();
});
afterAll(() => {
  for (const directory of [base, paths.run]) rmSync(directory, { recursive: true, force: true });
});

async function start(options: Parameters<typeof startEmbeddedPostgres>[0] = { stateDir }): Promise<EmbeddedPostgres> {
  const cluster = await startEmbeddedPostgres(options);
  running.push(cluster);
  return cluster;
}

async function ask<T>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T & pg.QueryResultRow>(sql)).rows;
  } finally {
    await client.end();
  }
}

const postmasterPid = (): number => Number(readFileSync(join(paths.data, 'postmaster.pid'), 'utf8').split('\n')[0]);

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A child that has ended is seen by kill(2) until this process has taken note of it. */
async function ends(pid: number): Promise<boolean> {
  for (let wait = 0; wait < 200 && isRunning(pid); wait += 1) await new Promise((resolve) => setTimeout(resolve, 25));
  return !isRunning(pid);
}

describe('an embedded cluster', { timeout: 120_000 }, () => {
  it('starts over what an interrupted initdb left', async () => {
    mkdirSync(paths.data, { recursive: true, mode: 0o700 });
    writeFileSync(join(paths.data, 'PG_VERSION'), '18\n');
    const account = unprivilegedAccount();
    if (account !== null) {
      for (const directory of [join(base, 'x'.repeat(60)), stateDir, paths.root]) chmodSync(directory, 0o755);
      chownSync(paths.data, account.uid, account.gid);
    }
    const cluster = await start();
    await ask(cluster.url, 'create table kept as select 1 as x');
    expect(existsSync(join(paths.data, 'global/pg_control'))).toBe(true);
  });

  it('listens on a private socket only, wants its random password, and keeps what it stored', async () => {
    const cluster = await start();
    expect(await ask(cluster.url, 'select x from kept')).toEqual([{ x: 1 }]);
    expect(Buffer.byteLength(`${paths.run}/.s.PGSQL.5432`)).toBeLessThanOrEqual(103);
    expect(statSync(paths.run).mode & 0o777).toBe(0o700);
    expect(statSync(paths.data).mode & 0o777).toBe(0o700);
    expect(statSync(paths.password).mode & 0o777).toBe(0o600);
    expect(await ask(cluster.url, 'show listen_addresses')).toEqual([{ listen_addresses: '' }]);
    expect(await ask(cluster.url, 'show fsync')).toEqual([{ fsync: 'on' }]);
    expect(readFileSync(join(paths.data, 'pg_hba.conf'), 'utf8')).not.toMatch(/^(local|host).*\b(trust|peer)\b/m);
    const wrong = new URL(cluster.url);
    wrong.password = 'guess';
    await expect(ask(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    const pid = postmasterPid();
    if (process.getuid?.() === 0) expect(statSync(`/proc/${pid}`).uid).not.toBe(0);
    await cluster.stop();
    expect(await ends(pid)).toBe(true);
  });

  it('is shared by those who come later, and stopped by the last', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    const pid = postmasterPid();
    expect(two.url).toBe(one.url);
    await one.stop();
    expect(isRunning(pid)).toBe(true);
    expect(await ask(two.url, 'select 1 as x')).toEqual([{ x: 1 }]);
    await two.stop();
    await two.stop();
    expect(await ends(pid)).toBe(true);
  });

  it('whose process was killed is adopted, and stopped by whoever adopted it', async () => {
    await start();
    const pid = postmasterPid();
    // What a kill -9 leaves: the postmaster, and the registration of a process that is gone.
    rmSync(paths.owners, { recursive: true });
    mkdirSync(paths.owners);
    writeFileSync(join(paths.owners, 'gone'), `${spawnSync('true').pid}:1`);
    const second = await start();
    expect(postmasterPid()).toBe(pid);
    expect(await ask(second.url, 'select 1 as x')).toEqual([{ x: 1 }]);
    await second.stop();
    expect(await ends(pid)).toBe(true);
  });

  it('recovers after the postmaster itself was killed', async () => {
    await start();
    const pid = postmasterPid();
    process.kill(pid, 'SIGKILL');
    expect(await ends(pid)).toBe(true);
    const second = await start();
    expect(postmasterPid()).not.toBe(pid);
    expect(await ask(second.url, 'select x from kept')).toEqual([{ x: 1 }]);
  });

  it('is not fooled by a recycled pid in postmaster.pid', async () => {
    const other = spawn('sleep', ['60']);
    writeFileSync(
      join(paths.data, 'postmaster.pid'),
      `${other.pid}\n${paths.data}\n1\n5432\n${paths.run}\n\n0 0\nready\n`,
    );
    try {
      const cluster = await start();
      expect(await ask(cluster.url, 'select 1 as x')).toEqual([{ x: 1 }]);
      await cluster.stop();
      expect(other.exitCode).toBeNull();
    } finally {
      other.kill();
    }
  });

  it('that does not know our password is left alone', async () => {
    const cluster = await start();
    const pid = postmasterPid();
    const kept = readFileSync(paths.password);
    writeFileSync(paths.password, 'somebody-elses');
    await expect(startEmbeddedPostgres({ stateDir })).rejects.toMatchObject({ code: 'embedded.not-ours' });
    expect(isRunning(pid)).toBe(true);
    writeFileSync(paths.password, kept);
    expect(await ask(cluster.url, 'select 1 as x')).toEqual([{ x: 1 }]);
    expect(readdirSync(paths.owners)).toHaveLength(1);
  });

  it('is gone with its directory when it was ephemeral', async () => {
    const cluster = await start({ ephemeral: true });
    const run = decodeURIComponent(new URL(cluster.url).hostname);
    expect(await ask(cluster.url, 'show fsync')).toEqual([{ fsync: 'off' }]);
    await cluster.stop();
    expect(existsSync(run)).toBe(false);
  });
});

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync('/tmp/relais-scratch-');
  chmodSync(scratch, 0o755);
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

describe('the state directory', () => {
  it.runIf(process.getuid?.() === 0)('of root moves out of a home that PostgreSQL’s account cannot enter', () => {
    const home = join(scratch, 'home');
    mkdirSync(home, { mode: 0o700 });
    const account = { uid: 65534, gid: 65534 };
    expect(canTraverse(join(home, 'deep/er'), account)).toBe(false);
    expect(canTraverse(join(scratch, 'deep/er'), account)).toBe(true);
    const moved = persistentPaths(join(home, 'state'), account);
    expect(moved.root.startsWith('/var/lib/relais/')).toBe(true);
    expect(persistentPaths(join(home, 'state'), account)).toEqual(moved);
    rmSync(join(moved.root, '..'), { recursive: true });
  });

  it('is refused when somebody else made the socket’s directory', () => {
    persistentPaths(scratch, null);
    chmodSync(join(scratch, 'postgresql/run'), 0o777);
    expect(() => persistentPaths(scratch, null)).toThrow('Not a private directory');
  });
});

describe('owners and lock', () => {
  it('forget processes that are gone, and know a recycled pid', () => {
    const owners = join(scratch, 'owners');
    mkdirSync(owners);
    expect(hasLiveOwner(owners)).toBe(false);
    const leave = register(owners);
    expect(hasLiveOwner(owners)).toBe(true);
    leave();
    writeFileSync(join(owners, 'recycled'), `${process.pid}:1`);
    expect(hasLiveOwner(owners)).toBe(false);
    expect(readdirSync(owners)).toEqual([]);
  });

  it('let one at a time through, also past a lock whose process is gone', async () => {
    const lock = join(scratch, 'lock');
    mkdirSync(lock);
    writeFileSync(join(lock, 'holder'), `${spawnSync('true').pid}:1`);
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 8 }, () =>
        underLock(lock, async () => {
          most = Math.max(most, (inside += 1));
          await new Promise((resolve) => setTimeout(resolve, 5));
          inside -= 1;
        }),
      ),
    );
    expect(most).toBe(1);
    expect(existsSync(lock)).toBe(false);
    expect(readdirSync(scratch).filter((name) => name.startsWith('lock'))).toEqual([]);
  });

  it('give up after a while when the lock is held', async () => {
    const lock = join(scratch, 'lock');
    await underLock(lock, async () => {
      await expect(underLock(lock, async () => undefined, 100)).rejects.toMatchObject({ code: 'embedded.locked' });
    });
  });
});
