import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/adapters/store/embedded/start-embedded-postgres.js';
import { migrate } from '../../src/adapters/store/migrate.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser's login of the server that the tests run on. */
    readonly adminUrl: string;
    /** Name of a migrated database that tests copy. */
    readonly templateDatabase: string;
    /** Where the maps of the project are built for the tests: apart from the build that a user made. */
    readonly mappingsFolder: string;
  }
}

/** One server and one migrated template for the whole run: DATABASE_URL when it is set, else an embedded one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['DATABASE_URL'];
  const embedded = given === undefined || given === '' ? await startEmbeddedPostgres({ ephemeral: true }) : null;
  const adminUrl = embedded?.url ?? given!;
  const templateDatabase = `relais_template_${randomUUID().replaceAll('-', '')}`;
  await administer(adminUrl, `create database ${templateDatabase}`);
  await migrate(databaseUrl(adminUrl, templateDatabase));
  project.provide('adminUrl', adminUrl);
  project.provide('templateDatabase', templateDatabase);
  const mappingsFolder = await mkdtemp(join(tmpdir(), 'relais-maps-'));
  await symlink(resolve(import.meta.dirname, '../../mappings'), join(mappingsFolder, 'mappings'));
  project.provide('mappingsFolder', mappingsFolder);
  return async () => {
    await rm(mappingsFolder, { recursive: true, force: true });
    if (embedded !== null) await embedded.stop();
    else await administer(adminUrl, `drop database if exists ${templateDatabase}`);
  };
}

export function databaseUrl(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** @param sql one statement of the test's own, never input */
export async function administer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
