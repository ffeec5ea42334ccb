import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import ts from 'typescript';
import type { Behaviour, Effect, Report } from '../../src/demo/partners/receiver.js';
import type { RelaisAnswer } from '../../src/demo/partners/relais-client.js';

/**
 * Partner systems as processes of their own, for stories and faults. In-process tests call `startReceiver` and
 * `startAgency` of src/demo/partners directly.
 */
export interface PartnerProcess {
  /** The ready line: `url`, `tokenUrl`, `controlUrl` (receiver); `webhookUrl`, … (agency). */
  readonly ready: Readonly<Record<string, string>>;
  /** Sends a command to the control port and returns its JSON. */
  control<T = unknown>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T>;
  behave(behaviour: Partial<Behaviour>): Promise<void>;
  effects(): Promise<readonly Effect[]>;
  report(report: Report): Promise<RelaisAnswer>;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const sources = join(repository, 'src', 'demo', 'partners');

/** @param program file of src/demo/partners without its ending: `receiver` or `agency` */
export async function spawnPartner(program: 'receiver' | 'agency', configuration: unknown): Promise<PartnerProcess> {
  const child = spawn(process.execPath, [join(compiledPartners(), `${program}.js`)], {
    // Its standard input ends with this process, and the partner with it.
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], PARTNER_CONFIG: JSON.stringify(configuration) },
  });
  const ready = await readyLine(child);
  const control: PartnerProcess['control'] = async <T>(method: 'GET' | 'POST', path: string, body?: unknown) => {
    const response = await fetch(new URL(path, ready['controlUrl']), {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${program} answers ${response.status} to ${method} ${path}`);
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  return {
    ready,
    control,
    behave: async (behaviour) => void (await control('POST', '/control', behaviour)),
    effects: async () => (await control<{ effects: Effect[] }>('GET', '/effects')).effects,
    report: (report) => control('POST', '/report', report),
    kill: async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    },
  };
}

async function readyLine(child: ChildProcess): Promise<Readonly<Record<string, string>>> {
  const lines = createInterface({ input: child.stdout! });
  const exited = once(child, 'exit').then(() => {
    throw new Error('The partner ended before it was ready');
  });
  exited.catch(() => undefined);
  const [line] = (await Promise.race([once(lines, 'line'), exited])) as [string];
  return JSON.parse(line) as Readonly<Record<string, string>>;
}

let compiled: string | undefined;

/** The partners import nothing of Relais, so their few files can be compiled by themselves. */
function compiledPartners(): string {
  if (compiled !== undefined) return compiled;
  const target = join(repository, 'node_modules', '.cache', 'relais', `partners-${process.pid}`);
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'package.json'), '{"type":"module"}');
  for (const file of readdirSync(sources).filter((name) => name.endsWith('.ts'))) {
    const { outputText } = ts.transpileModule(readFileSync(join(sources, file), 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true },
    });
    writeFileSync(join(target, file.replace(/\.ts$/, '.js')), outputText);
  }
  process.once('exit', () => rmSync(target, { recursive: true, force: true }));
  compiled = target;
  return target;
}

/** A key pair for private_key_jwt: the private key for one side, the set for the other. */
export async function newClientKeys(kid = 'test-key'): Promise<{ privateJwk: JWK; jwks: { keys: JWK[] } }> {
  const { publicKey, privateKey } = await generateKeyPair('ES384', { extractable: true });
  const describe = { kid, alg: 'ES384', use: 'sig' };
  return {
    privateJwk: { ...(await exportJWK(privateKey)), ...describe },
    jwks: { keys: [{ ...(await exportJWK(publicKey)), ...describe }] },
  };
}
