import { open, readFile } from 'node:fs/promises';
import { RelaisError } from '../kernel/errors.js';

const MAX_FILE_BYTES = 64 * 1024 * 1024;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The bytes of one file named on the command line, without a byte order mark.
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
    const bytes = await readFile(handle);
    return bytes.subarray(0, 3).equals(BOM) ? bytes.subarray(3) : bytes;
  } finally {
    await handle.close();
  }
}
