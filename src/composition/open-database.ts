import { hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.js';
import { RelaisError } from '../kernel/errors.js';
import { migrateQueue } from '../adapters/queue/migrate-queue.js';
import { startEmbeddedPostgres } from '../adapters/store/embedded/start-embedded-postgres.js';
import { defaultStateDir } from '../adapters/store/embedded/state-directory.js';
import { migrate } from '../adapters/store/migrate.js';

export interface OpenDatabase {
  readonly url: string;
  readonly masterKey: Buffer;
  stop(): Promise<void>;
}

/**
 * The configured database with the configured master key, or, where none is configured, the local one: an embedded
 * PostgreSQL in the state directory with a master key that was generated there once (0600), brought up to date.
 */
export async function openDatabase(config: Config): Promise<OpenDatabase> {
  if (config.databaseUrl !== undefined) {
    return { url: config.databaseUrl, masterKey: configuredKey(config), stop: () => Promise.resolve() };
  }
  const stateDir = config.stateDir ?? defaultStateDir();
  const embedded = await startEmbeddedPostgres({ stateDir });
  await migrateAll(embedded.url);
  const masterKey = config.masterKey === undefined ? localKey(stateDir) : configuredKey(config);
  return { url: embedded.url, masterKey, stop: () => embedded.stop() };
}

/** `relais migrate`: the schema with the owner's login. */
export async function migrateAll(ownerUrl: string): Promise<readonly string[]> {
  const applied = await migrate(ownerUrl);
  await migrateQueue(ownerUrl);
  return applied;
}

/** A key of its own for each use, so that none says anything about another (RFC 5869). */
export function deriveKey(masterKey: Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), `relais/${use}`, 32));
}

function configuredKey(config: Config): Buffer {
  const key = Buffer.from(config.masterKey ?? '', 'base64');
  if (key.length === 32) return key;
  throw new RelaisError('config.invalid', 500, 'exception', 'RELAIS_MASTER_KEY must be 32 bytes in base64.');
}

function localKey(stateDir: string): Buffer {
  const file = join(stateDir, 'secrets.json');
  if (!existsSync(file)) {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    const secrets = { masterKey: randomBytes(32).toString('base64') };
    // `wx`: of two processes that start at once, one writes and both read.
    try {
      writeFileSync(file, `${JSON.stringify(secrets)}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  const { masterKey } = JSON.parse(readFileSync(file, 'utf8')) as { masterKey: string };
  return Buffer.from(masterKey, 'base64');
}
