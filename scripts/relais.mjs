#!/usr/bin/env node
// The `relais` command: makes sure that the dependencies and the build are there, then runs it with the same words.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensure, root } from './ensure.mjs';

await ensure({ build: true });
const child = spawn(process.execPath, [join(root, 'dist/cli.js'), ...process.argv.slice(2)], { stdio: 'inherit' });
// Ctrl-C reaches both; the command ends in its own way, and its exit code is ours.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('close', (code, signal) => process.exit(code ?? (signal === null ? 3 : 1)));
