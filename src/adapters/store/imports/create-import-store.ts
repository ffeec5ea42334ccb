import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { HmisImportRecord, ImportStore } from '../../../intake/ports.js';
import { insertEntry } from '../audit/insert-entry.js';
import { inOrganization } from '../connection/in-organization.js';
import type { Keyring } from '../crypto/keyring.js';
import type { TxContext } from '../tx-context.js';
import { FIRST_ANALYZE_AT_ROWS, organizationKey, useHeader, type ImportContext } from './import-context.js';
import { putRows } from './put-rows.js';
import { readHmisRows } from './read-hmis-rows.js';

const FINISH = `
  insert into hmis_import (id, organization_id, format, rows, people, added, changed, findings, actor)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

/**
 * Imports in PostgreSQL. An import is one transaction: a process that is killed leaves nothing, and no reader ever has to
 * ask whether a row belongs to an import that did not end. (The other way, batches that a flag makes visible at the end,
 * puts that question into every later query, and leaves rows that somebody must clean up.)
 *
 * @param pool connections that act as relais_app
 */
export function createImportStore({
  pool,
  keyring,
}: {
  readonly pool: pg.Pool;
  readonly keyring: Keyring;
}): ImportStore {
  return {
    importHmis: (organizationId, work) =>
      inOrganization(pool, organizationId, async (client, transaction) => {
        // Two imports at once would take the same next versions.
        await client.query(`select pg_advisory_xact_lock(hashtextextended('relais-import/' || $1, 0))`, [
          organizationId,
        ]);
        const tx: TxContext = { ...transaction, organizationId, keyring, dataKeys: new Map() };
        const context: ImportContext = {
          tx,
          importId: randomUUID(),
          organizationKey: await organizationKey(tx),
          persons: new Map(),
          header: null,
          rowsStored: 0,
          analyzeAt: FIRST_ANALYZE_AT_ROWS,
        };
        return work({
          useHeader: (file, columns) => useHeader(context, file, columns),
          putRows: (rows) => putRows(context, rows),
          finish: async (record, fact) => {
            await client.query(FINISH, [context.importId, organizationId, ...counts(record)]);
            await insertEntry(client, fact);
          },
        });
      }),
    recordRefusal: (organizationId, fact) =>
      inOrganization(pool, organizationId, (client) => insertEntry(client, fact)),
    readHmis: (organizationId, filter) => readHmisRows(pool, keyring, organizationId, filter),
  };
}

function counts({ version, rows, people, added, changed, findings, actor }: HmisImportRecord): unknown[] {
  return [version, rows, people, added, changed, findings, actor];
}
