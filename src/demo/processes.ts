import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface RunningProcess<Ready> {
  readonly ready: Ready;
  readonly child: ChildProcess;
  /** Everything it wrote to standard error so far. */
  stderr(): string;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const READY_MS = 30_000;

/**
 * Starts a program of the build and waits for its one line `{"ready":true,…}` on standard output.
 *
 * @param program path relative to the build, e.g. `main.js`
 * @param environment added to the present one; secrets go here, never on the command line
 */
export async function startProcess<Ready>(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<RunningProcess<Ready>> {
  // Tests run from the sources; processes always run the build.
  const here = fileURLToPath(new URL(`../${program}`, import.meta.url));
  const file = here.replace(`${sep}src${sep}`, `${sep}dist${sep}`);
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-1_000_000);
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = await new Promise<Ready>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${program} was not ready in time\n${errors}`)), READY_MS);
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{"ready":true')) return;
      clearTimeout(timer);
      resolve(JSON.parse(line) as Ready);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`${program} ended with ${code}\n${errors}`));
    });
  });
  return {
    ready,
    child,
    stderr: () => errors,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await ended;
      clearTimeout(late);
    },
  };
}

/**
 * A port of 127.0.0.1 that is free now: the wanted one, or any below those that systems give to outgoing connections (RFC 6335
 * section 6: 49152 and up; Linux from 32768), so that none takes it before its program does.
 */
export async function freePort(wanted = 0): Promise<number> {
  if (wanted !== 0 && (await tryPort(wanted)) !== null) return wanted;
  for (let tries = 0; tries < 50; tries += 1) {
    const port = await tryPort(randomInt(20_000, 32_000));
    if (port !== null) return port;
  }
  return (await tryPort(0)) ?? 0;
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const { port: found } = server.address() as AddressInfo;
      server.close(() => resolve(found));
    });
  });
}
