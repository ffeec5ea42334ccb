import { crc32 } from 'node:zlib';

/**
 * The zip of an evidence pack (APPNOTE 6.3.10), in one form and no other: files stored as they are, at one fixed date, in
 * the given order. The same files make the same bytes, so a reader that writes again what it read and finds another byte
 * knows that something was hidden or changed. Nothing is unpacked, so nothing can swell.
 */
export type Files = ReadonlyMap<string, Buffer>;

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
/** UTF-8 names. */
const FLAGS = 0x0800;
const VERSION = 20;
/** 1 January 1980, midnight: the first that a zip can say. */
const DATE = 0x0021;
export const MAX_FILES = 32;
export const MAX_ZIP_BYTES = 128 * 1024 * 1024;
const NAME = /^[a-z0-9][a-z0-9.-]{0,63}$/;

/** @throws RangeError for names or sizes that such a zip cannot have: the caller's mistake */
export function writeZip(files: Files): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of files) {
    if (!NAME.test(name)) throw new RangeError('Not a name of a file in an evidence pack');
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(VERSION, 0);
    shared.writeUInt16LE(FLAGS, 2);
    shared.writeUInt16LE(DATE, 8);
    shared.writeUInt32LE(crc32(content), 10);
    shared.writeUInt32LE(content.length, 14);
    shared.writeUInt32LE(content.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([word(LOCAL), shared, Buffer.from(name)]);
    const central = Buffer.alloc(CENTRAL_BYTES);
    central.writeUInt32LE(CENTRAL, 0);
    central.writeUInt16LE(VERSION, 4);
    shared.copy(central, 6);
    central.writeUInt32LE(offset, 42);
    directory.push(central, Buffer.from(name));
    parts.push(local, content);
    offset += local.length + content.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  if (files.size > MAX_FILES || offset + size > MAX_ZIP_BYTES) throw new RangeError('Too large for an evidence pack');
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(files.size, 8);
  end.writeUInt16LE(files.size, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

/** @returns null for anything that `writeZip` would not have written, byte for byte */
export function readZip(bytes: Buffer): Files | null {
  if (bytes.length > MAX_ZIP_BYTES) return null;
  const files = new Map<string, Buffer>();
  let at = 0;
  while (at + LOCAL_BYTES <= bytes.length && bytes.readUInt32LE(at) === LOCAL) {
    const length = bytes.readUInt32LE(at + 18);
    const from = at + LOCAL_BYTES + bytes.readUInt16LE(at + 26);
    const name = bytes.toString('latin1', at + LOCAL_BYTES, Math.min(from, at + LOCAL_BYTES + 64));
    if (!NAME.test(name) || files.has(name) || files.size >= MAX_FILES || from + length > bytes.length) return null;
    files.set(name, bytes.subarray(from, from + length));
    at = from + length;
  }
  return files.size > 0 && writeZip(files).equals(bytes) ? files : null;
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
