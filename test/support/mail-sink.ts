import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A mail server of a test: takes what comes and keeps it (RFC 5321, as much of it as a client needs). */
export interface MailSink {
  readonly url: string;
  readonly mails: { readonly to: string; readonly data: string }[];
  /** The next answer to RCPT TO; default: taken. */
  answer: string;
  close(): Promise<void>;
}

export async function openMailSink(): Promise<MailSink> {
  const sockets = new Set<Socket>();
  const sink = { mails: [] as { to: string; data: string }[], answer: '250 ok' };
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    let buffered = '';
    let to = '';
    let inData = false;
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    say('220 sink');
    socket.setEncoding('utf8').on('data', (text: string) => {
      buffered += text;
      for (;;) {
        const end = buffered.indexOf(inData ? '\r\n.\r\n' : '\r\n');
        if (end === -1) return;
        const line = buffered.slice(0, end);
        buffered = buffered.slice(end + (inData ? 5 : 2));
        if (inData) {
          inData = false;
          sink.mails.push({ to, data: line });
          say('250 taken');
        } else if (/^RCPT TO:/i.test(line)) {
          to = /<(.*)>/.exec(line)?.[1] ?? '';
          say(sink.answer);
        } else if (/^DATA/i.test(line)) {
          inData = true;
          say('354 go on');
        } else if (/^QUIT/i.test(line)) {
          say('221 bye');
          socket.end();
        } else say('250 ok');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  return Object.assign(sink, {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
