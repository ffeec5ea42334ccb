import { stat } from 'node:fs/promises';
import { RelaisError } from '../../kernel/errors.js';
import type { HmisExport } from '../../intake/ports.js';
import { openFolder } from './open-folder.js';
import { openZip, type ZipLimits } from './open-zip.js';

/**
 * Opens an HMIS CSV export.
 *
 * @param path a folder of CSV files, or a zip archive of them
 * @throws RelaisError 404 `hmis.not-found`, 422 `hmis.zip-refused`, `hmis.duplicate-file`
 */
export async function openHmisExport(path: string, limits?: Partial<ZipLimits>): Promise<HmisExport> {
  const found = await stat(path).catch(() => null);
  if (found === null)
    throw new RelaisError('hmis.not-found', 404, 'not-found', 'There is no folder or file at this path.');
  const opened = found.isDirectory() ? await openFolder(path) : await openZip(path, limits);
  if (opened.files.length === 0) {
    await opened.close();
    throw new RelaisError('hmis.not-found', 404, 'not-found', 'There is no CSV file in this export.');
  }
  return opened;
}
