// Gateways and workers as processes of their own, run from a build with the preload. Each has a slot that outlives its
// process: a slot is killed, stopped and started again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const PRELOAD = new URL('./preload.mjs', import.meta.url).href;
const READY_MS = 90_000;
const STOP_MS = 40_000;

/**
 * @param {{ name: string, role: 'serve' | 'worker', build: string, environment: object, fired: any, folder: string, onCrash: (text: string) => void }} options
 */
export function createSlot({ name, role, build, environment, fired, folder, onCrash }) {
  let child;
  /** Its end is somebody's doing, or it has not begun: a database that is away lets none begin. */
  let expected = true;
  /** Failpoints that will end it. */
  const deadly = new Set();
  const log = join(folder, `${name}.log`);

  const start = async () => {
    expected = true;
    const started = spawn(process.execPath, ['--import', PRELOAD, join(build, 'dist/main.js'), role], {
      env: { ...process.env, ...environment, FAULTS_FIRED: fired.file, FAULTS_NAME: name, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child = started;
    started.stderr.on('data', (text) => appendFileSync(log, text));
    started.on('error', () => undefined);
    started.once('exit', (code, signal) => {
      appendFileSync(log, `-- ${name} ended: ${code ?? signal}\n`);
      if (!expected && deadly.size === 0 && signal !== 'SIGKILL')
        onCrash(`${name} ended by itself with ${code ?? signal}`);
    });
    const lines = createInterface({ input: started.stdout });
    const ready = new Promise((resolve, reject) => {
      lines.on('line', (line) => line.startsWith('{"ready":true') && resolve());
      started.once('exit', () => reject(new Error(`${name} was not ready; see ${log}`)));
      setTimeout(() => reject(new Error(`${name} was not ready in time; see ${log}`)), READY_MS).unref();
    });
    // Several may fail at once; the first one is told.
    ready.catch(() => undefined);
    await ready;
    expected = false;
  };
  const alive = () => child !== undefined && child.exitCode === null && child.signalCode === null;

  return {
    name,
    role,
    log,
    get pid() {
      return child.pid;
    },
    alive,
    start,
    /** Starts it until it stands: a database that is away makes a first try fail. */
    async revive() {
      for (let tries = 1; ; tries += 1) {
        if (alive()) return;
        try {
          await start();
          return;
        } catch (error) {
          if (tries === 20) throw error;
          await sleep(500);
        }
      }
    },
    signal: (signal) => child.kill(signal),
    async kill() {
      expected = true;
      if (!alive()) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
    /** @returns whether it ended by itself and in order */
    async terminate() {
      expected = true;
      if (!alive()) return false;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await exited;
      clearTimeout(late);
      return child.exitCode === 0;
    },
    async exited() {
      if (alive()) await once(child, 'exit');
    },
    expectEnd: () => (expected = true),
    /**
     * Sets a failpoint. `fired` resolves with what was written when it was reached.
     *
     * @param {object} arm `point`, `action` and what the action needs (see preload.mjs)
     */
    arm(arm) {
      if (arm.action === 'kill' || arm.point === 'body:half') deadly.add(arm.id);
      if (alive()) child.send({ arm }, () => undefined);
      return fired.wait(arm.id);
    },
    disarm(id) {
      if (!alive()) return;
      deadly.delete(id);
      child.send({ disarm: id }, () => undefined);
    },
    setClock(id, clockMs) {
      if (alive()) child.send({ id, clockMs }, () => undefined);
      return fired.wait(id);
    },
  };
}
