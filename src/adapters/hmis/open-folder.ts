import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { HmisExport, HmisExportFile } from '../../intake/ports.js';
import { isCsvName, refuseDuplicates } from './file-names.js';
import { readRows } from './read-rows.js';

const CHUNK_BYTES = 256 * 1024;

/** The CSV files that lie directly in a folder. */
export async function openFolder(path: string): Promise<HmisExport> {
  const names = (await readdir(path)).filter((name) => !name.startsWith('.')).sort();
  const files: HmisExportFile[] = [];
  for (const name of names.filter(isCsvName)) {
    const at = join(path, name);
    const found = await stat(at);
    // Not a pipe or a device, which may never end.
    if (!found.isFile()) continue;
    files.push({
      name,
      sizeBytes: found.size,
      rows: () => readRows(name, createReadStream(at, { highWaterMark: CHUNK_BYTES })),
    });
  }
  refuseDuplicates(files.map(({ name }) => name));
  return { files, ignored: names.length - files.length, close: () => Promise.resolve() };
}
