import { createReadStream } from 'node:fs';
import type { NumberedLine } from '../intake/import-cases.js';

const LF = 0x0a;
const CR = 0x0d;

/**
 * The lines of a file as bytes, blank ones left out (NDJSON). A line over the cap is given as null and passed over, so
 * that memory stays bounded.
 */
export async function* readLines(path: string, maxLineBytes: number): AsyncGenerator<NumberedLine> {
  let line = 1;
  let bytesRead = 0;
  let parts: Buffer[] = [];
  let length = 0;
  const take = (): NumberedLine | null => {
    const bytes = length > maxLineBytes ? null : trimmed(Buffer.concat(parts, length));
    const taken = bytes?.length === 0 ? null : { line, bytes, bytesRead };
    parts = [];
    length = 0;
    line += 1;
    return taken;
  };
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, from)) {
      keep(chunk.subarray(from, end));
      bytesRead += end + 1 - from;
      from = end + 1;
      const taken = take();
      if (taken !== null) yield taken;
    }
    keep(chunk.subarray(from));
    bytesRead += chunk.length - from;
  }
  const last = length > 0 ? take() : null;
  if (last !== null) yield last;

  function keep(part: Buffer): void {
    length += part.length;
    if (length <= maxLineBytes) parts.push(part);
    else parts = [];
  }
}

/** Without the blanks that JSON allows around a document; what JSON does not allow stays and is refused. */
function trimmed(bytes: Buffer): Buffer {
  const blank = (byte: number | undefined): boolean => byte === CR || byte === 0x20 || byte === 0x09;
  let start = 0;
  let end = bytes.length;
  while (start < end && blank(bytes[start])) start += 1;
  while (end > start && blank(bytes[end - 1])) end -= 1;
  return bytes.subarray(start, end);
}
