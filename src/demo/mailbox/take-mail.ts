import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** One mail as it came over the wire: the recipient of its envelope, and headers and text as they were sent. */
export interface TakenMail {
  readonly to: string;
  readonly data: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface MailServer {
  /** Of the server on this machine, for `RELAIS_SMTP_URL`. */
  readonly url: string;
  /** In the order in which they came. */
  readonly mails: readonly TakenMail[];
  /** The answer to `RCPT TO` from now on (RFC 5321 section 4.2); `250 ok` takes what comes. */
  answer: string;
  /** `refusing`: nobody can connect until it is `open` again, on the same port. */
  door(state: 'open' | 'refusing'): Promise<void>;
  close(): Promise<void>;
}

const MOST_BYTES = 1_000_000;
const MOST_MAILS = 500;

/**
 * A mail server of the demo and of tests: takes what comes, keeps it in memory, sends nothing on (RFC 5321, as much of it as
 * a client needs that hands over one mail a connection).
 */
export async function takeMail({ host = '127.0.0.1' } = {}): Promise<MailServer> {
  const sockets = new Set<Socket>();
  const mails: TakenMail[] = [];
  const taker = { mails, answer: '250 ok' };

  const talk = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    let buffered = '';
    let to = '';
    let inData = false;
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    const keep = (data: string): void => {
      // A line that begins with a dot came with one more (section 4.5.2).
      mails.push({ to, data: data.replace(/^\.\./gm, '.'), at: new Date().toISOString() });
      if (mails.length > MOST_MAILS) mails.shift();
      say('250 taken');
    };
    const hear = (line: string): void => {
      if (/^RCPT TO:/i.test(line)) {
        to = /<(.*)>/.exec(line)?.[1] ?? '';
        say(taker.answer);
      } else if (/^DATA/i.test(line)) {
        inData = true;
        say('354 go on');
      } else if (/^QUIT/i.test(line)) {
        say('221 bye');
        socket.end();
      } else say('250 ok');
    };
    say('220 ready');
    socket.setEncoding('utf8').on('data', (text: string) => {
      buffered += text;
      if (buffered.length > MOST_BYTES) return void socket.destroy();
      for (;;) {
        const mark = inData ? '\r\n.\r\n' : '\r\n';
        const end = buffered.indexOf(mark);
        if (end === -1) return;
        const line = buffered.slice(0, end);
        buffered = buffered.slice(end + mark.length);
        if (inData) {
          inData = false;
          keep(line);
        } else hear(line);
      }
    });
  };

  let server: Server | null = await open(talk, host, 0);
  const { port } = server.address() as AddressInfo;
  const shut = async (): Promise<void> => {
    const closing = server;
    server = null;
    for (const socket of sockets) socket.destroy();
    if (closing !== null) await new Promise((resolve) => closing.close(resolve));
  };
  return Object.assign(taker, {
    url: `smtp://127.0.0.1:${port}`,
    async door(state: 'open' | 'refusing'): Promise<void> {
      if (state === 'refusing') await shut();
      else server ??= await open(talk, host, port);
    },
    close: shut,
  });
}

function open(talk: (socket: Socket) => void, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(talk);
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}
