import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';

/** What the server says to each command, by its first word; `null` says nothing. `GREETING` comes before the first. */
export type SmtpScript = Readonly<Record<string, string | null>>;

const USUAL: SmtpScript = { GREETING: '220 ready', DATA: '354 go on', QUIT: '221 bye' };

/** A mail server that answers by a script and remembers what it heard (RFC 5321), for one test. */
export async function scriptedSmtp(
  script: SmtpScript = {},
  certificate?: { readonly cert: string; readonly key: string },
): Promise<{ readonly port: number; readonly heard: string[] }> {
  const answers = { ...USUAL, ...script };
  const heard: string[] = [];
  const talk = (socket: Socket): void => {
    let buffered = '';
    let inData = false;
    const say = (line: string | null | undefined): void => {
      if (line !== null) socket.write(`${line ?? '250 ok'}\r\n`);
    };
    socket.on('error', () => undefined);
    say(answers['GREETING']);
    socket.setEncoding('latin1').on('data', (text: string) => {
      buffered += text;
      for (let end = buffered.indexOf('\r\n'); end !== -1; end = buffered.indexOf('\r\n')) {
        const line = buffered.slice(0, end);
        buffered = buffered.slice(end + 2);
        heard.push(line);
        if (inData && line !== '.') continue;
        const verb = inData ? 'END' : (line.split(/[ :]/)[0] ?? '').toUpperCase();
        inData = verb === 'DATA' && (answers['DATA'] ?? '').startsWith('354');
        say(answers[verb]);
        if (verb === 'QUIT') socket.end();
      }
    });
  };
  const server = certificate === undefined ? createServer(talk) : createTlsServer(certificate, talk);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, heard };
}
