import type pg from 'pg';

/**
 * Keeps the text of the map files that a version stands for, once: a decision pins the version, and years later one can
 * still read what it meant.
 *
 * @param pool acts as relais_identity
 * @param files file name → text
 */
export async function recordMappingVersion(
  pool: pg.Pool,
  {
    version,
    name,
    files,
  }: { readonly version: string; readonly name: string; readonly files: Readonly<Record<string, string>> },
): Promise<void> {
  await pool.query(
    'insert into mapping_version (version, name, files) values ($1, $2, $3) on conflict (version) do nothing',
    [version, name, files],
  );
}
