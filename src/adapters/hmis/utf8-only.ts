import { isUtf8 } from 'node:buffer';
import { Transform } from 'node:stream';
import { RelaisError } from '../../kernel/errors.js';

/**
 * Lets bytes through unchanged as long as they are UTF-8 (RFC 3629): anything else could not be kept verbatim as text.
 *
 * @throws RelaisError 422 `hmis.encoding`
 */
export function utf8Only(fileName: string): Transform {
  let rest: Buffer = Buffer.alloc(0);
  const refuse = (): RelaisError =>
    new RelaisError('hmis.encoding', 422, 'structure', `${fileName} is not UTF-8; nothing was imported.`);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const whole = bytes.length - unfinished(bytes);
      if (!isUtf8(bytes.subarray(0, whole))) return done(refuse());
      rest = bytes.subarray(whole);
      done(null, bytes.subarray(0, whole));
    },
    flush(done) {
      done(rest.length === 0 ? null : refuse());
    },
  });
}

/** How many bytes at the end belong to a character that the next chunk goes on with. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}
