import { spawnSync } from 'node:child_process';
import pg from 'pg';

/**
 * Everything that a database holds, as text: each column of each row of each table in each schema, with bytea both in
 * hexadecimal (as pg_dump writes it) and as raw bytes, so that a value stored in clear is found in either.
 */
export async function dumpDatabase(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const tables = await client.query<{ schema: string; name: string }>(
      `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'm') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%'
        order by 1, 2`,
    );
    const parts: string[] = [];
    for (const { schema, name } of tables.rows) {
      const table = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(name)}`;
      const { rows } = await client.query<Record<string, unknown>>(`select * from ${table}`);
      const text = await client.query<{ row: string }>(`select t::text as row from ${table} t`);
      parts.push(`-- ${table}`, ...text.rows.map(({ row }) => row));
      for (const row of rows) for (const value of Object.values(row)) parts.push(...bytesIn(value));
    }
    return parts.join('\n');
  } finally {
    await client.end();
  }
}

function bytesIn(value: unknown): string[] {
  if (Buffer.isBuffer(value)) return [value.toString('latin1'), value.toString('utf8')];
  if (Array.isArray(value)) return value.flatMap(bytesIn);
  return [];
}

/** The same by pg_dump, when one is on the PATH and can read this server; null otherwise. */
export function pgDump(url: string): string | null {
  const run = spawnSync('pg_dump', ['--inserts', '--dbname', url], { encoding: 'latin1', maxBuffer: 1 << 29 });
  return run.status === 0 ? run.stdout : null;
}
