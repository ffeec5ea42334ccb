// Indexes built once at the end, instead of an entry at a time in no order. At 60,000 transfers it made no difference that
// could be measured on a busy machine; it is meant for a million, where an index no longer fits in memory.

/**
 * Does some copying into tables without their indexes, and makes them again as they were. Those that keys and constraints
 * stand on stay.
 *
 * @param client of a superuser, with the search path of the schema
 * @param {readonly string[]} tables
 * @param {() => Promise<void>} work
 */
export async function withoutIndexes(client, tables, work) {
  const { rows } = await client.query(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
       from pg_index i
      where i.indrelid = any (select format('relais.%I', t)::regclass from unnest($1::text[]) t)
        and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    [tables],
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  await work();
  for (const { definition } of rows) await client.query(definition);
}
