import { open, readFile } from 'node:fs/promises';
import { RelaisError } from '../kernel/errors.js';

const MAX_FILE_BYTES = 64 * 1024 * 1024;

/**
 * The bytes of one file named on the command line.
 *
 * @throws RelaisError `cli.no-file`, `cli.too-large`
 */
export async function readBytes(file: string): Promise<Buffer> {
  const handle = await open(file).catch(() => null);
  if (handle === null)
    throw new RelaisError('cli.no-file', 404, 'not-found', `There is no file that can be read at ${file}.`);
  try {
    const { size } = await handle.stat();
    if (size > MAX_FILE_BYTES) throw new RelaisError('cli.too-large', 422, 'too-long', `${file} is larger than 64 MB.`);
    return await readFile(handle);
  } finally {
    await handle.close();
  }
}
