import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

export interface Exchange {
  /** Status line and headers of the first answer. */
  readonly head: string;
  readonly text: string;
  /** Bytes of the body that were taken from us: until the answer came or, when stubborn, until we were cut off. */
  readonly sentBytes: number;
}

const CHUNK_BYTES = 64 * 1024;

/** Sends bytes as they are and, if asked, a body that never ends, until the answer is there. */
export async function exchange(
  server: Server,
  bytes: string,
  options: { readonly fillBytes?: number; readonly chunked?: boolean; readonly stubborn?: boolean } = {},
): Promise<Exchange> {
  if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const chunk = Buffer.alloc(CHUNK_BYTES, 0x20);
    const framed = options.chunked
      ? Buffer.concat([Buffer.from(`${CHUNK_BYTES.toString(16)}\r\n`), chunk, Buffer.from('\r\n')])
      : chunk;
    let text = '';
    let sentBytes = 0;
    const done = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ head: text.split('\r\n\r\n')[0] ?? '', text, sentBytes });
    };
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error('No answer within 10 s'));
    }, 10_000);
    const fill = (): void => {
      if ((text !== '' && options.stubborn !== true) || socket.destroyed || sentBytes >= (options.fillBytes ?? 0))
        return;
      socket.write(framed, (error) => {
        if (error) return;
        sentBytes += CHUNK_BYTES;
        fill();
      });
    };
    socket.on('connect', () => {
      socket.write(bytes);
      if (options.fillBytes !== undefined) fill();
    });
    socket.on('data', (data) => {
      text += data.toString('latin1');
      const [head = '', body] = text.split('\r\n\r\n', 2);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (options.stubborn !== true && body !== undefined && text.length - head.length - 4 >= length) done();
    });
    // A reset while we are still sending: what was received before it counts.
    socket.on('error', () => text !== '' && done());
    socket.on('close', done);
  });
}
