import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { RelaisError } from '../../kernel/errors.js';
import type { HmisExport, RowBatch } from '../../intake/ports.js';
import { isCsvName, refuseDuplicates } from './file-names.js';
import { readRows } from './read-rows.js';

/** What an archive may ask of the machine. */
export interface ZipLimits {
  readonly maxEntries: number;
  readonly maxTotalBytes: number;
  /** Unpacked bytes for each packed byte, of an entry and of the whole; below `ratioFromBytes` it does not matter. */
  readonly maxRatio: number;
  readonly ratioFromBytes: number;
}

/** HMIS CSV packs 10 to 60 times; DEFLATE cannot do better than 1,032. */
const LIMITS: ZipLimits = {
  maxEntries: 1_000,
  maxTotalBytes: 32 * 1024 ** 3,
  maxRatio: 250,
  ratioFromBytes: 16 * 1024 ** 2,
};

/**
 * The CSV files of a zip archive, in any folder of it. Everything is judged from the directory before a byte is
 * unpacked; while unpacking, more bytes than the directory declared are an error.
 *
 * @throws RelaisError 422 `hmis.zip-refused`
 */
export async function openZip(path: string, limits: Partial<ZipLimits> = {}): Promise<HmisExport> {
  const most = { ...LIMITS, ...limits };
  const { size } = await stat(path);
  const zip = await openArchive(path);
  try {
    const entries = await listEntries(zip, most.maxEntries);
    judge(entries, size, most);
    const csv = entries.filter(({ fileName }) => isCsvName(fileName));
    refuseDuplicates(csv.map(({ fileName }) => basename(fileName)));
    return {
      files: csv.map((entry) => ({
        name: basename(entry.fileName),
        sizeBytes: entry.uncompressedSize,
        rows: () => rowsOf(zip, entry),
      })),
      ignored: entries.length - csv.length,
      close: () => Promise.resolve(zip.close()),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

function judge(entries: readonly yauzl.Entry[], archiveBytes: number, limits: ZipLimits): void {
  let total = 0;
  for (const entry of entries) {
    if ((entry.generalPurposeBitFlag & 1) !== 0) throw refused('it is encrypted');
    if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) throw refused('it is packed in an unusual way');
    if (tooDense(entry.uncompressedSize, entry.compressedSize, limits))
      throw refused('a file unpacks to far more than it holds');
    total += entry.uncompressedSize;
  }
  if (total > limits.maxTotalBytes) throw refused('it unpacks to too much');
  // Entries that overlap in the archive each look harmless.
  if (tooDense(total, archiveBytes, limits)) throw refused('it unpacks to far more than it holds');
}

function tooDense(unpacked: number, packed: number, { maxRatio, ratioFromBytes }: ZipLimits): boolean {
  return unpacked > ratioFromBytes && unpacked > packed * maxRatio;
}

function openArchive(path: string): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    // Names with `..`, a drive or a leading slash are refused by strict decoding (yauzl, "validateFileName").
    const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true, decodeStrings: true };
    yauzl.open(path, options, (error, zip) => (error === null ? resolve(zip) : reject(notReadable())));
  });
}

/** Files only: no folders, no Finder's shadows, no dot files. */
function listEntries(zip: yauzl.ZipFile, maxEntries: number): Promise<yauzl.Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: yauzl.Entry[] = [];
    let count = 0;
    zip.on('error', () => reject(refused('its directory is damaged, or a name in it leads out of it')));
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: yauzl.Entry) => {
      if (++count > maxEntries) return reject(refused('it holds too many files'));
      const { fileName } = entry;
      if (!fileName.endsWith('/') && !fileName.startsWith('__MACOSX/') && !basename(fileName).startsWith('.'))
        entries.push(entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

async function* rowsOf(zip: yauzl.ZipFile, entry: yauzl.Entry): AsyncGenerator<RowBatch> {
  const bytes = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error === null ? resolve(stream) : reject(notReadable())));
  });
  try {
    yield* readRows(basename(entry.fileName), bytes);
  } catch (error) {
    // What zlib or the size check say is about bytes; the caller needs to know that nothing was imported.
    throw error instanceof RelaisError ? error : notReadable();
  }
}

function notReadable(): RelaisError {
  return new RelaisError(
    'hmis.zip-refused',
    422,
    'structure',
    'This is not a readable zip archive; nothing was imported.',
  );
}

function refused(why: string): RelaisError {
  return new RelaisError('hmis.zip-refused', 422, 'security', `The archive was refused: ${why}. Nothing was imported.`);
}
