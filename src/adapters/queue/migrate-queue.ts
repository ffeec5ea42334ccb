import { PostgresConnection } from 'bullmq';

/** BullMQ's own schema, apart from Relais' tables: no row of it says more than an opaque id. */
export const POSTGRES_SCHEMA = 'bullmq';
/** The runtime login acts as this role (made by the store's migrations) on every connection of the queue. */
export const QUEUE_ROLE = 'relais_worker';

/**
 * Creates or upgrades BullMQ's schema and lets `relais_worker` use it. To be called by `relais migrate` with the owner's
 * login after the store's migrations, also when Redis is configured, so that taking Redis away needs no migration. Safe
 * to repeat and to run twice at once (BullMQ takes an advisory lock).
 *
 * The role gets what the queue's functions do (rows, sequences, EXECUTE) and no right to create anything: job ids are
 * given by Relais, so BullMQ never has to make its per-queue sequence at run time.
 *
 * @param ownerUrl login that owns the schema
 */
export async function migrateQueue(ownerUrl: string): Promise<void> {
  const connection = new PostgresConnection({
    connectionString: ownerUrl,
    schema: POSTGRES_SCHEMA,
    migrate: true,
    max: 1,
    connectionTimeoutMillis: 5_000,
    // Upgrades say what they skip ("already exists"); nobody reads it.
    options: '-c client_min_messages=warning',
  });
  connection.on('error', () => undefined);
  try {
    await connection.waitUntilReady();
    // One message without parameters is one transaction (simple query protocol).
    await connection.pool.query(`
      REVOKE ALL ON SCHEMA ${POSTGRES_SCHEMA} FROM PUBLIC;
      GRANT USAGE ON SCHEMA ${POSTGRES_SCHEMA} TO ${QUEUE_ROLE};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${POSTGRES_SCHEMA} TO ${QUEUE_ROLE};
      REVOKE INSERT, UPDATE, DELETE ON ${POSTGRES_SCHEMA}.migration FROM ${QUEUE_ROLE};
      GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${POSTGRES_SCHEMA} TO ${QUEUE_ROLE};
      REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA ${POSTGRES_SCHEMA} FROM PUBLIC;
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${POSTGRES_SCHEMA} TO ${QUEUE_ROLE};
    `);
  } finally {
    await connection.close();
  }
}
